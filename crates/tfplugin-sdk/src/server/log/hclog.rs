//! Entries as Terraform reads them from stderr: one JSON object a line, in hclog's form. What the spans around an entry
//! say, such as which call it belongs to, is in it.

use std::fmt;
use std::io::Write;

use serde_json::{Map, Value as Json};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

/// Terraform does not parse a longer line.
const LINE_LIMIT: usize = 60 * 1024;

pub(super) struct Hclog;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Hclog {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields(Map::new());
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields(Map::new());
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.0.extend(of_span.0.clone());
            }
        }
        event.record(&mut fields);
        let line = line(*event.metadata().level(), event.metadata().target(), fields.0);
        // There is nowhere to report that stderr is closed.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

/// One line. The keys that begin with `@` must be strings, or Terraform itself would crash.
fn line(level: Level, target: &str, mut fields: Map<String, Json>) -> String {
    let message = match fields.remove("message") {
        Some(Json::String(text)) => text,
        Some(other) => other.to_string(),
        None => String::new(),
    };
    fields.retain(|name, _| !name.starts_with('@'));
    let timestamp = jiff::Zoned::now()
        .strftime("%Y-%m-%dT%H:%M:%S.%6f%:z")
        .to_string();
    fields.insert("@level".to_owned(), level.as_str().to_lowercase().into());
    fields.insert("@message".to_owned(), message.into());
    fields.insert("@module".to_owned(), target.replace("::", ".").into());
    fields.insert("@timestamp".to_owned(), timestamp.into());
    let mut line = Json::Object(fields).to_string();
    if line.len() > LINE_LIMIT {
        line = serde_json::json!({
            "@level": level.as_str().to_lowercase(),
            "@message": format!("a log entry of {} bytes was left out", line.len()),
        })
        .to_string();
    }
    line.push('\n');
    line
}

struct Fields(Map<String, Json>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0
            .insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::{Map, Value as Json, json};
    use tracing::Level;

    use super::line;

    #[test]
    fn what_terraform_reads_are_strings() {
        let mut fields = Map::new();
        fields.insert("message".to_owned(), json!(7));
        fields.insert("@level".to_owned(), json!(3));
        fields.insert("count".to_owned(), json!(2));
        let line: Json = serde_json::from_str(&line(Level::WARN, "a::b", fields)).unwrap();
        assert_eq!(line["@level"], "warn");
        assert_eq!(line["@message"], "7");
        assert_eq!(line["@module"], "a.b");
        assert_eq!(line["count"], 2);
        let timestamp = line["@timestamp"].as_str().unwrap();
        assert_eq!(
            timestamp.len(),
            "2006-01-02T15:04:05.000000+07:00".len(),
            "{timestamp}"
        );
    }

    #[test]
    fn long_entries_are_left_out() {
        let fields = Map::from_iter([("text".to_owned(), Json::from("x".repeat(100_000)))]);
        assert!(line(Level::INFO, "a", fields).len() < 1000);
    }
}

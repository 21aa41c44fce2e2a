//! Requests and bytes of each user, counted from the API server's audit log.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

/// How long after its answer a request may be logged.
const SETTLE: Duration = Duration::from_millis(250);

/// What a user sent and received.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Traffic {
    pub(super) requests: u32,
    /// Of the objects in requests and answers, as JSON. The log has no others: discovery, schemas and the events of a
    /// watch count as requests alone.
    pub(super) bytes: usize,
}

/// The log, and how far it is read.
pub(super) struct AuditLog {
    path: PathBuf,
    offset: u64,
    counter: Counter,
}

/// Remembers the requests whose beginning was logged, so that their end does not count again.
#[derive(Default)]
struct Counter {
    begun: BTreeSet<String>,
}

/// A line of the log, as far as it counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(rename = "auditID")]
    id: String,
    stage: String,
    user: User,
    request_object: Option<Value>,
    response_object: Option<Value>,
}

#[derive(Deserialize)]
struct User {
    username: String,
}

impl AuditLog {
    /// The log at `path`, from its beginning.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            offset: 0,
            counter: Counter::default(),
        }
    }

    /// The traffic of each user since the last call.
    pub(super) fn take(&mut self) -> Result<BTreeMap<String, Traffic>> {
        thread::sleep(SETTLE);
        let failed = || format!("failed to read {}", self.path.display());
        let mut file = File::open(&self.path).with_context(failed)?;
        file.seek(SeekFrom::Start(self.offset)).with_context(failed)?;
        let mut text = String::new();
        file.read_to_string(&mut text).with_context(failed)?;
        // A line that is being written is left for the next call.
        let complete = text.rfind('\n').map_or(0, |end| end + 1);
        let traffic = self.counter.count(&text[..complete]).with_context(failed)?;
        self.offset += complete as u64;
        Ok(traffic)
    }
}

impl Counter {
    fn count(&mut self, lines: &str) -> Result<BTreeMap<String, Traffic>> {
        let mut traffic: BTreeMap<String, Traffic> = BTreeMap::new();
        for line in lines.lines() {
            let event: Event = serde_json::from_str(line).context("a line is no audit event")?;
            // A watch is logged when it begins and when it ends, which may be much later; everything else once.
            let first = match event.stage.as_str() {
                "ResponseStarted" => self.begun.insert(event.id),
                _ => !self.begun.remove(&event.id),
            };
            let entry = traffic.entry(event.user.username).or_default();
            entry.requests += u32::from(first);
            let objects = [event.request_object, event.response_object];
            let sizes = objects.iter().flatten().map(|object| object.to_string().len());
            entry.bytes += sizes.sum::<usize>();
        }
        Ok(traffic)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write as _;

    use serde_json::json;

    use super::*;

    fn line(user: &str, id: &str, stage: &str, more: &Value) -> String {
        let mut event = json!({"auditID": id, "stage": stage, "user": {"username": user}, "verb": "get"});
        if let (Some(event), Some(more)) = (event.as_object_mut(), more.as_object()) {
            event.extend(more.clone());
        }
        format!("{event}\n")
    }

    #[test]
    fn requests_and_objects_are_counted_by_user() -> Result<()> {
        let lines = [
            line("a", "1", "ResponseComplete", &json!({"responseObject": {"k": 1}})),
            line(
                "a",
                "2",
                "ResponseComplete",
                &json!({"requestObject": [0], "responseObject": {"k": "ä"}}),
            ),
            line("b", "3", "ResponseComplete", &json!({})),
            line("b", "4", "Panic", &json!({})),
        ];
        let traffic = Counter::default().count(&lines.concat())?;
        let expected = BTreeMap::from([
            (
                "a".to_owned(),
                Traffic {
                    requests: 2,
                    bytes: 7 + 3 + 10,
                },
            ),
            (
                "b".to_owned(),
                Traffic {
                    requests: 2,
                    bytes: 0,
                },
            ),
        ]);
        assert_eq!(traffic, expected);
        Ok(())
    }

    #[test]
    fn a_watch_is_one_request_even_if_it_ends_later() -> Result<()> {
        let [begin, end] =
            ["ResponseStarted", "ResponseComplete"].map(|stage| line("a", "1", stage, &json!({})));
        let mut counter = Counter::default();
        assert_eq!(counter.count(&begin)?["a"].requests, 1);
        assert_eq!(counter.count(&end)?["a"].requests, 0);
        Ok(())
    }

    #[test]
    fn a_line_that_is_no_event_is_an_error() {
        assert!(Counter::default().count("nonsense\n").is_err());
    }

    #[test]
    fn what_was_read_is_not_counted_again_and_half_a_line_waits() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("audit.log");
        let write = |text: &str| -> Result<()> {
            let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
            Ok(file.write_all(text.as_bytes())?)
        };
        let second = line("a", "2", "ResponseComplete", &json!({}));
        let (begin, end) = second.split_at(10);
        let mut log = AuditLog::new(path.clone());
        write(&line("a", "1", "ResponseComplete", &json!({})))?;
        write(begin)?;
        assert_eq!(log.take()?["a"].requests, 1);
        assert!(log.take()?.is_empty());
        write(end)?;
        assert_eq!(log.take()?["a"].requests, 1);
        Ok(())
    }
}

//! One large state, planned, applied, read, changed and applied again, with a clock beside it.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Value as Json, json};
use tfplugin_sdk::testing::proto::{
    ApplyResourceChangeRequest, Diagnostic, DynamicValue, PlanResourceChangeRequest, ReadResourceRequest,
};
use tfplugin_sdk::testing::{Client, ProviderProcess, Result, config};
use tfplugin_sdk::value::{Type, Value, decode, encode};

use crate::problem;

const TYPE: &str = "catalog_inventory";
/// Each has ten attributes.
const ENTRIES: usize = 1_000;
/// After so long a process has done what it does by itself after a call.
const IDLE: Duration = Duration::from_secs(1);

/// A configuration. In another edition, every tenth article has another count.
pub(crate) fn inventory(entries: usize, edition: usize) -> Json {
    let entry = |index: usize| {
        json!({
            "article": format!("A-{index:05}"),
            "title": format!("Article {index} of the catalogue, as people know it"),
            "supplier": format!("Supplier {}", index % 17),
            "place": format!("Shelf {}, row {}", index % 50, index % 7),
            "unit": "piece",
            "notes": if index.is_multiple_of(3) { Json::Null } else { "Keep dry and out of the sun.".into() },
            "count": count(index, edition),
            "minimum": index % 11,
            "active": if index.is_multiple_of(5) { Json::Bool(false) } else { Json::Null },
        })
    };
    json!({"name": "main", "entries": (0..entries).map(entry).collect::<Vec<_>>()})
}

fn count(index: usize, edition: usize) -> usize {
    index + if index.is_multiple_of(10) { edition } else { 0 }
}

/// The figures of one process: milliseconds and MiB.
pub(crate) async fn sample(program: &Path) -> Result<Json> {
    let provider = ProviderProcess::spawn(program, [("TF_LOG", "off")]).await?;
    let client = provider.client();
    client.configure(&json!({})).await?;
    let schemas = client.schemas().await?;
    let block = &schemas
        .resources
        .get(TYPE)
        .ok_or_else(|| problem("there is no inventory"))?
        .block;
    let ty = block.ty();
    let wire = |value: &Value| -> Result<DynamicValue> {
        let msgpack = encode(value, &ty).map_err(|error| problem(&error.to_string()))?;
        Ok(DynamicValue {
            msgpack: msgpack.into(),
            json: Bytes::new(),
        })
    };
    let [first, second] = [0, 1].map(|edition| config(block, &inventory(ENTRIES, edition)));
    let [first, second] = [wire(&first?)?, wire(&second?)?];
    let nothing = wire(&Value::Null)?;

    let mut watch = Stopwatch::new(client);
    // Of a new object, nothing more is proposed than what is configured.
    let planned = watch.plan("plan_create", &nothing, &first, &first).await?;
    let created = watch.apply("apply_create", &nothing, &planned, &first).await?;
    let read = watch.read("read", &created).await?;
    let proposed = wire(&proposal(&read, &ty)?)?;
    let planned = watch.plan("plan_update", &read, &proposed, &second).await?;
    let updated = watch.apply("apply_update", &read, &planned, &second).await?;
    if updated.msgpack.len() < ENTRIES * 100 {
        return Err(problem("the state is smaller than it should be"));
    }
    tokio::time::sleep(IDLE).await;
    let mut figures = watch.figures;
    let process = provider.id().ok_or_else(|| problem("the provider ended"))?;
    figures.insert(
        "memory".to_owned(),
        mebibytes(process, "smaps_rollup", "Pss:")?.into(),
    );
    figures.insert(
        "peak_memory".to_owned(),
        mebibytes(process, "status", "VmHWM:")?.into(),
    );
    provider.shutdown().await?;
    Ok(Json::Object(figures))
}

/// What is proposed where everything but the counts stays: what is configured, and else what was there.
fn proposal(prior: &DynamicValue, ty: &Type) -> Result<Value> {
    let mut value = decode(&prior.msgpack, ty).map_err(|error| problem(&error.to_string()))?;
    if let Value::Mapping(members) = &mut value
        && let Some(Value::Sequence(entries)) = members.get_mut("entries")
    {
        for (index, entry) in entries.iter_mut().enumerate() {
            if let (Value::Mapping(entry), Ok(count)) = (entry, i64::try_from(count(index, 1))) {
                entry.insert("count".to_owned(), Value::from(count));
            }
        }
    }
    Ok(value)
}

/// Calls whose time is taken, without the making of the request and the reading of the answer.
struct Stopwatch<'a> {
    client: &'a Client,
    figures: serde_json::Map<String, Json>,
}

impl<'a> Stopwatch<'a> {
    fn new(client: &'a Client) -> Self {
        Self {
            client,
            figures: serde_json::Map::new(),
        }
    }

    async fn time<T>(
        &mut self,
        name: &str,
        call: impl Future<Output = std::result::Result<tonic::Response<T>, tonic::Status>>,
    ) -> Result<T> {
        let begun = Instant::now();
        let response = call
            .await
            .map_err(|status| problem(&format!("{name}: {status}")))?;
        let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
        self.figures.insert(name.to_owned(), milliseconds.into());
        Ok(response.into_inner())
    }

    async fn plan(
        &mut self,
        name: &str,
        prior: &DynamicValue,
        proposed: &DynamicValue,
        config: &DynamicValue,
    ) -> Result<DynamicValue> {
        let request = PlanResourceChangeRequest {
            type_name: TYPE.to_owned(),
            prior_state: Some(prior.clone()),
            proposed_new_state: Some(proposed.clone()),
            config: Some(config.clone()),
            ..Default::default()
        };
        let mut raw = self.client.raw();
        let response = self.time(name, raw.plan_resource_change(request)).await?;
        given(name, response.planned_state, &response.diagnostics)
    }

    async fn apply(
        &mut self,
        name: &str,
        prior: &DynamicValue,
        planned: &DynamicValue,
        config: &DynamicValue,
    ) -> Result<DynamicValue> {
        let request = ApplyResourceChangeRequest {
            type_name: TYPE.to_owned(),
            prior_state: Some(prior.clone()),
            planned_state: Some(planned.clone()),
            config: Some(config.clone()),
            ..Default::default()
        };
        let mut raw = self.client.raw();
        let response = self.time(name, raw.apply_resource_change(request)).await?;
        given(name, response.new_state, &response.diagnostics)
    }

    async fn read(&mut self, name: &str, state: &DynamicValue) -> Result<DynamicValue> {
        let request = ReadResourceRequest {
            type_name: TYPE.to_owned(),
            current_state: Some(state.clone()),
            ..Default::default()
        };
        let mut raw = self.client.raw();
        let response = self.time(name, raw.read_resource(request)).await?;
        given(name, response.new_state, &response.diagnostics)
    }
}

fn given(name: &str, state: Option<DynamicValue>, diagnostics: &[Diagnostic]) -> Result<DynamicValue> {
    match (state, diagnostics) {
        (Some(state), []) => Ok(state),
        (_, diagnostics) => Err(problem(&format!("{name}: {diagnostics:?}"))),
    }
}

/// A figure of a process, in MiB.
fn mebibytes(process: u32, file: &str, key: &str) -> Result<f64> {
    let path = format!("/proc/{process}/{file}");
    let text = std::fs::read_to_string(&path).map_err(|error| problem(&format!("{path}: {error}")))?;
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    let number = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    let kilobytes = number.ok_or_else(|| problem(&format!("{path} has no line {key} … kB")))?;
    Ok(kilobytes / 1024.0)
}

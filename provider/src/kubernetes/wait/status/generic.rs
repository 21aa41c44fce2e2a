//! Kinds without rules of their own: generations and the conditions that controllers agree on.

use serde_json::Value;

use super::{Status, condition, is_true, number, words};

/// Whether the controller lags behind the object, or says that it is stuck or at work.
pub(super) fn lag(object: &Value) -> Option<Status> {
    let generation = number(object, "/metadata/generation").unwrap_or(0);
    let observed = number(object, "/status/observedGeneration");
    if observed.is_some_and(|observed| observed < generation) {
        return Some(Status::progress(
            "its controller has not seen the newest version yet",
        ));
    }
    if let Some(stalled) = condition(object, "Stalled").filter(|stalled| stalled["status"] == "True") {
        return Some(Status::Failed(format!("it is stalled ({})", words(stalled))));
    }
    let reconciling =
        condition(object, "Reconciling").filter(|reconciling| reconciling["status"] == "True")?;
    Some(Status::progress(format!(
        "it is reconciling ({})",
        words(reconciling)
    )))
}

/// By `Ready`, or else by `Available`; an object that has neither is ready once it is stored.
pub(super) fn by_conditions(object: &Value) -> Status {
    let generation = number(object, "/metadata/generation").unwrap_or(0);
    let Some(ready) = condition(object, "Ready").or_else(|| condition(object, "Available")) else {
        return Status::Ready;
    };
    let kind = ready["type"].as_str().unwrap_or_default();
    if number(ready, "/observedGeneration").is_some_and(|observed| observed < generation) {
        return Status::progress(format!("its condition `{kind}` is of an older version"));
    }
    if is_true(object, kind) {
        return Status::Ready;
    }
    let status = ready["status"].as_str().unwrap_or("Unknown");
    Status::progress(format!("its condition `{kind}` is `{status}` ({})", words(ready)))
}

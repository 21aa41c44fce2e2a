//! Jobs: ready means complete.

use serde_json::Value;

use super::{Status, condition, number, words};

pub(super) fn job(object: &Value) -> Status {
    let holds = |kind: &str| condition(object, kind).filter(|condition| condition["status"] == "True");
    if let Some(failed) = holds("Failed") {
        return Status::Failed(format!("it failed ({})", words(failed)));
    }
    if holds("Complete").is_some() {
        return Status::Ready;
    }
    if object["spec"]["suspend"] == true {
        return Status::progress("it is suspended (`spec.suspend`)");
    }
    let count = |field: &str| number(&object["status"], &format!("/{field}")).unwrap_or(0);
    let wanted = number(object, "/spec/completions").unwrap_or(1);
    let (succeeded, active, failed) = (count("succeeded"), count("active"), count("failed"));
    let attempts = if failed > 0 {
        format!(", {failed} failed")
    } else {
        String::new()
    };
    Status::progress(format!(
        "{succeeded} of {wanted} Pods have succeeded, {active} run{attempts}"
    ))
}

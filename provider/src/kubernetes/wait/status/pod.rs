//! Single Pods: ready, or ended well.

use serde_json::Value;

use super::{Status, condition, is_true, words};

pub(super) fn pod(object: &Value) -> Status {
    let status = &object["status"];
    match status["phase"].as_str() {
        Some("Succeeded") => Status::Ready,
        Some("Failed") => Status::Failed(format!("it failed ({})", words(status))),
        Some("Running") if is_true(object, "Ready") => Status::Ready,
        Some("Running") => {
            Status::progress(waiting(object).unwrap_or_else(|| "it runs and is not ready".to_owned()))
        }
        _ => {
            let unscheduled =
                condition(object, "PodScheduled").filter(|scheduled| scheduled["status"] == "False");
            let unscheduled = unscheduled.map(|scheduled| format!("no node takes it ({})", words(scheduled)));
            let reason = unscheduled
                .or_else(|| waiting(object))
                .unwrap_or_else(|| "it is pending".to_owned());
            Status::InProgress(reason)
        }
    }
}

/// What the first container that waits is waiting for.
fn waiting(object: &Value) -> Option<String> {
    let lists = ["initContainerStatuses", "containerStatuses"];
    let containers = lists
        .iter()
        .flat_map(|list| object["status"][*list].as_array().into_iter().flatten());
    containers.into_iter().find_map(|container| {
        let waiting = container["state"].get("waiting")?;
        Some(format!(
            "container `{}` waits ({})",
            container["name"].as_str().unwrap_or_default(),
            words(waiting)
        ))
    })
}

//! What other objects build on: kinds, APIs, namespaces, quotas, Services.

use serde_json::Value;

use super::{Status, condition, is_true, words};

pub(super) fn custom_resource_definition(object: &Value) -> Status {
    if let Some(names) = condition(object, "NamesAccepted").filter(|names| names["status"] == "False") {
        return Status::Failed(format!("its names are not accepted ({})", words(names)));
    }
    if is_true(object, "Established") {
        return Status::Ready;
    }
    let installing = condition(object, "Established").map(words);
    Status::progress(format!(
        "it is not established yet ({})",
        installing.unwrap_or_else(|| "it is new".to_owned())
    ))
}

pub(super) fn api_service(object: &Value) -> Status {
    if is_true(object, "Available") {
        return Status::Ready;
    }
    let available = condition(object, "Available").map(words);
    Status::progress(format!(
        "its API is not available yet ({})",
        available.unwrap_or_else(|| "it is new".to_owned())
    ))
}

pub(super) fn namespace(object: &Value) -> Status {
    match object["status"]["phase"].as_str() {
        Some("Active") => Status::Ready,
        _ => Status::progress("it is not active yet"),
    }
}

pub(super) fn service(object: &Value) -> Status {
    let ingress = object
        .pointer("/status/loadBalancer/ingress")
        .and_then(Value::as_array);
    let has_address = ingress.is_some_and(|addresses| !addresses.is_empty());
    if object["spec"]["type"] != "LoadBalancer" || has_address {
        return Status::Ready;
    }
    Status::progress("its load balancer has no address yet")
}

/// Until its controller has taken a quota up, the API server may let objects pass that it forbids.
pub(super) fn resource_quota(object: &Value) -> Status {
    if object["status"]["hard"] == object["spec"]["hard"] {
        return Status::Ready;
    }
    Status::progress("its limits are not in force yet")
}

//! Whether an object is ready, from the object alone: the rules of kstatus, with more to say while it is not.

mod cluster;
mod generic;
mod job;
mod pod;
mod storage;
#[cfg(test)]
mod tests;
mod workload;

use serde_json::Value;

use crate::kubernetes::object::ObjectKey;

/// How far an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does what it is for.
    Ready,
    /// It is on its way; why it is not there yet.
    InProgress(String),
    /// It will not get there by itself; why.
    Failed(String),
}

impl Status {
    fn progress(reason: impl Into<String>) -> Self {
        Self::InProgress(reason.into())
    }
}

/// Tells how far an object is, by the rules of its kind.
#[must_use]
pub fn status_of(object: &Value) -> Status {
    if object["metadata"]["deletionTimestamp"].is_string() {
        return Status::Failed("it is being deleted".to_owned());
    }
    if let Some(status) = generic::lag(object) {
        return status;
    }
    let Some(key) = ObjectKey::of(object) else {
        return Status::Ready;
    };
    match (key.group(), key.kind.as_str()) {
        ("apps", "Deployment") => workload::deployment(object),
        ("apps", "StatefulSet") => workload::stateful_set(object),
        ("apps", "DaemonSet") => workload::daemon_set(object),
        ("apps", "ReplicaSet") | ("", "ReplicationController") => workload::replica_set(object),
        ("batch", "Job") => job::job(object),
        ("", "Pod") => pod::pod(object),
        ("", "PersistentVolumeClaim") => storage::claim(object),
        ("", "PersistentVolume") => storage::volume(object),
        ("", "Namespace") => cluster::namespace(object),
        ("", "Service") => cluster::service(object),
        ("", "ResourceQuota") => cluster::resource_quota(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => cluster::custom_resource_definition(object),
        ("apiregistration.k8s.io", "APIService") => cluster::api_service(object),
        _ => generic::by_conditions(object),
    }
}

/// The condition of this type.
pub(super) fn condition<'object>(object: &'object Value, kind: &str) -> Option<&'object Value> {
    object["status"]["conditions"]
        .as_array()?
        .iter()
        .find(|condition| condition["type"] == kind)
}

fn is_true(object: &Value, kind: &str) -> bool {
    condition(object, kind).is_some_and(|condition| condition["status"] == "True")
}

/// A condition in words: its reason and message, as far as it has them.
pub(super) fn words(condition: &Value) -> String {
    let text = |field: &str| {
        condition[field]
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    match (text("reason"), text("message")) {
        (Some(reason), Some(message)) => format!("{reason}: {message}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => "no reason is given".to_owned(),
    }
}

/// The whole number at a JSON pointer.
fn number(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer)?.as_i64()
}

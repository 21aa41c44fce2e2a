//! Deleting an object.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::Location;
use crate::kubernetes::{
    connection::{Connection, Request},
    error::{Action, ApiError, Failure, Missing},
    object::ObjectKey,
};

/// What happens to the objects that an object owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// They are deleted first.
    Foreground,
    /// They are deleted afterwards.
    #[default]
    Background,
    /// They stay, without owner.
    Orphan,
}

impl Propagation {
    fn name(self) -> &'static str {
        match self {
            Self::Foreground => "Foreground",
            Self::Background => "Background",
            Self::Orphan => "Orphan",
        }
    }
}

/// How to delete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// What happens to owned objects.
    pub propagation: Propagation,
    /// The object that is meant: a successor of the same name is left alone.
    pub uid: Option<String>,
}

/// What came of a deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The object is gone, or was gone already.
    Gone,
    /// The object is marked and goes once its finalizers, its Pods' grace or its namespace's content are gone.
    Pending {
        /// Which object, for waiting.
        uid: String,
        /// What holds it.
        finalizers: Vec<String>,
    },
}

impl Connection {
    /// Deletes an object. What is not there is gone.
    pub async fn delete(&self, key: &ObjectKey, options: &DeleteOptions) -> Result<Deletion, ApiError> {
        let request_for = |location: &Location| delete_request(location, options);
        match self.send_about(key, Action::Delete, request_for).await {
            Ok((_, request, response)) => Ok(deletion(&request.json(&response)?)),
            Err(error) => match error.failure() {
                Failure::NotFound {
                    missing: Missing::Object | Missing::Kind,
                } => Ok(Deletion::Gone),
                Failure::Changed if options.uid.is_some() && is_successor(&error) => Ok(Deletion::Gone),
                _ => Err(error),
            },
        }
    }
}

fn delete_request(location: &Location, options: &DeleteOptions) -> Request {
    let mut content = json!({
        "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": options.propagation.name(),
    });
    if let Some(uid) = &options.uid {
        content["preconditions"] = json!({ "uid": uid });
    }
    Request {
        action: Action::Delete,
        subject: location.subject(),
        method: Method::DELETE,
        path: location.path(),
        body: Some(("application/json", Bytes::from(content.to_string()))),
    }
}

/// Whether an object of the same name has taken the place of the one that was meant.
fn is_successor(error: &ApiError) -> bool {
    error
        .status()
        .is_some_and(|status| status.message.contains("UID in the precondition"))
}

/// The server answers with a status, with the object as it was, or with the object marked for deletion.
fn deletion(answer: &Value) -> Deletion {
    let metadata = &answer["metadata"];
    match metadata["uid"].as_str() {
        Some(uid) if metadata["deletionTimestamp"].is_string() => Deletion::Pending {
            uid: uid.to_owned(),
            finalizers: finalizers(answer),
        },
        _ => Deletion::Gone,
    }
}

/// What holds an object that is being deleted.
pub(in crate::kubernetes) fn finalizers(object: &Value) -> Vec<String> {
    let of = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let mut finalizers = of(&object["metadata"]["finalizers"]);
    if object["kind"] == "Namespace" {
        finalizers.extend(of(&object["spec"]["finalizers"]));
    }
    finalizers
}

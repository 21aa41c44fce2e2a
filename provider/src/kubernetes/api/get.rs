//! Reading an object: there, not there, or not even its kind.

use serde_json::Value;

use crate::kubernetes::{
    connection::{Connection, Request},
    error::{Action, ApiError, Failure, Missing},
    object::ObjectKey,
};

/// What reading an object found.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// The object.
    Present(Value),
    /// A reachable and authorised server says that this very object does not exist.
    Absent,
    /// The server says that it does not serve the kind.
    KindAbsent,
}

impl Connection {
    /// Reads an object. Everything but a clear answer is an error.
    pub async fn get(&self, key: &ObjectKey) -> Result<Lookup, ApiError> {
        let request_for =
            |location: &super::Location| Request::get(Action::Read, location.subject(), location.path());
        match self.send_about(key, Action::Read, request_for).await {
            Ok((_, request, response)) => {
                let object = request.json(&response)?;
                if object["metadata"]["name"] == *key.name {
                    return Ok(Lookup::Present(object));
                }
                let problem = "the content is not the object that was asked for".to_owned();
                Err(request.error(Failure::Protocol { problem }))
            }
            Err(error) => match error.failure() {
                Failure::NotFound {
                    missing: Missing::Object,
                } => Ok(Lookup::Absent),
                Failure::NotFound {
                    missing: Missing::Kind,
                } => Ok(Lookup::KindAbsent),
                _ => Err(error),
            },
        }
    }
}

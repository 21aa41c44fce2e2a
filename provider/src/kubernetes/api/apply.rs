//! Server-side apply, and taking back what drifted.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::Location;
use crate::kubernetes::{
    connection::{Connection, Request},
    error::{Action, ApiError, Failure, FieldConflict, Subject},
    fields::{FieldPath, FieldSet},
    object::ObjectKey,
};

/// How to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyOptions {
    /// In whose name the fields are owned.
    pub field_manager: String,
    /// Whether fields of other managers are taken over.
    pub force: bool,
    /// Whether the server only tells what it would do.
    pub dry_run: bool,
    /// The object that must exist for it: with it, an apply never creates and never writes to a successor of the same
    /// name.
    pub uid: Option<String>,
}

impl ApplyOptions {
    /// An apply that changes the cluster and takes nothing over.
    #[must_use]
    pub fn new(field_manager: impl Into<String>) -> Self {
        Self {
            field_manager: field_manager.into(),
            force: false,
            dry_run: false,
            uid: None,
        }
    }

    /// The same, only asking.
    #[must_use]
    pub fn dry_run(self) -> Self {
        Self {
            dry_run: true,
            ..self
        }
    }

    fn action(&self) -> Action {
        if self.dry_run { Action::Plan } else { Action::Apply }
    }
}

/// What an apply did, or would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The object as the server stores it.
    pub object: Value,
    /// Whether it did not exist before.
    pub created: bool,
    /// What the server warns of.
    pub warnings: Vec<String>,
    /// Fields that were ours before, were changed by others, and were taken back.
    pub taken_back: Vec<FieldConflict>,
}

impl Connection {
    /// Applies an object by server-side apply. Fields that the kind's schema does not know are errors.
    pub async fn apply(&self, object: &Value, options: &ApplyOptions) -> Result<Applied, ApiError> {
        let action = options.action();
        let Some(key) = ObjectKey::of(object) else {
            let problem = "it has no `apiVersion`, `kind` or `metadata.name`".to_owned();
            let subject = Subject::Other("an object".to_owned());
            return Err(ApiError::new(action, subject, Failure::Protocol { problem }));
        };
        let (_, request, response) = self
            .send_about(&key, action, |location| apply_request(location, object, options))
            .await?;
        Ok(Applied {
            object: request.json(&response)?,
            created: response.status == StatusCode::CREATED,
            warnings: warnings(&response.headers),
            taken_back: Vec::new(),
        })
    }

    /// Applies an object. Where other managers have written to fields that were ours (`previously_owned`), they are
    /// taken back and listed; a conflict over any other field stays an error.
    pub async fn apply_taking_back(
        &self,
        object: &Value,
        options: &ApplyOptions,
        previously_owned: &FieldSet,
    ) -> Result<Applied, ApiError> {
        let error = match self.apply(object, options).await {
            Err(error) => error,
            applied => return applied,
        };
        let ours: BTreeSet<String> = previously_owned
            .members()
            .iter()
            .map(FieldPath::server_text)
            .collect();
        match error.failure() {
            Failure::Conflict { conflicts }
                if conflicts.iter().all(|conflict| ours.contains(&conflict.field)) =>
            {
                let forced = ApplyOptions {
                    force: true,
                    ..options.clone()
                };
                let applied = self.apply(object, &forced).await?;
                Ok(Applied {
                    taken_back: conflicts.clone(),
                    ..applied
                })
            }
            _ => Err(error),
        }
    }
}

fn apply_request(location: &Location, object: &Value, options: &ApplyOptions) -> Request {
    let ApplyOptions {
        field_manager,
        force,
        dry_run,
        uid,
    } = options;
    let manager = utf8_percent_encode(field_manager, NON_ALPHANUMERIC);
    let dry_run = if *dry_run { "&dryRun=All" } else { "" };
    let query = format!("fieldManager={manager}&force={force}&fieldValidation=Strict{dry_run}");
    let mut content = object.clone();
    if let Some(uid) = uid {
        content["metadata"]["uid"] = Value::from(uid.as_str());
    }
    Request {
        action: options.action(),
        subject: location.subject(),
        method: Method::PATCH,
        path: format!("{}?{query}", location.path()),
        // JSON is YAML too.
        body: Some(("application/apply-patch+yaml", Bytes::from(content.to_string()))),
    }
}

/// The texts of `Warning` headers, which read `299 - "text"`.
fn warnings(headers: &HeaderMap) -> Vec<String> {
    let texts = headers.get_all(http::header::WARNING).iter().filter_map(|value| {
        let value = std::str::from_utf8(value.as_bytes()).ok()?;
        let quoted = value.get(value.find('"')?..)?;
        // The quoting is that of JSON for what occurs in it: quotes and backslashes.
        let mut texts = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
        texts.next()?.ok()
    });
    texts.collect()
}

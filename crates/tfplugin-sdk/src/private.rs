//! Private state: what a provider stores beside a resource's state.

use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;

/// Named JSON values that travel with a resource and that no user sees. Not a place for secrets: state files hold it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Private(Map<String, Json>);

impl Private {
    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// The text of that name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// Sets a value.
    pub fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Removes a value.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Diagnostic> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(bytes).map(Self).map_err(|error| {
            Diagnostic::error(
                "Private state is not readable",
                format!(
                    "The private state of this resource is not what this provider writes: {error}.\n\nIf the state was \
                     edited or written by another provider, remove the resource from it and import it again."
                ),
            )
        })
    }

    /// Nothing at all where nothing is stored, which is how core spells it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        if self.0.is_empty() {
            Vec::new()
        } else {
            Json::Object(self.0.clone()).to_string().into_bytes()
        }
    }
}

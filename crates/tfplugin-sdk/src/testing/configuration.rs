//! What a call takes as a configuration.

use serde_json::Value as Json;

use super::{Result, config};
use crate::schema::Block;
use crate::value::Value;

/// A configuration: JSON, or a value as it is.
pub trait Configuration: Sync {
    /// The configuration as a value of `block`.
    ///
    /// # Errors
    /// When it does not fit.
    fn to_value(&self, block: &Block) -> Result<Value>;
}

impl Configuration for Json {
    fn to_value(&self, block: &Block) -> Result<Value> {
        config(block, self)
    }
}

impl Configuration for Value {
    fn to_value(&self, _: &Block) -> Result<Value> {
        Ok(self.clone())
    }
}

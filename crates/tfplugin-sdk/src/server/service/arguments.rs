//! Configurations: read where there may be none, and judged.

use super::Service;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::provider::Provider;
use crate::schema::{self, Block};
use crate::value::{Type, Value};
use crate::wire::{proto, read_dynamic};

/// The configuration of what may stand without a `config` block: Terraform sends null then, and nothing is set.
pub(super) fn read(
    block: &Block,
    ty: &Type,
    config: Option<&proto::DynamicValue>,
) -> Result<Value, Diagnostic> {
    let config = read_dynamic(config, ty)?;
    Ok(if config.is_null() { block.nothing() } else { config })
}

impl<P: Provider> Service<P> {
    /// What the schema refuses, and then what its author does.
    pub(super) fn validated(
        &self,
        block: &Block,
        typed: fn(Value) -> Diagnostics,
        config: Value,
    ) -> Diagnostics {
        let mut diagnostics = schema::validate(block, &config);
        diagnostics.append(typed(config));
        self.heard(block, diagnostics)
    }
}

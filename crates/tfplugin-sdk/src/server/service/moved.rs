//! Moves from other types.

use super::Service;
use super::answer::Answer;
use super::identity;
use crate::diagnostic::Diagnostic;
use crate::moved::Source;
use crate::plan;
use crate::provider::Provider;
use crate::rules;
use crate::wire::{proto, read_raw_state, write_dynamic};

impl<P: Provider> Service<P> {
    pub(super) fn move_state(
        &self,
        request: proto::MoveResourceStateRequest,
    ) -> Result<proto::MoveResourceStateResponse, Diagnostic> {
        let target = request.target_type_name.clone();
        let entry = self.resource(&target)?;
        let source = source(request)?;
        let refusal = || {
            Diagnostic::error(
                format!("{target} cannot take over a {}", source.type_name),
                format!(
                    "The state of {} of the provider {}, with schema version {}, is not known here. Remove the `moved` \
                     block. To keep the thing, take the old resource out of the state by a `removed` block with \
                     `destroy = false`, and import it as {target}.",
                    source.type_name, source.provider, source.version
                ),
            )
        };
        let take_over = entry.take_over.ok_or_else(refusal)?;
        let (mut state, private) = match take_over(&source) {
            Ok(moved) => moved.ok_or_else(refusal)?,
            Err(diagnostics) => return Ok(proto::MoveResourceStateResponse::default().and(diagnostics)),
        };
        plan::drop_write_only(&entry.schema.block, &mut state);
        if !state.is_wholly_known() {
            return Err(Diagnostic::bug(format!(
                "Taking over a {} left a value of the {target} unknown.",
                source.type_name
            )));
        }
        self.check("MoveResourceState", &target, || {
            rules::moved(&entry.schema.block, &state)
        })?;
        Ok(proto::MoveResourceStateResponse {
            target_state: Some(write_dynamic(&state, entry.schema.ty())?),
            target_private: private.to_bytes(),
            target_identity: identity::of(entry, &state)?,
            ..Default::default()
        })
    }
}

fn source(request: proto::MoveResourceStateRequest) -> Result<Source, Diagnostic> {
    let json = |raw: Option<proto::RawState>| {
        serde_json::from_slice(&read_raw_state(raw)?)
            .map_err(|error| Diagnostic::bug(format!("Terraform sent state that is no JSON: {error}.")))
    };
    Ok(Source {
        provider: request.source_provider_address,
        type_name: request.source_type_name,
        version: request.source_schema_version,
        state: json(request.source_state)?,
        private: request.source_private,
        identity: json(request.source_identity)?,
        identity_version: request.source_identity_schema_version,
    })
}

//! Calls about managed resources.

use super::Service;
use super::answer::Answer;
use super::{deferral, identity};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::offer::{Outcome, ResourceEntry, UpgradeState, distinct};
use crate::plan;
use crate::provider::Provider;
use crate::resource::{Change, Planned};
use crate::rules;
use crate::schema;
use crate::semantic::Spelling;
use crate::value::{self, Value};
use crate::wire::{proto, read_dynamic, read_raw_state, write_dynamic};

impl<P: Provider> Service<P> {
    pub(super) fn validate_resource(
        &self,
        request: &proto::ValidateResourceConfigRequest,
    ) -> Result<proto::ValidateResourceConfigResponse, Diagnostic> {
        let entry = self.resource(&request.type_name)?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let capabilities = request.client_capabilities.unwrap_or_default();
        let mut diagnostics = schema::validate(&entry.schema.block, &config);
        if !capabilities.write_only_attributes_allowed {
            diagnostics.append(write_only_refusals(entry, &config));
        }
        diagnostics.append((entry.validate)(config));
        let diagnostics = self.heard(&entry.schema.block, diagnostics);
        Ok(proto::ValidateResourceConfigResponse::default().and(diagnostics))
    }

    pub(super) fn upgrade(
        &self,
        request: proto::UpgradeResourceStateRequest,
    ) -> Result<proto::UpgradeResourceStateResponse, Diagnostic> {
        let entry = self.resource(&request.type_name)?;
        let mut state = read_raw_state(request.raw_state)?;
        let current = entry.schema.version;
        if request.version > current {
            return Err(Diagnostic::error(
                "The state was written by a newer version of the provider",
                format!(
                    "The state of this {} has schema version {}, and this version of the provider knows {current} at \
                     most. Use the newer version again, or restore a backup of the state.",
                    request.type_name, request.version
                ),
            ));
        }
        if request.version < current {
            let upgrade = entry.upgrade.ok_or_else(|| {
                Diagnostic::bug(format!(
                    "{} does not upgrade state of version {}.",
                    request.type_name, request.version
                ))
            })?;
            state = match upgraded(upgrade, request.version, &state) {
                Ok(upgraded) => upgraded,
                Err(diagnostics) => {
                    return Ok(proto::UpgradeResourceStateResponse::default().and(diagnostics));
                }
            };
        }
        let mut upgraded = value::from_json(&state, entry.schema.ty()).map_err(|error| {
            Diagnostic::error(
                "The state is not readable",
                format!(
                    "The stored state of this {} does not fit its schema: {error}.",
                    request.type_name
                ),
            )
        })?;
        entry.schema.block.complete(&mut upgraded);
        self.check("UpgradeResourceState", &request.type_name, || {
            rules::upgrade(&entry.schema.block, &upgraded)
        })?;
        let upgraded_state = Some(write_dynamic(&upgraded, entry.schema.ty())?);
        Ok(proto::UpgradeResourceStateResponse {
            upgraded_state,
            ..Default::default()
        })
    }

    pub(super) async fn read(
        &self,
        request: &proto::ReadResourceRequest,
    ) -> Result<proto::ReadResourceResponse, Diagnostic> {
        let entry = self.resource(&request.type_name)?;
        let state = read_dynamic(request.current_state.as_ref(), entry.schema.ty())?;
        if state.is_null() {
            return Ok(unread(request));
        }
        let spelling = Spelling::of(&entry.schema.block, &state);
        let allowed = deferral::allowed(request.client_capabilities);
        let context = self.context_of(&request.private, request.provider_meta.as_ref())?;
        let Outcome {
            mut result,
            private,
            diagnostics,
            deferral,
        } = (entry.read)(context.deferring(allowed), state).await;
        let diagnostics = self.heard(&entry.schema.block, diagnostics);
        if diagnostics.has_error() {
            return Ok(unread(request).and(diagnostics));
        }
        if let Some(deferred) = deferral::deferred(deferral, allowed)? {
            let unread = proto::ReadResourceResponse {
                deferred: Some(deferred),
                ..unread(request)
            };
            return Ok(unread.and(diagnostics));
        }
        plan::drop_write_only(&entry.schema.block, &mut result);
        spelling.keep(&mut result);
        if !result.is_wholly_known() {
            return Err(Diagnostic::bug(format!(
                "Reading {} left a value unknown.",
                request.type_name
            )));
        }
        self.check("ReadResource", &request.type_name, || {
            rules::read(&entry.schema.block, &result)
        })?;
        identity::stable("Reading", entry, &request.current_identity, &result)?;
        let response = proto::ReadResourceResponse {
            new_state: Some(write_dynamic(&result, entry.schema.ty())?),
            private: private.to_bytes(),
            new_identity: identity::of(entry, &result)?,
            ..Default::default()
        };
        Ok(response.and(diagnostics))
    }

    pub(super) async fn plan(
        &self,
        request: proto::PlanResourceChangeRequest,
    ) -> Result<proto::PlanResourceChangeResponse, Diagnostic> {
        let entry = self.resource(&request.type_name)?;
        let proposed = read_dynamic(request.proposed_new_state.as_ref(), entry.schema.ty())?;
        let unchanged = proto::PlanResourceChangeResponse {
            planned_state: request.proposed_new_state,
            planned_private: request.prior_private.clone(),
            planned_identity: request.prior_identity,
            ..Default::default()
        };
        if proposed.is_null() {
            return Ok(unchanged);
        }
        let prior = read_dynamic(request.prior_state.as_ref(), entry.schema.ty())?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let block = &entry.schema.block;
        let mut planned = plan::plan(block, entry.schema.ty(), &config, &prior, proposed);
        let mut also_replace = Vec::new();
        let mut response = unchanged;
        if let Some(complete) = entry.plan {
            let change = Change {
                config: config.clone(),
                prior: (!prior.is_null()).then(|| prior.clone()),
                proposed: planned,
            };
            let allowed = deferral::allowed(request.client_capabilities);
            let context = self.context_of(&request.prior_private, request.provider_meta.as_ref())?;
            let outcome = complete(context.deferring(allowed), change).await;
            response = response.and(self.heard(block, outcome.diagnostics));
            response.deferred = deferral::deferred(outcome.deferral, allowed)?;
            let Some(Planned { state, replace }) = outcome.result else {
                return Ok(response);
            };
            planned = state;
            plan::tidy(block, &config, &prior, &mut planned);
            also_replace = replace;
            response.planned_private = outcome.private.to_bytes();
        }
        // Of the final plan: its author may have found that an attribute stays what it was.
        let mut replace = plan::replacements(block, &config, &prior, &planned);
        replace.extend(also_replace);
        plan::drop_write_only(block, &mut planned);
        if response.deferred.is_none() {
            self.check("PlanResourceChange", &request.type_name, || {
                let mut found = rules::plan(block, &config, &prior, &planned);
                found.extend(rules::replacement_paths(block, &prior, &planned, &replace));
                found
            })?;
        }
        response.planned_identity = identity::planned(entry, &prior, &planned, !replace.is_empty())?;
        response.planned_state = Some(write_dynamic(&planned, entry.schema.ty())?);
        response.requires_replace = distinct(replace).iter().map(Into::into).collect();
        Ok(response)
    }

    pub(super) async fn apply(
        &self,
        request: &proto::ApplyResourceChangeRequest,
    ) -> Result<proto::ApplyResourceChangeResponse, Diagnostic> {
        let entry = self.resource(&request.type_name)?;
        let prior = read_dynamic(request.prior_state.as_ref(), entry.schema.ty())?;
        let planned = read_dynamic(request.planned_state.as_ref(), entry.schema.ty())?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let context = self.context_of(&request.planned_private, request.provider_meta.as_ref())?;
        let spelling = Spelling::of(&entry.schema.block, &planned);
        let expected = self.shared.checked.then(|| planned.clone());
        let Outcome {
            mut result,
            private,
            diagnostics,
            ..
        } = change(entry, context, (config, prior, planned)).await;
        let mut diagnostics = self.heard(&entry.schema.block, diagnostics);
        plan::drop_write_only(&entry.schema.block, &mut result);
        spelling.keep(&mut result);
        if !result.is_wholly_known() {
            // State cannot hold it. What is known is kept: losing track of a thing is worse than a gap.
            forget_unknown(&mut result);
            if !diagnostics.has_error() {
                diagnostics.push(Diagnostic::bug(format!(
                    "{} left a value unknown.",
                    request.type_name
                )));
            }
        }
        if let (Some(expected), false) = (expected, diagnostics.has_error()) {
            // The state is kept, whatever is wrong with it.
            let judge = || rules::apply(&entry.schema.block, &expected, &result);
            if let Err(problem) = self.check("ApplyResourceChange", &request.type_name, judge) {
                diagnostics.push(problem);
            }
        }
        let new_identity = identity::applied(entry, &request.planned_identity, &result, &mut diagnostics);
        let response = proto::ApplyResourceChangeResponse {
            new_state: Some(write_dynamic(&result, entry.schema.ty())?),
            private: private.to_bytes(),
            new_identity,
            ..Default::default()
        };
        Ok(response.and(diagnostics))
    }

    pub(super) async fn import(
        &self,
        request: proto::ImportResourceStateRequest,
    ) -> Result<proto::ImportResourceStateResponse, Diagnostic> {
        let entry = self.resource(&request.type_name)?;
        let allowed = deferral::allowed(request.client_capabilities);
        let context = self.context(&[])?.deferring(allowed);
        let Outcome {
            mut result,
            private,
            diagnostics,
            deferral,
        } = match (&request.identity, &entry.identity, entry.import) {
            (Some(_), Some(by), _) => (by.import)(context, identity::read(by, &request.identity)?).await,
            (None, _, Some(import)) => import(context, request.id).await,
            (told, _, _) => return Err(no_import(&request.type_name, told.is_some(), entry)),
        };
        let diagnostics = self.heard(&entry.schema.block, diagnostics);
        let mut response = proto::ImportResourceStateResponse {
            deferred: deferral::deferred(deferral, allowed)?,
            ..Default::default()
        };
        if !diagnostics.has_error() && response.deferred.is_none() {
            plan::drop_write_only(&entry.schema.block, &mut result);
            if !result.is_wholly_known() {
                return Err(Diagnostic::bug(format!(
                    "Importing {} left a value unknown.",
                    request.type_name
                )));
            }
            self.check("ImportResourceState", &request.type_name, || {
                let imported = [(request.type_name.clone(), result.clone())];
                rules::import(&entry.schema.block, &request.type_name, &imported)
            })?;
            response.imported_resources.push(proto::ImportedResource {
                type_name: request.type_name,
                state: Some(write_dynamic(&result, entry.schema.ty())?),
                private: private.to_bytes(),
                // By what it was asked for, where the state alone does not tell yet.
                identity: identity::of(entry, &result)?.or(request.identity),
            });
        }
        Ok(response.and(diagnostics))
    }
}

/// Creates, updates or deletes, by what there is and what is planned.
async fn change<C>(
    entry: &ResourceEntry<C>,
    context: Context<C>,
    (config, prior, planned): (Value, Value, Value),
) -> Outcome<Value> {
    let deleting = planned.is_null();
    let towards = |prior| Change {
        config,
        prior,
        proposed: planned,
    };
    match (prior.is_null(), deleting) {
        (true, _) => (entry.create)(context, towards(None)).await,
        (false, true) => (entry.delete)(context, prior).await,
        (false, false) => (entry.update)(context, towards(Some(prior))).await,
    }
}

/// What the author makes of JSON that another version of the schema stored.
pub(super) fn upgraded(upgrade: UpgradeState, version: i64, stored: &[u8]) -> Result<Vec<u8>, Diagnostics> {
    let json = serde_json::from_slice(stored).map_err(|error| Diagnostic::bug(error.to_string()))?;
    Ok(upgrade(version, json)?.to_string().into_bytes())
}

/// Why a resource is not imported in the way that was asked for.
fn no_import<C>(type_name: &str, by_identity: bool, entry: &ResourceEntry<C>) -> Diagnostic {
    let advice = match (entry.import.is_some(), entry.identity.is_some()) {
        (true, _) => "Give its `id` in the `import` block.",
        (false, true) => "Give its `identity` in the `import` block.",
        (false, false) => "Remove the `import` block, and let Terraform create the resource.",
    };
    let way = match (entry.import.is_some() || entry.identity.is_some(), by_identity) {
        (false, _) => "",
        (true, true) => " by identity",
        (true, false) => " by id",
    };
    Diagnostic::error(format!("{type_name} cannot be imported{way}"), advice)
}

/// The answer to a read that changes nothing.
pub(super) fn unread(request: &proto::ReadResourceRequest) -> proto::ReadResourceResponse {
    proto::ReadResourceResponse {
        new_state: request.current_state.clone(),
        private: request.private.clone(),
        new_identity: request.current_identity.clone(),
        ..Default::default()
    }
}

/// The answer to an apply that changes nothing.
pub(super) fn unapplied(request: &proto::ApplyResourceChangeRequest) -> proto::ApplyResourceChangeResponse {
    proto::ApplyResourceChangeResponse {
        new_state: request.prior_state.clone(),
        private: request.planned_private.clone(),
        new_identity: request.planned_identity.clone(),
        ..Default::default()
    }
}

fn forget_unknown(value: &mut Value) {
    match value {
        Value::Unknown(_) => *value = Value::Null,
        Value::Sequence(elements) => elements.iter_mut().for_each(forget_unknown),
        Value::Mapping(elements) => elements.values_mut().for_each(forget_unknown),
        Value::Dynamic(typed) => forget_unknown(&mut typed.value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A client that does not know write-only attributes would store their values.
fn write_only_refusals<C>(entry: &ResourceEntry<C>, config: &Value) -> Diagnostics {
    let set = rules::write_only_values(&entry.schema.block, config).into_iter();
    set.map(|path| {
        Diagnostic::error(
            format!("{:?} needs Terraform 1.11 or OpenTofu 1.11", path.to_string()),
            "The attribute is write-only: its value must reach neither plan nor state, and the program in use would \
             store it. Upgrade it, or leave the attribute out.",
        )
        .at(path)
    })
    .collect()
}

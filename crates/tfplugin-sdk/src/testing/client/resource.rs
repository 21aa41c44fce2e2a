//! Calls about resources, beside planning.

use super::identity::{Told, tell};
use super::verdict::{Verdict, failed};
use super::{Answer, Client, Error, PlannedChange, Result, State, proto, write};
use crate::diagnostic::Diagnostics;
use crate::rules::{self, Action};
use crate::testing::configuration::Configuration;
use crate::value::Value;

impl Client {
    /// Validates a configuration of a resource.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn validate_resource(
        &self,
        type_name: &str,
        config: &impl Configuration,
    ) -> Result<Diagnostics> {
        let rpc = "ValidateResourceConfig";
        let block = &self.resource(type_name).await?.block;
        let config = config.to_value(block)?;
        let request = proto::ValidateResourceConfigRequest {
            type_name: type_name.to_owned(),
            config: write(&config, &block.ty())?,
            client_capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().validate_resource_config(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        if !self.capabilities.write_only && !verdict.failed() {
            verdict.found(rules::accepted(block, &config));
        }
        Ok(verdict.end(())?.warnings)
    }

    /// Upgrades stored state, which is JSON as a state file holds it. Core does this whenever it reads state, also when
    /// the version is the current one.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn upgrade_state(&self, type_name: &str, version: i64, json: &[u8]) -> Result<Answer<Value>> {
        let rpc = "UpgradeResourceState";
        let block = &self.resource(type_name).await?.block;
        let raw_state = proto::RawState {
            json: json.to_vec(),
            ..Default::default()
        };
        let request = proto::UpgradeResourceStateRequest {
            type_name: type_name.to_owned(),
            version,
            raw_state: Some(raw_state),
        };
        let response = self.raw().upgrade_resource_state(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        if verdict.failed() {
            return verdict.end(Value::Null);
        }
        let value = verdict.read(response.upgraded_state.as_ref(), &block.ty());
        verdict.found(rules::upgrade(block, &value));
        verdict.end(value)
    }

    /// Reads a resource; `None` if it is gone.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn read(&self, type_name: &str, state: &State) -> Result<Answer<Option<State>>> {
        let rpc = "ReadResource";
        let block = &self.resource(type_name).await?.block;
        let identity = self.identity_block(type_name).await?;
        let ty = block.ty();
        let request = proto::ReadResourceRequest {
            type_name: type_name.to_owned(),
            current_state: write(&state.value, &ty)?,
            private: state.private.clone(),
            current_identity: tell(identity, &state.identity)?,
            provider_meta: self.meta().await?,
            client_capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().read_resource(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        if verdict.failed() {
            return verdict.end(None);
        }
        verdict.not_deferred(response.deferred, self.capabilities.deferral)?;
        let value = verdict.read(response.new_state.as_ref(), &ty);
        verdict.found(rules::read(block, &value));
        let told = verdict.identity(identity, response.new_identity.as_ref());
        verdict.found(rules::identity(identity, &state.identity, &told));
        let state = State {
            value,
            private: response.private,
            identity: told,
            tainted: state.tainted,
        };
        verdict.end(Some(state).filter(|state| !state.value.is_null()))
    }

    /// Applies a change with one call; `None` if it was a destruction. A replacement takes two: see
    /// [`Lifecycle`](crate::testing::Lifecycle).
    ///
    /// # Errors
    /// When the provider cannot. [`Error::left`] is what is there nevertheless.
    pub async fn apply(&self, change: &PlannedChange) -> Result<Answer<Option<State>>> {
        let (rpc, type_name) = ("ApplyResourceChange", change.type_name.as_str());
        if matches!(change.action, Action::Replace | Action::NoOp) {
            return Err(Error::test(format!("to {} is not one call", change.action)));
        }
        let block = &self.resource(type_name).await?.block;
        let identity = self.identity_block(type_name).await?;
        let ty = block.ty();
        let request = proto::ApplyResourceChangeRequest {
            type_name: type_name.to_owned(),
            prior_state: write(&change.prior, &ty)?,
            planned_state: write(&change.planned, &ty)?,
            config: write(&change.config, &ty)?,
            planned_private: change.private.clone(),
            planned_identity: tell(identity, &change.identity)?,
            provider_meta: self.meta().await?,
        };
        let response = self.raw().apply_resource_change(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        verdict.not_legacy(response.legacy_type_system);
        let value = verdict.read(response.new_state.as_ref(), &ty);
        let failed = verdict.failed();
        verdict.found(if failed {
            rules::failed_apply(block, &value)
        } else {
            rules::apply(block, &change.planned, &value)
        });
        let told = verdict.identity(identity, response.new_identity.as_ref());
        verdict.found(rules::identity(identity, &Value::Null, &told));
        // A null value beside errors means that nothing is known to have changed.
        let value = if failed && value.is_null() {
            change.prior.clone()
        } else {
            value
        };
        let state = (!value.is_null()).then_some(State {
            value,
            private: response.private,
            identity: told,
            tainted: failed && change.action == Action::Create,
        });
        verdict.end_with(state.clone(), state)
    }

    /// Imports a resource by its id, without reading it.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn import(&self, type_name: &str, id: &str) -> Result<Answer<State>> {
        self.import_with(type_name, id.to_owned(), None).await
    }

    pub(super) async fn import_with(&self, type_name: &str, id: String, told: Told) -> Result<Answer<State>> {
        let rpc = "ImportResourceState";
        let block = &self.resource(type_name).await?.block;
        let identity = self.identity_block(type_name).await?;
        let ty = block.ty();
        let request = proto::ImportResourceStateRequest {
            type_name: type_name.to_owned(),
            id,
            client_capabilities: Some(self.capabilities.into()),
            identity: told,
        };
        let response = self.raw().import_resource_state(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        let mut state = State::of(Value::Null);
        if verdict.failed() {
            return verdict.end(state);
        }
        verdict.not_deferred(response.deferred, self.capabilities.deferral)?;
        let mut objects = Vec::new();
        for imported in response.imported_resources {
            let value = verdict.read(imported.state.as_ref(), &ty);
            objects.push((imported.type_name, value.clone()));
            (state.value, state.private) = (value, imported.private);
            state.identity = verdict.identity(identity, imported.identity.as_ref());
            verdict.found(rules::identity(identity, &Value::Null, &state.identity));
        }
        verdict.found(rules::import(block, type_name, &objects));
        verdict.end(state)
    }
}

//! Identities, and what is done by them.

use super::verdict::{Verdict, failed};
use super::{Answer, Client, Result, State, proto, write};
use crate::moved::Source;
use crate::path::Path;
use crate::rules::{self, Rule, Violation};
use crate::schema::{Block, Schema};
use crate::testing::Error;
use crate::testing::configuration::Configuration;
use crate::value::Value;

/// An identity as a message.
pub(super) type Told = Option<proto::ResourceIdentityData>;

impl Client {
    /// What is announced of a resource's identity.
    pub(in crate::testing) async fn identity(&self, type_name: &str) -> Result<Option<&Schema>> {
        Ok(self.schemas().await?.identities.get(type_name))
    }

    /// What an identity of that resource consists of, if it has one.
    pub(super) async fn identity_block(&self, type_name: &str) -> Result<Option<&Block>> {
        Ok(self.identity(type_name).await?.map(|schema| &schema.block))
    }

    /// The same of a resource that must have one.
    async fn own_identity(&self, type_name: &str) -> Result<&Block> {
        let absent = || Error::test(format!("{type_name} has no identity"));
        self.identity_block(type_name).await?.ok_or_else(absent)
    }

    /// Upgrades a stored identity, which is JSON as a state file holds it. Core does this when the version is another one.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn upgrade_identity(
        &self,
        type_name: &str,
        version: i64,
        json: &[u8],
    ) -> Result<Answer<Value>> {
        let rpc = "UpgradeResourceIdentity";
        let block = self.own_identity(type_name).await?;
        let raw_identity = proto::RawState {
            json: json.to_vec(),
            ..Default::default()
        };
        let request = proto::UpgradeResourceIdentityRequest {
            type_name: type_name.to_owned(),
            version,
            raw_identity: Some(raw_identity),
        };
        let response = self.raw().upgrade_resource_identity(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        if verdict.failed() {
            return verdict.end(Value::Null);
        }
        let upgraded = verdict.identity(Some(block), response.upgraded_identity.as_ref());
        let found = if upgraded.is_null() {
            let message = "no identity is returned";
            vec![Violation::new(&Path::default(), Rule::IdentityUpgrade, message)]
        } else {
            rules::identity(Some(block), &Value::Null, &upgraded)
        };
        verdict.found(found);
        verdict.end(upgraded)
    }

    /// Imports a resource by its identity, without reading it.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn import_by_identity(
        &self,
        type_name: &str,
        identity: &impl Configuration,
    ) -> Result<Answer<State>> {
        let block = self.own_identity(type_name).await?;
        let identity = tell(Some(block), &identity.to_value(block)?)?;
        self.import_with(type_name, String::new(), identity).await
    }

    /// Makes the state of a resource out of what another type has stored, as a `moved` block has it done.
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn take_over(&self, type_name: &str, source: &Source) -> Result<Answer<State>> {
        let rpc = "MoveResourceState";
        if !self.schemas().await?.moves {
            return Err(Error::test("the provider does not say that it can move state"));
        }
        let block = &self.resource(type_name).await?.block;
        let identity = self.identity_block(type_name).await?;
        let raw = |json: &serde_json::Value| proto::RawState {
            json: json.to_string().into_bytes(),
            ..Default::default()
        };
        let request = proto::MoveResourceStateRequest {
            source_provider_address: source.provider.clone(),
            source_type_name: source.type_name.clone(),
            source_schema_version: source.version,
            source_state: Some(raw(&source.state)),
            target_type_name: type_name.to_owned(),
            source_private: source.private.clone(),
            source_identity: (!source.identity.is_null()).then(|| raw(&source.identity)),
            source_identity_schema_version: source.identity_version,
        };
        let response = self.raw().move_resource_state(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        let mut state = State::of(Value::Null);
        if verdict.failed() {
            return verdict.end(state);
        }
        state.value = verdict.read(response.target_state.as_ref(), &block.ty());
        state.private = response.target_private;
        verdict.found(rules::moved(block, &state.value));
        state.identity = verdict.identity(identity, response.target_identity.as_ref());
        verdict.found(rules::identity(identity, &Value::Null, &state.identity));
        verdict.end(state)
    }
}

/// An identity as core sends it: not at all where there is none.
pub(super) fn tell(schema: Option<&Block>, identity: &Value) -> Result<Told> {
    match schema {
        Some(schema) if !identity.is_null() => Ok(Some(proto::ResourceIdentityData {
            identity_data: write(identity, &schema.ty())?,
        })),
        _ => Ok(None),
    }
}

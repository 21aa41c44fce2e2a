//! Calls about ephemeral resources.

use std::time::SystemTime;

use super::verdict::{Verdict, failed};
use super::{Answer, Client, Error, Result, proto, write};
use crate::diagnostic::Diagnostics;
use crate::rules;
use crate::schema::Block;
use crate::testing::configuration::Configuration;
use crate::value::Value;

/// An ephemeral resource that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Ephemeral {
    /// Its type.
    pub type_name: String,
    /// All its values.
    pub value: Value,
    /// When it must be renewed at the latest.
    pub renew_at: Option<SystemTime>,
    /// What the provider keeps of it.
    pub private: Option<Vec<u8>>,
}

impl Client {
    async fn ephemeral(&self, type_name: &str) -> Result<&Block> {
        let schemas = self.schemas().await?;
        let unknown = || Error::test(format!("the provider has no ephemeral resource {type_name:?}"));
        let schema = schemas.ephemeral_resources.get(type_name);
        schema.map(|schema| &schema.block).ok_or_else(unknown)
    }

    /// Validates a configuration of an ephemeral resource.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn validate_ephemeral(
        &self,
        type_name: &str,
        config: &impl Configuration,
    ) -> Result<Diagnostics> {
        let rpc = "ValidateEphemeralResourceConfig";
        let block = self.ephemeral(type_name).await?;
        let request = proto::ValidateEphemeralResourceConfigRequest {
            type_name: type_name.to_owned(),
            config: write(&config.to_value(block)?, &block.ty())?,
        };
        let response = self.raw().validate_ephemeral_resource_config(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        Ok(verdict.end(())?.warnings)
    }

    /// Validates a configuration and opens the ephemeral resource.
    ///
    /// # Errors
    /// When the provider refuses it, or the configuration is not wholly known: core does not ask then.
    pub async fn open(&self, type_name: &str, config: &impl Configuration) -> Result<Answer<Ephemeral>> {
        let rpc = "OpenEphemeralResource";
        let block = self.ephemeral(type_name).await?;
        let (config, ty) = (config.to_value(block)?, block.ty());
        if !config.is_wholly_known() {
            let problem = "an ephemeral resource is opened when its configuration is wholly known";
            return Err(Error::test(problem));
        }
        let mut warnings = self.validate_ephemeral(type_name, &config).await?;
        let request = proto::OpenEphemeralResourceRequest {
            type_name: type_name.to_owned(),
            config: write(&config, &ty)?,
            client_capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().open_ephemeral_resource(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        let mut opened = Ephemeral {
            type_name: type_name.to_owned(),
            value: Value::Null,
            renew_at: response.renew_at.and_then(|moment| moment.try_into().ok()),
            private: response.private,
        };
        if verdict.failed() {
            return verdict.end(opened);
        }
        verdict.not_deferred(response.deferred, self.capabilities.deferral)?;
        opened.value = verdict.read(response.result.as_ref(), &ty);
        verdict.found(rules::ephemeral(block, &config, &opened.value));
        let answer = verdict.end(opened)?;
        warnings.append(answer.warnings);
        Ok(Answer { warnings, ..answer })
    }

    /// Renews what is open; what the provider keeps of it changes with that.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn renew(&self, open: &mut Ephemeral) -> Result<Diagnostics> {
        let rpc = "RenewEphemeralResource";
        let request = proto::RenewEphemeralResourceRequest {
            type_name: open.type_name.clone(),
            private: open.private.clone(),
        };
        let response = self.raw().renew_ephemeral_resource(request).await;
        let response = response.map_err(failed(rpc, &open.type_name))?.into_inner();
        let verdict = Verdict::new(rpc, &open.type_name, &Block::default(), response.diagnostics);
        let warnings = verdict.end(())?.warnings;
        open.renew_at = response.renew_at.and_then(|moment| moment.try_into().ok());
        open.private = response.private;
        Ok(warnings)
    }

    /// Closes what is open. As core does, it sends what the provider kept when it was opened.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn close(&self, open: Ephemeral) -> Result<Diagnostics> {
        let rpc = "CloseEphemeralResource";
        let request = proto::CloseEphemeralResourceRequest {
            type_name: open.type_name.clone(),
            private: open.private,
        };
        let response = self.raw().close_ephemeral_resource(request).await;
        let response = response.map_err(failed(rpc, &open.type_name))?.into_inner();
        let verdict = Verdict::new(rpc, &open.type_name, &Block::default(), response.diagnostics);
        Ok(verdict.end(())?.warnings)
    }
}

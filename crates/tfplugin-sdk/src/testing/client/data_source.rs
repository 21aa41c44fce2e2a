//! Calls about data sources.

use super::verdict::{Verdict, failed};
use super::{Answer, Client, Error, Result, proto, write};
use crate::diagnostic::Diagnostics;
use crate::rules;
use crate::schema::Block;
use crate::testing::configuration::Configuration;
use crate::value::Value;

impl Client {
    async fn data_source(&self, type_name: &str) -> Result<&Block> {
        let schemas = self.schemas().await?;
        let unknown = || Error::test(format!("the provider has no data source {type_name:?}"));
        schemas
            .data_sources
            .get(type_name)
            .map(|schema| &schema.block)
            .ok_or_else(unknown)
    }

    /// Validates a configuration of a data source.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn validate_data_source(
        &self,
        type_name: &str,
        config: &impl Configuration,
    ) -> Result<Diagnostics> {
        let rpc = "ValidateDataResourceConfig";
        let block = self.data_source(type_name).await?;
        let request = proto::ValidateDataResourceConfigRequest {
            type_name: type_name.to_owned(),
            config: write(&config.to_value(block)?, &block.ty())?,
        };
        let response = self.raw().validate_data_resource_config(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        Ok(verdict.end(())?.warnings)
    }

    /// Validates a configuration and reads the data source.
    ///
    /// # Errors
    /// When the provider refuses it, or the configuration is not wholly known: core does not ask then.
    pub async fn read_data_source(
        &self,
        type_name: &str,
        config: &impl Configuration,
    ) -> Result<Answer<Value>> {
        let rpc = "ReadDataSource";
        let block = self.data_source(type_name).await?;
        let (config, ty) = (config.to_value(block)?, block.ty());
        if !config.is_wholly_known() {
            return Err(Error::test(
                "a data source is read when its configuration is wholly known",
            ));
        }
        let mut warnings = self.validate_data_source(type_name, &config).await?;
        let request = proto::ReadDataSourceRequest {
            type_name: type_name.to_owned(),
            config: write(&config, &ty)?,
            provider_meta: self.meta().await?,
            client_capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().read_data_source(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        if verdict.failed() {
            return verdict.end(Value::Null);
        }
        verdict.not_deferred(response.deferred, self.capabilities.deferral)?;
        let value = verdict.read(response.state.as_ref(), &ty);
        verdict.found(rules::data_source(block, &value));
        let answer = verdict.end(value)?;
        warnings.append(answer.warnings);
        Ok(Answer { warnings, ..answer })
    }
}

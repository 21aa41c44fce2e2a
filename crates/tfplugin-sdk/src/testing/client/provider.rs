//! Calls about the provider as a whole.

use super::verdict::{Verdict, failed};
use super::{Client, Error, Result, Schemas, proto, write};
use crate::diagnostic::Diagnostics;
use crate::schema::Block;
use crate::testing::configuration::Configuration;

/// What the client says that it is.
const TERRAFORM_VERSION: &str = "1.16.0";

/// The largest schema that Terraform takes.
const SCHEMA_LIMIT: usize = 64 << 20;

impl Client {
    /// The schemas that the provider announces, asked for once.
    ///
    /// # Errors
    /// When core would refuse them.
    pub async fn schemas(&self) -> Result<&Schemas> {
        self.schemas.get_or_try_init(|| self.fetch_schemas()).await
    }

    async fn fetch_schemas(&self) -> Result<Schemas> {
        let (rpc, everything) = ("GetProviderSchema", Block::default());
        let mut raw = self.raw().max_decoding_message_size(SCHEMA_LIMIT);
        let mut response = raw
            .get_provider_schema(proto::GetProviderSchemaRequest {})
            .await
            .map_err(failed(rpc, ""))?
            .into_inner();
        let diagnostics = std::mem::take(&mut response.diagnostics);
        Verdict::new(rpc, "", &everything, diagnostics).end(())?;
        let mut schemas = Schemas::read(response)?;
        // Core asks for these beside the schemas, and takes any failure but one for the end.
        let rpc = "GetResourceIdentitySchemas";
        match raw
            .get_resource_identity_schemas(proto::GetResourceIdentitySchemasRequest {})
            .await
        {
            Ok(response) => {
                let response = response.into_inner();
                Verdict::new(rpc, "", &everything, response.diagnostics).end(())?;
                schemas.identify(response.identity_schemas)?;
            }
            Err(status) if status.code() == tonic::Code::Unimplemented => {}
            Err(status) => return Err(failed(rpc, "")(status)),
        }
        Ok(schemas)
    }

    /// Validates a configuration of the provider.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn validate_provider(&self, config: &impl Configuration) -> Result<Diagnostics> {
        let rpc = "ValidateProviderConfig";
        let block = &self.schemas().await?.provider.block;
        let request = proto::ValidateProviderConfigRequest {
            config: write(&config.to_value(block)?, &block.ty())?,
        };
        let response = self.raw().validate_provider_config(request).await;
        let response = response.map_err(failed(rpc, "the provider"))?.into_inner();
        let verdict = Verdict::new(rpc, "the provider", block, response.diagnostics);
        Ok(verdict.end(())?.warnings)
    }

    /// Validates a configuration and configures the provider with it.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn configure(&self, config: &impl Configuration) -> Result<Diagnostics> {
        let mut warnings = self.validate_provider(config).await?;
        let rpc = "ConfigureProvider";
        let block = &self.schemas().await?.provider.block;
        let request = proto::ConfigureProviderRequest {
            terraform_version: TERRAFORM_VERSION.to_owned(),
            config: write(&config.to_value(block)?, &block.ty())?,
            client_capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().configure_provider(request).await;
        let response = response.map_err(failed(rpc, "the provider"))?.into_inner();
        let verdict = Verdict::new(rpc, "the provider", block, response.diagnostics);
        warnings.append(verdict.end(())?.warnings);
        Ok(warnings)
    }

    /// Interrupts the provider's work under way, as Ctrl-C does.
    ///
    /// # Errors
    /// When the provider says that it cannot.
    pub async fn stop(&self) -> Result<()> {
        let rpc = "StopProvider";
        let response = self.raw().stop_provider(proto::StopProviderRequest {}).await;
        let problem = response.map_err(failed(rpc, ""))?.into_inner().error;
        if problem.is_empty() {
            Ok(())
        } else {
            Err(Error::Process(format!("{rpc}: {problem}")))
        }
    }
}

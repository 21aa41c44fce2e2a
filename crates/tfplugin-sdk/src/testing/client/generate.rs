//! Configurations written for what was imported.

use super::verdict::{Verdict, failed};
use super::{Answer, Client, Result, State, proto, write};
use crate::rules;
use crate::value::Value;

impl Client {
    /// The configuration that describes what is in this state, as `terraform plan -generate-config-out` has it written. It
    /// must be one that plans no change, which [`Lifecycle::expect_no_change`](crate::testing::Lifecycle) tells.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn generate_config(&self, type_name: &str, state: &State) -> Result<Answer<Value>> {
        let rpc = "GenerateResourceConfig";
        let block = &self.resource(type_name).await?.block;
        let ty = block.ty();
        let request = proto::GenerateResourceConfigRequest {
            type_name: type_name.to_owned(),
            state: write(&state.value, &ty)?,
        };
        let response = self.raw().generate_resource_config(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        let config = verdict.read(response.config.as_ref(), &ty);
        if !verdict.failed() {
            verdict.found(rules::generated(block, &config));
        }
        verdict.end(config)
    }
}

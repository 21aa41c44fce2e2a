//! Configurations written for what was imported.

use super::Service;
use crate::diagnostic::Diagnostic;
use crate::plan;
use crate::provider::Provider;
use crate::rules;
use crate::wire::{proto, read_dynamic, write_dynamic};

impl<P: Provider> Service<P> {
    pub(super) fn generate_config(
        &self,
        request: &proto::GenerateResourceConfigRequest,
    ) -> Result<proto::GenerateResourceConfigResponse, Diagnostic> {
        let entry = self.resource(&request.type_name)?;
        let state = read_dynamic(request.state.as_ref(), entry.schema.ty())?;
        if state.is_null() {
            return Err(Diagnostic::bug(
                "Terraform asked for the configuration of nothing.",
            ));
        }
        let mut config = match entry.generate {
            Some(generate) => generate(state)?,
            None => state,
        };
        plan::keep_configurable(&entry.schema.block, &mut config);
        self.check("GenerateResourceConfig", &request.type_name, || {
            rules::generated(&entry.schema.block, &config)
        })?;
        Ok(proto::GenerateResourceConfigResponse {
            config: Some(write_dynamic(&config, entry.schema.ty())?),
            ..Default::default()
        })
    }
}

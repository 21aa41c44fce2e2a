//! Calls about data sources.

use super::answer::Answer;
use super::{Service, deferral};
use crate::diagnostic::Diagnostic;
use crate::offer::Outcome;
use crate::provider::Provider;
use crate::rules;
use crate::semantic::Spelling;
use crate::value::Value;
use crate::wire::{proto, read_dynamic, write_dynamic};

impl<P: Provider> Service<P> {
    pub(super) fn validate_data_source(
        &self,
        request: &proto::ValidateDataResourceConfigRequest,
    ) -> Result<proto::ValidateDataResourceConfigResponse, Diagnostic> {
        let entry = self.data_source(&request.type_name)?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let diagnostics = self.validated(&entry.schema.block, entry.validate, config);
        Ok(proto::ValidateDataResourceConfigResponse::default().and(diagnostics))
    }

    pub(super) async fn read_data_source(
        &self,
        request: proto::ReadDataSourceRequest,
    ) -> Result<proto::ReadDataSourceResponse, Diagnostic> {
        let entry = self.data_source(&request.type_name)?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let spelling = Spelling::of(&entry.schema.block, &config);
        let allowed = deferral::allowed(request.client_capabilities);
        let context = self.context_of(&[], request.provider_meta.as_ref())?;
        let Outcome {
            mut result,
            diagnostics,
            deferral,
            ..
        } = (entry.read)(context.deferring(allowed), config).await;
        let diagnostics = self.heard(&entry.schema.block, diagnostics);
        if diagnostics.has_error() {
            return Ok(proto::ReadDataSourceResponse::default().and(diagnostics));
        }
        if let Some(deferred) = deferral::deferred(deferral, allowed)? {
            return Ok(proto::ReadDataSourceResponse {
                deferred: Some(deferred),
                ..Default::default()
            }
            .and(diagnostics));
        }
        spelling.keep(&mut result);
        if result == Value::Null || !result.is_wholly_known() {
            return Err(Diagnostic::bug(format!(
                "{} left a value unknown.",
                request.type_name
            )));
        }
        self.check("ReadDataSource", &request.type_name, || {
            rules::data_source(&entry.schema.block, &result)
        })?;
        let state = Some(write_dynamic(&result, entry.schema.ty())?);
        Ok(proto::ReadDataSourceResponse {
            state,
            ..Default::default()
        }
        .and(diagnostics))
    }
}

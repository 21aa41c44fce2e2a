//! Calls about ephemeral resources.

use prost_types::Timestamp;

use super::answer::Answer;
use super::{Service, deferral};
use crate::diagnostic::Diagnostic;
use crate::offer::{EphemeralEntry, Outcome};
use crate::provider::Provider;
use crate::rules;
use crate::semantic::Spelling;
use crate::wire::{proto, read_dynamic, write_dynamic};

impl<P: Provider> Service<P> {
    fn ephemeral(&self, type_name: &str) -> Result<&EphemeralEntry<P::Client>, Diagnostic> {
        let entry = self.shared.offer.ephemeral.get(type_name);
        entry.ok_or_else(|| Self::absent("ephemeral resource", type_name))
    }

    pub(super) fn validate_ephemeral(
        &self,
        request: &proto::ValidateEphemeralResourceConfigRequest,
    ) -> Result<proto::ValidateEphemeralResourceConfigResponse, Diagnostic> {
        let entry = self.ephemeral(&request.type_name)?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let diagnostics = self.validated(&entry.schema.block, entry.validate, config);
        Ok(proto::ValidateEphemeralResourceConfigResponse::default().and(diagnostics))
    }

    pub(super) async fn open_ephemeral(
        &self,
        request: proto::OpenEphemeralResourceRequest,
    ) -> Result<proto::OpenEphemeralResourceResponse, Diagnostic> {
        let entry = self.ephemeral(&request.type_name)?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let allowed = deferral::allowed(request.client_capabilities);
        let Outcome {
            result,
            private,
            diagnostics,
            deferral,
        } = (entry.open)(self.context(&[])?.deferring(allowed), config.clone()).await;
        let diagnostics = self.heard(&entry.schema.block, diagnostics);
        let Some(mut opened) = result.filter(|_| !diagnostics.has_error()) else {
            return Ok(proto::OpenEphemeralResourceResponse::default().and(diagnostics));
        };
        if let Some(deferred) = deferral::deferred(deferral, allowed)? {
            return Ok(proto::OpenEphemeralResourceResponse {
                deferred: Some(deferred),
                ..Default::default()
            }
            .and(diagnostics));
        }
        Spelling::of(&entry.schema.block, &config).keep(&mut opened.result);
        // Terraform would say that the provider has a bug, and not where.
        let mistakes = rules::ephemeral(&entry.schema.block, &config, &opened.result);
        if let Some(mistake) = mistakes.first() {
            return Err(Diagnostic::bug(format!(
                "{} was opened as it must not be: {mistake}.",
                request.type_name
            )));
        }
        Ok(proto::OpenEphemeralResourceResponse {
            result: Some(write_dynamic(&opened.result, entry.schema.ty())?),
            renew_at: opened.renew_at.map(Timestamp::from),
            private: Some(private.to_bytes()),
            ..Default::default()
        }
        .and(diagnostics))
    }

    pub(super) async fn renew_ephemeral(
        &self,
        request: proto::RenewEphemeralResourceRequest,
    ) -> Result<proto::RenewEphemeralResourceResponse, Diagnostic> {
        let entry = self.ephemeral(&request.type_name)?;
        let before = request.private.unwrap_or_default();
        let Some(renew) = entry.renew else {
            return Err(Diagnostic::bug(format!(
                "{} asks to be renewed, and cannot be.",
                request.type_name
            )));
        };
        let Outcome {
            result,
            private,
            diagnostics,
            ..
        } = renew(self.context(&before)?, ()).await;
        Ok(proto::RenewEphemeralResourceResponse {
            renew_at: result.map(Timestamp::from),
            private: Some(private.to_bytes()),
            ..Default::default()
        }
        .and(diagnostics))
    }

    /// What cannot be closed is done with when the run ends.
    pub(super) async fn close_ephemeral(
        &self,
        request: proto::CloseEphemeralResourceRequest,
    ) -> Result<proto::CloseEphemeralResourceResponse, Diagnostic> {
        let entry = self.ephemeral(&request.type_name)?;
        let answer = proto::CloseEphemeralResourceResponse::default();
        let Some(close) = entry.close else {
            return Ok(answer);
        };
        let private = request.private.unwrap_or_default();
        let Outcome { diagnostics, .. } = close(self.context(&private)?, ()).await;
        Ok(answer.and(diagnostics))
    }
}

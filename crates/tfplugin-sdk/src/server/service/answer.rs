//! Answers that carry diagnostics, and panics that become one.

use std::time::Instant;

use tonic::{Response, Status};
use tracing::{Instrument, Span};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::server::memory::give_back_soon;
use crate::server::panic::caught;
use crate::wire::proto;

/// A response that can tell the user something.
pub(super) trait Answer: Default {
    /// The response with `diagnostics` added.
    fn and(self, diagnostics: impl Into<Diagnostics>) -> Self;
}

macro_rules! answers {
    ($($response:ident),* $(,)?) => {$(
        impl Answer for proto::$response {
            fn and(mut self, diagnostics: impl Into<Diagnostics>) -> Self {
                self.diagnostics.extend(Vec::from(diagnostics.into()));
                self
            }
        }
    )*};
}

answers!(
    ApplyResourceChangeResponse,
    CloseEphemeralResourceResponse,
    ConfigureProviderResponse,
    ConfigureStateStoreResponse,
    DeleteStateResponse,
    GenerateResourceConfigResponse,
    GetFunctionsResponse,
    GetMetadataResponse,
    GetProviderSchemaResponse,
    GetResourceIdentitySchemasResponse,
    GetStatesResponse,
    ImportResourceStateResponse,
    LockStateResponse,
    MoveResourceStateResponse,
    OpenEphemeralResourceResponse,
    PlanActionResponse,
    PlanResourceChangeResponse,
    ReadDataSourceResponse,
    ReadResourceResponse,
    ReadStateBytesResponse,
    RenewEphemeralResourceResponse,
    UnlockStateResponse,
    UpgradeResourceIdentityResponse,
    UpgradeResourceStateResponse,
    ValidateActionConfigResponse,
    ValidateDataResourceConfigResponse,
    ValidateEphemeralResourceConfigResponse,
    ValidateListResourceConfigResponse,
    ValidateProviderConfigResponse,
    ValidateResourceConfigResponse,
    ValidateStateStoreResponse,
    WriteStateBytesResponse,
);

/// Runs a call. What goes wrong is told in the answer: a gRPC status would hide it behind a general message.
pub(super) async fn answer<A: Answer>(
    span: Span,
    call: impl Future<Output = Result<A, Diagnostic>>,
) -> Result<Response<A>, Status> {
    answer_or(A::default(), call).instrument(span).await
}

/// The same for a call that changes a resource, whose state must survive a failure: `before` is what was sent.
pub(super) async fn answer_or<A: Answer>(
    before: A,
    call: impl Future<Output = Result<A, Diagnostic>>,
) -> Result<Response<A>, Status> {
    let begun = Instant::now();
    let answer = match caught(call).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(diagnostic)) | Err(diagnostic) => before.and(diagnostic),
    };
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::trace!(tf_req_duration_ms = milliseconds, "the call is answered");
    give_back_soon();
    Ok(Response::new(answer))
}

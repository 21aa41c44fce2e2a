//! Answers that carry diagnostics, and panics that become one.

use tonic::{Response, Status};

use crate::diagnostic::{Diagnostic, Diagnostics};
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
    call: impl Future<Output = Result<A, Diagnostic>>,
) -> Result<Response<A>, Status> {
    let answer = match caught(call).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(diagnostic)) | Err(diagnostic) => A::default().and(diagnostic),
    };
    Ok(Response::new(answer))
}

/// The same for a call that changes a resource, whose state must survive a failure: `before` is what was sent.
pub(super) async fn answer_or<A: Answer>(
    before: A,
    call: impl Future<Output = Result<A, Diagnostic>>,
) -> Result<Response<A>, Status> {
    let answer = match caught(call).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(diagnostic)) | Err(diagnostic) => before.and(diagnostic),
    };
    Ok(Response::new(answer))
}

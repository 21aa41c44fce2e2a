//! The generated trait: each call is one line that names its answer.

use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use super::Service;
use super::answer::answer;
use super::call::span;
use super::events::Events;
use super::resource::{unapplied, unread};
use super::state_store::agreed;
use crate::provider::Provider;
use crate::wire::proto;
use crate::wire::proto::provider_server::Provider as Rpc;

type Answered<A> = Result<Response<A>, Status>;

#[tonic::async_trait]
impl<P: Provider> Rpc for Service<P> {
    type ListResourceStream = Events<proto::ListResourceEvent>;
    type ReadStateBytesStream = Events<proto::ReadStateBytesResponse>;
    type InvokeActionStream = Events<proto::InvokeActionEvent>;

    async fn get_metadata(
        &self,
        _: Request<proto::GetMetadataRequest>,
    ) -> Answered<proto::GetMetadataResponse> {
        answer(span!("GetMetadata"), async { Ok(self.metadata()) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<proto::GetProviderSchemaRequest>,
    ) -> Answered<proto::GetProviderSchemaResponse> {
        answer(span!("GetProviderSchema"), async { Ok(self.schemas()) }).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::ValidateProviderConfigRequest>,
    ) -> Answered<proto::ValidateProviderConfigResponse> {
        let request = request.into_inner();
        let span = span!("ValidateProviderConfig");
        answer(span, async { self.validate_provider(&request) }).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::ValidateResourceConfigRequest>,
    ) -> Answered<proto::ValidateResourceConfigResponse> {
        let request = request.into_inner();
        let span = span!("ValidateResourceConfig", tf_resource_type = request.type_name);
        answer(span, async { self.validate_resource(&request) }).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::ValidateDataResourceConfigRequest>,
    ) -> Answered<proto::ValidateDataResourceConfigResponse> {
        let request = request.into_inner();
        let span = span!(
            "ValidateDataResourceConfig",
            tf_data_source_type = request.type_name
        );
        answer(span, async { self.validate_data_source(&request) }).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::UpgradeResourceStateRequest>,
    ) -> Answered<proto::UpgradeResourceStateResponse> {
        let request = request.into_inner();
        let span = span!("UpgradeResourceState", tf_resource_type = request.type_name);
        answer(span, async { self.upgrade(request) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<proto::GetResourceIdentitySchemasRequest>,
    ) -> Answered<proto::GetResourceIdentitySchemasResponse> {
        answer(span!("GetResourceIdentitySchemas"), async {
            Ok(self.identity_schemas())
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::UpgradeResourceIdentityRequest>,
    ) -> Answered<proto::UpgradeResourceIdentityResponse> {
        let request = request.into_inner();
        let span = span!("UpgradeResourceIdentity", tf_resource_type = request.type_name);
        answer(span, async { self.upgrade_identity(request) }).await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::ConfigureProviderRequest>,
    ) -> Answered<proto::ConfigureProviderResponse> {
        let request = request.into_inner();
        let span = span!("ConfigureProvider");
        self.run(span, |service| async move { service.configure(request).await })
            .await
    }

    async fn read_resource(
        &self,
        request: Request<proto::ReadResourceRequest>,
    ) -> Answered<proto::ReadResourceResponse> {
        let request = request.into_inner();
        let (before, span) = (
            unread(&request),
            span!("ReadResource", tf_resource_type = request.type_name),
        );
        self.run_or(
            before,
            span,
            |service| async move { service.read(&request).await },
        )
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::PlanResourceChangeRequest>,
    ) -> Answered<proto::PlanResourceChangeResponse> {
        let request = request.into_inner();
        let span = span!("PlanResourceChange", tf_resource_type = request.type_name);
        self.run(span, |service| async move { service.plan(request).await })
            .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::ApplyResourceChangeRequest>,
    ) -> Answered<proto::ApplyResourceChangeResponse> {
        let request = request.into_inner();
        let (before, span) = (
            unapplied(&request),
            span!("ApplyResourceChange", tf_resource_type = request.type_name),
        );
        self.run_or(
            before,
            span,
            |service| async move { service.apply(&request).await },
        )
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::ImportResourceStateRequest>,
    ) -> Answered<proto::ImportResourceStateResponse> {
        let request = request.into_inner();
        let span = span!("ImportResourceState", tf_resource_type = request.type_name);
        self.run(span, |service| async move { service.import(request).await })
            .await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::MoveResourceStateRequest>,
    ) -> Answered<proto::MoveResourceStateResponse> {
        let request = request.into_inner();
        let span = span!("MoveResourceState", tf_resource_type = request.target_type_name);
        answer(span, async { self.move_state(request) }).await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::ReadDataSourceRequest>,
    ) -> Answered<proto::ReadDataSourceResponse> {
        let request = request.into_inner();
        let span = span!("ReadDataSource", tf_data_source_type = request.type_name);
        self.run(
            span,
            |service| async move { service.read_data_source(request).await },
        )
        .await
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::GenerateResourceConfigRequest>,
    ) -> Answered<proto::GenerateResourceConfigResponse> {
        let request = request.into_inner();
        let span = span!("GenerateResourceConfig", tf_resource_type = request.type_name);
        answer(span, async { self.generate_config(&request) }).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::ValidateEphemeralResourceConfigRequest>,
    ) -> Answered<proto::ValidateEphemeralResourceConfigResponse> {
        let request = request.into_inner();
        let span = span!(
            "ValidateEphemeralResourceConfig",
            tf_ephemeral_resource_type = request.type_name
        );
        answer(span, async { self.validate_ephemeral(&request) }).await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::OpenEphemeralResourceRequest>,
    ) -> Answered<proto::OpenEphemeralResourceResponse> {
        let request = request.into_inner();
        let span = span!(
            "OpenEphemeralResource",
            tf_ephemeral_resource_type = request.type_name
        );
        self.run(
            span,
            |service| async move { service.open_ephemeral(request).await },
        )
        .await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::RenewEphemeralResourceRequest>,
    ) -> Answered<proto::RenewEphemeralResourceResponse> {
        let request = request.into_inner();
        let span = span!(
            "RenewEphemeralResource",
            tf_ephemeral_resource_type = request.type_name
        );
        self.run(
            span,
            |service| async move { service.renew_ephemeral(request).await },
        )
        .await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::CloseEphemeralResourceRequest>,
    ) -> Answered<proto::CloseEphemeralResourceResponse> {
        let request = request.into_inner();
        let span = span!(
            "CloseEphemeralResource",
            tf_ephemeral_resource_type = request.type_name
        );
        self.run(
            span,
            |service| async move { service.close_ephemeral(request).await },
        )
        .await
    }

    async fn list_resource(
        &self,
        request: Request<proto::ListResourceRequest>,
    ) -> Answered<Self::ListResourceStream> {
        let request = request.into_inner();
        let span = span!("ListResource", tf_list_resource_type = request.type_name);
        Ok(Response::new(self.begin().list(request, span)))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::ValidateListResourceConfigRequest>,
    ) -> Answered<proto::ValidateListResourceConfigResponse> {
        let request = request.into_inner();
        let span = span!(
            "ValidateListResourceConfig",
            tf_list_resource_type = request.type_name
        );
        answer(span, async { self.validate_list(&request) }).await
    }

    async fn get_functions(
        &self,
        _: Request<proto::GetFunctionsRequest>,
    ) -> Answered<proto::GetFunctionsResponse> {
        answer(span!("GetFunctions"), async {
            Ok(proto::GetFunctionsResponse {
                functions: self.functions(),
                ..Default::default()
            })
        })
        .await
    }

    async fn call_function(
        &self,
        request: Request<proto::CallFunctionRequest>,
    ) -> Answered<proto::CallFunctionResponse> {
        let request = request.into_inner();
        let call = self
            .call_function(&request)
            .instrument(span!("CallFunction", tf_function_name = request.name));
        Ok(Response::new(call.await))
    }

    async fn validate_state_store_config(
        &self,
        request: Request<proto::ValidateStateStoreRequest>,
    ) -> Answered<proto::ValidateStateStoreResponse> {
        let request = request.into_inner();
        let span = span!(
            "ValidateStateStoreConfig",
            tf_state_store_type = request.type_name
        );
        answer(span, async { self.validate_state_store(&request) }).await
    }

    async fn configure_state_store(
        &self,
        request: Request<proto::ConfigureStateStoreRequest>,
    ) -> Answered<proto::ConfigureStateStoreResponse> {
        let request = request.into_inner();
        let (before, span) = (
            agreed(&request),
            span!("ConfigureStateStore", tf_state_store_type = request.type_name),
        );
        self.run_or(before, span, |service| async move {
            service.configure_state_store(&request).await
        })
        .await
    }

    async fn read_state_bytes(
        &self,
        request: Request<proto::ReadStateBytesRequest>,
    ) -> Answered<Self::ReadStateBytesStream> {
        let request = request.into_inner();
        let span = span!("ReadStateBytes", tf_state_store_type = request.type_name);
        let read = |service: Self| async move { Ok(Response::new(service.read_state(request).await)) };
        self.in_task(span, read).await
    }

    async fn write_state_bytes(
        &self,
        request: Request<Streaming<proto::WriteStateBytesChunk>>,
    ) -> Answered<proto::WriteStateBytesResponse> {
        let chunks = request.into_inner();
        let span = span!("WriteStateBytes");
        self.run(span, |service| async move { service.write_state(chunks).await })
            .await
    }

    async fn lock_state(
        &self,
        request: Request<proto::LockStateRequest>,
    ) -> Answered<proto::LockStateResponse> {
        let request = request.into_inner();
        let span = span!("LockState", tf_state_store_type = request.type_name);
        self.run(span, |service| async move { service.lock_state(request).await })
            .await
    }

    async fn unlock_state(
        &self,
        request: Request<proto::UnlockStateRequest>,
    ) -> Answered<proto::UnlockStateResponse> {
        let request = request.into_inner();
        let span = span!("UnlockState", tf_state_store_type = request.type_name);
        self.run(span, |service| async move { service.unlock_state(request).await })
            .await
    }

    async fn get_states(
        &self,
        request: Request<proto::GetStatesRequest>,
    ) -> Answered<proto::GetStatesResponse> {
        let request = request.into_inner();
        let span = span!("GetStates", tf_state_store_type = request.type_name);
        self.run(span, |service| async move { service.states(request).await })
            .await
    }

    async fn delete_state(
        &self,
        request: Request<proto::DeleteStateRequest>,
    ) -> Answered<proto::DeleteStateResponse> {
        let request = request.into_inner();
        let span = span!("DeleteState", tf_state_store_type = request.type_name);
        self.run(span, |service| async move { service.delete_state(request).await })
            .await
    }

    async fn plan_action(
        &self,
        request: Request<proto::PlanActionRequest>,
    ) -> Answered<proto::PlanActionResponse> {
        let request = request.into_inner();
        let span = span!("PlanAction", tf_action_type = request.action_type);
        self.run(span, |service| async move { service.plan_action(request).await })
            .await
    }

    async fn invoke_action(
        &self,
        request: Request<proto::InvokeActionRequest>,
    ) -> Answered<Self::InvokeActionStream> {
        let request = request.into_inner();
        let span = span!("InvokeAction", tf_action_type = request.action_type);
        Ok(Response::new(self.begin().invoke_action(&request, span)))
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::ValidateActionConfigRequest>,
    ) -> Answered<proto::ValidateActionConfigResponse> {
        let request = request.into_inner();
        let span = span!("ValidateActionConfig", tf_action_type = request.type_name);
        answer(span, async { self.validate_action(&request) }).await
    }

    async fn stop_provider(
        &self,
        _: Request<proto::StopProviderRequest>,
    ) -> Answered<proto::StopProviderResponse> {
        self.stop();
        Ok(Response::new(proto::StopProviderResponse::default()))
    }
}

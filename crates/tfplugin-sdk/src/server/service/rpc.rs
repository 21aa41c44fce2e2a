//! The generated trait: each call is one line that names its answer.

use tonic::{Request, Response, Status, Streaming};

use super::Service;
use super::answer::{answer, answer_or};
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
        answer(async { Ok(self.metadata()) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<proto::GetProviderSchemaRequest>,
    ) -> Answered<proto::GetProviderSchemaResponse> {
        answer(async { Ok(self.schemas()) }).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::ValidateProviderConfigRequest>,
    ) -> Answered<proto::ValidateProviderConfigResponse> {
        answer(async { self.validate_provider(&request.into_inner()) }).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::ValidateResourceConfigRequest>,
    ) -> Answered<proto::ValidateResourceConfigResponse> {
        answer(async { self.validate_resource(&request.into_inner()) }).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::ValidateDataResourceConfigRequest>,
    ) -> Answered<proto::ValidateDataResourceConfigResponse> {
        answer(async { self.validate_data_source(&request.into_inner()) }).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::UpgradeResourceStateRequest>,
    ) -> Answered<proto::UpgradeResourceStateResponse> {
        answer(async { self.upgrade(request.into_inner()) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<proto::GetResourceIdentitySchemasRequest>,
    ) -> Answered<proto::GetResourceIdentitySchemasResponse> {
        answer(async { Ok(self.identity_schemas()) }).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::UpgradeResourceIdentityRequest>,
    ) -> Answered<proto::UpgradeResourceIdentityResponse> {
        answer(async { self.upgrade_identity(request.into_inner()) }).await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::ConfigureProviderRequest>,
    ) -> Answered<proto::ConfigureProviderResponse> {
        answer(self.configure(request.into_inner())).await
    }

    async fn read_resource(
        &self,
        request: Request<proto::ReadResourceRequest>,
    ) -> Answered<proto::ReadResourceResponse> {
        let request = request.into_inner();
        answer_or(unread(&request), self.read(&request)).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::PlanResourceChangeRequest>,
    ) -> Answered<proto::PlanResourceChangeResponse> {
        answer(self.plan(request.into_inner())).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::ApplyResourceChangeRequest>,
    ) -> Answered<proto::ApplyResourceChangeResponse> {
        let request = request.into_inner();
        answer_or(unapplied(&request), self.apply(&request)).await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::ImportResourceStateRequest>,
    ) -> Answered<proto::ImportResourceStateResponse> {
        answer(self.import(request.into_inner())).await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::MoveResourceStateRequest>,
    ) -> Answered<proto::MoveResourceStateResponse> {
        answer(async { self.move_state(request.into_inner()) }).await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::ReadDataSourceRequest>,
    ) -> Answered<proto::ReadDataSourceResponse> {
        answer(self.read_data_source(request.into_inner())).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::GenerateResourceConfigRequest>,
    ) -> Answered<proto::GenerateResourceConfigResponse> {
        answer(async { self.generate_config(&request.into_inner()) }).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::ValidateEphemeralResourceConfigRequest>,
    ) -> Answered<proto::ValidateEphemeralResourceConfigResponse> {
        answer(async { self.validate_ephemeral(&request.into_inner()) }).await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::OpenEphemeralResourceRequest>,
    ) -> Answered<proto::OpenEphemeralResourceResponse> {
        answer(self.open_ephemeral(request.into_inner())).await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::RenewEphemeralResourceRequest>,
    ) -> Answered<proto::RenewEphemeralResourceResponse> {
        answer(self.renew_ephemeral(request.into_inner())).await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::CloseEphemeralResourceRequest>,
    ) -> Answered<proto::CloseEphemeralResourceResponse> {
        answer(self.close_ephemeral(request.into_inner())).await
    }

    async fn list_resource(
        &self,
        request: Request<proto::ListResourceRequest>,
    ) -> Answered<Self::ListResourceStream> {
        Ok(Response::new(self.list(request.into_inner())))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::ValidateListResourceConfigRequest>,
    ) -> Answered<proto::ValidateListResourceConfigResponse> {
        answer(async { self.validate_list(&request.into_inner()) }).await
    }

    async fn get_functions(
        &self,
        _: Request<proto::GetFunctionsRequest>,
    ) -> Answered<proto::GetFunctionsResponse> {
        answer(async {
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
        Ok(Response::new(self.call_function(request.into_inner()).await))
    }

    async fn validate_state_store_config(
        &self,
        request: Request<proto::ValidateStateStoreRequest>,
    ) -> Answered<proto::ValidateStateStoreResponse> {
        answer(async { self.validate_state_store(&request.into_inner()) }).await
    }

    async fn configure_state_store(
        &self,
        request: Request<proto::ConfigureStateStoreRequest>,
    ) -> Answered<proto::ConfigureStateStoreResponse> {
        let request = request.into_inner();
        answer_or(agreed(&request), self.configure_state_store(&request)).await
    }

    async fn read_state_bytes(
        &self,
        request: Request<proto::ReadStateBytesRequest>,
    ) -> Answered<Self::ReadStateBytesStream> {
        Ok(Response::new(self.read_state(request.into_inner()).await))
    }

    async fn write_state_bytes(
        &self,
        request: Request<Streaming<proto::WriteStateBytesChunk>>,
    ) -> Answered<proto::WriteStateBytesResponse> {
        answer(self.write_state(request.into_inner())).await
    }

    async fn lock_state(
        &self,
        request: Request<proto::LockStateRequest>,
    ) -> Answered<proto::LockStateResponse> {
        answer(self.lock_state(request.into_inner())).await
    }

    async fn unlock_state(
        &self,
        request: Request<proto::UnlockStateRequest>,
    ) -> Answered<proto::UnlockStateResponse> {
        answer(self.unlock_state(request.into_inner())).await
    }

    async fn get_states(
        &self,
        request: Request<proto::GetStatesRequest>,
    ) -> Answered<proto::GetStatesResponse> {
        answer(self.states(request.into_inner())).await
    }

    async fn delete_state(
        &self,
        request: Request<proto::DeleteStateRequest>,
    ) -> Answered<proto::DeleteStateResponse> {
        answer(self.delete_state(request.into_inner())).await
    }

    async fn plan_action(
        &self,
        request: Request<proto::PlanActionRequest>,
    ) -> Answered<proto::PlanActionResponse> {
        answer(self.plan_action(request.into_inner())).await
    }

    async fn invoke_action(
        &self,
        request: Request<proto::InvokeActionRequest>,
    ) -> Answered<Self::InvokeActionStream> {
        Ok(Response::new(self.invoke_action(&request.into_inner())))
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::ValidateActionConfigRequest>,
    ) -> Answered<proto::ValidateActionConfigResponse> {
        answer(async { self.validate_action(&request.into_inner()) }).await
    }

    async fn stop_provider(
        &self,
        _: Request<proto::StopProviderRequest>,
    ) -> Answered<proto::StopProviderResponse> {
        self.stop();
        Ok(Response::new(proto::StopProviderResponse::default()))
    }
}

//! Every RPC of the protocol is answered, also those whose feature the provider does not have.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use futures::{StreamExt, stream};
use http::uri::PathAndQuery;
use support::spawn;
use tfplugin_sdk::testing::proto;
use tfplugin_sdk::testing::proto::invoke_action_event::Type;
use tonic_prost::ProstCodec;

/// The names of all RPCs, from the protocol itself.
fn rpcs() -> Vec<&'static str> {
    include_str!("../proto/tfplugin6.proto")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("rpc ")?.split('(').next())
        .collect()
}

#[tokio::test]
async fn all_36_are_answered() {
    assert_eq!(rpcs().len(), 36);
    let provider = spawn().await.unwrap();
    let mut client = tonic::client::Grpc::new(provider.client().channel());
    for rpc in rpcs() {
        client.ready().await.unwrap();
        let path: PathAndQuery = format!("/tfplugin6.Provider/{rpc}").parse().unwrap();
        // One empty message there, and as many as there are back: that fits calls of every kind.
        let request = tonic::Request::new(stream::iter([()]));
        let answer = client
            .streaming(request, path, ProstCodec::<(), ()>::default())
            .await;
        let messages: Vec<_> = answer
            .unwrap_or_else(|status| unreachable!("{rpc}: {status}"))
            .into_inner()
            .collect()
            .await;
        assert_eq!(messages.len(), 1, "{rpc}");
        assert!(messages[0].is_ok(), "{rpc}: {messages:?}");
    }
    provider.shutdown().await.unwrap();
}

#[tokio::test]
async fn what_is_offered_is_listed_and_nothing_else() -> Result<(), Box<dyn std::error::Error>> {
    let provider = spawn().await?;
    let mut client = provider.client().raw();
    let metadata = client
        .get_metadata(proto::GetMetadataRequest {})
        .await?
        .into_inner();
    assert_eq!(metadata.resources[0].type_name, "greeting_card");
    assert_eq!((metadata.resources.len(), metadata.data_sources.len()), (2, 2));
    let functions = client
        .get_functions(proto::GetFunctionsRequest {})
        .await?
        .into_inner();
    assert_eq!(functions.functions.keys().collect::<Vec<_>>(), ["join"]);
    let request = proto::GetResourceIdentitySchemasRequest {};
    let identities = client.get_resource_identity_schemas(request).await?.into_inner();
    assert_eq!(identities, proto::GetResourceIdentitySchemasResponse::default());
    Ok(())
}

#[tokio::test]
async fn what_is_not_offered_is_told_as_such() -> Result<(), Box<dyn std::error::Error>> {
    let provider = spawn().await?;
    let mut client = provider.client().raw();
    let call = client
        .call_function(proto::CallFunctionRequest::default())
        .await?;
    assert!(call.into_inner().error.is_some());
    let moved = client
        .move_resource_state(proto::MoveResourceStateRequest::default())
        .await?;
    assert!(!moved.into_inner().diagnostics.is_empty());
    let mut list = client
        .list_resource(proto::ListResourceRequest::default())
        .await?
        .into_inner();
    assert!(!list.message().await?.unwrap().diagnostic.is_empty());
    let request = proto::ReadStateBytesRequest::default();
    let mut bytes = client.read_state_bytes(request).await?.into_inner();
    // Core follows the range before it looks at the diagnostics.
    assert!(bytes.message().await?.unwrap().range.is_some());
    let mut action = client
        .invoke_action(proto::InvokeActionRequest::default())
        .await?
        .into_inner();
    // Core crashes on an event without a type.
    assert!(matches!(
        action.message().await?.unwrap().r#type,
        Some(Type::Completed(_))
    ));
    Ok(())
}

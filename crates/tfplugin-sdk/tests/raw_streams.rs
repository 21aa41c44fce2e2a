//! Actions and state stores that no provider on the SDK can be: the client notices what breaks core's rules, and core's
//! own crashes.
#![expect(clippy::unwrap_used, reason = "tests")]

#[expect(dead_code, reason = "nothing here answers with values")]
mod impostor;

use impostor::Impostor;
use serde_json::json;
use tfplugin_sdk::rules::Rule;
use tfplugin_sdk::testing::proto::invoke_action_event::Type;
use tfplugin_sdk::testing::{Capabilities, Client, Error, Store, proto};

/// One that announces an action and a state store, both called `odd_thing` and without arguments.
fn odd() -> Impostor {
    let schema = || Some(proto::Schema::default());
    let named = |name: &str| name.to_owned();
    Impostor::default().answering(
        "GetProviderSchema",
        &proto::GetProviderSchemaResponse {
            provider: schema(),
            action_schemas: [(named("odd_thing"), proto::ActionSchema { schema: schema() })].into(),
            state_store_schemas: [(named("odd_thing"), proto::Schema::default())].into(),
            ..Default::default()
        },
    )
}

fn assert_broken<T: std::fmt::Debug>(result: Result<T, Error>, rule: Rule, problem: &str) {
    let error = result.unwrap_err();
    let found: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| violation.rule)
        .collect();
    assert_eq!(found, [rule], "{error}");
    assert!(error.to_string().contains(problem), "{problem}: {error}");
}

fn said() -> proto::InvokeActionEvent {
    let message = "working".to_owned();
    proto::InvokeActionEvent {
        r#type: Some(Type::Progress(proto::ActionProgress { message })),
    }
}

fn completed(diagnostics: Vec<proto::Diagnostic>) -> proto::InvokeActionEvent {
    proto::InvokeActionEvent {
        r#type: Some(Type::Completed(proto::ActionCompleted { diagnostics })),
    }
}

fn diagnostic(severity: proto::Severity) -> proto::Diagnostic {
    proto::Diagnostic {
        severity: severity.into(),
        summary: "It creaks".to_owned(),
        ..Default::default()
    }
}

async fn invoke(events: &[proto::InvokeActionEvent]) -> Result<Vec<String>, Error> {
    let odd = events
        .iter()
        .fold(odd(), |odd, event| odd.answering("InvokeAction", event));
    let answer = odd.client().await?.invoke_action("odd_thing", &json!({})).await?;
    Ok(answer.value)
}

#[tokio::test]
async fn rule_37_progress_and_one_end() {
    let events = [
        said(),
        said(),
        completed(vec![diagnostic(proto::Severity::Warning)]),
    ];
    assert_eq!(invoke(&events).await.unwrap(), ["working", "working"]);
    let failed = completed(vec![diagnostic(proto::Severity::Error)]);
    let failed = invoke(&[said(), failed]).await.unwrap_err();
    assert!(failed.diagnostics().has_error(), "{failed}");
}

#[tokio::test]
async fn rule_37_anything_else_is_refused() {
    let untyped = proto::InvokeActionEvent::default;
    for (events, problem) in [
        (vec![untyped()], "Terraform crashes"),
        (vec![said(), untyped(), completed(vec![])], "Terraform crashes"),
        (vec![said()], "without a completion"),
        (vec![completed(vec![]), said()], "after the completion"),
        (vec![completed(vec![]), completed(vec![])], "after the completion"),
        (
            vec![completed(vec![diagnostic(proto::Severity::Error)]), said()],
            "after the completion",
        ),
    ] {
        assert_broken(invoke(&events).await, Rule::Action, problem);
    }
    let invalid = completed(vec![diagnostic(proto::Severity::Invalid)]);
    assert_broken(
        invoke(&[invalid]).await,
        Rule::Diagnostic,
        "neither error nor warning",
    );
}

#[tokio::test]
async fn rule_37_reasons_to_defer() -> Result<(), Error> {
    use proto::DeferredReason::{AbsentPrereq, ProviderConfigUnknown, ResourceConfigUnknown, Unknown};
    for (allowed, reason, rule) in [
        (true, AbsentPrereq, Some(Rule::Action)),
        (true, ResourceConfigUnknown, Some(Rule::Action)),
        (true, Unknown, Some(Rule::Action)),
        (false, ProviderConfigUnknown, Some(Rule::NotDeferred)),
        (true, ProviderConfigUnknown, None),
    ] {
        let answer = proto::PlanActionResponse {
            deferred: Some(proto::Deferred {
                reason: reason.into(),
            }),
            ..Default::default()
        };
        let client = odd().answering("PlanAction", &answer).client().await?;
        let client = client.with_capabilities(Capabilities {
            deferral: allowed,
            ..Capabilities::default()
        });
        let planned = client.plan_action("odd_thing", &json!({})).await;
        match rule {
            Some(rule) => assert_broken(planned, rule, "deferred"),
            None => assert!(matches!(planned, Err(Error::Deferred { .. })), "{planned:?}"),
        }
    }
    Ok(())
}

/// A client of one that answers a configuration so.
async fn opened(odd: Impostor, capabilities: Option<i64>) -> Result<Store, Error> {
    let answer = proto::ConfigureStateStoreResponse {
        capabilities: capabilities.map(|chunk_size| proto::StateStoreServerCapabilities { chunk_size }),
        ..Default::default()
    };
    let client = odd.answering("ConfigureStateStore", &answer).client().await?;
    Ok(client.open_state_store("odd_thing", &json!({})).await?.value)
}

#[tokio::test]
async fn rule_38_the_size_of_chunks() {
    for size in [1, 8 << 20, 128 << 20] {
        opened(odd(), Some(size)).await.unwrap();
    }
    for size in [-1, 0, (128 << 20) + 1] {
        assert_broken(
            opened(odd(), Some(size)).await,
            Rule::StateStore,
            "between 1 and 134217728",
        );
    }
    assert_broken(opened(odd(), None).await, Rule::StateStore, "Terraform crashes");
}

/// Core reads them before it looks at the errors.
#[tokio::test]
async fn rule_38_capabilities_beside_errors() -> Result<(), Error> {
    let mut answer = proto::ConfigureStateStoreResponse {
        diagnostics: vec![diagnostic(proto::Severity::Error)],
        ..Default::default()
    };
    let open = async |answer: &proto::ConfigureStateStoreResponse| {
        let client: Client = odd().answering("ConfigureStateStore", answer).client().await?;
        client.open_state_store("odd_thing", &json!({})).await
    };
    assert_broken(open(&answer).await, Rule::StateStore, "Terraform crashes");
    answer.capabilities = Some(proto::StateStoreServerCapabilities::default());
    let error = open(&answer).await.unwrap_err();
    assert!(error.diagnostics().has_error(), "{error}");
    Ok(())
}

fn chunk(
    bytes: &'static [u8],
    total_length: i64,
    range: Option<(i64, i64)>,
) -> proto::ReadStateBytesResponse {
    proto::ReadStateBytesResponse {
        bytes: bytes.into(),
        total_length,
        range: range.map(|(start, end)| proto::StateRange { start, end }),
        ..Default::default()
    }
}

/// What is read of one that agrees on chunks of 4 bytes and sends these.
async fn read(chunks: &[proto::ReadStateBytesResponse]) -> Result<Option<Vec<u8>>, Error> {
    let odd = chunks
        .iter()
        .fold(odd(), |odd, chunk| odd.answering("ReadStateBytes", chunk));
    Ok(opened(odd, Some(4)).await?.read("default").await?.value)
}

#[tokio::test]
async fn rule_38_whole_states() {
    let chunks = [chunk(b"stat", 5, Some((0, 3))), chunk(b"e", 5, Some((4, 4)))];
    assert_eq!(read(&chunks).await.unwrap().unwrap(), b"state");
    assert_eq!(
        read(&[chunk(b"stat", 4, Some((0, 3)))]).await.unwrap().unwrap(),
        b"stat"
    );
    assert_eq!(read(&[chunk(b"", 0, Some((0, 0)))]).await.unwrap(), None);
    let failed = proto::ReadStateBytesResponse {
        diagnostics: vec![diagnostic(proto::Severity::Error)],
        ..Default::default()
    };
    let failed = read(&[failed]).await.unwrap_err();
    assert!(failed.diagnostics().has_error(), "{failed}");
}

#[tokio::test]
async fn rule_38_anything_else_is_refused() {
    let warned = proto::ReadStateBytesResponse {
        diagnostics: vec![diagnostic(proto::Severity::Warning)],
        ..Default::default()
    };
    for (chunks, problem) in [
        (vec![chunk(b"stat", 4, None)], "no range"),
        (vec![warned], "no range"),
        (vec![chunk(b"state", 5, Some((0, 4)))], "at most 4"),
        (
            vec![chunk(b"sta", 5, Some((0, 2))), chunk(b"te", 5, Some((3, 4)))],
            "all but the last",
        ),
        (
            vec![chunk(b"state", 6, Some((0, 4))), chunk(b"s", 6, Some((5, 5)))],
            "all but the last",
        ),
        (vec![chunk(b"stat", 4, Some((0, 4)))], "it is 0 to 3"),
        (
            vec![chunk(b"stat", 5, Some((0, 3))), chunk(b"e", 5, Some((3, 3)))],
            "it is 4 to 4",
        ),
        (vec![chunk(b"stat", 5, Some((0, 3)))], "4 are sent"),
        (
            vec![chunk(b"stat", 4, Some((0, 3))), chunk(b"e", 4, Some((4, 4)))],
            "5 are sent",
        ),
        (vec![chunk(b"", 4, Some((0, 3)))], "0 are sent"),
    ] {
        assert_broken(read(&chunks).await, Rule::StateStore, problem);
    }
}

#[tokio::test]
async fn rule_39_an_action_has_a_schema() {
    let without = proto::GetProviderSchemaResponse {
        provider: Some(proto::Schema::default()),
        action_schemas: [("odd_thing".to_owned(), proto::ActionSchema::default())].into(),
        ..Default::default()
    };
    let client = Impostor::default()
        .answering("GetProviderSchema", &without)
        .client()
        .await;
    assert_broken(client.unwrap().schemas().await, Rule::Schema, "no schema");
}

#[tokio::test]
async fn what_core_would_not_ask_is_a_mistake_of_the_test() -> Result<(), Error> {
    let store = opened(odd(), Some(4)).await?;
    for error in [
        store.write("default", b"").await.unwrap_err(),
        store
            .client()
            .open_state_store("odd_other", &json!({}))
            .await
            .map(drop)
            .unwrap_err(),
        store
            .client()
            .invoke_action("odd_other", &json!({}))
            .await
            .map(drop)
            .unwrap_err(),
    ] {
        assert!(matches!(error, Error::Test { .. }), "{error}");
    }
    Ok(())
}

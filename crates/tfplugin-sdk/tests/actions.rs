//! Actions: planned, invoked, followed, interrupted, and what is a mistake of the provider.
#![expect(clippy::unwrap_used, reason = "tests")]

mod post;

use std::time::Duration;

use post::{Post, post, until};
use serde_json::json;
use tfplugin_sdk::model::{Computed, Optional};
use tfplugin_sdk::testing::{Capabilities, Error, InProcess, UNKNOWN, proto};
use tfplugin_sdk::{Action, Context, Diagnostics, Object, Offer, Progress, Provider};

#[tokio::test]
async fn what_is_said_arrives_before_the_end() {
    let (client, log) = post("said").await;
    let config = json!({"to": "Ada", "key": "k", "stamp": {"value": 85}});
    let answer = client.invoke_action("post_send", &config).await.unwrap();
    assert_eq!(answer.value, ["to Ada", "it is on its way"]);
    assert_eq!(answer.warnings.iter().count(), 1);
    assert_eq!(*log.lock().unwrap(), ["Ada k"]);

    let mut waiting = client.begin_action("post_wait", &json!({})).await.unwrap();
    assert_eq!(waiting.next().await.unwrap().unwrap(), "waiting");
}

#[tokio::test]
async fn what_is_told_of_them() {
    let (client, _) = post("told").await;
    let schemas = client.schemas().await.unwrap();
    let names: Vec<_> = schemas.actions.keys().collect();
    assert_eq!(names, ["post_chat", "post_fail", "post_send", "post_wait"]);
    let metadata = client.raw().get_metadata(proto::GetMetadataRequest {}).await;
    assert_eq!(metadata.unwrap().into_inner().actions.len(), 4);
}

#[tokio::test]
async fn what_is_refused() {
    let (client, log) = post("refused").await;
    for (config, problem) in [
        (json!({"to": ""}), "Invalid value"),
        (json!({"stamp": {"value": 1}}), "85 cents"),
        (json!({"to": "the moon"}), "too far"),
        (json!({"to": "nobody"}), "Nobody is there"),
    ] {
        let refused = client.invoke_action("post_send", &config).await.unwrap_err();
        assert!(refused.to_string().contains(problem), "{refused}");
        assert!(refused.diagnostics().has_error(), "{refused}");
    }
    assert_eq!(log.lock().unwrap().len(), 1, "only one of them was invoked");
    let unknown = client.invoke_action("post_send", &json!({"to": UNKNOWN})).await;
    assert!(
        matches!(unknown, Err(Error::Test { .. })),
        "core invokes nothing before it is known"
    );
    client
        .plan_action("post_send", &json!({"to": UNKNOWN}))
        .await
        .unwrap();
    let absent = proto::InvokeActionRequest {
        action_type: "post_fly".to_owned(),
        ..Default::default()
    };
    let mut events = client.raw().invoke_action(absent).await.unwrap().into_inner();
    let event = format!("{:?}", events.message().await.unwrap());
    assert!(
        event.contains("Completed") && event.contains("post_fly"),
        "{event}"
    );
    assert_eq!(events.message().await.unwrap(), None);
}

/// Terraform validates a configuration when parts of it are not known yet, and not again.
#[tokio::test]
async fn what_became_known_is_checked_again() {
    let (client, log) = post("again").await;
    let empty = proto::DynamicValue {
        // An object of `key`, `stamp` and `to`, of which the last is the empty string.
        msgpack: b"\x83\xa3key\xc0\xa5stamp\xc0\xa2to\xa0".to_vec().into(),
        ..Default::default()
    };
    let plan = proto::PlanActionRequest {
        action_type: "post_send".to_owned(),
        config: Some(empty.clone()),
        ..Default::default()
    };
    let plan = client.raw().plan_action(plan).await.unwrap().into_inner();
    assert!(plan.diagnostics[0].summary.contains("Invalid value"), "{plan:?}");
    let invoke = proto::InvokeActionRequest {
        action_type: "post_send".to_owned(),
        config: Some(empty),
        ..Default::default()
    };
    let mut events = client.raw().invoke_action(invoke).await.unwrap().into_inner();
    let event = format!("{:?}", events.message().await.unwrap());
    assert!(
        event.contains("Completed") && event.contains("Invalid value"),
        "{event}"
    );
    assert_eq!(log.lock().unwrap().len(), 0);
}

/// Without a `config` block, Terraform plans and invokes an action with null instead of an object.
#[tokio::test]
async fn a_configuration_without_a_block_is_one_in_which_nothing_is_set() {
    let (client, log) = post("null").await;
    for config in [None, Some(b"\xc0".to_vec())] {
        let config = config.map(|msgpack| proto::DynamicValue {
            msgpack: msgpack.into(),
            ..Default::default()
        });
        let plan = proto::PlanActionRequest {
            action_type: "post_send".to_owned(),
            config: config.clone(),
            ..Default::default()
        };
        let plan = client.raw().plan_action(plan).await.unwrap().into_inner();
        assert_eq!(plan.diagnostics, []);
        let invoke = proto::InvokeActionRequest {
            action_type: "post_send".to_owned(),
            config,
            ..Default::default()
        };
        let mut events = client.raw().invoke_action(invoke).await.unwrap().into_inner();
        while events.message().await.unwrap().is_some() {}
    }
    assert_eq!(*log.lock().unwrap(), ["everybody ", "everybody "]);
}

#[tokio::test]
async fn an_action_is_put_off_where_terraform_can() {
    let client = InProcess::<Post>::start().await.unwrap().client().clone();
    client.configure(&json!({"office": UNKNOWN})).await.unwrap();
    let cannot = client.plan_action("post_send", &json!({})).await.unwrap_err();
    assert!(cannot.to_string().contains("cannot be planned yet"), "{cannot}");
    let allowing = client.with_capabilities(Capabilities {
        deferral: true,
        ..Capabilities::default()
    });
    let deferred = allowing.plan_action("post_send", &json!({})).await.unwrap_err();
    assert!(matches!(deferred, Error::Deferred { .. }), "{deferred}");
    allowing.plan_action("post_wait", &json!({})).await.unwrap();
}

#[tokio::test]
async fn an_interruption_comes_to_an_end_that_is_told() {
    let (client, _) = post("interrupted").await;
    let mut waiting = client.begin_action("post_wait", &json!({})).await.unwrap();
    assert_eq!(waiting.next().await.unwrap().unwrap(), "waiting");
    client.stop().await.unwrap();
    assert_eq!(waiting.next().await.unwrap().unwrap(), "that is all");
    let end = waiting.end().await.unwrap_err();
    assert!(end.diagnostics().has_error(), "{end}");
    assert!(end.to_string().contains("It is half done"), "{end}");
    client.invoke_action("post_send", &json!({})).await.unwrap();
}

#[tokio::test]
async fn an_action_that_nobody_waits_for_is_cancelled() {
    let (client, log) = post("left").await;
    let mut waiting = client.begin_action("post_wait", &json!({})).await.unwrap();
    waiting.next().await.unwrap();
    let other = client.begin_action("post_wait", &json!({})).await.unwrap();
    drop(waiting);
    until(&log, "interrupted").await;
    assert_eq!(log.lock().unwrap().len(), 1, "the other one goes on");
    drop(other);
}

#[tokio::test]
async fn a_slow_reader_hears_everything() {
    let (client, log) = post("slow").await;
    let mut chat = client
        .begin_action("post_chat", &json!({"count": 8000}))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(log.lock().unwrap().len(), 0, "8 MB do not fit into the buffers");
    client.invoke_action("post_send", &json!({})).await.unwrap();
    for number in 0..8000 {
        assert_eq!(chat.next().await.unwrap().unwrap(), format!("{number:0>1000}"));
    }
    chat.end().await.unwrap();
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_nothing_up_after_an_interruption() {
    let (client, log) = post("deaf").await;
    let chat = client
        .begin_action("post_chat", &json!({"count": 8000}))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(log.lock().unwrap().len(), 0);
    client.stop().await.unwrap();
    until(&log, "all said").await;
    chat.end().await.unwrap();
}

#[tokio::test]
async fn a_panic_is_an_end_that_names_it() {
    let (client, _) = post("panic").await;
    let mut fail = client.begin_action("post_fail", &json!({})).await.unwrap();
    assert_eq!(fail.next().await.unwrap().unwrap(), "going to fail");
    let end = fail.end().await.unwrap_err();
    assert!(end.violations().is_empty(), "{end}");
    assert!(end.to_string().contains("out of ink"), "{end}");
    client.invoke_action("post_send", &json!({})).await.unwrap();
}

#[tokio::test]
async fn an_action_needs_a_provider_that_is_configured() {
    let client = InProcess::<Post>::start().await.unwrap().client().clone();
    let too_early = client.invoke_action("post_wait", &json!({})).await.unwrap_err();
    assert!(
        too_early
            .to_string()
            .contains("before it configured the provider"),
        "{too_early}"
    );
}

/// Promises what actions cannot give.
#[derive(Clone, Provider)]
#[provider(name = "shady")]
struct Shady {}

impl Provider for Shady {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Err(Diagnostics::default())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.action::<Bet>();
    }
}

/// A bet.
#[derive(Clone, Action)]
#[action(name = "bet")]
struct Bet {
    /// On what.
    on: Optional<Horse>,
}

/// A horse.
#[derive(Clone, Debug, PartialEq, Object)]
struct Horse {
    /// How fast it was.
    speed: Computed<i64>,
}

impl Action for Bet {
    type Client = ();

    async fn invoke(_: &mut Context<()>, _: Self, _: &Progress) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// The compiler sees the fields of an action, and not those of the objects in it.
#[tokio::test]
async fn a_result_in_an_object_is_found_in_the_schema() {
    let client = InProcess::<Shady>::start().await.unwrap().client().clone();
    let broken = client.schemas().await.unwrap_err();
    let message = "The schema of shady_bet is broken: on.speed: an action has no result";
    assert!(broken.to_string().contains(message), "{broken}");
}

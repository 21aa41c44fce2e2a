//! Whatever ends a call early reaches its author as one token, and the author comes to write down what is there.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tfplugin_sdk::model::Required;
use tfplugin_sdk::testing::{Client, InProcess, Lifecycle, proto};
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Failure, Offer, Provider, Resource};
use tokio::task::JoinHandle;

/// What became of each work, by its name.
static RECORDS: Mutex<BTreeMap<String, &'static str>> = Mutex::new(BTreeMap::new());

/// Does work that takes long.
#[derive(Clone, Provider)]
#[provider(name = "yard")]
struct Yard {}

impl Provider for Yard {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.resource::<Work>();
    }
}

/// Work that ends only when it is told to.
#[derive(Clone, Resource)]
#[resource(name = "work")]
struct Work {
    /// What it is called.
    name: Required<String>,
}

impl Resource for Work {
    type Client = ();

    async fn create(context: &mut Context<()>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        let name = planned.name.get().cloned().unwrap_or_default();
        record(&name, "begun");
        let done = context.until_cancelled(std::future::pending::<()>()).await;
        assert!(done.is_none());
        // As it takes to write something down somewhere.
        tokio::time::sleep(Duration::from_millis(50)).await;
        record(&name, "recorded");
        Err(Failure::with_state(
            Diagnostic::error("Interrupted", "Half of it is done."),
            planned,
        ))
    }

    async fn read(_: &mut Context<()>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(_: &mut Context<()>, _: Self, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned)
    }

    async fn delete(_: &mut Context<()>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

fn record(name: &str, what: &'static str) {
    let mut records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
    records.insert(name.to_owned(), what);
}

/// Waits until this has become of a work.
async fn becomes(name: &str, what: &str) {
    let look = || {
        RECORDS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .copied()
    };
    let waiting = async {
        while look() != Some(what) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let patience = Duration::from_secs(10);
    assert!(
        tokio::time::timeout(patience, waiting).await.is_ok(),
        "{name} is {:?}",
        look()
    );
}

/// A server, kept alive by its client, and work under way.
async fn working(name: &'static str) -> (Client, JoinHandle<bool>) {
    let client = InProcess::<Yard>::start().await.unwrap().client().clone();
    client.configure(&json!({})).await.unwrap();
    let caller = client.clone();
    let call = tokio::spawn(async move {
        let mut work = Lifecycle::new(&caller, "yard_work");
        let interrupted = work.create(&json!({ "name": name })).await.is_err();
        assert_eq!(work.json()["name"], name, "what is half done stays in the state");
        interrupted
    });
    becomes(name, "begun").await;
    (client, call)
}

#[tokio::test]
async fn a_stop_is_a_cancellation() {
    let (client, call) = working("stopped").await;
    client.stop().await.unwrap();
    assert!(call.await.unwrap());
    becomes("stopped", "recorded").await;
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_cancelled_and_ends() {
    let (client, call) = working("dropped").await;
    call.abort();
    becomes("dropped", "recorded").await;
    // Others do not notice.
    client.schemas().await.unwrap();
}

#[tokio::test]
async fn a_deadline_is_a_cancellation() {
    let client = InProcess::<Yard>::start().await.unwrap().client().clone();
    client.configure(&json!({})).await.unwrap();
    let planned = proto::DynamicValue {
        json: br#"{"name": "late"}"#.to_vec().into(),
        ..Default::default()
    };
    let mut request = tonic::Request::new(proto::ApplyResourceChangeRequest {
        type_name: "yard_work".to_owned(),
        prior_state: None,
        config: Some(planned.clone()),
        planned_state: Some(planned),
        ..Default::default()
    });
    request.set_timeout(Duration::from_millis(100));
    assert!(client.raw().apply_resource_change(request).await.is_err());
    becomes("late", "recorded").await;
}

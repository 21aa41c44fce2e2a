//! Watches that end, expire, are not allowed, or find no server: by a scripted one.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Conditions, Patience, Wait, WaitError};
use crate::kubernetes::{
    object::ObjectKey,
    test_server::{Reply, TestServer},
};

fn answer(body: &Value) -> Reply {
    Reply::Answer(200, "", body.to_string())
}

fn kinds() -> Reply {
    let widget = json!({"name": "widgets", "kind": "Widget", "namespaced": true, "verbs": ["get", "watch"]});
    answer(&json!({"kind": "APIResourceList", "resources": [widget]}))
}

fn widget(version: u32, ready: &str) -> Value {
    json!({
        "apiVersion": "x.org/v1", "kind": "Widget",
        "metadata": {"name": "a", "namespace": "b", "uid": "u", "resourceVersion": version.to_string()},
        "status": {"conditions": [{"type": "Ready", "status": ready, "reason": version.to_string()}]},
    })
}

/// The events of a watch that ends after them.
fn events(events: &[(&str, Value)]) -> Reply {
    let lines: Vec<String> = events
        .iter()
        .map(|(kind, object)| json!({"type": kind, "object": object}).to_string())
        .collect();
    Reply::Answer(200, "", lines.join("\n") + "\n")
}

async fn wait(server: &TestServer) -> Result<Value, WaitError> {
    let cancel = CancellationToken::new();
    let wait = Wait {
        deadline: Instant::now() + Duration::from_secs(20),
        cancel: &cancel,
        progress: &|_| {},
        patience: Patience::default(),
    };
    let rollout = Conditions {
        rollout: true,
        ..Conditions::default()
    };
    server
        .connection()
        .wait_ready(&ObjectKey::of(&widget(1, "")).unwrap(), &rollout, &wait)
        .await
}

#[tokio::test]
async fn a_watch_that_ends_begins_again() {
    let expired = json!({"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"});
    let server = TestServer::start([
        kinds(),
        answer(&widget(1, "False")),
        events(&[("MODIFIED", widget(2, "False"))]),
        answer(&widget(3, "False")),
        events(&[("ERROR", expired)]),
        answer(&widget(4, "False")),
        events(&[("MODIFIED", widget(5, "True"))]),
    ]);
    let server = server.await;
    assert_eq!(wait(&server).await.unwrap(), widget(5, "True"));
    let watch =
        "GET /apis/x.org/v1/namespaces/b/widgets?watch=true&fieldSelector=metadata.name%3Da&resourceVersion=";
    let versions: Vec<String> = server
        .lines()
        .iter()
        .filter_map(|line| line.strip_prefix(watch).map(str::to_owned))
        .collect();
    assert_eq!(
        versions,
        [
            "1&timeoutSeconds=60",
            "3&timeoutSeconds=60",
            "4&timeoutSeconds=60"
        ]
    );
}

#[tokio::test]
async fn who_may_not_watch_reads_from_time_to_time() {
    let forbidden = Reply::Answer(403, "", String::new());
    let server = TestServer::start([
        kinds(),
        answer(&widget(1, "False")),
        forbidden,
        answer(&widget(2, "True")),
    ])
    .await;
    assert_eq!(wait(&server).await.unwrap(), widget(2, "True"));
}

#[tokio::test]
async fn a_server_that_is_away_for_a_while_is_waited_for() {
    let mut script = vec![kinds(), answer(&widget(1, "False")), events(&[])];
    script.extend(vec![Reply::Hangup; 6]);
    script.push(answer(&widget(2, "True")));
    let server = TestServer::start(script).await;
    assert_eq!(wait(&server).await.unwrap(), widget(2, "True"));
}

#[tokio::test]
async fn what_may_not_be_read_is_no_wait() {
    let server = TestServer::start([kinds(), Reply::Answer(403, "", String::new())]).await;
    assert!(matches!(wait(&server).await, Err(WaitError::Api(_))));
}

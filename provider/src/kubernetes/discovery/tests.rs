//! What is remembered, what is asked again, and what counts as missing.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::{ApiResource, KindLookup};
use crate::kubernetes::{
    error::Failure,
    test_server::{Reply, TestServer},
};

fn kinds(kinds: &[&str]) -> Reply {
    let resource = |kind: &&str| {
        let plural = format!("{}s", kind.to_lowercase());
        json!({"name": plural, "kind": kind, "namespaced": true, "verbs": ["get", "patch"]})
    };
    let status = json!({"name": "widgets/status", "kind": "Widget", "namespaced": true, "verbs": ["get"]});
    let resources: Vec<_> = [status].into_iter().chain(kinds.iter().map(resource)).collect();
    Reply::Answer(
        200,
        "",
        json!({"kind": "APIResourceList", "resources": resources}).to_string(),
    )
}

fn groups(versions: &[&str]) -> Reply {
    let versions: Vec<_> = versions
        .iter()
        .map(|version| json!({"groupVersion": version}))
        .collect();
    Reply::Answer(
        200,
        "",
        json!({"kind": "APIGroupList", "groups": [{"versions": versions}]}).to_string(),
    )
}

fn not_found() -> Reply {
    Reply::Answer(404, "", "404 page not found".to_owned())
}

fn widget() -> ApiResource {
    ApiResource {
        api_version: "x.org/v1".to_owned(),
        kind: "Widget".to_owned(),
        plural: "widgets".to_owned(),
        namespaced: true,
        verbs: vec!["get".to_owned(), "patch".to_owned()],
    }
}

#[tokio::test]
async fn one_request_serves_all_kinds_of_a_version_at_once() {
    let server = TestServer::start([kinds(&["Widget", "Gadget"])]).await;
    let connection = server.connection();
    let lookups = (0..20).map(|_| connection.find_kind("x.org/v1", "Widget"));
    for lookup in futures::future::join_all(lookups).await {
        assert_eq!(lookup.unwrap(), KindLookup::Found(widget()));
    }
    assert!(matches!(
        connection.find_kind("x.org/v1", "Gadget").await.unwrap(),
        KindLookup::Found(_)
    ));
    assert_eq!(server.lines(), ["GET /apis/x.org/v1"]);
}

#[tokio::test]
async fn what_is_missing_is_asked_again() {
    let server = TestServer::start([kinds(&["Widget"]), kinds(&["Widget", "Gadget"])]).await;
    let connection = server.connection();
    let widget_lookup = connection.find_kind("x.org/v1", "Widget").await.unwrap();
    assert_eq!(widget_lookup, KindLookup::Found(widget()));
    assert!(matches!(
        connection.find_kind("x.org/v1", "Gadget").await.unwrap(),
        KindLookup::Found(_)
    ));
    assert_eq!(server.lines().len(), 2);

    let server = TestServer::start([kinds(&["Widget"]), kinds(&["Widget"])]).await;
    let connection = server.connection();
    assert_eq!(
        connection.find_kind("x.org/v1", "Gadget").await.unwrap(),
        KindLookup::KindMissing
    );
    assert_eq!(server.lines().len(), 1, "what was just asked is not asked again");
    assert_eq!(
        connection.find_kind("x.org/v1", "Gadget").await.unwrap(),
        KindLookup::KindMissing
    );
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn a_group_is_missing_only_if_the_list_of_groups_says_so() {
    let server = TestServer::start([not_found(), groups(&["y.org/v1"]), kinds(&["Widget"])]).await;
    let connection = server.connection();
    assert_eq!(
        connection.find_kind("x.org/v1", "Widget").await.unwrap(),
        KindLookup::GroupMissing
    );
    assert!(matches!(
        connection.find_kind("x.org/v1", "Widget").await.unwrap(),
        KindLookup::Found(_)
    ));
    assert_eq!(
        server.lines(),
        ["GET /apis/x.org/v1", "GET /apis", "GET /apis/x.org/v1"]
    );

    let coming = TestServer::start([not_found(), groups(&["x.org/v1"]), kinds(&["Widget"])]).await;
    let lookup = coming.connection().find_kind("x.org/v1", "Widget").await.unwrap();
    assert!(matches!(lookup, KindLookup::Found(_)));

    let web_server = TestServer::start([not_found(), not_found()]).await;
    let error = web_server
        .connection()
        .find_kind("x.org/v1", "Widget")
        .await
        .unwrap_err();
    assert!(matches!(error.failure(), Failure::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn errors_are_not_remembered() {
    let server = TestServer::start([
        Reply::Answer(403, "", String::new()),
        Reply::Answer(200, "", "<html>".to_owned()),
        Reply::Answer(200, "", json!({"kind": "Else"}).to_string()),
        kinds(&["Widget"]),
    ]);
    let server = server.await;
    let connection = server.connection();
    let error = connection.find_kind("x.org/v1", "Widget").await.unwrap_err();
    assert_eq!(
        error.summary(),
        "Cannot find the kinds of `x.org/v1`: the cluster's admission rules refuse it"
    );
    for _ in 0..2 {
        let error = connection.find_kind("x.org/v1", "Widget").await.unwrap_err();
        assert!(matches!(error.failure(), Failure::Protocol { .. }), "{error}");
    }
    assert!(matches!(
        connection.find_kind("x.org/v1", "Widget").await.unwrap(),
        KindLookup::Found(_)
    ));
}

#[test]
fn paths_are_encoded() {
    let mut resource = widget();
    assert_eq!(
        resource.object_path(Some("a"), "b"),
        "/apis/x.org/v1/namespaces/a/widgets/b"
    );
    assert_eq!(resource.collection_path(None), "/apis/x.org/v1/widgets");
    resource.namespaced = false;
    assert_eq!(
        resource.object_path(Some("a"), "system:x ?#/%"),
        "/apis/x.org/v1/widgets/system:x%20%3F%23%2F%25"
    );
    resource.api_version = "v1".to_owned();
    assert_eq!(resource.collection_path(None), "/api/v1/widgets");
}

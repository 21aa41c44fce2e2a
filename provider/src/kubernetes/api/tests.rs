//! Requests and answers, by a scripted server. What a real server says is tested in `tests/kubernetes`.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{ApplyOptions, DeleteOptions, Deletion, Lookup};
use crate::kubernetes::{
    error::{Failure, Missing},
    fields::FieldSet,
    object::ObjectKey,
    test_server::{Reply, TestServer},
};

fn answer(status: u16, body: &Value) -> Reply {
    Reply::Answer(status, "", body.to_string())
}

fn kinds(namespaced: bool) -> Reply {
    let widget = json!({"name": "widgets", "kind": "Widget", "namespaced": namespaced, "verbs": ["get"]});
    answer(200, &json!({"kind": "APIResourceList", "resources": [widget]}))
}

fn no_kinds() -> [Reply; 2] {
    let no_group = Reply::Answer(404, "", "404 page not found".to_owned());
    [
        no_group,
        answer(200, &json!({"kind": "APIGroupList", "groups": []})),
    ]
}

fn no_path() -> Reply {
    let message = "the server could not find the requested resource";
    answer(
        404,
        &json!({"kind": "Status", "code": 404, "reason": "NotFound", "message": message, "details": {}}),
    )
}

fn no_object() -> Reply {
    no_object_called("a")
}

fn no_object_called(name: &str) -> Reply {
    let details = json!({"name": name, "group": "x.org", "kind": "widgets"});
    answer(
        404,
        &json!({"kind": "Status", "code": 404, "reason": "NotFound", "message": "", "details": details}),
    )
}

fn widget() -> Value {
    json!({"apiVersion": "x.org/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": {"b": 1}})
}

fn key() -> ObjectKey {
    ObjectKey::of(&widget()).unwrap()
}

#[tokio::test]
async fn an_object_is_read_with_one_request() {
    let server = TestServer::start([kinds(true), answer(200, &widget()), no_object()]).await;
    let connection = server.connection();
    assert_eq!(connection.get(&key()).await.unwrap(), Lookup::Present(widget()));
    assert_eq!(connection.get(&key()).await.unwrap(), Lookup::Absent);
    let object = "GET /apis/x.org/v1/namespaces/default/widgets/a";
    assert_eq!(server.lines(), ["GET /apis/x.org/v1", object, object]);
}

#[tokio::test]
async fn a_missing_path_is_asked_of_discovery() {
    let [group, groups] = no_kinds();
    let server = TestServer::start([kinds(true), no_path(), group, groups]).await;
    assert_eq!(server.connection().get(&key()).await.unwrap(), Lookup::KindAbsent);

    let server = TestServer::start([kinds(true), no_path(), kinds(true)]).await;
    let error = server.connection().get(&key()).await.unwrap_err();
    assert!(
        matches!(
            error.failure(),
            Failure::NotFound {
                missing: Missing::Path
            }
        ),
        "{error}"
    );

    let server = TestServer::start([kinds(true), no_path(), kinds(false), answer(200, &widget())]).await;
    assert_eq!(
        server.connection().get(&key()).await.unwrap(),
        Lookup::Present(widget())
    );
    assert_eq!(
        server.lines()[3],
        "GET /apis/x.org/v1/widgets/a",
        "the kind came back without namespace"
    );
}

#[tokio::test]
async fn nothing_but_a_clear_answer_says_that_an_object_is_gone() {
    let other_object = json!({"metadata": {"name": "other"}});
    let unclear = [
        Reply::Answer(404, "", "no such page".to_owned()),
        Reply::Answer(200, "", "<html>log in</html>".to_owned()),
        answer(200, &other_object),
        Reply::Answer(500, "", String::new()),
        Reply::Answer(403, "", String::new()),
    ];
    for reply in unclear {
        let server = TestServer::start([kinds(true), reply, kinds(true)]).await;
        server.connection().get(&key()).await.unwrap_err();
    }
}

#[tokio::test]
async fn an_apply_says_how() {
    let warning = "warning: 299 - \"use \\\"v2\\\"\"\r\nwarning: 299 kube \"two\"\r\n";
    let created = Reply::Answer(201, warning, widget().to_string());
    let server = TestServer::start([kinds(true), created, answer(200, &widget())]).await;
    let connection = server.connection();
    let applied = connection
        .apply(&widget(), &ApplyOptions::new("me & co").dry_run())
        .await
        .unwrap();
    assert_eq!(applied.warnings, ["use \"v2\"", "two"]);
    assert!(applied.created);
    let options = ApplyOptions {
        uid: Some("u".to_owned()),
        force: true,
        ..ApplyOptions::new("me")
    };
    assert!(!connection.apply(&widget(), &options).await.unwrap().created);

    let seen = server.seen();
    let path = "PATCH /apis/x.org/v1/namespaces/default/widgets/a";
    let query = "fieldManager=me%20%26%20co&force=false&fieldValidation=Strict&dryRun=All";
    assert_eq!(seen[1].line, format!("{path}?{query} HTTP/1.1"));
    assert!(
        seen[1]
            .headers
            .contains("content-type: application/apply-patch+yaml")
    );
    assert_eq!(serde_json::from_str::<Value>(&seen[1].body).unwrap(), widget());
    assert_eq!(
        seen[2].line,
        format!("{path}?fieldManager=me&force=true&fieldValidation=Strict HTTP/1.1")
    );
    assert_eq!(
        serde_json::from_str::<Value>(&seen[2].body).unwrap()["metadata"]["uid"],
        "u"
    );
}

fn conflict(fields: &[&str]) -> Reply {
    let cause = |field: &&str| json!({"reason": "FieldManagerConflict", "field": field, "message": "conflict with \"kubectl\""});
    let causes: Vec<Value> = fields.iter().map(cause).collect();
    answer(
        409,
        &json!({"kind": "Status", "code": 409, "reason": "Conflict", "details": {"causes": causes}}),
    )
}

#[tokio::test]
async fn only_what_was_ours_is_taken_back() {
    let ours = FieldSet::parse(&json!({"f:spec": {"f:b": {}, "f:c": {".": {}, "f:d": {}}}})).unwrap();
    let options = ApplyOptions::new("me");
    let server = TestServer::start([
        kinds(true),
        conflict(&[".spec.b", ".spec.c"]),
        answer(200, &widget()),
        kinds(true),
    ])
    .await;
    let applied = server
        .connection()
        .apply_taking_back(&widget(), &options, &ours)
        .await
        .unwrap();
    let taken: Vec<&str> = applied
        .taken_back
        .iter()
        .map(|conflict| conflict.field.as_str())
        .collect();
    assert_eq!(taken, [".spec.b", ".spec.c"]);
    assert!(server.lines()[1].contains("force=false") && server.lines()[2].contains("force=true"));

    let server = TestServer::start([kinds(true), conflict(&[".spec.b", ".spec.x"])]).await;
    let error = server
        .connection()
        .apply_taking_back(&widget(), &options, &ours)
        .await
        .unwrap_err();
    assert!(error.detail().contains("- .spec.x: `kubectl`"), "{error}");
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn deletions() {
    let marked = json!({"kind": "Widget", "metadata": {
        "name": "a", "uid": "u", "deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["x.org/f"],
    }});
    let message = "the UID in the precondition (u) does not match the UID in record (v)";
    let successor = json!({"kind": "Status", "code": 409, "reason": "Conflict", "message": message});
    let modified = json!({"kind": "Status", "code": 409, "reason": "Conflict", "message": "modified"});
    let options = DeleteOptions {
        uid: Some("u".to_owned()),
        ..DeleteOptions::default()
    };
    let [group, groups] = no_kinds();
    let server = TestServer::start([
        kinds(true),
        answer(200, &json!({"kind": "Status", "status": "Success"})),
        answer(200, &widget()),
        answer(200, &marked),
        no_object(),
        answer(409, &successor),
        answer(409, &modified),
        no_path(),
        group,
        groups,
    ]);
    let server = server.await;
    let connection = server.connection();
    let delete = async || connection.delete(&key(), &options).await;
    assert_eq!(delete().await.unwrap(), Deletion::Gone);
    assert_eq!(delete().await.unwrap(), Deletion::Gone, "the object as it was");
    let pending = Deletion::Pending {
        uid: "u".to_owned(),
        finalizers: vec!["x.org/f".to_owned()],
    };
    assert_eq!(delete().await.unwrap(), pending);
    assert_eq!(delete().await.unwrap(), Deletion::Gone, "not there");
    assert_eq!(delete().await.unwrap(), Deletion::Gone, "a successor is there");
    assert!(matches!(delete().await.unwrap_err().failure(), Failure::Changed));
    assert_eq!(
        delete().await.unwrap(),
        Deletion::Gone,
        "not even the kind is there"
    );
    let body: Value = serde_json::from_str(&server.seen()[1].body).unwrap();
    assert_eq!(body["preconditions"]["uid"], "u");
    assert_eq!(body["propagationPolicy"], "Background");
}

fn named(name: &str) -> Value {
    json!({"apiVersion": "x.org/v1", "kind": "Widget", "metadata": {"name": name}})
}

/// Discovery, nineteen reads one by one, and what follows.
fn crowd(then: impl IntoIterator<Item = Reply>) -> Vec<Reply> {
    let single = std::iter::repeat_n(answer(200, &widget()), 19);
    std::iter::once(kinds(true)).chain(single).chain(then).collect()
}

async fn read_nineteen(connection: &crate::kubernetes::connection::Connection) {
    for _ in 0..19 {
        let read = connection.get_among_others(&key()).await.unwrap();
        assert_eq!(read, Lookup::Present(widget()));
    }
}

#[tokio::test]
async fn many_reads_share_a_list() {
    // Lists of built-in kinds say kind and version once for all.
    let first = json!({"metadata": {"continue": "x"}, "items": [{"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}]});
    let second = json!({"metadata": {}, "items": [named("c")]});
    let script = crowd([
        answer(200, &first),
        answer(200, &second),
        no_object_called("d"),
        answer(200, &named("a")),
    ]);
    let server = TestServer::start(script).await;
    let connection = server.connection();
    read_nineteen(&connection).await;
    for name in ["a", "b", "c"] {
        let read = connection
            .get_among_others(&ObjectKey::of(&named(name)).unwrap())
            .await
            .unwrap();
        assert_eq!(read, Lookup::Present(named(name)));
    }
    let absent = ObjectKey::of(&named("d")).unwrap();
    assert_eq!(
        connection.get_among_others(&absent).await.unwrap(),
        Lookup::Absent
    );
    let again = ObjectKey::of(&named("a")).unwrap();
    let read = connection.get_among_others(&again).await.unwrap();
    assert_eq!(
        read,
        Lookup::Present(named("a")),
        "each is taken out of the list once"
    );
    let lines = server.lines();
    let widgets = "GET /apis/x.org/v1/namespaces/default/widgets";
    let expected = ["?limit=100", "?limit=100&continue=x", "/d", "/a"];
    assert_eq!(lines[20..], expected.map(|rest| format!("{widgets}{rest}")));
}

#[tokio::test]
async fn who_may_not_list_reads_one_by_one() {
    let forbidden = Reply::Answer(403, "", String::new());
    let single = answer(200, &widget());
    let server = TestServer::start(crowd([forbidden, single.clone(), single])).await;
    let connection = server.connection();
    read_nineteen(&connection).await;
    for _ in 0..2 {
        let read = connection.get_among_others(&key()).await.unwrap();
        assert_eq!(read, Lookup::Present(widget()));
    }
    let lists = server
        .lines()
        .iter()
        .filter(|line| line.contains("limit="))
        .count();
    assert_eq!(lists, 1);
}

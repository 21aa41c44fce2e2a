//! Identities and moves: what a provider on the SDK does, and what it is kept from.
#![expect(clippy::unwrap_used, reason = "tests")]

mod archive;

use archive::archive;
use serde_json::{Value as Json, json};
use tfplugin_sdk::Source;
use tfplugin_sdk::testing::{Client, Error, Lifecycle, State, value_to_json};

fn letter(client: &Client) -> Lifecycle {
    Lifecycle::new(client, "archive_letter")
}

fn parcel(state: serde_json::Value) -> Source {
    Source {
        provider: "registry.terraform.io/example/post".to_owned(),
        type_name: "post_parcel".to_owned(),
        version: 3,
        state,
        private: Vec::new(),
        identity: serde_json::Value::Null,
        identity_version: 0,
    }
}

fn identity(state: &State) -> serde_json::Value {
    value_to_json(&state.identity)
}

#[tokio::test]
async fn an_identity_is_planned_when_it_is_known_and_stays() {
    let client = archive().await;
    let mut letter = letter(&client);
    let change = letter.plan(&json!({"sender": "ann"})).await.unwrap();
    let planned = value_to_json(&change.identity);
    assert_eq!(planned, Json::Null, "the room is not known yet");
    letter.apply(&change).await.unwrap();
    let expected = json!({"sender": "ann", "room": "hall"});
    assert_eq!(identity(letter.state().unwrap()), expected);
    let change = letter
        .plan(&json!({"sender": "ann", "text": "hello"}))
        .await
        .unwrap();
    assert_eq!(value_to_json(&change.identity), expected);
    letter.apply(&change).await.unwrap();
    letter.converge(&json!({"sender": "bob"})).await.unwrap();
    assert_eq!(
        identity(letter.state().unwrap()),
        json!({"sender": "bob", "room": "hall"})
    );
    letter.destroy().await.unwrap();
}

#[tokio::test]
async fn what_failed_half_way_has_its_identity() {
    let client = archive().await;
    let mut letter = letter(&client);
    let config = json!({"sender": "ann", "text": "illegible"});
    assert!(letter.create(&config).await.is_err());
    let left = letter.state().unwrap();
    assert!(left.tainted);
    assert_eq!(identity(left), json!({"sender": "ann", "room": "hall"}));
}

#[tokio::test]
async fn things_are_imported_by_identity() {
    let client = archive().await;
    let mut letter = letter(&client);
    letter
        .import_by_identity(&json!({"sender": "ann"}))
        .await
        .unwrap();
    let expected = json!({"sender": "ann", "room": "hall"});
    assert_eq!(identity(letter.state().unwrap()), expected);
    letter.expect_no_change(&json!({"sender": "ann"})).await.unwrap();

    let mut by_default = Lifecycle::new(&client, "archive_crate");
    by_default
        .import_by_identity(&json!({"number": 5}))
        .await
        .unwrap();
    assert_eq!(by_default.json(), json!({"content": "found", "number": 5}));
}

#[tokio::test]
async fn an_import_in_a_way_that_is_not_offered_says_which_is() {
    let client = archive().await;
    let error = client.import("archive_crate", "5").await.unwrap_err();
    let error = error.diagnostics().iter().next().unwrap().clone();
    assert_eq!(error.summary, "archive_crate cannot be imported by id");
    assert_eq!(error.detail, "Give its `identity` in the `import` block.");
}

#[tokio::test]
async fn a_change_of_identity_that_replaces_nothing_is_caught_in_the_plan() {
    let client = archive().await;
    let mut letter = letter(&client);
    letter.create(&json!({"sender": "ann"})).await.unwrap();
    let error = letter.plan(&json!({"sender": "ann", "room": "attic"})).await;
    let error = error.unwrap_err().to_string();
    let told = r#"it was {"room":"hall","sender":"ann"}, and now it is {"room":"attic","sender":"ann"}"#;
    assert!(error.contains(told), "{error}");
}

#[tokio::test]
async fn a_read_that_finds_another_thing_leaves_the_state_alone() {
    let client = archive().await;
    let mut letter = letter(&client);
    letter.create(&json!({"sender": "stray"})).await.unwrap();
    let error = letter.refresh().await.unwrap_err().to_string();
    assert!(error.contains("Reading changes the identity"), "{error}");
    assert_eq!(letter.json()["sender"], "stray");
}

#[tokio::test]
async fn a_mutable_identity_changes() {
    let client = archive().await;
    let mut thing = Lifecycle::new(&client, "archive_crate");
    thing.create(&json!({"content": "tea"})).await.unwrap();
    thing.converge(&json!({"content": "coffee"})).await.unwrap();
    assert_eq!(identity(thing.state().unwrap()), json!({"number": 6}));
}

#[tokio::test]
async fn an_old_identity_is_upgraded() {
    let client = archive().await;
    let upgrade = |json: &'static [u8]| client.upgrade_identity("archive_letter", 0, json);
    let upgraded = upgrade(br#"{"from": "ann"}"#).await.unwrap().value;
    assert_eq!(value_to_json(&upgraded), json!({"sender": "ann", "room": "hall"}));
    let error = upgrade(b"{}").await.unwrap_err().to_string();
    assert!(error.contains("The identity names no sender"), "{error}");
    let error = client
        .upgrade_identity("archive_crate", 7, b"{}")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("does not upgrade an identity of version 7 to version 0"),
        "{error}"
    );
}

#[tokio::test]
async fn the_state_of_another_type_is_taken_over() {
    let client = archive().await;
    let mut letter = letter(&client);
    let state = letter.take_over(&parcel(json!({"from": "ann"}))).await.unwrap();
    assert_eq!(identity(state), json!({"sender": "ann", "room": "hall"}));
    assert_eq!(state.private, br#"{"parcel":3}"#);
    letter.expect_no_change(&json!({"sender": "ann"})).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_taken_over_is_refused_with_a_way_out() {
    let client = archive().await;
    let refused = async |type_name: &str, source: Source| -> Result<String, Error> {
        let error = client.take_over(type_name, &source).await.map(|_| ());
        Ok(error.unwrap_err().to_string())
    };
    let mut stranger = parcel(json!({"from": "ann"}));
    stranger.type_name = "post_card".to_owned();
    let error = refused("archive_letter", stranger).await.unwrap();
    assert!(
        error.contains("archive_letter cannot take over a post_card"),
        "{error}"
    );
    assert!(error.contains("`destroy = false`"), "{error}");
    let error = refused("archive_crate", parcel(json!({}))).await.unwrap();
    assert!(
        error.contains("archive_crate cannot take over a post_parcel"),
        "{error}"
    );
    let error = refused("archive_letter", parcel(json!({}))).await.unwrap();
    assert!(error.contains("The parcel names no sender"), "{error}");
}

//! List resources: what is found, how much of it, and what is a mistake of the provider.
#![expect(clippy::unwrap_used, reason = "tests")]

mod archive;

use archive::archive;
use serde_json::json;
use tfplugin_sdk::testing::{proto, value_to_json};

const LETTER: &str = "archive_letter";

#[tokio::test]
async fn things_are_found_with_their_identity_and_whole_where_asked_for() {
    let client = archive().await;
    let query = json!({"room": "hall", "count": 2});
    let found = client.list(LETTER, &query, 10, false).await.unwrap().value;
    let names: Vec<_> = found.iter().map(|thing| thing.display_name.as_str()).collect();
    assert_eq!(names, ["letter 0", "letter 1"]);
    let identity = json!({"sender": "sender 1", "room": "hall"});
    assert_eq!(value_to_json(&found[1].identity), identity);
    assert_eq!(found[1].state, None);

    let whole = client.list(LETTER, &query, 10, true).await.unwrap().value;
    let state = value_to_json(whole[1].state.as_ref().unwrap());
    assert_eq!(
        state,
        json!({"sender": "sender 1", "room": "hall", "text": "hello"})
    );
}

#[tokio::test]
async fn a_query_without_end_stops_at_the_limit() {
    let client = archive().await;
    for limit in [1, 64, 1000] {
        let found = client
            .list(LETTER, &json!({"room": "hall"}), limit, false)
            .await
            .unwrap();
        assert_eq!(found.value.len(), limit);
    }
}

#[tokio::test]
async fn a_query_that_nobody_reads_to_its_end_ends() {
    let client = archive().await;
    let request = proto::ListResourceRequest {
        type_name: LETTER.to_owned(),
        config: None,
        limit: i64::MAX,
        ..Default::default()
    };
    let mut events = client.raw().list_resource(request).await.unwrap().into_inner();
    assert_eq!(events.message().await.unwrap().unwrap().display_name, "letter 0");
    drop(events);
    // The provider is well, and answers the next query.
    let found = client
        .list(LETTER, &json!({"room": "hall"}), 5, false)
        .await
        .unwrap();
    assert_eq!(found.value.len(), 5);
}

#[tokio::test]
async fn what_is_said_beside_it_is_told() {
    let client = archive().await;
    let found = client
        .list(LETTER, &json!({"room": "cellar", "count": 1}), 10, false)
        .await
        .unwrap();
    assert_eq!(found.value.len(), 1);
    let warnings: Vec<_> = found
        .warnings
        .iter()
        .map(|warning| warning.summary.as_str())
        .collect();
    assert_eq!(warnings, ["It is dark there"]);
    let error = client
        .list(LETTER, &json!({"room": "hall", "count": -1}), 10, false)
        .await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("Nobody can count them"), "{error}");
    let error = client
        .list(LETTER, &json!({"room": ""}), 10, false)
        .await
        .unwrap_err();
    assert!(error.diagnostics().has_error(), "{error}");
}

#[tokio::test]
async fn what_cannot_be_listed_is_said_by_name() {
    let client = archive().await;
    let request = proto::ListResourceRequest {
        type_name: "archive_crate".to_owned(),
        ..Default::default()
    };
    let mut events = client.raw().list_resource(request).await.unwrap().into_inner();
    let event = events.message().await.unwrap().unwrap();
    assert!(
        event.diagnostic[0]
            .summary
            .contains("No such list resource: \"archive_crate\""),
        "{event:?}"
    );
    assert!(events.message().await.unwrap().is_none());
}

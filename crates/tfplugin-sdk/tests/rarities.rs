//! What few providers use: what modules say to the provider, what is put off, and generated configurations.
#![expect(clippy::unwrap_used, reason = "tests")]

mod archive;

use archive::archive;
use serde_json::json;
use tfplugin_sdk::testing::{Capabilities, Client, Error, Lifecycle, UNKNOWN, value_to_json};

fn patient(client: Client) -> Client {
    client.with_capabilities(Capabilities {
        deferral: true,
        ..Capabilities::default()
    })
}

#[tokio::test]
async fn rule_40_a_module_says_something_to_the_provider() {
    let client = archive().await;
    let config = json!({"name": "ann"});
    let silent = client.read_data_source("archive_reader", &config).await.unwrap();
    assert_eq!(value_to_json(&silent.value)["publisher"], "");
    let client = client.with_provider_meta(json!({"name": "example"}));
    let told = client.read_data_source("archive_reader", &config).await.unwrap();
    assert_eq!(value_to_json(&told.value)["publisher"], "example");
}

#[tokio::test]
async fn rule_34_what_cannot_be_put_off_fails_and_says_what_to_do() {
    let client = archive().await;
    let config = json!({"name": "nobody"});
    let error = client
        .read_data_source("archive_reader", &config)
        .await
        .unwrap_err();
    let error = error.diagnostics().iter().next().unwrap().clone();
    assert_eq!(error.summary, "It is too early for this");
    assert!(
        error.detail.contains("something that it needs is not there yet"),
        "{error:?}"
    );
    let error = patient(client)
        .read_data_source("archive_reader", &config)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Deferred { reason, .. } if reason.ends_with("ABSENT_PREREQ")),
        "{error}"
    );
}

#[tokio::test]
async fn rule_34_a_plan_is_put_off_only_where_it_can_be() {
    let client = archive().await;
    let config = json!({"content": UNKNOWN});
    let plan = client.plan("archive_crate", &config, None).await.unwrap();
    assert_eq!(plan.json()["content"], UNKNOWN);
    let error = patient(client)
        .plan("archive_crate", &config, None)
        .await
        .unwrap_err();
    let wanted = "RESOURCE_CONFIG_UNKNOWN";
    assert!(
        matches!(&error, Error::Deferred { reason, .. } if reason.ends_with(wanted)),
        "{error}"
    );
}

#[tokio::test]
async fn a_generated_configuration_plans_no_change() {
    let client = archive().await;
    let mut letter = Lifecycle::new(&client, "archive_letter");
    letter
        .import_by_identity(&json!({"sender": "ann"}))
        .await
        .unwrap();
    let state = letter.state().unwrap().clone();
    let config = client
        .generate_config("archive_letter", &state)
        .await
        .unwrap()
        .value;
    assert_eq!(
        value_to_json(&config),
        json!({"sender": "ann", "room": "hall", "text": null})
    );
    letter.expect_no_change(&config).await.unwrap();

    let mut thing = Lifecycle::new(&client, "archive_crate");
    thing.create(&json!({"content": "tea"})).await.unwrap();
    let state = thing.state().unwrap().clone();
    let config = client
        .generate_config("archive_crate", &state)
        .await
        .unwrap()
        .value;
    assert_eq!(value_to_json(&config), json!({"content": "tea", "number": null}));
    thing.expect_no_change(&config).await.unwrap();
}

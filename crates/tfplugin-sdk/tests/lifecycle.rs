//! A provider with everything that the SDK offers, led through the life that Terraform leads it: whatever the SDK does by
//! itself keeps core's rules.
#![expect(clippy::unwrap_used, reason = "tests")]

mod shop;

use serde_json::{Value as Json, json};
use shop::Shop;
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Capabilities, Client, Error, InProcess, Lifecycle, UNKNOWN, value_to_json};

async fn open() -> Result<Client, Error> {
    let client = InProcess::<Shop>::start().await?.client().clone();
    client.configure(&json!({"stock": ["bowl", "cup"]})).await?;
    Ok(client)
}

async fn item() -> Result<Lifecycle, Error> {
    Ok(Lifecycle::new(&open().await?, "shop_item"))
}

/// A configuration with every attribute and block.
fn everything() -> Json {
    json!({
        "name": "vase",
        "note": "blue",
        "amount": 3,
        "tags": ["glass", "old"],
        "labels": {"from": "Venice"},
        "token": "t0ken",
        "password": "hunter2",
        "spec": {"height": 12.5, "colours": ["blue", 7, null]},
        "owner": {"name": "Ada"},
        "owners": [{"name": "Bob"}, {"name": "Cyd"}],
        "buyers": {"first": {"name": "Dan"}},
        "limit": {"most": 1},
        "rule": [{"most": 2}, {"most": 3}],
    })
}

#[tokio::test]
async fn everything_at_once_converges() -> Result<(), Error> {
    let mut item = item().await?;
    let plan = item.plan(&everything()).await?;
    assert_eq!(plan.action, Action::Create);
    assert_eq!(plan.json()["id"], UNKNOWN);
    assert_eq!(plan.json()["owners"][1]["handle"], UNKNOWN);
    assert_eq!(plan.json()["rule"][0], json!({"most": 2, "left": UNKNOWN}));
    item.apply(&plan).await?;
    let mut expected = everything();
    for (name, value) in json!({
        "password": null,
        "password_length": 7,
        "shelf": "front",
        "id": "id-of-vase",
        "revision": 0,
        "plan": "create",
        "owner": {"name": "Ada", "handle": "@Ada"},
        "owners": [{"name": "Bob", "handle": "@Bob"}, {"name": "Cyd", "handle": "@Cyd"}],
        "buyers": {"first": {"name": "Dan", "handle": "@Dan"}},
        "limit": {"most": 1, "left": 1},
        "rule": [{"most": 2, "left": 2}, {"most": 3, "left": 3}],
    })
    .as_object()
    .unwrap()
    {
        expected[name] = value.clone();
    }
    assert_eq!(item.json(), expected);
    item.expect_no_change(&everything()).await
}

#[tokio::test]
async fn an_update_keeps_what_stays_and_leaves_the_rest_open() -> Result<(), Error> {
    let mut item = item().await?;
    item.create(&everything()).await?;
    let mut config = everything();
    config["note"] = "green".into();
    config["rule"] = json!([{"most": 2}]);
    config.as_object_mut().unwrap().remove("owner");
    let plan = item.plan(&config).await?;
    assert_eq!(plan.action, Action::Update);
    let planned = plan.json();
    assert_eq!(
        (&planned["id"], &planned["revision"]),
        (&json!("id-of-vase"), &json!(UNKNOWN))
    );
    assert_eq!(planned["owner"], Json::Null);
    item.apply(&plan).await?;
    assert_eq!(
        (&item.json()["revision"], &item.json()["plan"]),
        (&json!(1), &json!("update"))
    );
    assert_eq!(item.json()["rule"], json!([{"most": 2, "left": 2}]));
    item.expect_no_change(&config).await
}

#[tokio::test]
async fn a_default_comes_back_when_nothing_is_configured() -> Result<(), Error> {
    let mut item = item().await?;
    item.converge(&json!({"name": "vase", "amount": 5, "shelf": "back"}))
        .await?;
    assert_eq!(
        (&item.json()["amount"], &item.json()["shelf"]),
        (&json!(5), &json!("back"))
    );
    item.converge(&json!({"name": "vase"})).await?;
    assert_eq!(item.json()["amount"], 1);
    Ok(())
}

#[tokio::test]
async fn a_replacement_is_planned_like_a_creation() -> Result<(), Error> {
    let mut item = item().await?;
    item.converge(&json!({"name": "vase"})).await?;
    let plan = item.plan(&json!({"name": "jug"})).await?;
    assert_eq!(
        (plan.action, plan.replaced.clone()),
        (Action::Replace, vec!["name".into()])
    );
    assert_eq!(plan.json()["id"], UNKNOWN);
    item.apply(&plan).await?;
    assert_eq!(
        (&item.json()["id"], &item.json()["plan"]),
        (&json!("id-of-jug"), &json!("create"))
    );
    item.expect_no_change(&json!({"name": "jug"})).await
}

#[tokio::test]
async fn what_is_unknown_at_plan_is_known_at_apply() -> Result<(), Error> {
    let mut item = item().await?;
    let unknown = json!({
        "name": "vase", "note": UNKNOWN, "amount": UNKNOWN, "tags": ["a", UNKNOWN], "spec": {"a": [UNKNOWN]},
        "owner": {"name": UNKNOWN}, "owners": UNKNOWN, "rule": [{"most": UNKNOWN}], "labels": UNKNOWN,
    });
    let known = json!({
        "name": "vase", "note": "blue", "amount": 4, "tags": ["a"], "spec": {"a": ["x"]},
        "owner": {"name": "Ada"}, "owners": [{"name": "Bob"}], "rule": [{"most": 1}], "labels": {"a": "b"},
    });
    let plan = item.plan(&unknown).await?;
    let refused = item.apply(&plan).await.unwrap_err();
    assert!(refused.to_string().contains("wholly known"), "{refused}");
    item.apply_with(&plan, &known).await?;
    assert_eq!(item.json()["owners"], json!([{"name": "Bob", "handle": "@Bob"}]));
    item.expect_no_change(&known).await?;
    // A whole dynamic block, of which not even the number is known.
    let plan = item
        .plan(&json!({"name": "vase", "rule": UNKNOWN, "limit": UNKNOWN}))
        .await?;
    assert_eq!(
        (&plan.json()["rule"], plan.action),
        (&json!(UNKNOWN), Action::Update)
    );
    item.apply_with(&plan, &json!({"name": "vase", "rule": [{"most": 1}]}))
        .await?;
    assert_eq!(item.json()["rule"], json!([{"most": 1, "left": 1}]));
    Ok(())
}

#[tokio::test]
async fn what_is_gone_is_created_again() -> Result<(), Error> {
    let client = open().await?;
    let (mut one, mut other) = (
        Lifecycle::new(&client, "shop_item"),
        Lifecycle::new(&client, "shop_item"),
    );
    one.create(&json!({"name": "vase"})).await?;
    other.import("id-of-vase").await?;
    other.destroy().await?;
    assert_eq!(one.refresh().await?, None);
    assert_eq!(one.plan(&json!({"name": "vase"})).await?.action, Action::Create);
    Ok(())
}

#[tokio::test]
async fn an_import_finds_what_is_there() -> Result<(), Error> {
    let mut item = item().await?;
    item.import("id-of-bowl").await?;
    item.expect_no_change(&json!({"name": "bowl"})).await?;
    item.destroy().await?;
    assert_eq!(item.json(), Json::Null);
    let nowhere = item.import("id-of-nothing").await.unwrap_err();
    assert!(nowhere.to_string().contains("no such object"), "{nowhere}");
    let refused = item.import("bowl").await.unwrap_err();
    assert!(refused.diagnostics().has_error(), "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_creation_that_fails_half_way_is_replaced() -> Result<(), Error> {
    let mut item = item().await?;
    let error = item
        .create(&json!({"name": "vase", "note": "fragile"}))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("It broke"), "{error}");
    assert!(error.left().unwrap().tainted);
    assert_eq!(item.json()["id"], "id-of-vase");
    let plan = item.plan(&json!({"name": "vase"})).await?;
    assert_eq!(plan.action, Action::Replace);
    item.apply(&plan).await?;
    item.expect_no_change(&json!({"name": "vase"})).await
}

#[tokio::test]
async fn rule_43_write_only_values_need_a_client_that_does_not_store_them() -> Result<(), Error> {
    let client = open().await?.with_capabilities(Capabilities {
        write_only: false,
        ..Capabilities::default()
    });
    let error = client
        .validate_resource("shop_item", &everything())
        .await
        .unwrap_err();
    let refused = error.diagnostics().iter().next().unwrap();
    assert_eq!(refused.path, Some("password".into()));
    Ok(())
}

#[tokio::test]
async fn private_data_of_the_first_plan_can_reach_the_second() -> Result<(), Error> {
    let client = open().await?.with_capabilities(Capabilities {
        planned_private: true,
        ..Capabilities::default()
    });
    Lifecycle::new(&client, "shop_item")
        .converge(&everything())
        .await
        .map(drop)
}

#[tokio::test]
async fn stored_state_of_an_older_version_is_upgraded() -> Result<(), Error> {
    let client = open().await?;
    let old = json!({"title": "cup", "id": "id-of-cup", "long_gone": {"a": 1}});
    let mut item = Lifecycle::stored(&client, "shop_item", 0, &old, b"");
    item.expect_no_change(&json!({"name": "cup"})).await?;
    let newer = Lifecycle::stored(&client, "shop_item", 2, &old, b"")
        .refresh()
        .await
        .unwrap_err();
    assert!(newer.to_string().contains("newer version"), "{newer}");
    Ok(())
}

#[tokio::test]
async fn warnings_are_kept() -> Result<(), Error> {
    let mut item = item().await?;
    item.create(&json!({"name": "vase", "note": "odd", "amount": 100}))
        .await?;
    let summaries: Vec<_> = item
        .warnings()
        .iter()
        .map(|warning| warning.summary.as_str())
        .collect();
    assert_eq!(summaries[..2], ["An odd note", "That is much"]);
    Ok(())
}

#[tokio::test]
async fn a_plan_that_is_not_empty_says_why_and_keeps_secrets() -> Result<(), Error> {
    let mut item = item().await?;
    item.create(&everything()).await?;
    let mut config = everything();
    (config["note"], config["token"]) = ("green".into(), "0ther".into());
    let error = item.expect_no_change(&config).await.unwrap_err().to_string();
    assert!(error.contains(r#"note: "blue" → "green""#), "{error}");
    assert!(error.contains("token: differs, and is sensitive"), "{error}");
    assert!(!error.contains("t0ken") && !error.contains("0ther"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_data_source_is_read_when_its_configuration_is_known() -> Result<(), Error> {
    let client = open().await?;
    let answer = client
        .read_data_source("shop_count", &json!({"prefix": "c"}))
        .await?;
    assert_eq!(value_to_json(&answer.value), json!({"prefix": "c", "items": 1}));
    let unknown = client
        .read_data_source("shop_count", &json!({"prefix": UNKNOWN}))
        .await;
    assert!(matches!(unknown, Err(Error::Test { .. })));
    Ok(())
}

#[tokio::test]
async fn validators_refuse_with_the_path() -> Result<(), Error> {
    let client = open().await?;
    let config = json!({"name": "vase", "note": ""});
    let error = client.validate_resource("shop_item", &config).await.unwrap_err();
    assert_eq!(
        error.diagnostics().iter().next().unwrap().path,
        Some("note".into())
    );
    client
        .validate_resource("shop_item", &json!({"name": "vase", "note": UNKNOWN}))
        .await?;
    Ok(())
}

//! A provider on the SDK that breaks core's rules: the client notices each, and what the SDK prevents by itself never gets
//! that far.
#![expect(clippy::unwrap_used, reason = "tests")]

mod troublemaker;

use serde_json::{Value as Json, json};
use tfplugin_sdk::rules::Rule;
use tfplugin_sdk::testing::{Client, Error, InProcess, Lifecycle};
use troublemaker::Trouble;

async fn client() -> Result<Client, Error> {
    let client = InProcess::<Trouble>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    Ok(client)
}

/// A configuration with something of everything, that makes this trouble.
fn config(fault: &str) -> Json {
    json!({
        "fault": fault,
        "note": "a",
        "token": "hunter1",
        "tags": ["a"],
        "steps": ["a"],
        "labels": {"a": "a"},
        "part": {"name": "a"},
        "parts": [{"name": "a"}],
        "limit": {"name": "a"},
        "rule": [{"name": "a"}],
    })
}

fn without(mut config: Json, name: &str) -> Json {
    config.as_object_mut().unwrap().remove(name);
    config
}

/// Asserts that the one broken rule is this, at this place, and that no secret is quoted.
fn assert_broken(fault: &str, error: &Error, place: &str, rule: Rule) {
    let found: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| (violation.path.to_string(), violation.rule))
        .collect();
    assert_eq!(found, [(place.to_owned(), rule)], "{fault}: {error}");
    assert!(!error.to_string().contains("hunter"), "{error}");
}

async fn create(config: &Json) -> Result<(), Error> {
    let mut maker = Lifecycle::new(&client().await?, "trouble_maker");
    maker.create(config).await.map(drop)
}

#[tokio::test]
async fn without_trouble_there_is_none() -> Result<(), Error> {
    let mut maker = Lifecycle::new(&client().await?, "trouble_maker");
    maker.converge(&config("none")).await?;
    maker.destroy().await
}

#[tokio::test]
async fn rules_of_plans_are_watched() {
    let configured = |fault| (fault, config(fault));
    let unset = |fault, name| (fault, without(config(fault), name));
    for ((fault, config), place, rule) in [
        (
            configured("plan another value"),
            "note",
            Rule::PlannedAsConfigured,
        ),
        (
            configured("plan another secret"),
            "token",
            Rule::PlannedAsConfigured,
        ),
        (
            configured("plan another value in an object"),
            "part.name",
            Rule::PlannedAsConfigured,
        ),
        (
            unset("plan a value from nowhere", "note"),
            "note",
            Rule::PlannedNullWhereUnset,
        ),
        (configured("plan no block"), "limit", Rule::PlannedExistence),
        (configured("plan no object"), "part", Rule::PlannedExistence),
        (configured("plan more blocks"), "rule", Rule::PlannedBlockCount),
        (
            configured("plan more objects"),
            "parts",
            Rule::PlannedNestedAttributes,
        ),
        (
            configured("plan an unknown object"),
            "part",
            Rule::PlannedNestedAttributes,
        ),
        (configured("plan by chance"), "size", Rule::SamePlanAgain),
    ] {
        assert_broken(fault, &create(&config).await.unwrap_err(), place, rule);
    }
}

#[tokio::test]
async fn rules_of_changes_are_watched() -> Result<(), Error> {
    for (fault, place, rule) in [
        ("replace for nothing", "nothing", Rule::ReplacementPath),
        ("plan another action", "", Rule::SamePlanAgain),
    ] {
        let mut maker = Lifecycle::new(&client().await?, "trouble_maker");
        maker.create(&without(config(fault), "note")).await?;
        // Of the two plans, the second is the one that replaces.
        let error = match maker.plan(&config(fault)).await {
            Ok(plan) => maker.apply_with(&plan, &config(fault)).await.unwrap_err(),
            Err(error) => error,
        };
        assert_broken(fault, &error, place, rule);
    }
    Ok(())
}

#[tokio::test]
async fn rules_of_applies_are_watched() {
    let configured = |fault| (fault, config(fault));
    let unset = |fault, name| (fault, without(config(fault), name));
    for ((fault, config), place, rule) in [
        (configured("another value"), "note", Rule::AppliedAsPlanned),
        (
            unset("a value from nowhere", "note"),
            "note",
            Rule::AppliedAsPlanned,
        ),
        (configured("a value lost"), "note", Rule::AppliedAsPlanned),
        (
            configured("another value in a block"),
            "rule[0].name",
            Rule::AppliedAsPlanned,
        ),
        (configured("another secret"), "token", Rule::AppliedSensitive),
        (configured("another element of a set"), "tags", Rule::AppliedSet),
        (
            configured("more elements of a list"),
            "steps",
            Rule::AppliedElements,
        ),
        (configured("more blocks"), "rule", Rule::AppliedElements),
        (configured("a block lost"), "limit", Rule::AppliedExistence),
    ] {
        assert_broken(fault, &create(&config).await.unwrap_err(), place, rule);
    }
    for (fault, rules) in [
        (
            "more elements of a set",
            [Rule::AppliedSet, Rule::AppliedElements],
        ),
        (
            "another element of a map",
            [Rule::AppliedElements, Rule::AppliedElements],
        ),
    ] {
        let error = create(&config(fault)).await.unwrap_err();
        let found: Vec<_> = error
            .violations()
            .iter()
            .map(|violation| violation.rule)
            .collect();
        assert_eq!(found, rules, "{error}");
    }
}

#[tokio::test]
async fn rule_22_a_failure_may_leave_anything() {
    let error = create(&config("a failure")).await.unwrap_err();
    assert_eq!(error.violations(), []);
    assert_eq!(error.left().unwrap().json()["note"], "half done");
}

#[tokio::test]
async fn rule_42_diagnostics_are_watched() {
    for (fault, place) in [
        ("diagnostic without a place", "nowhere"),
        ("diagnostic without a summary", ""),
    ] {
        let error = create(&config(fault)).await.unwrap_err();
        assert_broken(fault, &error, place, Rule::Diagnostic);
    }
}

#[tokio::test]
async fn what_the_sdk_prevents_is_an_error_that_names_it() -> Result<(), Error> {
    let client = client().await?;
    let mut maker = Lifecycle::new(&client, "trouble_maker");
    let left_open = maker.create(&config("a value left open")).await.unwrap_err();
    assert_eq!(maker.json()["note"], "a");
    let mut maker = Lifecycle::new(&client, "trouble_maker");
    maker.create(&config("a read left open")).await?;
    let read = maker.refresh().await.unwrap_err();
    let import = maker.import("open").await.unwrap_err();
    let data_source = client
        .read_data_source("trouble_gap", &json!({}))
        .await
        .unwrap_err();
    for error in [left_open, read, import, data_source] {
        assert_eq!(error.violations(), [], "{error}");
        assert!(error.to_string().contains("left a value unknown"), "{error}");
    }
    Ok(())
}

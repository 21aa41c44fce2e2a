//! A provider on the SDK that breaks core's rules: the client notices each, and what the SDK prevents by itself never gets
//! that far.
#![expect(clippy::unwrap_used, reason = "tests")]

mod troublemaker;

use std::sync::atomic::AtomicI64;

use serde_json::{Value as Json, json};
use tfplugin_sdk::rules::Rule;
use tfplugin_sdk::testing::{Client, Error, InProcess, Lifecycle};
use tfplugin_sdk::{Diagnostic, Diagnostics, Offer, Provider};
use troublemaker::{Maker, Trouble};

/// A client of a server that leaves it to the client to find mistakes.
async fn client() -> Result<Client, Error> {
    let client = InProcess::<Trouble>::start_unchecked().await?.client().clone();
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

/// A fault, what is left out of the configuration for it, and the rule that it breaks at a place.
type Fault = (&'static str, &'static str, &'static str, Rule);

const PLANS: [Fault; 9] = [
    ("plan another value", "", "note", Rule::PlannedAsConfigured),
    ("plan another secret", "", "token", Rule::PlannedAsConfigured),
    (
        "plan another value in an object",
        "",
        "part.name",
        Rule::PlannedAsConfigured,
    ),
    (
        "plan a value from nowhere",
        "note",
        "note",
        Rule::PlannedNullWhereUnset,
    ),
    ("plan no block", "", "limit", Rule::PlannedExistence),
    ("plan no object", "", "part", Rule::PlannedExistence),
    ("plan more blocks", "", "rule", Rule::PlannedBlockCount),
    ("plan more objects", "", "parts", Rule::PlannedNestedAttributes),
    (
        "plan an unknown object",
        "",
        "part",
        Rule::PlannedNestedAttributes,
    ),
];

const APPLIES: [Fault; 9] = [
    ("another value", "", "note", Rule::AppliedAsPlanned),
    ("a value from nowhere", "note", "note", Rule::AppliedAsPlanned),
    ("a value lost", "", "note", Rule::AppliedAsPlanned),
    (
        "another value in a block",
        "",
        "rule[0].name",
        Rule::AppliedAsPlanned,
    ),
    ("another secret", "", "token", Rule::AppliedSensitive),
    ("another element of a set", "", "tags", Rule::AppliedSet),
    ("more elements of a list", "", "steps", Rule::AppliedElements),
    ("more blocks", "", "rule", Rule::AppliedElements),
    ("a block lost", "", "limit", Rule::AppliedExistence),
];

#[tokio::test]
async fn rules_of_plans_are_watched() {
    for (fault, left_out, place, rule) in PLANS {
        let error = create(&without(config(fault), left_out)).await.unwrap_err();
        assert_broken(fault, &error, place, rule);
    }
    // That needs both plans, which only the client sees.
    let (fault, rule) = ("plan by chance", Rule::SamePlanAgain);
    assert_broken(fault, &create(&config(fault)).await.unwrap_err(), "size", rule);
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
    for (fault, left_out, place, rule) in APPLIES {
        let error = create(&without(config(fault), left_out)).await.unwrap_err();
        assert_broken(fault, &error, place, rule);
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

/// What a server that checks its answers says of this fault, and what is left in the state.
async fn told(fault: &str, left_out: &str) -> (Diagnostic, Json) {
    let provider = InProcess::<Trouble>::start_checked().await.unwrap();
    provider.client().configure(&json!({})).await.unwrap();
    let mut maker = Lifecycle::new(provider.client(), "trouble_maker");
    let error = maker.create(&without(config(fault), left_out)).await.unwrap_err();
    assert_eq!(error.violations(), [], "the server was to find it first: {error}");
    let told = error.diagnostics().iter().next().unwrap().clone();
    assert!(!told.detail.contains("hunter"), "{told:?}");
    (told, maker.json())
}

/// Asserts that such a server names the call, the place and the rule, and returns what is left in the state.
async fn assert_told((fault, left_out, place, rule): Fault, call: &str) -> Json {
    let (told, state) = told(fault, left_out).await;
    assert_eq!(told.path.unwrap_or_default().to_string(), place, "{fault}");
    for part in [format!("{call} of trouble_maker"), rule.to_string()] {
        assert!(told.detail.contains(&part), "{fault}: {}", told.detail);
    }
    state
}

#[tokio::test]
async fn the_server_finds_mistakes_in_plans_before_terraform_does() {
    for fault in PLANS {
        let state = assert_told(fault, "PlanResourceChange").await;
        assert_eq!(state, Json::Null, "{fault:?}");
    }
}

#[tokio::test]
async fn the_server_finds_mistakes_in_applies_and_keeps_the_state() {
    for fault in APPLIES {
        let state = assert_told(fault, "ApplyResourceChange").await;
        assert_eq!(state["id"], "1", "{fault:?}: nothing that was made may be lost");
    }
}

#[tokio::test]
async fn the_server_finds_diagnostics_that_lead_nowhere() {
    let provider = InProcess::<Trouble>::start_checked().await.unwrap();
    let fault = config("diagnostic without a place");
    let error = provider
        .client()
        .validate_resource("trouble_maker", &fault)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains(&Rule::Diagnostic.to_string()),
        "{error}"
    );
}

/// Offers a resource twice.
#[derive(Clone, Provider)]
#[provider(name = "twin")]
struct Twin {}

impl Provider for Twin {
    type Client = AtomicI64;

    async fn configure(self) -> Result<AtomicI64, Diagnostics> {
        Ok(AtomicI64::new(0))
    }

    fn offer(offer: &mut Offer<AtomicI64>) {
        offer.resource::<Maker>().plan();
        offer.resource::<Maker>();
    }
}

#[tokio::test]
async fn what_is_offered_twice_is_told() -> Result<(), Error> {
    let provider = InProcess::<Twin>::start().await?;
    let error = provider.client().schemas().await.unwrap_err();
    assert!(error.to_string().contains("offers twin_maker twice"), "{error}");
    Ok(())
}

//! Rules between attributes, deprecations, and write-only values with their versions, as a client sees them.
#![expect(clippy::unwrap_used, reason = "tests")]

mod house;

use house::House;
use serde_json::{Value as Json, json};
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Capabilities, Client, Error, InProcess, Lifecycle, UNKNOWN};
use tfplugin_sdk::{Diagnostics, Severity};

async fn client() -> Result<Client, Error> {
    let client = InProcess::<House>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    Ok(client)
}

/// The door of oak that opens with a key, with more to it.
fn door(more: &Json) -> Json {
    let mut door = json!({"wood": "oak", "key": "small"});
    for (name, value) in more.as_object().unwrap() {
        door[name] = value.clone();
    }
    door
}

/// What the provider says of a configuration: where and how it is refused, or nothing.
async fn refusals(config: &Json) -> Vec<(String, String)> {
    let answer = client()
        .await
        .unwrap()
        .validate_resource("house_door", config)
        .await;
    let diagnostics = match &answer {
        Ok(_) => return Vec::new(),
        Err(error) => error.diagnostics(),
    };
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors
        .map(|diagnostic| {
            let place = diagnostic.path.clone().unwrap_or_default().to_string();
            (place, diagnostic.detail.clone())
        })
        .collect()
}

async fn assert_refused(cases: &[(Json, &str, &str)]) {
    for (more, place, said) in cases {
        let found = refusals(&door(more)).await;
        assert_eq!(found.len(), 1, "{more}: {found:?}");
        let (at, detail) = &found[0];
        assert!(at == place && detail.contains(said), "{more}: {found:?}");
        assert!(!detail.contains("hunter2"));
    }
}

#[tokio::test]
async fn what_breaks_a_rule_between_attributes_is_refused() {
    assert_refused(&[
        (
            json!({"steel": "grey"}),
            "wood",
            "Exactly one of `wood`, `steel` and `glass` may be set; observed: `wood` and `steel` are",
        ),
        (
            json!({"wood": null}),
            "",
            "Exactly one of `wood`, `steel` and `glass` must be set; observed: none is",
        ),
        (
            json!({"key": null}),
            "",
            "At least one of `key`, `code.digits` and `lock` must be set",
        ),
        (json!({"key": null, "code": {}}), "", "observed: none is"),
        (
            json!({"hinges": 2}),
            "hinges",
            "`hinges` and `frame` must be set together; observed: `frame` is missing",
        ),
        (
            json!({"bell": "loud", "knocker": "iron"}),
            "bell",
            "At most one of `bell` and `knocker`",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_breaks_a_rule_of_one_attribute_is_refused() {
    assert_refused(&[
        (
            json!({"spy": true}),
            "spy",
            "`spy` needs `lens.size`; observed: `lens.size` is missing",
        ),
        (json!({"spy": true, "lens": {}}), "spy", "`lens.size` is missing"),
        (
            json!({"code": {"digits": "1234"}}),
            "code.digits",
            "At most one of `digits` and `key`",
        ),
        (
            json!({"lock": [{"bolt": 1}, {}]}),
            "lock[1]",
            "Exactly one of `bolt` and `chain`",
        ),
        (
            json!({"lens": {"sights": [{"far": 1, "near": 2}]}}),
            "lens.sights",
            "At most one of",
        ),
        (
            json!({"lens": {"sights": [{"near": 0}]}}),
            "lens.sights",
            "must be at least 1; observed: 0",
        ),
        (
            json!({"password": "hunter2"}),
            "password",
            "`password` and `password_version` must be set together",
        ),
        (
            json!({"password_version": 1}),
            "password_version",
            "`password` is missing",
        ),
        (
            json!({"hinges": 5, "frame": "oak"}),
            "hinges",
            "must be from 1 to 4; observed: 5",
        ),
        (
            json!({"names": ["Ada", "bob"]}),
            "names",
            "each element is a name that begins with a capital",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_keeps_every_rule_passes() {
    for more in [
        json!({}),
        json!({"key": null, "code": {"digits": "1234"}}),
        json!({"key": null, "lock": [{"chain": 1}]}),
        json!({"hinges": 2, "frame": "oak"}),
        json!({"spy": true, "lens": {"size": 1}}),
        json!({"password": "hunter2", "password_version": 1}),
    ] {
        assert_eq!(refusals(&door(&more)).await, [], "{more}");
    }
}

#[tokio::test]
async fn what_is_not_known_yet_breaks_no_rule() {
    for more in [
        json!({"wood": UNKNOWN}),
        json!({"steel": UNKNOWN}),
        json!({"key": UNKNOWN, "code": {"digits": "1234"}}),
        json!({"key": null, "code": UNKNOWN}),
        json!({"key": null, "lock": UNKNOWN}),
        json!({"hinges": 2, "frame": UNKNOWN}),
        json!({"hinges": UNKNOWN, "frame": "oak"}),
        json!({"spy": true, "lens": UNKNOWN}),
        json!({"spy": UNKNOWN}),
        json!({"names": [UNKNOWN]}),
        json!({"lock": [{"bolt": UNKNOWN, "chain": 1}]}),
        json!({"password": UNKNOWN, "password_version": UNKNOWN}),
    ] {
        assert_eq!(refusals(&door(&more)).await, [], "{more}");
    }
}

#[tokio::test]
async fn what_is_deprecated_warns_once_and_only_where_it_is_used() -> Result<(), Error> {
    let client = client().await?;
    let places = |warnings: &Diagnostics| {
        let paths = warnings
            .iter()
            .map(|warning| warning.path.clone().unwrap_or_default().to_string());
        paths.collect::<Vec<_>>()
    };
    let used =
        json!({"wood": null, "glass": "thin", "tenant": [{"name": "Ada"}, {}], "owner": {"name": "Bob"}});
    let warnings = client.validate_resource("house_door", &door(&used)).await?;
    assert_eq!(places(&warnings), ["glass", "tenant", "owner"]);
    assert_eq!(warnings.iter().next().unwrap().detail, "It breaks.");
    let warnings = client.validate_resource("house_door", &door(&json!({}))).await?;
    assert_eq!(places(&warnings), [""; 0]);
    let warnings = client
        .validate_resource("house_hatch", &json!({"place": "roof"}))
        .await?;
    assert_eq!(places(&warnings), [""]);
    let schemas = client.schemas().await?;
    let deprecated = |name: &str| schemas.resources[name].block.deprecated.clone();
    assert_eq!(
        (deprecated("house_hatch").as_deref(), deprecated("house_door")),
        (Some("Use a door."), None)
    );
    Ok(())
}

#[tokio::test]
async fn a_write_only_value_is_written_again_when_its_version_changes() -> Result<(), Error> {
    let mut door_behind = Lifecycle::new(&client().await?, "house_door");
    let with =
        |password: &str, version: i64| door(&json!({"password": password, "password_version": version}));
    door_behind.converge(&with("hunter2", 1)).await?;
    assert_eq!(
        (&door_behind.json()["password"], &door_behind.json()["length"]),
        (&Json::Null, &json!(7))
    );
    // The value alone is not seen: nothing that is stored has changed.
    door_behind.expect_no_change(&with("hunter2hunter2", 1)).await?;
    let plan = door_behind.plan(&with("hunter2hunter2", 2)).await?;
    assert_eq!(
        (plan.action, &plan.json()["length"]),
        (Action::Update, &json!(UNKNOWN))
    );
    assert_eq!(plan.json()["password"], Json::Null);
    door_behind.apply(&plan).await?;
    assert_eq!(door_behind.json()["length"], 14);
    door_behind.expect_no_change(&with("hunter2hunter2", 2)).await
}

#[tokio::test]
async fn rule_43_write_only_values_at_any_depth_need_a_client_that_does_not_store_them() -> Result<(), Error>
{
    let client = client().await?.with_capabilities(Capabilities {
        write_only: false,
        ..Capabilities::default()
    });
    let config = door(&json!({"code": {"secret": "hunter2"}}));
    let refused = client.validate_resource("house_door", &config).await.unwrap_err();
    let diagnostic = refused.diagnostics().iter().next().unwrap();
    assert_eq!(diagnostic.path.as_ref().unwrap().to_string(), "code.secret");
    assert!(!refused.to_string().contains("hunter2"));
    Ok(())
}

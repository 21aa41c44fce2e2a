//! The spelling of users and of the state is kept wherever a value can stand, though the provider has its own.
#![expect(clippy::unwrap_used, reason = "tests")]

mod pantry;

use pantry::Pantry;
use serde_json::{Value as Json, json};
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Client, Error, InProcess, Lifecycle, UNKNOWN, value_to_json};

async fn client() -> Result<Client, Error> {
    let client = InProcess::<Pantry>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    Ok(client)
}

async fn jar() -> Result<Lifecycle, Error> {
    Ok(Lifecycle::new(&client().await?, "pantry_jar"))
}

/// A configuration with a size everywhere, each spelled as `kibi` spells it.
fn everything(kibi: &str) -> Json {
    let fruit = || json!({"size": kibi});
    json!({
        "size": kibi,
        "space": "1",
        "label": "{ \"b\" : 1.0, \"a\" : [] }",
        "time": "1m30s",
        "secret": "[ 1 ]",
        "layers": [kibi, "2Ki"],
        "parts": {"a": kibi},
        "mix": ["3Ki", kibi],
        "fruit": fruit(),
        "fruits": [fruit(), {"size": "2Ki"}],
        "named": {"a": fruit()},
        "mixed": [{"size": "3Ki"}, fruit()],
        "top": fruit(),
        "on": [fruit()],
        "about": [{"size": "3Ki"}, fruit()],
        "at": {"a": fruit()},
        "shelf": {"size": kibi},
    })
}

/// The configured attributes of a state, with sets in order.
fn spelled(state: &Json) -> Json {
    let mut spelled = state.clone();
    for (name, value) in spelled.as_object_mut().unwrap() {
        strip(value);
        if ["mix", "mixed", "about"].contains(&name.as_str()) {
            value
                .as_array_mut()
                .unwrap()
                .sort_by_key(|element| std::cmp::Reverse(element.to_string()));
        }
    }
    spelled.as_object_mut().unwrap().remove("opened");
    spelled
}

fn strip(value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.remove("id");
            members.values_mut().for_each(strip);
        }
        Json::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

#[tokio::test]
async fn what_is_applied_and_read_is_spelled_as_it_was_configured() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&everything("1Ki")).await?;
    assert_eq!(spelled(&jar.json()), everything("1Ki"));
    jar.refresh().await?;
    assert_eq!(spelled(&jar.json()), everything("1Ki"));
    jar.expect_no_change(&everything("1Ki")).await
}

#[tokio::test]
async fn another_spelling_is_no_change() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&everything("1Ki")).await?;
    let mut other = everything("1024");
    other["label"] = r#"{"a":[],"b":1}"#.into();
    other["secret"] = "[1]".into();
    (other["time"], other["space"]) = ("90s".into(), "1000m".into());
    (other["layers"][1], other["mix"]) = ("2048".into(), json!(["1024", "3072"]));
    jar.expect_no_change(&other).await?;
    // With a change beside it, what means the same stays as it is.
    other["time"] = "2m".into();
    let plan = jar.plan(&other).await?;
    assert_eq!(plan.action, Action::Update);
    let mut expected = everything("1Ki");
    expected["time"] = "2m".into();
    assert_eq!(spelled(&plan.json()), expected);
    assert_eq!(plan.json()["fruit"]["id"], 7);
    jar.apply(&plan).await?;
    assert_eq!(spelled(&jar.json()), expected);
    jar.expect_no_change(&other).await
}

#[tokio::test]
async fn what_a_set_spells_twice_it_holds_once() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&json!({"size": "1", "mix": ["1Ki"]})).await?;
    jar.expect_no_change(&json!({"size": "1", "mix": ["1024", "1Ki"]}))
        .await?;
    let twice = json!({"size": "1", "mix": ["2Ki", "2048", "1"]});
    jar.converge(&twice).await?;
    jar.expect_no_change(&json!({"size": "1", "mix": ["2048", "1"]}))
        .await
}

#[tokio::test]
async fn another_meaning_is_a_change() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&everything("1Ki")).await?;
    for (place, value) in [
        ("/size", json!("1025")),
        ("/label", json!("{}")),
        ("/layers/0", json!("1025")),
        ("/parts/a", json!("1025")),
        ("/mix/1", json!("1025")),
        ("/fruit/size", json!("1025")),
        ("/fruits/1/size", json!("1025")),
        ("/named/a/size", json!("1025")),
        ("/mixed/1/size", json!("1025")),
        ("/top/size", json!("1025")),
        ("/on/0/size", json!("1025")),
        ("/about/1/size", json!("1025")),
        ("/at/a/size", json!("1025")),
        ("/shelf/size", json!("1025")),
    ] {
        let mut config = everything("1Ki");
        *config.pointer_mut(place).unwrap() = value;
        let plan = jar.plan(&config).await?;
        assert_eq!(plan.action, Action::Update, "{place}");
        assert_eq!(spelled(&plan.json()), spelled(&config), "{place}");
    }
    Ok(())
}

#[tokio::test]
async fn a_default_of_the_same_meaning_is_no_change() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&json!({"size": "1", "space": "1"})).await?;
    jar.expect_no_change(&json!({"size": "1"})).await?;
    assert_eq!(jar.json()["space"], "1");
    Ok(())
}

#[tokio::test]
async fn what_was_not_known_is_spelled_as_it_is_configured_then() -> Result<(), Error> {
    let mut jar = jar().await?;
    let mut unknown = everything("1Ki");
    (unknown["size"], unknown["layers"]) = (UNKNOWN.into(), json!(["1Ki", UNKNOWN]));
    unknown["mixed"] = json!([{"size": "3Ki"}, {"size": UNKNOWN}]);
    let plan = jar.plan(&unknown).await?;
    jar.apply_with(&plan, &everything("1Ki")).await?;
    assert_eq!(spelled(&jar.json()), everything("1Ki"));
    jar.expect_no_change(&everything("1Ki")).await
}

#[tokio::test]
async fn of_a_collection_that_drifts_what_stays_keeps_its_spelling() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&json!({"size": "13", "layers": ["1Ki", "2Ki"]}))
        .await?;
    jar.refresh().await?;
    assert_eq!(jar.json()["layers"], json!(["1Ki", "5"]));
    Ok(())
}

#[tokio::test]
async fn a_provider_that_plans_nothing_keeps_spellings_as_well() -> Result<(), Error> {
    let mut tin = Lifecycle::new(&client().await?, "pantry_tin");
    tin.converge(&json!({"size": "1Ki"})).await?;
    tin.expect_no_change(&json!({"size": "1024"})).await?;
    assert_eq!(tin.json()["size"], "1Ki");
    assert_eq!(tin.plan(&json!({"size": "1025"})).await?.action, Action::Replace);
    Ok(())
}

#[tokio::test]
async fn data_sources_and_ephemeral_resources_keep_the_spelling_of_their_configuration() -> Result<(), Error>
{
    let client = client().await?;
    let label = client
        .read_data_source("pantry_label", &json!({"size": "1Ki"}))
        .await?;
    assert_eq!(value_to_json(&label.value), json!({"size": "1Ki"}));
    let lid = client.open("pantry_lid", &json!({"size": "1Ki"})).await?;
    assert_eq!(value_to_json(&lid.value.value), json!({"size": "1Ki"}));
    Ok(())
}

#[tokio::test]
async fn what_is_malformed_is_refused_with_its_path_and_without_secrets() -> Result<(), Error> {
    let client = client().await?;
    for (place, value, path, said) in [
        ("/size", "1KiB", "size", "found \"1KiB\""),
        ("/layers/1", "much", "layers[1]", "quantity such as"),
        ("/at/a/size", "much", r#"at["a"].size"#, "quantity such as"),
        ("/secret", "hunter2", "secret", "hidden, because it is sensitive"),
    ] {
        let mut config = everything("1Ki");
        *config.pointer_mut(place).unwrap() = value.into();
        let refused = client.validate_resource("pantry_jar", &config).await.unwrap_err();
        let diagnostic = refused.diagnostics().iter().next().unwrap();
        assert_eq!(diagnostic.path.as_ref().unwrap().to_string(), path);
        assert!(diagnostic.detail.contains(said), "{refused}");
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
    Ok(())
}

//! Every kind of attribute and block at any depth: defaults, what is kept, what is left open and what replaces.
#![expect(clippy::unwrap_used, reason = "tests")]

mod harbour;

use harbour::Harbour;
use serde_json::{Value as Json, json};
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Client, Error, InProcess, Lifecycle, UNKNOWN};

async fn client() -> Result<Client, Error> {
    let client = InProcess::<Harbour>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    Ok(client)
}

async fn ship() -> Result<Lifecycle, Error> {
    Ok(Lifecycle::new(&client().await?, "harbour_ship"))
}

/// A configuration with something of everything.
fn everything() -> Json {
    json!({
        "name": "Ada",
        "places": 20,
        "place": ["quay", true],
        "crew": [{"name": "Bob"}, {"name": "Cyd", "rank": "mate"}],
        "engine": {"maker": "Dow"},
        "hold": [{"maker": "Eck"}, {"maker": "Fox"}],
        "guest": [{"name": "Gil"}, {"name": "Hal"}],
        "deck": {"fore": {"maker": "Ivo"}, "aft": {"maker": "Jay"}},
        "tug": [{"maker": "Kim"}],
        "policy": {"sum": 5},
        "flag": {"state": "Lux"},
    })
}

/// The least that there is.
fn little() -> Json {
    json!({"name": "Ada", "tug": [{"maker": "Kim"}], "flag": {"state": "Lux"}})
}

/// The element of a set with that name.
fn named<'a>(set: &'a Json, name: &str) -> &'a Json {
    let mut elements = set.as_array().unwrap().iter();
    elements.find(|element| element["name"] == name).unwrap()
}

fn paths(plan: &tfplugin_sdk::testing::PlannedChange) -> Vec<String> {
    plan.replaced.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn everything_at_once_converges() -> Result<(), Error> {
    let mut ship = ship().await?;
    let plan = ship.plan(&everything()).await?;
    let planned = plan.json();
    assert_eq!(planned["sign"], "MS Ada");
    assert_eq!(planned["ports"], json!(["home"]));
    assert_eq!(planned["place"], json!(["quay", true]));
    assert_eq!(
        *named(&planned["crew"], "Bob"),
        json!({"name": "Bob", "rank": "deckhand", "id": UNKNOWN, "seen": UNKNOWN, "been": UNKNOWN})
    );
    assert_eq!(named(&planned["guest"], "Hal")["rank"], "deckhand");
    assert_eq!(planned["deck"]["aft"]["power"], "as Jay has it");
    assert_eq!(planned["policy"], json!({"sum": 5, "id": UNKNOWN}));
    ship.apply(&plan).await?;
    ship.expect_no_change(&everything()).await?;
    ship.destroy().await
}

#[tokio::test]
async fn defaults_need_nothing_around_them() -> Result<(), Error> {
    let mut ship = ship().await?;
    ship.converge(&little()).await?;
    let state = ship.json();
    assert_eq!(state["policy"]["sum"], 100);
    assert_eq!((&state["guest"], &state["deck"]), (&json!([]), &json!({})));
    let mut unknown = little();
    unknown["name"] = UNKNOWN.into();
    assert_eq!(ship.plan(&unknown).await?.json()["sign"], UNKNOWN);
    Ok(())
}

#[tokio::test]
async fn what_is_kept_is_kept_at_any_depth_and_the_rest_is_left_open() -> Result<(), Error> {
    let mut ship = ship().await?;
    ship.create(&everything()).await?;
    let before = ship.json();
    let mut config = everything();
    config["name"] = "Zoe".into();
    config["guest"] = json!([{"name": "Hal"}, {"name": "New"}]);
    config["crew"][1]["rank"] = "captain".into();
    let plan = ship.plan(&config).await?;
    assert_eq!(plan.action, Action::Update);
    let planned = plan.json();
    for (planned, before) in [
        (&planned["engine"], &before["engine"]),
        (&planned["hold"][1], &before["hold"][1]),
        (&planned["deck"]["fore"], &before["deck"]["fore"]),
        (&planned["tug"][0], &before["tug"][0]),
        (named(&planned["crew"], "Bob"), named(&before["crew"], "Bob")),
        (named(&planned["guest"], "Hal"), named(&before["guest"], "Hal")),
    ] {
        assert!(before["id"].is_i64(), "{before}");
        assert_eq!(
            (&planned["id"], &planned["seen"]),
            (&before["id"], &json!(UNKNOWN))
        );
    }
    assert_eq!(planned["policy"]["id"], before["policy"]["id"]);
    // Elements of a set that are configured otherwise are other elements.
    assert_eq!(named(&planned["crew"], "Cyd")["id"], UNKNOWN);
    assert_eq!(named(&planned["guest"], "New")["id"], UNKNOWN);
    ship.apply(&plan).await?;
    ship.expect_no_change(&config).await
}

#[tokio::test]
async fn changes_at_any_depth_replace() -> Result<(), Error> {
    let mut ship = ship().await?;
    ship.create(&everything()).await?;
    for (place, value, replaced) in [
        ("/engine/maker", json!("Zed"), "engine.maker"),
        ("/engine", Json::Null, "engine.maker"),
        ("/hold/1/maker", json!("Zed"), "hold[1].maker"),
        ("/hold", json!([{"maker": "Eck"}]), "hold[1].maker"),
        ("/deck/fore/maker", json!("Zed"), r#"deck["fore"].maker"#),
        (
            "/tug",
            json!([{"maker": "Kim"}, {"maker": "Zed"}]),
            "tug[1].maker",
        ),
        ("/flag/state", json!(UNKNOWN), "flag.state"),
        ("/places", json!(19), "places"),
    ] {
        let mut config = everything();
        *config.pointer_mut(place).unwrap() = value;
        let plan = ship.plan(&config).await?;
        assert_eq!(
            (plan.action, paths(&plan)),
            (Action::Replace, vec![replaced.to_owned()]),
            "{place}"
        );
    }
    for (place, value) in [
        ("/places", json!(21)),
        ("/policy/sum", json!(6)),
        ("/engine/power", json!("much")),
    ] {
        let mut config = everything();
        *config.pointer_mut("/name").unwrap() = "Zoe".into();
        match config.pointer_mut(place) {
            Some(there) => *there = value,
            None => config["engine"]["power"] = value,
        }
        let plan = ship.plan(&config).await?;
        // The number of calls is open, because nobody set it, and so it is no reason.
        assert_eq!(
            (plan.action, plan.json()["calls"].clone()),
            (Action::Update, json!(UNKNOWN)),
            "{place}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn blocks_are_counted() -> Result<(), Error> {
    let client = client().await?;
    let schemas = client.schemas().await?;
    let block = &schemas.resources["harbour_ship"].block;
    let count = |name: &str| {
        let nested = block.blocks.iter().find(|nested| nested.name == name).unwrap();
        (nested.count.minimum, nested.count.maximum)
    };
    assert_eq!(count("guest"), (0, Some(3)));
    assert_eq!(count("tug"), (1, None));
    assert_eq!(count("flag"), (1, Some(1)));
    let guests: Vec<_> = ["a", "b", "c", "d"].map(|name| json!({"name": name})).into();
    for (name, value, found) in [
        ("guest", json!(guests), "at most 3 blocks are allowed, found 4"),
        ("tug", json!([]), "at least 1 blocks are required, found 0"),
        ("flag", Json::Null, "at least 1 blocks are required, found 0"),
    ] {
        let mut config = everything();
        config[name] = value;
        let refused = client
            .validate_resource("harbour_ship", &config)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains(found), "{refused}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_unknown_at_plan_is_known_at_apply() -> Result<(), Error> {
    let mut ship = ship().await?;
    let mut unknown = everything();
    for (name, value) in [
        ("crew", json!([{"name": UNKNOWN}, {"name": "Bob"}])),
        ("guest", json!(UNKNOWN)),
        ("deck", json!(UNKNOWN)),
        ("policy", json!({"sum": UNKNOWN})),
    ] {
        unknown[name] = value;
    }
    let plan = ship.plan(&unknown).await?;
    assert_eq!(
        (&plan.json()["guest"], &plan.json()["deck"]),
        (&json!(UNKNOWN), &json!(UNKNOWN))
    );
    ship.apply_with(&plan, &everything_with_eve()).await?;
    ship.expect_no_change(&everything_with_eve()).await
}

/// The unknown sailor turns out to be another one.
fn everything_with_eve() -> Json {
    let mut config = everything();
    config["crew"] = json!([{"name": "Eve"}, {"name": "Bob"}]);
    config
}

#[tokio::test]
async fn objects_that_are_not_known_yet_replace_if_anything_in_them_does() -> Result<(), Error> {
    let mut ship = ship().await?;
    ship.create(&everything()).await?;
    for name in ["engine", "hold"] {
        let mut config = everything();
        config[name] = UNKNOWN.into();
        let plan = ship.plan(&config).await?;
        assert_eq!(
            (plan.action, paths(&plan)),
            (Action::Replace, vec![name.to_owned()])
        );
        let mut known = everything();
        known.as_object_mut().unwrap().remove(name);
        ship.apply_with(&plan, &known).await?;
        ship.expect_no_change(&known).await?;
        ship.update(&everything()).await?;
    }
    // Nothing in a sailor replaces the ship.
    let mut config = everything();
    config["crew"] = UNKNOWN.into();
    assert_eq!(ship.plan(&config).await?.action, Action::Update);
    Ok(())
}

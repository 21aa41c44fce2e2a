//! States of older versions: recorded once, never written over, and refused in words that say what to do.
#![expect(clippy::unwrap_used, reason = "tests")]

mod barn;

use std::fs;
use std::path::Path;

use barn::{careless, current, first, forgetful, wordy};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tfplugin_sdk::Provider;
use tfplugin_sdk::testing::{Client, Error, Fixtures, InProcess};

async fn start<P: Provider>() -> Client {
    let client = InProcess::<P>::start().await.unwrap().client().clone();
    client.configure(&json!({})).await.unwrap();
    client
}

fn horse() -> Json {
    json!({"name": "Ada", "age": "7"})
}

/// A folder in which the first version has recorded a horse, and what is written there.
async fn recorded() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let fixtures = Fixtures::in_folder(folder.path()).recording(true);
    let client = start::<first::Barn>().await;
    fixtures
        .record(&client, "barn_horse", "old", &horse())
        .await
        .unwrap();
    let text = fs::read_to_string(old(folder.path())).unwrap();
    (folder, text)
}

fn old(folder: &Path) -> std::path::PathBuf {
    folder.join("barn_horse.v0.old.json")
}

/// The recorded configuration as today's users write it.
fn edit_configuration(folder: &Path) {
    let mut fixture: Json = serde_json::from_str(&fs::read_to_string(old(folder)).unwrap()).unwrap();
    fixture["config"]["age"] = 7.into();
    fs::write(old(folder), fixture.to_string()).unwrap();
}

async fn replay<P: Provider>(folder: &Path) -> Result<usize, Error> {
    let fixtures = Fixtures::in_folder(folder).recording(false);
    fixtures.replay(&start::<P>().await).await
}

async fn refusal<P: Provider>(folder: &Path, said: &[&str]) {
    let error = replay::<P>(folder).await.unwrap_err().to_string();
    for words in said {
        assert!(error.contains(words), "{words:?} is not in: {error}");
    }
}

#[tokio::test]
async fn what_is_recorded_says_everything_and_is_taken_again() {
    let (folder, text) = recorded().await;
    let fixture: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(
        fixture["state"],
        json!({"name": "Ada", "age": "7", "stable": null})
    );
    assert_eq!(fixture["schema"][1]["age"], "string");
    assert_eq!(
        (&fixture["version"], &fixture["plan"]),
        (&json!(0), &json!("no change"))
    );
    assert_eq!(replay::<first::Barn>(folder.path()).await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_missing_is_recorded_only_when_told_to() {
    let folder = TempDir::new().unwrap();
    let client = start::<first::Barn>().await;
    let fixtures = Fixtures::in_folder(folder.path()).recording(false);
    let error = fixtures
        .record(&client, "barn_horse", "old", &horse())
        .await
        .unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("UPDATE_FIXTURES=1") && said.contains("barn_horse.v0.old.json"),
        "{said}"
    );
    refusal::<first::Barn>(folder.path(), &["no fixture"]).await;
}

#[tokio::test]
async fn a_new_version_is_recorded_beside_the_old_one() {
    let (folder, before) = recorded().await;
    let fixtures = Fixtures::in_folder(folder.path()).recording(true);
    let client = start::<current::Barn>().await;
    let config = json!({"name": "Ada", "age": 7});
    fixtures
        .record(&client, "barn_horse", "old", &config)
        .await
        .unwrap();
    assert_eq!(fs::read_to_string(old(folder.path())).unwrap(), before);
    assert!(folder.path().join("barn_horse.v1.old.json").exists());
    refusal::<current::Barn>(folder.path(), &["Write in `config`", "age"]).await;
    edit_configuration(folder.path());
    assert_eq!(replay::<current::Barn>(folder.path()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_schema_that_changes_without_a_new_version_is_refused() {
    let (folder, before) = recorded().await;
    let said = [
        "barn_horse",
        "age: was string, and is number",
        "Raise the version to 1",
        "`Upgrade`",
    ];
    refusal::<careless::Barn>(folder.path(), &said).await;
    let client = start::<careless::Barn>().await;
    let fixtures = Fixtures::in_folder(folder.path()).recording(true);
    let error = fixtures
        .record(&client, "barn_horse", "old", &horse())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("Raise the version to 1"), "{error}");
    assert_eq!(fs::read_to_string(old(folder.path())).unwrap(), before);
}

#[tokio::test]
async fn a_new_version_without_an_upgrade_is_refused() {
    let (folder, _) = recorded().await;
    edit_configuration(folder.path());
    let said = ["version 0", "Implement `Upgrade` for barn_horse", "`.upgrade()`"];
    refusal::<forgetful::Barn>(folder.path(), &said).await;
}

#[tokio::test]
async fn an_upgrade_that_changes_something_is_refused_unless_it_is_expected() {
    let (folder, _) = recorded().await;
    edit_configuration(folder.path());
    refusal::<wordy::Barn>(folder.path(), &["a plan to update", "age: 8 → 7"]).await;
    let mut fixture: Json = serde_json::from_str(&fs::read_to_string(old(folder.path())).unwrap()).unwrap();
    fixture["plan"] = "update".into();
    fs::write(old(folder.path()), fixture.to_string()).unwrap();
    assert_eq!(replay::<wordy::Barn>(folder.path()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_version_is_never_lowered() {
    let folder = TempDir::new().unwrap();
    let fixtures = Fixtures::in_folder(folder.path()).recording(true);
    let client = start::<current::Barn>().await;
    let config = json!({"name": "Ada", "age": 7});
    fixtures
        .record(&client, "barn_horse", "old", &config)
        .await
        .unwrap();
    refusal::<first::Barn>(folder.path(), &["Versions are only raised"]).await;
}

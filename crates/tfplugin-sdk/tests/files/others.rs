//! What is no resource: data source, ephemeral resource, functions, list resource, action, state store, documentation.

use std::path::Path;

use serde_json::json;
use tfplugin_sdk::docs;
use tfplugin_sdk::testing::{Capabilities, Error, UNKNOWN, value_to_json};
use tfplugin_sdk::value::Value;

use super::*;

#[tokio::test]
async fn what_is_in_a_directory_is_read() {
    let place = Place::new().await;
    for name in ["b.txt", "a.txt", "c.md"] {
        place.write(name, name, 0o644);
    }
    fs::create_dir(place.path("d.txt")).unwrap();
    let names = |config| {
        let client = place.client.clone();
        async move {
            let read = client.read_data_source("files_directory", &config).await;
            read.map(|answer| value_to_json(answer.value.attribute("names")))
        }
    };
    assert_eq!(names(json!({})).await.unwrap(), json!(["a.txt", "b.txt", "c.md"]));
    assert_eq!(
        names(json!({"path": ".", "suffix": ".txt"})).await.unwrap(),
        json!(["a.txt", "b.txt"])
    );
    let absent = names(json!({"path": "no"})).await.unwrap_err();
    assert!(absent.to_string().contains("Failed to list"), "{absent}");
}

#[tokio::test]
async fn a_temporary_file_is_there_until_it_is_closed() {
    let place = Place::new().await;
    let config = json!({"content": "hunter2"});
    let open = place
        .client
        .open("files_temporary_file", &config)
        .await
        .unwrap()
        .value;
    let path = value_to_json(open.value.attribute("path"));
    let path = Path::new(path.as_str().unwrap()).to_owned();
    assert_eq!(fs::read_to_string(&path).unwrap(), "hunter2");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    place.client.close(open.clone()).await.unwrap();
    assert!(!path.exists());
    place.client.close(open).await.unwrap();
    assert_eq!(place.names(), [""; 0], "it was not in the root");
}

#[tokio::test]
async fn functions_compute() {
    let client = InProcess::<Files>::start().await.unwrap().client().clone();
    let checksum = client.call_function("checksum", &["hello".into()]).await.unwrap();
    let expected = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(checksum, expected.into());
    let join = async |parts: &[&str]| {
        let parts: Vec<Value> = parts.iter().map(|part| (*part).into()).collect();
        client.call_function("join_path", &parts).await
    };
    for (parts, path) in [
        (&["a"][..], "a"),
        (&["a", "b/c", "d.txt"], "a/b/c/d.txt"),
        (&["a/", "b"], "a/b"),
        (&["/a", "b"], "/a/b"),
        (&["", "b"], "b"),
    ] {
        assert_eq!(join(parts).await.unwrap(), path.into());
    }
    for bad in ["", "/b", "b/../../c"] {
        let Err(Error::Function { error, .. }) = join(&["a", "b", bad]).await else {
            unreachable!("{bad:?} was accepted");
        };
        assert_eq!(error.argument, Some(2), "{error}");
    }
}

#[tokio::test]
async fn files_are_listed_with_their_identities() {
    let place = Place::new().await;
    fs::create_dir(place.path("d")).unwrap();
    for name in ["d/b.txt", "d/a.txt", "d/c.md", "e.txt"] {
        place.write(name, name, 0o644);
    }
    let list = async |config, limit, whole| {
        place
            .client
            .list("files_file", &config, limit, whole)
            .await
            .map(|answer| answer.value)
    };
    let found = list(json!({"directory": "d", "suffix": ".txt"}), 10, true)
        .await
        .unwrap();
    let names: Vec<_> = found.iter().map(|file| file.display_name.as_str()).collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
    assert_eq!(value_to_json(&found[0].identity), json!({"path": "d/a.txt"}));
    assert_eq!(
        value_to_json(found[0].state.as_ref().unwrap())["content"],
        "d/a.txt"
    );
    assert_eq!(list(json!({"directory": "d"}), 2, false).await.unwrap().len(), 2);
    assert_eq!(list(json!({}), 10, false).await.unwrap().len(), 1);
    let outside = list(json!({"directory": "/"}), 10, false).await.unwrap_err();
    assert!(outside.to_string().contains("leads out of the root"), "{outside}");
}

#[tokio::test]
async fn files_are_copied_one_after_the_other() {
    let place = Place::new().await;
    fs::create_dir(place.path("from")).unwrap();
    for name in ["from/a.txt", "from/b.txt", "from/c.md"] {
        place.write(name, name, 0o640);
    }
    let config = json!({"from": "from", "to": "to", "suffix": ".txt"});
    let said = place
        .client
        .invoke_action("files_copy", &config)
        .await
        .unwrap()
        .value;
    assert_eq!(said, ["1 of 2: a.txt", "2 of 2: b.txt"]);
    assert_eq!(
        (place.read("to/b.txt").as_str(), place.mode("to/b.txt")),
        ("from/b.txt", 0o640)
    );
    for (config, problem) in [
        (json!({"from": "from", "to": "from"}), "the same"),
        (json!({"from": "no", "to": "to"}), "Failed to list"),
        (json!({"from": "from", "to": "/etc"}), "leads out of the root"),
    ] {
        let refused = place
            .client
            .invoke_action("files_copy", &config)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains(problem), "{refused}");
    }
}

#[tokio::test]
async fn copying_stops_between_two_files() {
    let place = Place::new().await;
    fs::create_dir(place.path("from")).unwrap();
    // More than is said before anybody listens.
    for number in 0..2000 {
        place.write(&format!("from/{number:0>200}"), "", 0o644);
    }
    let config = json!({"from": "from", "to": "to"});
    let mut copying = place.client.begin_action("files_copy", &config).await.unwrap();
    assert!(copying.next().await.unwrap().unwrap().starts_with("1 of 2000"));
    place.client.stop().await.unwrap();
    let interrupted = copying.end().await.unwrap_err();
    assert!(
        interrupted.to_string().contains("of 2000 files are copied"),
        "{interrupted}"
    );
    let copied = fs::read_dir(place.path("to")).unwrap().count();
    assert!((1..2000).contains(&copied), "{copied}");
}

#[tokio::test]
async fn what_needs_an_unknown_root_is_put_off_where_terraform_can() {
    let client = InProcess::<Files>::start().await.unwrap().client().clone();
    client.configure(&json!({"root": UNKNOWN})).await.unwrap();
    let copy = json!({"from": "a", "to": "b"});
    let refused = client.plan_action("files_copy", &copy).await.unwrap_err();
    assert!(refused.to_string().contains("cannot be planned yet"), "{refused}");
    let deferring = client.with_capabilities(Capabilities {
        deferral: true,
        ..Capabilities::default()
    });
    let deferred = deferring.plan_action("files_copy", &copy).await.unwrap_err();
    assert!(matches!(deferred, Error::Deferred { .. }), "{deferred}");
    let deferred = deferring
        .read_data_source("files_directory", &json!({}))
        .await
        .unwrap_err();
    assert!(matches!(deferred, Error::Deferred { .. }), "{deferred}");
}

#[tokio::test]
async fn states_are_kept_and_locked() {
    let place = Place::new().await;
    let absent = place
        .client
        .open_state_store("files_directory", &json!({"path": "states"}))
        .await
        .unwrap_err();
    assert!(absent.to_string().contains("no such directory"), "{absent}");
    fs::create_dir(place.path("states")).unwrap();
    let opened = place
        .client
        .open_state_store("files_directory", &json!({"path": "states"}))
        .await;
    let store = opened.unwrap().value;
    assert_eq!(store.read("default").await.unwrap().value, None);
    let lock = store.lock("default", "apply").await.unwrap().value.unwrap();
    let refused = store.lock("default", "plan").await.unwrap_err();
    assert!(refused.to_string().contains(&lock), "{refused}");
    store.write("default", b"{}").await.unwrap();
    store.write("default", b"{\"serial\": 1}").await.unwrap();
    assert_eq!(
        store.read("default").await.unwrap().value.unwrap(),
        b"{\"serial\": 1}"
    );
    assert_eq!(place.mode("states/default.tfstate"), 0o600);
    store.unlock("default", "another").await.unwrap_err();
    store.unlock("default", &lock).await.unwrap();
    store.unlock("default", &lock).await.unwrap_err();
    assert_eq!(store.states().await.unwrap().value, ["default"]);
    store.read("../default").await.unwrap_err();
    store.delete("default").await.unwrap();
    store.delete("default").await.unwrap_err();
    assert_eq!(
        fs::read_dir(place.path("states")).unwrap().count(),
        0,
        "nothing is left"
    );
}

/// Every page has its example, and all of it passes the registries' rules.
#[test]
fn there_is_documentation_of_everything() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/files/examples");
    let pages = docs::pages::<Files>(&examples).unwrap();
    let mut paths: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "actions/copy.md",
            "data-sources/directory.md",
            "ephemeral-resources/temporary_file.md",
            "functions/checksum.md",
            "functions/join_path.md",
            "index.md",
            "list-resources/file.md",
            "resources/directory.md",
            "resources/file.md",
            "state-stores/directory.md",
        ]
    );
    let file = pages
        .iter()
        .find(|page| page.path == "resources/file.md")
        .unwrap();
    for part in ["secret_version", "octal digits", "import {", "identity = {"] {
        assert!(file.text.contains(part), "{part}: {}", file.text);
    }
}

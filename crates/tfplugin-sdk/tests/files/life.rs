//! Files and directories from their creation to their end.

use serde_json::json;
use tfplugin_sdk::Source;
use tfplugin_sdk::testing::Lifecycle;

use super::*;

const FILE: &str = "files_file";
const DIRECTORY: &str = "files_directory";

#[tokio::test]
async fn a_file_lives() {
    let place = Place::new().await;
    let mut file = Lifecycle::new(&place.client, FILE);
    file.converge(&json!({"path": "a.txt", "content": "hello"}))
        .await
        .unwrap();
    assert_eq!(
        (place.read("a.txt").as_str(), place.mode("a.txt")),
        ("hello", 0o644)
    );
    let checksum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(file.json()["checksum"], checksum);
    assert_eq!(file.json()["size"], 5);

    file.converge(&json!({"path": "a.txt", "content": "bye", "mode": "640"}))
        .await
        .unwrap();
    assert_eq!(
        (place.read("a.txt").as_str(), place.mode("a.txt")),
        ("bye", 0o640)
    );
    // Another spelling is no change.
    file.expect_no_change(&json!({"path": "./a.txt", "content": "bye", "mode": "0640"}))
        .await
        .unwrap();
    file.converge(&json!({"path": "a.txt", "content": "bye"}))
        .await
        .unwrap();
    assert_eq!(place.mode("a.txt"), 0o644);

    file.converge(&json!({"path": "b.txt", "content": "bye"}))
        .await
        .unwrap();
    assert_eq!(place.names(), ["b.txt"]);
    file.destroy().await.unwrap();
    assert_eq!(place.names(), [""; 0]);
}

#[tokio::test]
async fn what_was_changed_from_outside_is_put_right() {
    let place = Place::new().await;
    let config = json!({"path": "a.txt", "content": "hello"});
    let mut file = Lifecycle::new(&place.client, FILE);
    file.converge(&config).await.unwrap();
    for (content, mode) in [("other", 0o644), ("hello", 0o666)] {
        place.write("a.txt", content, mode);
        file.converge(&config).await.unwrap();
        assert_eq!(
            (place.read("a.txt").as_str(), place.mode("a.txt")),
            ("hello", 0o644)
        );
    }
    fs::write(place.path("a.txt"), b"\xff\x00").unwrap();
    file.converge(&config).await.unwrap();
    assert_eq!(place.read("a.txt"), "hello");

    fs::remove_file(place.path("a.txt")).unwrap();
    assert!(file.refresh().await.unwrap().is_none());
    file.converge(&config).await.unwrap();
    assert_eq!(place.read("a.txt"), "hello");
    // What is gone already is no trouble either.
    fs::remove_file(place.path("a.txt")).unwrap();
    file.destroy().await.unwrap();
}

#[tokio::test]
async fn what_is_in_the_way_is_left_alone() {
    let place = Place::new().await;
    place.write("a.txt", "mine", 0o644);
    let mut file = Lifecycle::new(&place.client, FILE);
    let refused = file
        .create(&json!({"path": "a.txt", "content": "x"}))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("import it"), "{refused}");
    assert_eq!(place.read("a.txt"), "mine");
    let refused = file
        .create(&json!({"path": "no/a.txt", "content": "x"}))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("files_directory"), "{refused}");
    let directory = json!({"path": "d"});
    Lifecycle::new(&place.client, DIRECTORY)
        .create(&directory)
        .await
        .unwrap();
    let refused = Lifecycle::new(&place.client, FILE).import("d").await.unwrap_err();
    assert!(refused.to_string().contains("not a regular file"), "{refused}");
    assert_eq!(place.names(), ["a.txt", "d"], "nothing half written");
}

#[tokio::test]
async fn a_secret_is_on_disk_and_nowhere_else() {
    let place = Place::new().await;
    let config =
        |secret: &str, version: i64| json!({"path": "key", "secret": secret, "secret_version": version});
    let mut file = Lifecycle::new(&place.client, FILE);
    file.converge(&config("hunter2", 1)).await.unwrap();
    assert_eq!(
        (place.read("key").as_str(), place.mode("key")),
        ("hunter2", 0o600)
    );
    let stored = file.json();
    assert_eq!(
        (&stored["secret"], &stored["checksum"], &stored["size"]),
        (&json!(null), &json!(null), &json!(null))
    );

    // Only a new version has it written again.
    file.expect_no_change(&config("hunter3", 1)).await.unwrap();
    assert_eq!(place.read("key"), "hunter2");
    file.converge(&config("hunter3", 2)).await.unwrap();
    assert_eq!(place.read("key"), "hunter3");

    // Whatever is done to the file, also twice, its content is not read.
    place.write("key", "stolen", 0o666);
    file.refresh().await.unwrap();
    file.refresh().await.unwrap();
    assert_eq!(file.json()["content"], json!(null));
    assert_eq!(file.json()["secret_version"], json!(null));
    file.converge(&config("hunter3", 2)).await.unwrap();
    assert_eq!(
        (place.read("key").as_str(), place.mode("key")),
        ("hunter3", 0o600)
    );

    // It becomes a file that anybody may read, and a secret again.
    file.converge(&json!({"path": "key", "content": "open"}))
        .await
        .unwrap();
    assert_eq!((place.read("key").as_str(), place.mode("key")), ("open", 0o644));
    file.converge(&config("hunter4", 1)).await.unwrap();
    assert_eq!(
        (place.read("key").as_str(), &file.json()["content"]),
        ("hunter4", &json!(null))
    );
}

#[tokio::test]
async fn files_are_imported() {
    let place = Place::new().await;
    place.write("a.txt", "hello", 0o644);
    let config = json!({"path": "a.txt", "content": "hello"});
    let mut file = Lifecycle::new(&place.client, FILE);
    file.import("a.txt").await.unwrap();
    file.expect_no_change(&config).await.unwrap();
    let mut same = Lifecycle::new(&place.client, FILE);
    same.import_by_identity(&json!({"path": "a.txt"})).await.unwrap();
    same.expect_no_change(&config).await.unwrap();
    let generated = place
        .client
        .generate_config(FILE, same.state().unwrap())
        .await
        .unwrap();
    same.expect_no_change(&generated.value).await.unwrap();

    // What only its owner may read may be a secret.
    place.write("key", "hunter2", 0o600);
    let mut key = Lifecycle::new(&place.client, FILE);
    key.import("key").await.unwrap();
    assert_eq!(key.json()["content"], json!(null));
    key.converge(&json!({"path": "key", "secret": "hunter3", "secret_version": 1}))
        .await
        .unwrap();
    assert_eq!(place.read("key"), "hunter3");

    for id in ["nothing.txt", "../a.txt", "/etc/passwd", ""] {
        Lifecycle::new(&place.client, FILE).import(id).await.unwrap_err();
    }
}

#[tokio::test]
async fn state_of_version_0_is_upgraded() {
    let place = Place::new().await;
    place.write("a.txt", "hello", 0o640);
    let old = json!({"filename": "a.txt", "content": "hello", "permissions": 0o640});
    let mut file = Lifecycle::stored(&place.client, FILE, 0, &old, b"");
    file.expect_no_change(&json!({"path": "a.txt", "content": "hello", "mode": "0640"}))
        .await
        .unwrap();
    let broken = place.client.upgrade_state(FILE, 0, b"[]").await.unwrap_err();
    assert!(broken.to_string().contains("not readable"), "{broken}");
}

#[tokio::test]
async fn a_file_of_the_local_provider_is_taken_over() {
    let place = Place::new().await;
    place.write("a.txt", "hello", 0o600);
    let mut source = Source {
        provider: "registry.terraform.io/hashicorp/local".to_owned(),
        type_name: "local_file".to_owned(),
        version: 0,
        state: json!({"filename": place.path("a.txt"), "content": "hello", "file_permission": "0600"}),
        private: Vec::new(),
        identity: json!(null),
        identity_version: 0,
    };
    let mut file = Lifecycle::new(&place.client, FILE);
    file.take_over(&source).await.unwrap();
    // Its path was absolute, and the configuration may well have a relative one.
    file.expect_no_change(&json!({"path": "a.txt", "content": "hello", "mode": "0600"}))
        .await
        .unwrap();
    source.type_name = "local_sensitive_file".to_owned();
    Lifecycle::new(&place.client, FILE)
        .take_over(&source)
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_directory_lives() {
    let place = Place::new().await;
    let mut directory = Lifecycle::new(&place.client, DIRECTORY);
    directory.converge(&json!({"path": "d"})).await.unwrap();
    let mut same = Lifecycle::new(&place.client, DIRECTORY);
    same.import("d").await.unwrap();
    same.expect_no_change(&json!({"path": "d"})).await.unwrap();
    same.import_by_identity(&json!({"path": "d"})).await.unwrap();
    place.write("d/a.txt", "hello", 0o644);
    let full = directory.destroy().await.unwrap_err();
    assert!(full.to_string().contains("not empty"), "{full}");
    fs::remove_file(place.path("d/a.txt")).unwrap();
    directory.converge(&json!({"path": "e"})).await.unwrap();
    assert_eq!(place.names(), ["e"]);
    directory.destroy().await.unwrap();
    assert_eq!(place.names(), [""; 0]);
}

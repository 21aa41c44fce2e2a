//! What is refused before anything is done, and what is known by then.

use serde_json::{Value as Json, json};
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Lifecycle, UNKNOWN, value_to_json};

use super::*;

const FILE: &str = "files_file";

#[tokio::test]
async fn a_path_that_leads_elsewhere_is_refused_while_planning() {
    let place = Place::new().await;
    std::os::unix::fs::symlink("/", place.path("out")).unwrap();
    for path in ["/etc/a.txt", "out/a.txt", "/", "."] {
        let config = json!({"path": path, "content": "x"});
        let refused = Lifecycle::new(&place.client, FILE)
            .plan(&config)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("leads out of the root"), "{refused}");
        let at = refused.diagnostics().iter().next().unwrap().path.clone();
        assert_eq!(at.unwrap().to_string(), "path");
    }
    let whole = place.path("a.txt");
    Lifecycle::new(&place.client, FILE)
        .plan(&json!({"path": whole, "content": "x"}))
        .await
        .unwrap();
}

#[tokio::test]
async fn wrong_configurations_are_refused() {
    let place = Place::new().await;
    for (config, problem) in [
        (json!({"path": "../a", "content": "x"}), "no part is `..`"),
        (json!({"path": "", "content": "x"}), "no part is `..`"),
        (json!({"path": "a"}), "Missing value"),
        (
            json!({"path": "a", "content": "x", "secret": "y", "secret_version": 1}),
            "Conflicting",
        ),
        (json!({"path": "a", "secret": "y"}), "secret_version"),
        (json!({"path": "a", "content": "x", "mode": "9"}), "octal"),
        (json!({"path": "a", "content": "x", "mode": "00644"}), "octal"),
    ] {
        let refused = place.client.validate_resource(FILE, &config).await.unwrap_err();
        assert!(refused.to_string().contains(problem), "{problem}: {refused}");
    }
}

#[tokio::test]
async fn what_follows_from_the_configuration_is_planned() {
    let place = Place::new().await;
    let planned = |config: Json| {
        let mut file = Lifecycle::new(&place.client, FILE);
        async move { file.plan(&config).await.unwrap() }
    };
    let known = planned(json!({"path": "a", "content": "hello"})).await;
    let known = value_to_json(&known.planned);
    assert_eq!((&known["size"], &known["mode"]), (&json!(5), &json!("0644")));
    let secret = planned(json!({"path": "a", "secret": "x", "secret_version": 1})).await;
    let secret = value_to_json(&secret.planned);
    assert_eq!(
        (&secret["mode"], &secret["checksum"]),
        (&json!("0600"), &json!(null))
    );
    let open = planned(json!({"path": "a", "content": UNKNOWN})).await;
    assert!(open.planned.attribute("checksum").is_unknown());
    assert!(!open.planned.attribute("mode").is_unknown());
}

#[tokio::test]
async fn what_is_unknown_becomes_known() {
    let place = Place::new().await;
    let mut file = Lifecycle::new(&place.client, FILE);
    let unknown = json!({"path": UNKNOWN, "content": UNKNOWN, "secret": UNKNOWN, "secret_version": UNKNOWN});
    let first = file.plan(&unknown).await.unwrap();
    let config = json!({"path": "a.txt", "content": "hello"});
    file.apply_with(&first, &config).await.unwrap();
    file.expect_no_change(&config).await.unwrap();
    let again = file
        .plan(&json!({"path": UNKNOWN, "content": "hello"}))
        .await
        .unwrap();
    assert_eq!(again.action, Action::Replace);
    file.apply_with(&again, &json!({"path": "b.txt", "content": "hello"}))
        .await
        .unwrap();
    assert_eq!(place.names(), ["b.txt"]);
}

#[tokio::test]
async fn a_root_may_be_unknown_or_absent() {
    let client = InProcess::<Files>::start().await.unwrap().client().clone();
    client.configure(&json!({"root": UNKNOWN})).await.unwrap();
    let config = json!({"path": "/anywhere/a.txt", "content": "x"});
    Lifecycle::new(&client, FILE).plan(&config).await.unwrap();
    let unknown = client
        .read_data_source("files_directory", &json!({}))
        .await
        .unwrap_err();
    assert!(unknown.to_string().contains("not known yet"), "{unknown}");

    let client = InProcess::<Files>::start().await.unwrap().client().clone();
    client.configure(&json!({"root": "no/such/place"})).await.unwrap();
    let absent = Lifecycle::new(&client, FILE).plan(&config).await.unwrap_err();
    assert!(absent.to_string().contains("must exist"), "{absent}");
    let empty = client.configure(&json!({"root": ""})).await.unwrap_err();
    assert!(empty.diagnostics().has_error(), "{empty}");
}

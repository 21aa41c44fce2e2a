//! Who asks, and what the server makes of it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeMap, fs};

use http::Method;
use serde_json::json;
use terraform_provider_mlops::kubernetes::{
    api::{ApplyOptions, Lookup},
    connection::{Connection, ConnectionConfig, ExecPlugin},
    error::{Failure, UnreachableCause},
    object::ObjectKey,
};

use crate::fixture::{Fixture, config, in_namespace, key};

/// A token of the namespace's service account.
async fn token(fixture: &Fixture) -> String {
    let path = format!(
        "/api/v1/namespaces/{}/serviceaccounts/default/token",
        fixture.namespace
    );
    let request = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
    let answer = fixture
        .raw(Method::POST, &path, "application/json", &request)
        .await;
    answer["status"]["token"].as_str().unwrap().to_owned()
}

fn with_token(token: &str) -> Connection {
    Connection::new(ConnectionConfig {
        token: Some(token.to_owned().into()),
        ..config().unwrap()
    })
}

fn config_map(fixture: &Fixture) -> ObjectKey {
    ObjectKey {
        namespace: Some(fixture.namespace.clone()),
        ..key("v1", "ConfigMap", "kube-root-ca.crt")
    }
}

#[tokio::test]
async fn a_token_that_is_none() {
    in_namespace("unauthorized", async |fixture| {
        let error = with_token("nonsense")
            .get(&config_map(fixture))
            .await
            .unwrap_err();
        assert!(matches!(error.failure(), Failure::Unauthorized), "{error}");
        assert!(
            !error.leaves_plan_open(),
            "expired credentials are no reason to plan blindly"
        );
    })
    .await;
}

#[tokio::test]
async fn a_user_who_may_only_read() {
    in_namespace("readonly", async |fixture| {
        let connection = with_token(&token(fixture).await);
        let error = connection.get(&config_map(fixture)).await.unwrap_err();
        let Failure::Forbidden { user, request } = error.failure() else {
            unreachable!("{error}")
        };
        assert_eq!(
            *user,
            format!("system:serviceaccount:{}:default", fixture.namespace)
        );
        assert!(request.starts_with("get `configmaps`"), "{request}");

        let binding = fixture.object(
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            "view",
            &json!({
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
                "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": fixture.namespace}],
            }),
        );
        fixture.apply(&binding).await.unwrap();
        // The authorizer learns of it by a watch of its own.
        while connection.get(&config_map(fixture)).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let object = fixture.config_map("a", &json!({}));
        let error = connection
            .apply(&object, &ApplyOptions::new("mlops").dry_run())
            .await
            .unwrap_err();
        assert!(error.leaves_plan_open(), "{error}");
        assert!(error.detail().contains("cannot patch `configmaps`"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_plugin_is_asked_again_when_its_token_is_not_accepted() {
    in_namespace("plugin", async |fixture| {
        let folder = tempfile::tempdir().unwrap();
        let calls = folder.path().join("calls");
        let credential = |token: &str| {
            json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": token}})
        };
        // The first token is no good; the second is that of the service account.
        let script = format!(
            "if [ -e {calls} ]; then echo '{}'; else echo '{}'; fi; echo call >> {calls}",
            credential(&token(fixture).await),
            credential("expired"),
            calls = calls.display()
        );
        let exec = ExecPlugin {
            api_version: "client.authentication.k8s.io/v1".to_owned(),
            command: "sh".to_owned(),
            args: vec!["-c".to_owned(), script],
            env: BTreeMap::new(),
            ..ExecPlugin::default()
        };
        let connection = Connection::new(ConnectionConfig { exec: Some(exec), ..config().unwrap() });
        let map = config_map(fixture);
        let answers = futures::future::join_all((0..10).map(|_| connection.get(&map))).await;
        for answer in answers {
            let error = answer.unwrap_err();
            assert!(matches!(error.failure(), Failure::Forbidden { .. }), "accepted, if not allowed: {error}");
        }
        assert_eq!(fs::read_to_string(&calls).unwrap().lines().count(), 2, "renewed once for all");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_not_the_one_that_was_meant() {
    let Some(config) = config() else { return };
    let stranger = rcgen::generate_simple_self_signed(["stranger".to_owned()])
        .unwrap()
        .cert
        .pem();
    let cases = [
        (
            ConnectionConfig {
                cluster_ca_certificate: Some(stranger),
                ..config.clone()
            },
            UnreachableCause::UnknownAuthority,
        ),
        (
            ConnectionConfig {
                tls_server_name: Some("stranger.org".to_owned()),
                ..config.clone()
            },
            UnreachableCause::WrongName,
        ),
    ];
    for (config, wanted) in cases {
        let error = Connection::new(config)
            .get(&key("v1", "Namespace", "default"))
            .await
            .unwrap_err();
        assert!(
            matches!(error.failure(), Failure::Unreachable { cause, .. } if *cause == wanted),
            "{error}"
        );
        assert!(!error.leaves_plan_open());
    }
    let named = ConnectionConfig {
        tls_server_name: Some("localhost".to_owned()),
        ..config
    };
    let found = Connection::new(named)
        .get(&key("v1", "Namespace", "default"))
        .await
        .unwrap();
    assert!(matches!(found, Lookup::Present(_)));
}

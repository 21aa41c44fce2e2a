//! Reading, applying and deleting, as a real server answers.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use terraform_provider_mlops::kubernetes::{
    api::{ApplyOptions, DeleteOptions, Deletion, Lookup},
    error::{Failure, Missing},
    fields::{find_apply_entry, project},
    object::ObjectKey,
};

use crate::fixture::{Fixture, in_namespace, key};

#[tokio::test]
async fn an_object_lives() {
    in_namespace("life", async |fixture| {
        let object = fixture.config_map("a", &json!({"x": "1"}));
        assert_eq!(fixture.get(&object).await, Lookup::Absent);

        let planned = fixture
            .connection
            .apply(&object, &ApplyOptions::new("mlops").dry_run())
            .await
            .unwrap();
        assert!(planned.created);
        assert_eq!(fixture.get(&object).await, Lookup::Absent, "only asked");

        let applied = fixture.apply(&object).await.unwrap();
        assert!(applied.created && applied.taken_back.is_empty());
        assert!(!fixture.apply(&object).await.unwrap().created);
        let ours = find_apply_entry(&applied.object, "mlops").unwrap().unwrap();
        assert_eq!(project(&applied.object, &ours.fields).unwrap(), object);
        let planned_fields = find_apply_entry(&planned.object, "mlops")
            .unwrap()
            .unwrap()
            .fields;
        assert_eq!(
            planned_fields, ours.fields,
            "a plan tells the fields that an apply will own"
        );

        let object_key = ObjectKey::of(&object).unwrap();
        let deleted = fixture
            .connection
            .delete(&object_key, &DeleteOptions::default())
            .await
            .unwrap();
        assert_eq!(deleted, Deletion::Gone);
        assert_eq!(fixture.get(&object).await, Lookup::Absent);
        let deleted = fixture
            .connection
            .delete(&object_key, &DeleteOptions::default())
            .await
            .unwrap();
        assert_eq!(deleted, Deletion::Gone);
    })
    .await;
}

#[tokio::test]
async fn what_the_server_adds_is_not_ours() {
    in_namespace("defaults", async |fixture| {
        let mut object = fixture.workload("Deployment", "a", "none/image:1");
        object["spec"]["strategy"] = json!({});
        object["spec"]["template"]["spec"]["containers"][0]["resources"] =
            json!({"requests": {"cpu": "1000m"}});
        let live = fixture.apply(&object).await.unwrap().object;
        let ours = find_apply_entry(&live, "mlops").unwrap().unwrap();
        let mut projection = project(&live, &ours.fields).unwrap();
        assert_eq!(
            projection["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]["cpu"],
            "1"
        );
        projection["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]["cpu"] =
            json!("1000m");
        // A mapping that was applied empty is ours, and so is what the server fills in.
        projection["spec"]["strategy"] = json!({});
        assert_eq!(projection, object);
    })
    .await;
}

#[tokio::test]
async fn an_apply_can_be_meant_for_one_object_only() {
    in_namespace("uid", async |fixture| {
        let object = fixture.config_map("a", &json!({"x": "1"}));
        let meant_for = |uid: &str| ApplyOptions {
            uid: Some(uid.to_owned()),
            ..ApplyOptions::new("mlops")
        };
        let error = fixture
            .connection
            .apply(&object, &meant_for("other"))
            .await
            .unwrap_err();
        assert!(matches!(error.failure(), Failure::Changed), "{error}");
        assert_eq!(fixture.get(&object).await, Lookup::Absent, "it does not create");

        let applied = fixture.apply(&object).await.unwrap().object;
        let uid = applied["metadata"]["uid"].as_str().unwrap();
        fixture.connection.apply(&object, &meant_for(uid)).await.unwrap();
        let error = fixture
            .connection
            .apply(&object, &meant_for("other"))
            .await
            .unwrap_err();
        assert!(matches!(error.failure(), Failure::Changed), "{error}");
        let options = DeleteOptions {
            uid: Some("other".to_owned()),
            ..DeleteOptions::default()
        };
        let deletion = fixture
            .connection
            .delete(&ObjectKey::of(&object).unwrap(), &options)
            .await
            .unwrap();
        assert_eq!(deletion, Deletion::Gone, "the one that was meant");
        assert!(matches!(fixture.get(&object).await, Lookup::Present(_)));
    })
    .await;
}

#[tokio::test]
async fn drift_is_taken_back_and_the_fields_of_others_are_not() {
    in_namespace("drift", async |fixture| {
        let object = fixture.config_map("a", &json!({"ours": "1"}));
        let applied = fixture.apply(&object).await.unwrap().object;
        let owned = find_apply_entry(&applied, "mlops").unwrap().unwrap().fields;
        let change = json!({"data": {"ours": "changed", "theirs": "2"}});
        let path = "/api/v1/namespaces/NAMESPACE/configmaps/a?fieldManager=editor";
        fixture.patch(path, &change).await;

        let error = fixture.apply(&object).await.unwrap_err();
        assert!(error.detail().contains("- .data.ours: `editor`"), "{error}");
        let options = ApplyOptions::new("mlops");
        let applied = fixture
            .connection
            .apply_taking_back(&object, &options, &owned)
            .await
            .unwrap();
        assert_eq!(applied.object["data"], json!({"ours": "1", "theirs": "2"}));
        assert_eq!(applied.taken_back.len(), 1);

        let grasping = fixture.config_map("a", &json!({"ours": "1", "theirs": "3"}));
        let error = fixture
            .connection
            .apply_taking_back(&grasping, &options, &owned)
            .await
            .unwrap_err();
        let Failure::Conflict { conflicts } = error.failure() else {
            unreachable!("{error}")
        };
        assert_eq!(
            (conflicts.len(), conflicts[0].field.as_str()),
            (1, ".data.theirs")
        );
    })
    .await;
}

#[tokio::test]
async fn the_server_warns() {
    in_namespace("warn", async |fixture| {
        let labels = json!({"pod-security.kubernetes.io/warn": "restricted"});
        fixture.apply(&fixture.namespace_object(&labels)).await.unwrap();
        let applied = fixture
            .apply(&fixture.workload("Deployment", "a", "none/image:1"))
            .await
            .unwrap();
        assert!(
            applied.warnings[0].starts_with("would violate PodSecurity \"restricted:latest\""),
            "{:?}",
            applied.warnings
        );
    })
    .await;
}

async fn error(fixture: &Fixture, object: &Value) -> String {
    let error = fixture.apply(object).await.unwrap_err();
    format!("{}\n{}", error.summary(), error.detail())
}

#[tokio::test]
async fn manifests_that_are_wrong() {
    in_namespace("wrong", async |fixture| {
        let with = |pointer: &str, value: Value| {
            let mut object = fixture.workload("Deployment", "a", "none/image:1");
            *object.pointer_mut(pointer).unwrap() = value;
            object
        };
        let container = "/spec/template/spec/containers/0";
        let cases = [
            (
                with("/spec/selector", json!({"matchLabels": {}, "foo": 1})),
                "- .spec.selector.foo: field not declared in schema",
            ),
            (
                with(container, json!({"name": "a", "image": "b", "imagee": "c"})),
                "containers[name=\"a\"].imagee: field not declared",
            ),
            (
                with("/spec/selector", json!([])),
                "- .spec.selector: expected map, got",
            ),
            (
                with("/spec/template", json!({"spec": {"containers": []}})),
                "- spec.template.spec.containers: Required value",
            ),
            (
                with("/metadata/name", json!("A_b")),
                "- metadata.name: Invalid value: \"A_b\"",
            ),
            (
                with("/metadata/namespace", json!("no-such-namespace")),
                "the namespace `no-such-namespace` does not exist",
            ),
            (
                with("/apiVersion", json!("apps/v9")),
                "the cluster does not know its kind",
            ),
            (
                with("/kind", json!("Deploymint")),
                "the cluster does not know its kind",
            ),
        ];
        for (object, wanted) in cases {
            let text = error(fixture, &object).await;
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        let unknown = key("nowhere.org/v1", "Thing", "a");
        assert_eq!(
            fixture.connection.get(&unknown).await.unwrap(),
            Lookup::KindAbsent
        );
        let nowhere = ObjectKey {
            namespace: Some("no-such-namespace".to_owned()),
            ..key("v1", "ConfigMap", "a")
        };
        assert_eq!(fixture.connection.get(&nowhere).await.unwrap(), Lookup::Absent);
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_never_quoted() {
    in_namespace("secret", async |fixture| {
        let secret = |fields: Value| fixture.object("v1", "Secret", "a", &fields);
        for fields in [
            json!({"stringData": {"a": 12_345_678}}),
            json!({"data": {"a": "hunter2!"}}),
            json!({"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": "hunter2"}}),
            json!({"data": {"hunter2 hunter2": "aHVudGVyMg=="}}),
        ] {
            let error = fixture.apply(&secret(fields)).await.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains("12345678") && !shown.contains("hunter2!"),
                "{shown}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn places_are_completed_as_the_cluster_has_them() {
    in_namespace("places", async |fixture| {
        let role = ObjectKey {
            namespace: Some("x".to_owned()),
            ..key("rbac.authorization.k8s.io/v1", "ClusterRole", "system:node")
        };
        assert_eq!(
            fixture
                .connection
                .locate(&role)
                .await
                .unwrap()
                .unwrap()
                .key
                .namespace,
            None
        );
        assert!(matches!(
            fixture.connection.get(&role).await.unwrap(),
            Lookup::Present(_)
        ));
        let map = fixture
            .connection
            .locate(&key("v1", "ConfigMap", "a"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(map.key.namespace.as_deref(), Some("default"));
        assert_eq!(
            fixture
                .connection
                .locate(&key("v1", "Nothing", "a"))
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn content_that_admission_refuses() {
    in_namespace("admission", async |fixture| {
        let quota = fixture.object(
            "v1",
            "ResourceQuota",
            "q",
            &json!({"spec": {"hard": {"secrets": "0"}}}),
        );
        fixture.apply(&quota).await.unwrap();
        let counted = async || {
            let path = format!("/api/v1/namespaces/{}/resourcequotas/q", fixture.namespace);
            fixture
                .raw(Method::GET, &path, "application/json", &json!({}))
                .await["status"]["hard"]
                .is_object()
        };
        while !counted().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let error = fixture
            .apply(&fixture.object("v1", "Secret", "a", &json!({})))
            .await
            .unwrap_err();
        assert!(matches!(error.failure(), Failure::Denied { .. }), "{error}");
        assert!(error.detail().contains("exceeded quota: q"), "{error}");
        assert!(!error.leaves_plan_open());

        let missing = fixture
            .connection
            .get(&key("v1", "Namespace", "no-such-namespace"))
            .await
            .unwrap();
        assert_eq!(missing, Lookup::Absent);
        let mut elsewhere = fixture.config_map("a", &json!({}));
        elsewhere["metadata"]["namespace"] = json!("no-such-namespace");
        let error = fixture.apply(&elsewhere).await.unwrap_err();
        let missing = Missing::Namespace("no-such-namespace".to_owned());
        assert!(matches!(error.failure(), Failure::NotFound { missing: found } if *found == missing));
        assert!(error.leaves_plan_open());
    })
    .await;
}

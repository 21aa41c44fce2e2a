//! Manifests, names and import identifiers.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{ImportIdError, Manifest, ManifestProblem, NameRule, ObjectKey};

fn config_map() -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b"}, "data": {"x": "1"}})
}

fn with(path: &str, value: Value) -> Value {
    let mut object = config_map();
    *object.pointer_mut(path).unwrap() = value;
    object
}

fn problems(object: Value) -> Vec<ManifestProblem> {
    Manifest::strict(object).unwrap_err().problems().to_vec()
}

#[test]
fn a_good_manifest_keeps_its_content() {
    let manifest = Manifest::strict(config_map()).unwrap();
    assert_eq!(manifest.object(), &config_map());
    assert_eq!(manifest.key().to_string(), "v1 ConfigMap b/a");
}

#[test]
fn every_problem_is_found_at_once_with_its_path() {
    let object = json!({
        "apiVersion": 1, "kind": "", "status": {},
        "metadata": {"name": true, "namespace": "UPPER", "uid": "x", "labels": {"a": 1}, "annotations": ["x"]},
    });
    let found = problems(object);
    let paths: Vec<&str> = found.iter().map(ManifestProblem::path).collect();
    let wanted = [
        "apiVersion",
        "kind",
        "metadata.uid",
        "status",
        "metadata.name",
        "metadata.namespace",
        "metadata.labels[\"a\"]",
        "metadata.annotations",
    ];
    assert_eq!(paths, wanted, "{found:?}");
    let text = found[6].to_string();
    assert_eq!(
        text,
        "`metadata.labels[\"a\"]` is a number; expected a string. Put the value in quotes"
    );
}

#[test]
fn what_cannot_be_an_object() {
    assert_eq!(
        problems(json!([])),
        [ManifestProblem::NotAnObject { found: "a list" }]
    );
    assert_eq!(
        problems(with("/apiVersion", json!("apps/v1/x")))[0].path(),
        "apiVersion"
    );
    assert_eq!(
        problems(with("/apiVersion", json!("Apps/v1")))[0].path(),
        "apiVersion"
    );
    assert_eq!(problems(with("/kind", json!("Config Map")))[0].path(), "kind");
    assert_eq!(problems(with("/metadata", json!("x")))[0].path(), "metadata");
    assert_eq!(
        problems(with("/metadata", Value::Null))[0].path(),
        "metadata.name"
    );
    assert_eq!(
        problems(with("/metadata", json!({"generateName": "a-"}))),
        [ManifestProblem::GenerateName]
    );
}

#[test]
fn the_servers_fields_are_refused_or_left_out() {
    let metadata =
        json!({"name": "a", "namespace": "b", "resourceVersion": "1", "managedFields": [], "uid": "x"});
    let mut object = with("/metadata", metadata);
    object["status"] = json!({"phase": "x"});
    let found = problems(object.clone());
    let paths: Vec<&str> = found.iter().map(ManifestProblem::path).collect();
    assert_eq!(
        paths,
        [
            "metadata.managedFields",
            "metadata.resourceVersion",
            "metadata.uid",
            "status"
        ]
    );
    assert_eq!(Manifest::lenient(object).unwrap().object(), &config_map());
}

#[test]
fn nulls_that_tools_write_are_left_out() {
    let metadata = json!({"name": "a", "namespace": "", "creationTimestamp": null});
    let mut object = with("/metadata", metadata);
    object["status"] = Value::Null;
    object["spec"] = json!({"template": {"metadata": {"creationTimestamp": null}, "x": null}});
    let manifest = Manifest::strict(object).unwrap();
    assert_eq!(manifest.key().namespace, None);
    let wanted = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "1"},
        "spec": {"template": {"metadata": {}, "x": null}},
    });
    assert_eq!(manifest.into_object(), wanted);
}

#[test]
fn names_follow_the_rule_of_their_kind() {
    let cases = [
        ("", "ConfigMap", "a.b-c.d", true),
        ("", "ConfigMap", "A", false),
        ("", "ConfigMap", "a..b", false),
        ("", "ConfigMap", "-a", false),
        ("", "Namespace", "a.b", false),
        ("", "Service", "1a", true),
        ("apps", "StatefulSet", "a.b", false),
        ("apps", "Deployment", "a.b", true),
        ("rbac.authorization.k8s.io", "ClusterRole", "system:a,b=c", true),
        ("rbac.authorization.k8s.io", "Role", "a/b", false),
        ("rbac.authorization.k8s.io", "Role", "..", false),
        ("user.openshift.io", "User", "kube:admin", true),
        ("ray.io", "RayCluster", "kube:admin", false),
    ];
    for (group, kind, name, accepted) in cases {
        assert_eq!(
            NameRule::of(group, kind).accepts(name),
            accepted,
            "{group} {kind} {name}"
        );
    }
    assert!(NameRule::DnsLabel.accepts(&"a".repeat(63)) && !NameRule::DnsLabel.accepts(&"a".repeat(64)));
    assert!(
        NameRule::DnsSubdomain.accepts(&"a".repeat(253)) && !NameRule::DnsSubdomain.accepts(&"a".repeat(254))
    );
}

fn key(namespace: Option<&str>, name: &str) -> ObjectKey {
    ObjectKey {
        api_version: "apps/v1".to_owned(),
        kind: "Deployment".to_owned(),
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
    }
}

#[test]
fn keys_are_shown_and_imported() {
    let namespaced = key(Some("web"), "app");
    assert_eq!(namespaced.to_string(), "apps/v1 Deployment web/app");
    assert_eq!(
        namespaced.import_id(),
        "apiVersion=apps/v1,kind=Deployment,namespace=web,name=app"
    );
    for key in [
        namespaced,
        key(None, "app"),
        key(None, "a,b=c,d"),
        key(Some("x"), "system:a"),
    ] {
        assert_eq!(key.import_id().parse(), Ok(key));
    }
    assert_eq!(
        "name=app, kind=Deployment, apiVersion=apps/v1".parse(),
        Ok(key(None, "app"))
    );
}

#[test]
fn bad_import_identifiers_say_what_is_missing() {
    let missing = |part| ImportIdError::Missing {
        id: String::new(),
        part,
    };
    let part_of = |id: &str| match id.parse::<ObjectKey>().unwrap_err() {
        ImportIdError::Missing { part, .. } => missing(part),
        other => other,
    };
    assert_eq!(part_of("kind=A,name=b"), missing("apiVersion"));
    assert_eq!(part_of("apiVersion=v1,kind=A,namespace=b"), missing("name"));
    assert_eq!(part_of("apiVersion=v1,kind=,name=b"), missing("kind"));
    assert!(matches!(part_of("default/app"), ImportIdError::Unknown { .. }));
    assert!(matches!(
        part_of("kind=A,kind=B"),
        ImportIdError::Twice { part: "kind", .. }
    ));
}

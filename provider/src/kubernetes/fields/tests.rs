//! Sets, projections and fingerprints.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{
    FieldPath, FieldSet, PathElement, entries, find_apply_entry, fingerprint, managers_of, project,
    without_secret_data,
};

fn set(fields: &Value) -> FieldSet {
    FieldSet::parse(fields).unwrap()
}

fn entry(manager: &str, operation: &str, subresource: &str, fields: &Value) -> Value {
    json!({
        "manager": manager, "operation": operation, "apiVersion": "apps/v1", "subresource": subresource,
        "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": fields,
    })
}

fn our_fields() -> Value {
    json!({
        "f:metadata": {"f:annotations": {"f:a.b/c": {}}, "f:finalizers": {"v:\"x.org/mine\"": {}}},
        "f:spec": {
            "f:replicas": {},
            "f:strategy": {},
            "f:template": {"f:spec": {"f:containers": {
                "k:{\"name\":\"app\"}": {".": {}, "f:image": {}, "f:args": {}, "f:name": {},
                    "f:ports": {"k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {".": {}, "f:containerPort": {}}}},
            }, "f:nodeSelector": {}}},
        },
    })
}

fn live() -> Value {
    let theirs = json!({
        "f:metadata": {"f:annotations": {"f:revision": {}}, "f:finalizers": {"v:\"x.org/theirs\"": {}}},
        "f:spec": {"f:template": {"f:spec": {"f:nodeSelector": {"f:zone": {}}}}},
    });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": "web", "namespace": "shop", "uid": "1", "finalizers": ["x.org/theirs", "x.org/mine"],
            "annotations": {"a.b/c": "1", "revision": "3"},
            "managedFields": [
                entry("mlops", "Apply", "", &our_fields()),
                entry("controller", "Update", "", &theirs),
                entry("mlops", "Apply", "status", &json!({"f:status": {"f:x": {}}})),
            ],
        },
        "spec": {
            "replicas": 3, "strategy": {"type": "RollingUpdate"}, "selector": {"a": "b"},
            "template": {"spec": {
                "nodeSelector": {"zone": "a"},
                "containers": [
                    {"name": "sidecar", "image": "proxy:1"},
                    {"name": "app", "image": "web:1", "args": ["-v", "-x"], "imagePullPolicy": "Always",
                     "ports": [{"containerPort": 80, "protocol": "TCP"}, {"containerPort": 81, "protocol": "TCP"}]},
                ],
            }},
        },
        "status": {"x": 1},
    })
}

#[test]
fn a_projection_holds_what_is_owned_and_no_more() {
    let wanted = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": "web", "namespace": "shop", "annotations": {"a.b/c": "1"}, "finalizers": ["x.org/mine"],
        },
        "spec": {
            "replicas": 3, "strategy": {"type": "RollingUpdate"},
            "template": {"spec": {
                "nodeSelector": {},
                "containers": [{"name": "app", "image": "web:1", "args": ["-v", "-x"],
                    "ports": [{"containerPort": 80, "protocol": "TCP"}]}],
            }},
        },
    });
    assert_eq!(project(&live(), &set(&our_fields())).unwrap(), wanted);
}

#[test]
fn what_vanished_from_the_object_vanishes_from_the_projection() {
    let mut object = live();
    object["spec"]["template"]["spec"]["containers"]
        .as_array_mut()
        .unwrap()
        .pop();
    object["spec"].as_object_mut().unwrap().remove("replicas");
    let projection = project(&object, &set(&our_fields())).unwrap();
    assert_eq!(projection["spec"]["template"]["spec"]["containers"], json!([]));
    assert_eq!(projection["spec"].get("replicas"), None);
}

#[test]
fn leaves_read_like_paths() {
    let leaves: Vec<String> = set(&our_fields())
        .leaves()
        .iter()
        .map(ToString::to_string)
        .collect();
    let wanted = [
        ".metadata.annotations[\"a.b/c\"]",
        ".metadata.finalizers[=\"x.org/mine\"]",
        ".spec.replicas",
        ".spec.strategy",
        ".spec.template.spec.containers[name=\"app\"].args",
        ".spec.template.spec.containers[name=\"app\"].image",
        ".spec.template.spec.containers[name=\"app\"].name",
        ".spec.template.spec.containers[name=\"app\"].ports[containerPort=80,protocol=\"TCP\"].containerPort",
        ".spec.template.spec.nodeSelector",
    ];
    assert_eq!(leaves, wanted);
    assert_eq!(
        set(&our_fields()).leaves()[0].server_text(),
        ".metadata.annotations.a.b/c"
    );
}

#[test]
fn entries_are_told_by_manager_operation_and_subresource() {
    let ours = find_apply_entry(&live(), "mlops").unwrap().unwrap();
    assert_eq!(ours.fields, set(&our_fields()));
    assert_eq!(find_apply_entry(&live(), "controller").unwrap(), None);
    assert_eq!(entries(&live()).unwrap().len(), 3);
    let wanted = "`mlops` (Apply of status, 2026-01-01T00:00:00Z)";
    assert_eq!(entries(&live()).unwrap()[2].to_string(), wanted);
    assert_eq!(entries(&json!({"metadata": {}})).unwrap(), []);
}

fn path(names: &[&str]) -> FieldPath {
    FieldPath(
        names
            .iter()
            .map(|name| PathElement::Field((*name).to_owned()))
            .collect(),
    )
}

#[test]
fn managers_of_a_path() {
    let managers = |names: &[&str]| -> Vec<String> {
        let found = managers_of(&live(), &path(names)).unwrap();
        found.into_iter().map(|entry| entry.manager).collect()
    };
    assert_eq!(managers(&["spec", "replicas"]), ["mlops"]);
    assert_eq!(
        managers(&["spec", "strategy", "type"]),
        ["mlops"],
        "part of what is owned as a whole"
    );
    assert_eq!(managers(&["metadata", "annotations", "revision"]), ["controller"]);
    assert_eq!(
        managers(&["spec"]),
        [""; 0],
        "a parent is owned only where its set says so"
    );
    assert_eq!(managers(&["spec", "selector"]), [""; 0]);
}

#[test]
fn a_broken_record_is_an_error() {
    for fields in [
        json!({"x:spec": {}}),
        json!({"f:spec": 1}),
        json!({"k:nonsense": {}}),
        json!([]),
    ] {
        FieldSet::parse(&fields).unwrap_err();
    }
}

#[test]
fn secrets_are_left_out_yet_fingerprinted() {
    let secret =
        |value: &str| json!({"apiVersion": "v1", "kind": "Secret", "data": {"a": value}, "type": "Opaque"});
    assert_eq!(
        without_secret_data(secret("x")),
        json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque"})
    );
    let config_map = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}});
    assert_eq!(without_secret_data(config_map.clone()), config_map);

    let print = fingerprint(b"salt", &secret("x"));
    assert_eq!(print.len(), 32);
    assert_eq!(print, fingerprint(b"salt", &secret("x")));
    assert_ne!(print, fingerprint(b"salt", &secret("y")));
    assert_ne!(print, fingerprint(b"salt2", &secret("x")));
    assert_ne!(
        fingerprint(b"", &json!(["a", "b"])),
        fingerprint(b"", &json!(["a,b"]))
    );
}

/// What an API server would record for an applied configuration: lists of named items are merged by name, other lists
/// and scalars are owned as a whole.
fn set_of_configuration(value: &Value) -> Value {
    let mut fields = Map::new();
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                fields.insert(format!("f:{name}"), set_of_configuration(value));
            }
        }
        Value::Array(items) if items.iter().all(|item| item.get("name").is_some()) => {
            for item in items {
                let mut below = set_of_configuration(item);
                below["."] = json!({});
                fields.insert(format!("k:{{\"name\":{}}}", item["name"]), below);
            }
        }
        _ => {}
    }
    Value::Object(fields)
}

/// Adds fields and items of others everywhere.
fn add_foreign(value: &mut Value) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            entries.values_mut().for_each(add_foreign);
            entries.insert("foreign".to_owned(), json!({"x": 1}));
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(|item| item.get("name").is_some()) => {
            items.iter_mut().for_each(add_foreign);
            items.insert(0, json!({"name": "foreign", "x": 1}));
        }
        _ => {}
    }
}

fn configuration() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z]{0,4}".prop_map(Value::from)
    ];
    let leaf =
        prop_oneof![4 => scalar.clone(), 1 => prop::collection::vec(scalar, 1..4).prop_map(Value::from)];
    let name = "[b-e]{1,3}|a\\.b/c";
    let value = leaf.prop_recursive(4, 40, 4, move |inner| {
        let object = prop::collection::btree_map(name, inner.clone(), 0..4);
        let items =
            prop::collection::btree_map("[a-e]{1,3}", prop::collection::btree_map(name, inner, 0..3), 1..4);
        prop_oneof![
            object.prop_map(|fields| Value::Object(fields.into_iter().collect())),
            items.prop_map(|items| items.into_iter().map(named_item).collect()),
        ]
    });
    prop::collection::btree_map(name, value, 1..5)
        .prop_map(|fields| json!({"metadata": {"name": "x"}, "spec": fields}))
}

fn named_item((name, fields): (String, BTreeMap<String, Value>)) -> Value {
    let mut item: Map<String, Value> = fields.into_iter().collect();
    item.insert("name".to_owned(), Value::from(name));
    Value::Object(item)
}

proptest! {
    #[test]
    fn what_was_applied_is_what_is_projected(configuration in configuration()) {
        let mut live = configuration.clone();
        add_foreign(&mut live);
        let mut wanted = configuration.clone();
        for object in [&mut live, &mut wanted] {
            object["apiVersion"] = json!("x.org/v1");
            object["kind"] = json!("X");
        }
        prop_assert_eq!(project(&live, &set(&set_of_configuration(&configuration))).unwrap(), wanted);
    }

    #[test]
    fn sets_survive_their_format(configuration in configuration()) {
        let fields = set_of_configuration(&configuration);
        prop_assert_eq!(set(&fields).to_value(), fields);
    }

    #[test]
    fn difference_and_union_belong_together(one in configuration(), other in configuration()) {
        let (one, other) = (set(&set_of_configuration(&one)), set(&set_of_configuration(&other)));
        let only_one = one.difference(&other);
        prop_assert!(one.difference(&one).is_empty());
        prop_assert!(only_one.leaves().iter().all(|path| one.contains(path)));
        let mut union = other.clone();
        union.extend(&one);
        prop_assert!(one.difference(&union).is_empty());
        let mut rebuilt = other.clone();
        rebuilt.extend(&only_one);
        prop_assert_eq!(rebuilt, union);
    }
}

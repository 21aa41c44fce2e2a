//! Small objects of many kinds, as people write them.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

/// What a text in an object can be.
const TEXTS: [&str; 10] = [
    "",
    "a",
    "true",
    "1",
    "1.0",
    "null",
    "line one\nline two\n",
    " é ",
    "😀: {",
    "${a} %{b} \"c\"",
];

/// How users write amounts.
const AMOUNTS: [&str; 7] = ["1", "1000m", "0.5", "500m", "2Gi", "2048Mi", "1e3"];

/// An object in `namespace`. There are few names, so that it is often the same one that changes.
pub(super) fn object(namespace: &str) -> BoxedStrategy<Json> {
    let immutable = prop_oneof![8 => Just(None), 1 => any::<bool>().prop_map(|truth| Some(truth.into()))];
    any_object(namespace, immutable.boxed())
}

/// An object that can be changed in place.
pub(super) fn mutable(namespace: &str) -> BoxedStrategy<Json> {
    any_object(namespace, Just(None).boxed())
}

fn any_object(namespace: &str, immutable: BoxedStrategy<Option<Json>>) -> BoxedStrategy<Json> {
    let kinds = prop_oneof![
        4 => config_map(immutable),
        2 => service_account(),
        2 => secret(),
        2 => quota(),
        2 => role(),
    ];
    let namespace = namespace.to_owned();
    (kinds, metadata())
        .prop_map(move |(mut object, metadata)| {
            object["metadata"] = metadata;
            object["metadata"]["namespace"] = namespace.as_str().into();
            object
        })
        .boxed()
}

fn metadata() -> impl Strategy<Value = Json> {
    let labels = map(
        "(example[.]com/)?[a-z]{1,3}",
        "([a-zA-Z0-9]{1,3})?".prop_map(Json::from),
    );
    let annotations = map("[a-z]{1,3}", text());
    (select(&["one", "two"][..]), labels, annotations).prop_map(|(name, labels, annotations)| {
        with(
            json!({"name": name}),
            [("labels", labels), ("annotations", annotations)],
        )
    })
}

fn config_map(immutable: BoxedStrategy<Option<Json>>) -> BoxedStrategy<Json> {
    (map("[a-z]{1,2}([.][a-z])?", text()), immutable)
        .prop_map(|(data, immutable)| {
            with(
                kind("v1", "ConfigMap"),
                [("data", data), ("immutable", immutable)],
            )
        })
        .boxed()
}

/// A Secret whose contents the configuration spells out.
fn secret() -> BoxedStrategy<Json> {
    let encoded = select(&["", "YQ==", "eHl6"][..]).prop_map(Json::from);
    (map("[a-c]", encoded), map("[x-z]", text()))
        .prop_map(|(data, plain)| with(kind("v1", "Secret"), [("data", data), ("stringData", plain)]))
        .boxed()
}

/// A Secret whose contents are given elsewhere.
pub(super) fn empty_secret(namespace: &str) -> impl Strategy<Value = Json> + use<> {
    let namespace = namespace.to_owned();
    metadata().prop_map(move |metadata| {
        let mut object = with(kind("v1", "Secret"), [("metadata", Some(metadata))]);
        object["metadata"]["namespace"] = namespace.as_str().into();
        object
    })
}

fn service_account() -> BoxedStrategy<Json> {
    option::of(any::<bool>().prop_map(Json::from))
        .prop_map(|mount| {
            with(
                kind("v1", "ServiceAccount"),
                [("automountServiceAccountToken", mount)],
            )
        })
        .boxed()
}

fn quota() -> BoxedStrategy<Json> {
    let amount = prop_oneof![
        select(&AMOUNTS[..]).prop_map(Json::from),
        (0..9).prop_map(Json::from)
    ];
    map("(requests|limits)[.](cpu|memory)", amount)
        .prop_map(|hard| {
            with(
                kind("v1", "ResourceQuota"),
                [("spec", hard.map(|hard| json!({"hard": hard})))],
            )
        })
        .boxed()
}

fn role() -> BoxedStrategy<Json> {
    let words = |words: &'static [&'static str]| vec(select(words), 1..=2);
    let rule = (
        words(&["", "apps"]),
        words(&["pods", "secrets", "*"]),
        words(&["get", "list"]),
    );
    let rule = rule.prop_map(
        |(groups, resources, verbs)| json!({"apiGroups": groups, "resources": resources, "verbs": verbs}),
    );
    vec(rule, 0..=3)
        .prop_map(|rules| {
            with(
                kind("rbac.authorization.k8s.io/v1", "Role"),
                [("rules", Some(rules.into()))],
            )
        })
        .boxed()
}

fn text() -> impl Strategy<Value = Json> + Clone {
    select(&TEXTS[..]).prop_map(Json::from)
}

/// A map, or none.
fn map(keys: &'static str, values: impl Strategy<Value = Json>) -> impl Strategy<Value = Option<Json>> {
    let map = btree_map(keys, values, 0..=3).prop_map(|map| Json::Object(Map::from_iter(map)));
    option::of(map)
}

fn kind(api_version: &str, kind: &str) -> Json {
    json!({"apiVersion": api_version, "kind": kind})
}

fn with<const N: usize>(mut object: Json, fields: [(&str, Option<Json>); N]) -> Json {
    for (name, value) in fields {
        if let Some(value) = value {
            object[name] = value;
        }
    }
    object
}

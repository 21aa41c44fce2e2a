//! Kinds that come and go while we run.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use terraform_provider_mlops::kubernetes::{
    api::{DeleteOptions, Deletion, Lookup},
    discovery::KindLookup,
    error::{Failure, Missing},
    object::ObjectKey,
};
use tokio_util::sync::CancellationToken;

use crate::fixture::{Fixture, in_namespace, limit};

/// A definition in a group of its own.
pub(crate) fn definition(group: &str, plural: &str, kind: &str, spec: &Value) -> Value {
    let schema = json!({"type": "object", "properties": {
        "spec": spec,
        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
    }});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{group}")},
        "spec": {
            "group": group, "scope": "Namespaced",
            "names": {"plural": plural, "singular": kind.to_lowercase(), "kind": kind, "listKind": format!("{kind}List")},
            "versions": [{
                "name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema},
                "subresources": {"status": {}},
            }],
        },
    })
}

pub(crate) fn group(fixture: &Fixture) -> String {
    format!("{}.org", fixture.namespace)
}

/// Removes a definition and waits until it is gone, as a namespace does not take it along.
pub(crate) async fn remove(fixture: &Fixture, definition: &Value) {
    let key = ObjectKey::of(definition).unwrap();
    if let Deletion::Pending { uid, .. } = fixture
        .connection
        .delete(&key, &DeleteOptions::default())
        .await
        .unwrap()
    {
        let cancel = CancellationToken::new();
        fixture
            .connection
            .wait_gone(&key, &uid, &limit(30, &cancel))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_definition_and_its_object_come_together_and_go_together() {
    in_namespace("crd", async |fixture| {
        let group = group(fixture);
        let api_version = format!("{group}/v1");
        let definition = definition(&group, "widgets", "Widget", &json!({"type": "object"}));
        let widget = fixture.object(&api_version, "Widget", "a", &json!({"spec": {}}));
        let connection = &fixture.connection;
        assert_eq!(
            connection.find_kind(&api_version, "Widget").await.unwrap(),
            KindLookup::GroupMissing
        );
        assert_eq!(fixture.get(&widget).await, Lookup::KindAbsent);
        let error = fixture.apply(&widget).await.unwrap_err();
        assert!(
            matches!(
                error.failure(),
                Failure::NotFound {
                    missing: Missing::Kind
                }
            ),
            "{error}"
        );

        fixture.apply(&definition).await.unwrap();
        fixture.wait(&definition, 20).await.unwrap();
        fixture.apply(&widget).await.unwrap();
        assert!(matches!(fixture.get(&widget).await, Lookup::Present(_)));
        assert_eq!(
            connection.find_kind(&api_version, "Gadget").await.unwrap(),
            KindLookup::KindMissing
        );

        remove(fixture, &definition).await;
        assert_eq!(fixture.get(&widget).await, Lookup::KindAbsent);
        let gone = connection
            .delete(&ObjectKey::of(&widget).unwrap(), &DeleteOptions::default())
            .await
            .unwrap();
        assert_eq!(gone, Deletion::Gone);
    })
    .await;
}

#[tokio::test]
async fn a_definition_whose_names_are_taken_fails_at_once() {
    in_namespace("names", async |fixture| {
        let group = group(fixture);
        let first = definition(&group, "widgets", "Widget", &json!({"type": "object"}));
        let second = definition(&group, "wodgets", "Widget", &json!({"type": "object"}));
        fixture.apply(&first).await.unwrap();
        fixture.wait(&first, 20).await.unwrap();
        fixture.apply(&second).await.unwrap();
        let text = fixture.failure(&second).await;
        assert!(text.contains("its names are not accepted"), "{text}");
        remove(fixture, &second).await;
        remove(fixture, &first).await;
    })
    .await;
}

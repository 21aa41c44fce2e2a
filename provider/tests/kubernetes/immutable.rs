//! Changes that need a replacement, and changes that are just wrong.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use terraform_provider_mlops::kubernetes::{api::ApplyOptions, error::Failure};

use crate::{
    fixture::{Fixture, in_namespace, template},
    kinds::{definition, group, remove},
};

/// Kind, fields before, fields after, and whether only a replacement brings about the change.
type Case = (&'static str, &'static str, Value, Value, bool);

fn workloads() -> Vec<Case> {
    let selector = json!({"matchLabels": {"app": "a"}});
    let wider = json!({"matchLabels": {"app": "a", "x": "y"}});
    let mut wider_template = template("a:1");
    wider_template["metadata"]["labels"]["x"] = json!("y");
    let spec =
        |selector: &Value, template: &Value| json!({"spec": {"selector": selector, "template": template}});
    let (narrow, wide) = (spec(&selector, &template("a:1")), spec(&wider, &wider_template));
    let mut negative = narrow.clone();
    negative["spec"]["replicas"] = json!(-1);
    let set = |service: &str| {
        let mut fields = spec(&selector, &template("a:1"));
        fields["spec"]["serviceName"] = json!(service);
        fields
    };
    let job = |image: &str| {
        let mut template = template(image);
        template["spec"]["restartPolicy"] = json!("Never");
        json!({"spec": {"template": template}})
    };
    let pod = |containers: Value| json!({"spec": {"containers": containers}});
    let one = json!([{"name": "a", "image": "a:1"}]);
    let two = json!([{"name": "a", "image": "a:1"}, {"name": "b", "image": "a:1"}]);
    let other = json!([{"name": "a", "image": "a:1", "command": ["x"]}]);
    vec![
        ("apps/v1", "Deployment", narrow.clone(), wide.clone(), true),
        ("apps/v1", "Deployment", narrow.clone(), negative, false),
        ("apps/v1", "DaemonSet", narrow, wide, true),
        ("apps/v1", "StatefulSet", set("a"), set("b"), true),
        ("batch/v1", "Job", job("a:1"), job("a:2"), true),
        ("v1", "Pod", pod(one.clone()), pod(two), true),
        ("v1", "Pod", pod(one), pod(other), true),
    ]
}

fn others() -> Vec<Case> {
    let ports = |port: u32| json!([{"port": port}]);
    let service = |port| json!({"spec": {"ports": ports(port)}});
    let headless = json!({"spec": {"ports": ports(80), "clusterIP": "None"}});
    let claim = |class: &str, size: &str| {
        json!({"spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": class,
            "resources": {"requests": {"storage": size}}}})
    };
    let binding = |role: &str| json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}});
    let fixed = |value: &str| json!({"immutable": true, "data": {"a": value}});
    let typed = |kind: &str| json!({"type": kind, "data": {"a": "MQ=="}});
    vec![
        ("v1", "Service", service(80), headless, true),
        ("v1", "Service", service(80), service(99_999), false),
        (
            "v1",
            "PersistentVolumeClaim",
            claim("a", "2Gi"),
            claim("b", "2Gi"),
            true,
        ),
        (
            "v1",
            "PersistentVolumeClaim",
            claim("a", "2Gi"),
            claim("a", "1Gi"),
            true,
        ),
        (
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            binding("view"),
            binding("edit"),
            true,
        ),
        ("v1", "ConfigMap", fixed("1"), fixed("2"), true),
        ("v1", "ConfigMap", fixed("1"), json!({"data": {"a": "1"}}), true),
        ("v1", "Secret", fixed("MQ=="), fixed("Mg=="), true),
        ("v1", "Secret", typed("Opaque"), typed("x.org/a"), true),
    ]
}

async fn check(fixture: &Fixture, cases: Vec<Case>) {
    for (index, (api_version, kind, before, after, replacement)) in cases.into_iter().enumerate() {
        let name = format!("case-{index}");
        fixture
            .apply(&fixture.object(api_version, kind, &name, &before))
            .await
            .unwrap();
        let after = fixture.object(api_version, kind, &name, &after);
        let error = fixture
            .connection
            .apply(&after, &ApplyOptions::new("mlops").dry_run())
            .await
            .unwrap_err();
        assert!(matches!(error.failure(), Failure::Invalid { .. }), "{error}");
        assert_eq!(error.needs_replacement(), replacement, "{error}");
    }
}

#[tokio::test]
async fn fields_of_workloads() {
    in_namespace("workloads", async |fixture| check(fixture, workloads()).await).await;
}

#[tokio::test]
async fn fields_of_other_kinds() {
    in_namespace("others", async |fixture| check(fixture, others()).await).await;
}

#[tokio::test]
async fn fields_of_custom_kinds() {
    in_namespace("rules", async |fixture| {
        let group = group(fixture);
        let text = |rule: &str, message: Value| {
            let mut rule = json!({"rule": rule});
            if message.is_string() {
                rule["message"] = message;
            }
            json!({"type": "string", "x-kubernetes-validations": [rule]})
        };
        let spec = json!({"type": "object", "properties": {
            "named": text("self == oldSelf", json!("the region is immutable")),
            "plain": text("self == oldSelf", Value::Null),
            "short": text("self.size() < 3", json!("too long")),
        }});
        let definition = definition(&group, "widgets", "Widget", &spec);
        fixture.apply(&definition).await.unwrap();
        fixture.wait(&definition, 20).await.unwrap();
        let cases = [
            ("named", "1", "2", true),
            ("plain", "1", "2", true),
            ("short", "1", "long", false),
        ];
        for (field, before, after, replacement) in cases {
            let widget = |value: &str| {
                fixture.object(
                    &format!("{group}/v1"),
                    "Widget",
                    field,
                    &json!({"spec": {field: value}}),
                )
            };
            fixture.apply(&widget(before)).await.unwrap();
            let error = fixture.apply(&widget(after)).await.unwrap_err();
            assert_eq!(error.needs_replacement(), replacement, "{error}");
        }
        remove(fixture, &definition).await;
    })
    .await;
}

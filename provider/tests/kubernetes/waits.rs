//! Waits that succeed, time out, or are cancelled.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use terraform_provider_mlops::kubernetes::{
    api::DeleteOptions,
    object::ObjectKey,
    wait::{ConditionWanted, Conditions, FieldWanted, Wait, WaitError},
};
use tokio_util::sync::CancellationToken;

use crate::{
    fixture::{Fixture, impatient, in_namespace, key, limit},
    kinds::{definition, group, remove},
};

/// A custom object whose status only the test writes, and its path.
async fn widget(fixture: &Fixture) -> (Value, Value, String) {
    let group = group(fixture);
    let definition = definition(&group, "widgets", "Widget", &json!({"type": "object"}));
    fixture.apply(&definition).await.unwrap();
    fixture.wait(&definition, 20).await.unwrap();
    let widget = fixture.object(&format!("{group}/v1"), "Widget", "a", &json!({"spec": {}}));
    fixture.apply(&widget).await.unwrap();
    let path = format!("/apis/{group}/v1/namespaces/NAMESPACE/widgets/a/status");
    (definition, widget, path)
}

fn ready(status: &str) -> Value {
    json!({"status": {"phase": "p", "conditions": [{"type": "Ready", "status": status, "reason": "Why"}]}})
}

#[tokio::test]
async fn a_wait_ends_as_soon_as_the_object_is_ready() {
    in_namespace("latency", async |fixture| {
        let (definition, widget, path) = widget(fixture).await;
        let mut slowest = Duration::ZERO;
        for _ in 0..5 {
            fixture.patch(&path, &ready("False")).await;
            let waited = async {
                fixture.wait(&widget, 10).await.unwrap();
                Instant::now()
            };
            let written = async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                fixture.patch(&path, &ready("True")).await;
                Instant::now()
            };
            let (waited, written) = tokio::join!(waited, written);
            slowest = slowest.max(waited.saturating_duration_since(written));
        }
        assert!(slowest < Duration::from_millis(200), "{slowest:?}");
        remove(fixture, &definition).await;
    })
    .await;
}

#[tokio::test]
async fn conditions_and_fields_that_the_user_asks_for() {
    in_namespace("asked", async |fixture| {
        let (definition, widget, path) = widget(fixture).await;
        let conditions = Conditions {
            rollout: false,
            conditions: vec![ConditionWanted {
                kind: "Ready".to_owned(),
                status: "False".to_owned(),
            }],
            fields: vec![FieldWanted::matches("{.status.phase}", "^p$").unwrap()],
        };
        let error = fixture
            .wait_for(&widget, &conditions, 1, impatient())
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("it has no condition `Ready` yet"),
            "{error}"
        );
        fixture.patch(&path, &ready("False")).await;
        let object = fixture
            .wait_for(&widget, &conditions, 5, impatient())
            .await
            .unwrap();
        assert_eq!(object["status"]["phase"], "p");
        remove(fixture, &definition).await;
    })
    .await;
}

#[tokio::test]
async fn a_wait_that_is_cut_short_says_how_far_it_came() {
    in_namespace("short", async |fixture| {
        let (definition, widget, path) = widget(fixture).await;
        fixture.patch(&path, &ready("False")).await;
        let told = Mutex::new(Vec::new());
        let progress = |text: &str| told.lock().unwrap().push(text.to_owned());
        let cancel = CancellationToken::new();
        let wait = Wait {
            progress: &progress,
            ..limit(10, &cancel)
        };
        let rollout = Conditions {
            rollout: true,
            ..Conditions::default()
        };
        let widget_key = ObjectKey::of(&widget).unwrap();
        let waited = fixture.connection.wait_ready(&widget_key, &rollout, &wait);
        let cancelled = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            cancel.cancel();
            Instant::now()
        };
        let (outcome, cancelled) = tokio::join!(waited, cancelled);
        let error = outcome.unwrap_err();
        assert!(matches!(error, WaitError::Cancelled(_)), "{error}");
        assert!(cancelled.elapsed() < Duration::from_secs(1));
        assert_eq!(*told.lock().unwrap(), ["its condition `Ready` is `False` (Why)"]);
        assert_eq!(
            error.report().unwrap().object.as_ref().unwrap()["status"]["phase"],
            "p"
        );

        let error = fixture.wait(&widget, 1).await.unwrap_err();
        assert!(matches!(error, WaitError::TimedOut(_)), "{error}");

        let deleted = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            fixture
                .connection
                .delete(&widget_key, &DeleteOptions::default())
                .await
                .unwrap();
        };
        let (error, ()) = tokio::join!(fixture.failure(&widget), deleted);
        assert!(
            error.contains("it was deleted while it was waited for"),
            "{error}"
        );
        remove(fixture, &definition).await;
    })
    .await;
}

#[tokio::test]
async fn workloads_of_no_replicas_are_ready_once_they_are_seen() {
    in_namespace("empty", async |fixture| {
        for kind in ["Deployment", "StatefulSet", "ReplicaSet"] {
            let mut object = fixture.workload(kind, "a", "none/image:1");
            object["spec"]["replicas"] = json!(0);
            fixture.apply(&object).await.unwrap();
            let ready = fixture.wait(&object, 10).await.unwrap();
            assert_eq!(ready["status"]["observedGeneration"], 1);
        }
        let daemons = fixture.workload("DaemonSet", "a", "none/image:1");
        fixture.apply(&daemons).await.unwrap();
        fixture.wait(&daemons, 10).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_deployment_rolls_out() {
    in_namespace("rollout", async |fixture| {
        let object = fixture.workload("Deployment", "a", "none/image:1");
        fixture.apply(&object).await.unwrap();
        let kubelet = async {
            let pod = fixture.pod("none/image:1").await;
            let ready =
                json!({"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"});
            fixture
                .report(&pod, &json!({"phase": "Running", "conditions": [ready]}))
                .await;
        };
        let (waited, ()) = tokio::join!(fixture.wait(&object, 20), kubelet);
        assert_eq!(waited.unwrap()["status"]["availableReplicas"], 1);
    })
    .await;
}

fn job(fixture: &Fixture, name: &str) -> Value {
    let image = format!("none/{name}:1");
    let container = json!({"name": "main", "image": image});
    let template = json!({"spec": {"restartPolicy": "Never", "containers": [container]}});
    fixture.object(
        "batch/v1",
        "Job",
        name,
        &json!({"spec": {"backoffLimit": 0, "template": template}}),
    )
}

#[tokio::test]
async fn jobs_complete_or_fail() {
    in_namespace("jobs", async |fixture| {
        let good = job(fixture, "good");
        fixture.apply(&good).await.unwrap();
        let kubelet = async {
            let pod = fixture.pod("none/good:1").await;
            fixture.report(&pod, &json!({"phase": "Succeeded"})).await;
        };
        let (waited, ()) = tokio::join!(fixture.wait(&good, 20), kubelet);
        waited.unwrap();

        let bad = job(fixture, "bad");
        fixture.apply(&bad).await.unwrap();
        let kubelet = async {
            let pod = fixture.pod("none/bad:1").await;
            fixture.report(&pod, &json!({"phase": "Failed"})).await;
        };
        let (text, ()) = tokio::join!(fixture.failure(&bad), kubelet);
        assert!(text.contains("it failed (BackoffLimitExceeded"), "{text}");
        assert!(text.contains("Last events:"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_waits_for_its_first_user_is_done() {
    in_namespace("claim", async |fixture| {
        let class = |mode: &str| {
            json!({
                "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "layer.org/none",
                "metadata": {"name": format!("{}-{}", fixture.namespace, mode.to_lowercase())}, "volumeBindingMode": mode,
            })
        };
        let claim = |class: &Value, name: &str| {
            let spec = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}},
                "storageClassName": class["metadata"]["name"]});
            fixture.object("v1", "PersistentVolumeClaim", name, &json!({ "spec": spec }))
        };
        let (later, now) = (class("WaitForFirstConsumer"), class("Immediate"));
        for class in [&later, &now] {
            fixture.apply(class).await.unwrap();
        }
        let (patient, bound) = (claim(&later, "later"), claim(&now, "now"));
        fixture.apply(&patient).await.unwrap();
        fixture.apply(&bound).await.unwrap();
        fixture.wait(&patient, 5).await.unwrap();
        let error = fixture.wait(&bound, 2).await.unwrap_err();
        assert!(error.to_string().contains("it is not bound to a volume yet"), "{error}");
        for class in [later, now] {
            let name = class["metadata"]["name"].as_str().unwrap();
            let class = key("storage.k8s.io/v1", "StorageClass", name);
            fixture.connection.delete(&class, &DeleteOptions::default()).await.unwrap();
        }
    })
    .await;
}

//! Waits that fail early, with the reason.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use terraform_provider_mlops::kubernetes::wait::{Conditions, Patience, WaitError};

use crate::fixture::{Fixture, impatient, in_namespace};

/// What a kubelet reports of a container that waits.
fn waiting(reason: &str, restarts: u32) -> Value {
    json!({"phase": "Pending", "containerStatuses": [{
        "name": "main", "image": "x", "imageID": "", "ready": false, "restartCount": restarts,
        "state": {"waiting": {"reason": reason, "message": "because of the test"}},
    }]})
}

#[tokio::test]
async fn pods_that_no_node_takes() {
    in_namespace("nodes", async |fixture| {
        let object = fixture.workload("Deployment", "a", "none/image:1");
        fixture.apply(&object).await.unwrap();
        let text = fixture.failure(&object).await;
        assert!(text.contains("no node takes Pod `a-"), "{text}");
        assert!(text.contains("Last events:"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_node_that_is_on_its_way_is_waited_for() {
    in_namespace("autoscaler", async |fixture| {
        let object = fixture.workload("Deployment", "a", "none/image:1");
        fixture.apply(&object).await.unwrap();
        let pod = fixture.pod("none/image:1").await;
        let about = json!({
            "apiVersion": "v1", "kind": "Pod", "namespace": fixture.namespace,
            "name": pod["metadata"]["name"], "uid": pod["metadata"]["uid"],
        });
        let fields = json!({"involvedObject": about, "reason": "TriggeredScaleUp", "type": "Normal"});
        fixture
            .apply(&fixture.object("v1", "Event", "scale-up", &fields))
            .await
            .unwrap();
        let error = fixture.wait(&object, 4).await.unwrap_err();
        assert!(matches!(error, WaitError::TimedOut(_)), "{error}");
    })
    .await;
}

#[tokio::test]
async fn images_that_cannot_be_pulled() {
    in_namespace("images", async |fixture| {
        for kind in ["Deployment", "StatefulSet"] {
            let image = format!("none/{}:1", kind.to_lowercase());
            let object = fixture.workload(kind, "a", &image);
            fixture.apply(&object).await.unwrap();
            let kubelet = async {
                let pod = fixture.pod(&image).await;
                fixture.report(&pod, &waiting("ImagePullBackOff", 0)).await;
                Instant::now()
            };
            let patient = Patience {
                scheduling: Duration::from_mins(1),
                ..impatient()
            };
            let rollout = Conditions {
                rollout: true,
                ..Conditions::default()
            };
            let waited = async {
                let outcome = fixture.wait_for(&object, &rollout, 20, patient).await;
                (outcome, Instant::now())
            };
            let ((outcome, ended), reported) = tokio::join!(waited, kubelet);
            let error = outcome.unwrap_err();
            let refusal = "does not start (ImagePullBackOff: because of the test)";
            assert!(
                matches!(error, WaitError::Failed(_)) && error.to_string().contains(refusal),
                "{error}"
            );
            assert!(
                ended.saturating_duration_since(reported) < Duration::from_secs(1),
                "at once"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_rollout_that_repairs_does_not_fail_by_what_it_repairs() {
    in_namespace("repair", async |fixture| {
        let patient = || Patience {
            scheduling: Duration::from_mins(1),
            ..impatient()
        };
        let rollout = Conditions {
            rollout: true,
            ..Conditions::default()
        };
        for kind in ["Deployment", "StatefulSet"] {
            let image = |version: u32| format!("none/{}:{version}", kind.to_lowercase());
            let mut broken = fixture.workload(kind, "a", &image(1));
            if kind == "Deployment" {
                broken["spec"]["strategy"] =
                    json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}});
            }
            fixture.apply(&broken).await.unwrap();
            let pod = fixture.pod(&image(1)).await;
            fixture.report(&pod, &waiting("CrashLoopBackOff", 7)).await;
            let error = fixture
                .wait_for(&broken, &rollout, 10, patient())
                .await
                .unwrap_err();
            assert!(matches!(error, WaitError::Failed(_)), "{error}");

            let mut repaired = broken.clone();
            repaired["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image(2));
            fixture.apply(&repaired).await.unwrap();
            let error = fixture
                .wait_for(&repaired, &rollout, 4, patient())
                .await
                .unwrap_err();
            assert!(matches!(error, WaitError::TimedOut(_)), "{kind}: {error}");
        }
    })
    .await;
}

/// The kinds that create Pods, and how each tells that it cannot.
async fn no_pods(fixture: &Fixture, wanted: &str) {
    let template =
        json!({"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "none/a:1"}]}});
    let job = fixture.object("batch/v1", "Job", "a", &json!({"spec": {"template": template}}));
    let workload = |kind: &str| fixture.workload(kind, "a", "none/image:1");
    for object in [workload("Deployment"), workload("StatefulSet"), job] {
        fixture.apply(&object).await.unwrap();
        let text = fixture.failure(&object).await;
        assert!(
            text.contains("its Pods cannot be created") && text.contains(wanted),
            "{text}"
        );
    }
}

#[tokio::test]
async fn quotas() {
    in_namespace("quota", async |fixture| {
        let quota = fixture.object(
            "v1",
            "ResourceQuota",
            "none",
            &json!({"spec": {"hard": {"pods": "0"}}}),
        );
        fixture.apply(&quota).await.unwrap();
        no_pods(fixture, "exceeded quota: none").await;
    })
    .await;
}

#[tokio::test]
async fn pod_security() {
    in_namespace("security", async |fixture| {
        let labels = json!({"pod-security.kubernetes.io/enforce": "restricted"});
        fixture.apply(&fixture.namespace_object(&labels)).await.unwrap();
        no_pods(fixture, "violates PodSecurity \"restricted:latest\"").await;
    })
    .await;
}

#[tokio::test]
async fn claims_without_a_volume() {
    in_namespace("volumes", async |fixture| {
        let spec = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}},
            "storageClassName": ""});
        let claim = fixture.object("v1", "PersistentVolumeClaim", "a", &json!({ "spec": spec }));
        fixture.apply(&claim).await.unwrap();
        let text = fixture.failure(&claim).await;
        assert!(
            text.contains("it gets no volume (FailedBinding: no persistent volumes available"),
            "{text}"
        );
    })
    .await;
}

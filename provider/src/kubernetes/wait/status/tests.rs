//! Readiness by kind.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{Status, status_of};

fn object(api_version: &str, kind: &str, spec: &Value, status: &Value) -> Value {
    json!({
        "apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "generation": 2},
        "spec": spec, "status": status,
    })
}

/// `ready`, `failed`, or what is still missing.
fn state(object: &Value) -> String {
    match status_of(object) {
        Status::Ready => "ready".to_owned(),
        Status::Failed(reason) => format!("failed: {reason}"),
        Status::InProgress(reason) => reason,
    }
}

fn check(api_version: &str, kind: &str, cases: &[(Value, Value, &str)]) {
    for (spec, status, wanted) in cases {
        assert_eq!(
            state(&object(api_version, kind, spec, status)),
            *wanted,
            "{spec} {status}"
        );
    }
}

fn condition(kind: &str, status: &str) -> Value {
    json!({"type": kind, "status": status, "reason": "Why", "message": "more"})
}

#[test]
fn deployments() {
    let status = |replicas, updated, available| json!({"observedGeneration": 2, "replicas": replicas, "updatedReplicas": updated, "availableReplicas": available});
    let stuck = json!({"observedGeneration": 2, "conditions": [
        {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "too long"},
    ]});
    check(
        "apps/v1",
        "Deployment",
        &[
            (
                json!({"replicas": 2}),
                json!({}),
                "its controller has not seen it yet",
            ),
            (
                json!({"replicas": 2}),
                json!({"observedGeneration": 1}),
                "its controller has not seen the newest version yet",
            ),
            (
                json!({"replicas": 2}),
                status(2, 1, 2),
                "1 of 2 replicas are of the newest version",
            ),
            (
                json!({"replicas": 2, "paused": true}),
                status(2, 1, 2),
                "failed: its rollout is paused (`spec.paused`)",
            ),
            (
                json!({"replicas": 2}),
                status(3, 2, 2),
                "1 old replicas are still ending",
            ),
            (
                json!({"replicas": 2}),
                status(2, 2, 1),
                "1 of 2 replicas are available",
            ),
            (json!({"replicas": 2}), status(2, 2, 2), "ready"),
            (json!({}), status(1, 1, 1), "ready"),
            (json!({"replicas": 0}), status(0, 0, 0), "ready"),
            (json!({}), stuck, "failed: ProgressDeadlineExceeded: too long"),
        ],
    );
}

#[test]
fn stateful_sets() {
    let status = |ready, updated, revision: &str| {
        json!({"observedGeneration": 2, "replicas": 3, "readyReplicas": ready, "updatedReplicas": updated,
            "availableReplicas": ready, "currentRevision": revision, "updateRevision": "b"})
    };
    let spec = |strategy: Value| json!({"replicas": 3, "updateStrategy": strategy});
    let rolling = || spec(json!({"type": "RollingUpdate"}));
    let partition = || spec(json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}));
    let mut surplus = status(3, 3, "b");
    surplus["replicas"] = json!(4);
    let mut unavailable = status(3, 3, "b");
    unavailable["availableReplicas"] = json!(1);
    check(
        "apps/v1",
        "StatefulSet",
        &[
            (rolling(), status(2, 2, "a"), "2 of 3 replicas are ready"),
            (
                rolling(),
                status(3, 2, "a"),
                "2 of 3 replicas are of the newest version",
            ),
            (rolling(), status(3, 3, "a"), "ready"),
            (rolling(), status(3, 0, "b"), "ready"),
            (rolling(), surplus, "1 surplus replicas are still ending"),
            (rolling(), unavailable, "1 of 3 replicas are available"),
            (
                partition(),
                status(3, 0, "a"),
                "0 of 1 replicas are of the newest version",
            ),
            (partition(), status(3, 1, "a"), "ready"),
            (spec(json!({"type": "OnDelete"})), status(3, 0, "a"), "ready"),
            (
                spec(json!({"type": "OnDelete"})),
                status(2, 0, "a"),
                "2 of 3 replicas are ready",
            ),
        ],
    );
}

#[test]
fn daemon_sets_and_replica_sets() {
    let status = |updated, available| {
        json!({"observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": updated,
            "numberAvailable": available})
    };
    check(
        "apps/v1",
        "DaemonSet",
        &[
            (json!({}), json!({}), "its controller has not seen it yet"),
            (
                json!({}),
                status(2, 3),
                "the Pods of 2 of 3 nodes are of the newest version",
            ),
            (
                json!({"updateStrategy": {"type": "OnDelete"}}),
                status(2, 3),
                "ready",
            ),
            (json!({}), status(3, 2), "the Pods of 2 of 3 nodes are available"),
            (json!({}), status(3, 3), "ready"),
            (
                json!({}),
                json!({"observedGeneration": 2, "desiredNumberScheduled": 0}),
                "ready",
            ),
        ],
    );
    check(
        "apps/v1",
        "ReplicaSet",
        &[
            (
                json!({"replicas": 2}),
                json!({"observedGeneration": 2, "replicas": 2}),
                "0 of 2 replicas are available",
            ),
            (
                json!({}),
                json!({"observedGeneration": 2, "replicas": 1, "availableReplicas": 1}),
                "ready",
            ),
        ],
    );
}

#[test]
fn jobs() {
    let with = |kind: &str| json!({"conditions": [condition(kind, "True")]});
    check(
        "batch/v1",
        "Job",
        &[
            (
                json!({"completions": 3}),
                json!({"succeeded": 1, "active": 1, "failed": 2}),
                "1 of 3 Pods have succeeded, 1 run, 2 failed",
            ),
            (json!({}), json!({}), "0 of 1 Pods have succeeded, 0 run"),
            (
                json!({"suspend": true}),
                json!({}),
                "it is suspended (`spec.suspend`)",
            ),
            (json!({}), with("Complete"), "ready"),
            (json!({}), with("Failed"), "failed: it failed (Why: more)"),
            (
                json!({}),
                json!({"conditions": [condition("Failed", "False")]}),
                "0 of 1 Pods have succeeded, 0 run",
            ),
        ],
    );
}

#[test]
fn pods() {
    let waiting = json!({"phase": "Pending", "containerStatuses": [
        {"name": "a", "state": {"running": {}}},
        {"name": "b", "state": {"waiting": {"reason": "ContainerCreating"}}},
    ]});
    let running = |ready: &str| json!({"phase": "Running", "conditions": [condition("Ready", ready)]});
    check(
        "v1",
        "Pod",
        &[
            (json!({}), json!({"phase": "Pending"}), "it is pending"),
            (json!({}), waiting, "container `b` waits (ContainerCreating)"),
            (
                json!({}),
                json!({"phase": "Pending", "conditions": [condition("PodScheduled", "False")]}),
                "no node takes it (Why: more)",
            ),
            (json!({}), running("False"), "it runs and is not ready"),
            (json!({}), running("True"), "ready"),
            (json!({}), json!({"phase": "Succeeded"}), "ready"),
            (
                json!({}),
                json!({"phase": "Failed", "reason": "Evicted", "message": "disk"}),
                "failed: it failed (Evicted: disk)",
            ),
        ],
    );
}

#[test]
fn storage() {
    check(
        "v1",
        "PersistentVolumeClaim",
        &[
            (
                json!({}),
                json!({"phase": "Pending"}),
                "it is not bound to a volume yet",
            ),
            (json!({}), json!({"phase": "Bound"}), "ready"),
            (json!({}), json!({"phase": "Lost"}), "failed: its volume is lost"),
        ],
    );
    check(
        "v1",
        "PersistentVolume",
        &[
            (json!({}), json!({}), "it is not available yet"),
            (json!({}), json!({"phase": "Available"}), "ready"),
            (
                json!({}),
                json!({"phase": "Failed", "message": "no"}),
                "failed: it failed (no)",
            ),
        ],
    );
}

#[test]
fn what_other_objects_build_on() {
    let crd = |conditions: Value| (json!({}), json!({"conditions": conditions}));
    let (spec, new) = crd(json!([]));
    check(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        &[
            (spec, new, "it is not established yet (it is new)"),
            (
                json!({}),
                json!({"conditions": [condition("NamesAccepted", "True"), condition("Established", "True")]}),
                "ready",
            ),
            (
                json!({}),
                json!({"conditions": [condition("NamesAccepted", "False"), condition("Established", "True")]}),
                "failed: its names are not accepted (Why: more)",
            ),
        ],
    );
    check(
        "apiregistration.k8s.io/v1",
        "APIService",
        &[
            (
                json!({}),
                json!({"conditions": [condition("Available", "True")]}),
                "ready",
            ),
            (
                json!({}),
                json!({"conditions": [condition("Available", "False")]}),
                "its API is not available yet (Why: more)",
            ),
        ],
    );
    check(
        "v1",
        "Namespace",
        &[
            (json!({}), json!({"phase": "Active"}), "ready"),
            (json!({}), json!({}), "it is not active yet"),
        ],
    );
    let address = json!({"loadBalancer": {"ingress": [{"ip": "198.18.0.9"}]}});
    check(
        "v1",
        "Service",
        &[
            (json!({"type": "ClusterIP"}), json!({"loadBalancer": {}}), "ready"),
            (
                json!({"type": "LoadBalancer"}),
                json!({"loadBalancer": {}}),
                "its load balancer has no address yet",
            ),
            (json!({"type": "LoadBalancer"}), address, "ready"),
        ],
    );
}

#[test]
fn resource_quotas() {
    let hard = |pods: &str| json!({"hard": {"pods": pods}});
    let not_yet = "its limits are not in force yet";
    check(
        "v1",
        "ResourceQuota",
        &[
            (hard("5"), json!({}), not_yet),
            (
                hard("5"),
                json!({"hard": {"pods": "4"}, "used": {"pods": "1"}}),
                not_yet,
            ),
            (
                hard("5"),
                json!({"hard": {"pods": "5"}, "used": {"pods": "1"}}),
                "ready",
            ),
            (json!({}), json!({}), "ready"),
        ],
    );
}

#[test]
fn kinds_without_rules_of_their_own() {
    let mut old = condition("Ready", "True");
    old["observedGeneration"] = json!(1);
    check(
        "x.org/v1",
        "Widget",
        &[
            (json!({}), Value::Null, "ready"),
            (
                json!({}),
                json!({"observedGeneration": 1}),
                "its controller has not seen the newest version yet",
            ),
            (
                json!({}),
                json!({"conditions": [condition("Ready", "False")]}),
                "its condition `Ready` is `False` (Why: more)",
            ),
            (
                json!({}),
                json!({"conditions": [condition("Ready", "True")]}),
                "ready",
            ),
            (
                json!({}),
                json!({"conditions": [old]}),
                "its condition `Ready` is of an older version",
            ),
            (
                json!({}),
                json!({"conditions": [condition("Available", "False")]}),
                "its condition `Available` is `False` (Why: more)",
            ),
            (
                json!({}),
                json!({"conditions": [condition("Ready", "True"), condition("Reconciling", "True")]}),
                "it is reconciling (Why: more)",
            ),
            (
                json!({}),
                json!({"conditions": [condition("Stalled", "True")]}),
                "failed: it is stalled (Why: more)",
            ),
        ],
    );
}

#[test]
fn what_is_being_deleted_is_never_ready() {
    let mut object = object("v1", "ConfigMap", &json!({}), &json!({}));
    assert_eq!(state(&object), "ready");
    object.pointer_mut("/metadata").unwrap()["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(state(&object), "failed: it is being deleted");
}

//! What a run makes: a pod as restricted as pods get, with a volume, behind a Service.

use serde_json::{Value, json};

use super::super::addons::SHELL_IMAGE;

/// The name of everything in the namespace.
pub(super) const NAME: &str = "check";
pub(super) const POD_PORT: u16 = 8080;
pub(super) const SERVICE_PORT: u16 = 80;
/// What the pod logs and serves, once it has written it to its volume.
pub(super) const TEXT: &str = "a pod wrote this to its volume";
/// A user that no image knows, as OpenShift gives one to each namespace.
const USER: u32 = 1_000_660_000;

pub(super) fn namespace() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "generateName": "mlops-check-",
            "labels": { "pod-security.kubernetes.io/enforce": "restricted" },
        },
    })
}

/// All but the namespace.
pub(super) fn all(namespace: &str) -> [Value; 3] {
    let metadata = json!({ "name": NAME, "namespace": namespace, "labels": { "app": NAME } });
    [
        json!({
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": metadata,
            "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Mi" } } },
        }),
        json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": { "selector": { "app": NAME }, "ports": [{ "port": SERVICE_PORT, "targetPort": POD_PORT }] },
        }),
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod() }),
    ]
}

fn pod() -> Value {
    let script = format!(
        "echo '{TEXT}' > /data/index.html && cat /data/index.html && exec httpd -f -p {POD_PORT} -h /data"
    );
    json!({
        "automountServiceAccountToken": false,
        "terminationGracePeriodSeconds": 0,
        "securityContext": {
            "runAsNonRoot": true,
            "runAsUser": USER,
            "runAsGroup": 0,
            "seccompProfile": { "type": "RuntimeDefault" },
        },
        "containers": [{
            "name": NAME,
            "image": SHELL_IMAGE,
            "imagePullPolicy": "Never",
            "command": ["sh", "-c", script],
            "readinessProbe": { "tcpSocket": { "port": POD_PORT }, "periodSeconds": 1 },
            "securityContext": {
                "allowPrivilegeEscalation": false,
                "capabilities": { "drop": ["ALL"] },
            },
            "volumeMounts": [{ "name": "data", "mountPath": "/data" }],
        }],
        "volumes": [{ "name": "data", "persistentVolumeClaim": { "claimName": NAME } }],
    })
}

//! Volumes: local-path-provisioner makes a folder of the cluster's own for each claim, and removes it with the claim.
//!
//! It does so by pods, which need an image with a shell and a namespace of their own that admits host paths.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Site, image, rbac};
use crate::kubernetes::component::{Component, Readiness};
use crate::programs::Installed;

pub(super) const NAME: &str = "local-path-provisioner";
pub(super) const USER: &str = "system:local-path-provisioner";
pub(super) const FILE: &str = "local-path.json";
pub(super) const HELPER_FILE: &str = "local-path-helper.yaml";
/// The account of its pods, which call nobody.
const ACCOUNT: &str = "volume-helper";
pub(in super::super) const NAMESPACE: &str = "local-path-storage";
const SCRIPTS: &str = "volume-scripts";
const PROVISIONER: &str = "rancher.io/local-path";

pub(super) fn component(site: Site<'_>, program: &Installed) -> Component {
    Component::new(
        NAME,
        program.binary(NAME),
        site.layout.log(NAME),
        Readiness::Started,
    )
    .arguments(&["start".to_owned()])
    .path("kubeconfig", &site.layout.component_kubeconfig(NAME))
    .path("config", &site.configuration(FILE))
    .path("helper-pod-file", &site.configuration(HELPER_FILE))
    .flag("helper-image", image::SHELL)
    .flag("provisioner-name", PROVISIONER)
    .flag("namespace", NAMESPACE)
    .flag("configmap-name", SCRIPTS)
    .flag("service-account-name", ACCOUNT)
}

pub(super) fn configuration(site: Site<'_>) -> Value {
    json!({
        "nodePathMap": [{ "node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": [volumes(site)] }],
    })
}

/// Every volume of the cluster lies here, and goes with it.
fn volumes(site: Site<'_>) -> PathBuf {
    site.layout.root().join("volumes")
}

/// The frame of the pods that make and remove folders; the provisioner adds the rest.
pub(super) fn helper_pod() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": "volume" },
        "spec": {
            "priorityClassName": "system-node-critical",
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "terminationGracePeriodSeconds": 0,
            "containers": [{
                // The provisioner reads the log of a container of this name.
                "name": "helper-pod",
                "image": image::SHELL,
                "imagePullPolicy": "Never",
            }],
        },
    })
}

pub(super) fn objects() -> Vec<Value> {
    let mut objects = vec![namespace(), account(), scripts(), storage_class()];
    let read = ["get", "list", "watch"];
    let all = ["get", "list", "watch", "create", "patch", "update", "delete"];
    objects.extend(rbac::grant(
        USER,
        USER,
        &[
            rbac::rule("", &["nodes", "persistentvolumeclaims"], &read),
            rbac::rule("", &["persistentvolumes"], &all),
            rbac::rule("", &["events"], &["create", "patch"]),
            rbac::rule("storage.k8s.io", &["storageclasses"], &read),
        ],
    ));
    objects.push(json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": { "name": NAME, "namespace": NAMESPACE },
        "rules": [rbac::rule("", &["pods"], &["get", "create", "delete"])],
    }));
    objects.push(rbac::bind_in(NAMESPACE, NAME, NAME, USER));
    objects
}

fn namespace() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": NAMESPACE,
            "labels": { "pod-security.kubernetes.io/enforce": "privileged" },
        },
    })
}

fn account() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": { "name": ACCOUNT, "namespace": NAMESPACE },
    })
}

/// A container of any user writes to its volume, also where nothing tells the node which group to give it to.
fn scripts() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": SCRIPTS, "namespace": NAMESPACE },
        "data": {
            "setup": "set -eu\nmkdir -m 0777 -p \"$VOL_DIR\"\n",
            "teardown": "set -eu\nrm -rf \"$VOL_DIR\"\n",
        },
    })
}

/// Local volumes, not host paths: the node then gives a volume to the group that a pod asks for.
fn storage_class() -> Value {
    json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": "local-path",
            "annotations": {
                "storageclass.kubernetes.io/is-default-class": "true",
                "defaultVolumeType": "local",
            },
        },
        "provisioner": PROVISIONER,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    })
}

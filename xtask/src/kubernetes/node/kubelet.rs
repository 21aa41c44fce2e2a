//! kubelet: runs the pods that the API server gives to the node.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use super::{ADDRESS, Node, containerd, make_folder};
use crate::kubernetes::certificates::CLUSTER;
use crate::kubernetes::component::{Component, Readiness};
use crate::kubernetes::layout::{Layout, write_private};
use crate::kubernetes::tool::PATH;
use crate::programs::Installed;

pub(super) const NAME: &str = "kubelet";
/// The API server as a client of kubelet: for logs, commands in pods and their ports.
pub(super) const CLIENT: &str = "kubelet-client";

pub(super) fn component(node: &Node, layout: &Layout, kubernetes: &Installed) -> Component {
    Component::new(
        NAME,
        kubernetes.binary(NAME),
        layout.log(NAME),
        Readiness::Started,
    )
    .path("config", &folder(node).join("config.json"))
    .path("kubeconfig", &layout.component_kubeconfig(NAME))
    .flag("hostname-override", &node.name)
    .flag("node-ip", ADDRESS.to_string())
    .path("root-dir", &folder(node).join("data"))
    .path("cert-dir", &folder(node).join("certificates"))
    .environment("PATH", PATH)
    .in_cgroup(&node.id)
}

pub(super) fn write_configuration(node: &Node, layout: &Layout) -> Result<()> {
    make_folder(&folder(node))?;
    // Nothing of the machine's own: its search domains would come into every pod.
    write_private(&resolver(node), &format!("nameserver {ADDRESS}\n"))?;
    let configuration = configuration(node, layout).to_string();
    write_private(&folder(node).join("config.json"), &configuration)
}

/// Where the logs of containers are.
pub(super) fn pod_logs(node: &Node) -> PathBuf {
    node.folder.join("pod-logs")
}

fn configuration(node: &Node, layout: &Layout) -> Value {
    json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": ADDRESS,
        "healthzPort": 0,
        "authentication": { "x509": { "clientCAFile": layout.certificate(CLUSTER) } },
        "tlsCertFile": layout.certificate(NAME),
        "tlsPrivateKeyFile": layout.key(NAME),
        "containerRuntimeEndpoint": format!("unix://{}", containerd::socket(node).display()),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": format!("/{}", node.id),
        "failCgroupV1": false,
        "failSwapOn": false,
        "enforceNodeAllocatable": [],
        // A machine that is nearly full runs small pods all the same, and no image goes that cannot be pulled again.
        "evictionHard": { "memory.available": "50Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "serializeImagePulls": false,
        // Else an imported image is refused as soon as its content was pulled under another name.
        "imagePullCredentialsVerificationPolicy": "NeverVerify",
        "seccompDefault": true,
        "clusterDNS": [ADDRESS],
        "clusterDomain": "cluster.local",
        "resolvConf": resolver(node),
        "podLogsDir": pod_logs(node),
        "volumePluginDir": folder(node).join("plugins"),
    })
}

fn folder(node: &Node) -> PathBuf {
    node.folder.join(NAME)
}

fn resolver(node: &Node) -> PathBuf {
    folder(node).join("resolv.conf")
}

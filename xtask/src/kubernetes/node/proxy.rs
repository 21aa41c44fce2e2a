//! kube-proxy: makes the addresses of Services work, on the machine and in pods.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use super::{ADDRESS, Node, PODS};
use crate::kubernetes::component::{Component, Readiness};
use crate::kubernetes::layout::{Layout, write_private};
use crate::kubernetes::tool::PATH;
use crate::programs::Installed;

pub(super) const NAME: &str = "kube-proxy";

pub(super) fn component(node: &Node, layout: &Layout, kubernetes: &Installed) -> Component {
    Component::new(
        NAME,
        kubernetes.binary(NAME),
        layout.log(NAME),
        Readiness::Started,
    )
    .path("config", &file(node))
    .environment("PATH", PATH)
    .in_cgroup(&node.id)
}

pub(super) fn write_configuration(node: &Node, layout: &Layout) -> Result<()> {
    write_private(&file(node), &configuration(node, layout).to_string())
}

fn configuration(node: &Node, layout: &Layout) -> Value {
    json!({
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clientConnection": { "kubeconfig": layout.component_kubeconfig(NAME) },
        "mode": "iptables",
        "clusterCIDR": PODS,
        "hostnameOverride": node.name,
        "bindAddress": ADDRESS,
        "healthzBindAddress": format!("{ADDRESS}:10256"),
        "metricsBindAddress": format!("{ADDRESS}:10249"),
        // Not on the machine's other addresses, where its neighbours are.
        "nodePortAddresses": [format!("{ADDRESS}/32")],
        // The machine's own limits stay as they are.
        "conntrack": { "maxPerCore": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s" },
    })
}

fn file(node: &Node) -> PathBuf {
    node.folder.join("kube-proxy.json")
}

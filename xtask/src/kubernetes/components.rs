//! The command lines of the control plane's programs.

use std::net::SocketAddrV4;

use anyhow::Result;

use super::addons::{self, Site};
use super::certificates::{self, SERVICE_ACCOUNTS};
use super::component::{Component, Readiness};
use super::layout::Layout;
use super::node::{self, Node};
use super::options::{Options, Shape};
use crate::programs::{Installed, Program, install};

/// Everything that the API server may be called by: the last two addresses are the first one of the Services, and the
/// machine's own in a cluster with a node.
pub(super) const SERVER_NAMES: [&str; 8] = [
    "127.0.0.1",
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "198.18.128.1",
    "198.18.0.1",
];

/// Where the components listen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addresses {
    /// The API server.
    pub(super) server: SocketAddrV4,
    /// Ports on 127.0.0.1.
    pub(super) etcd: u16,
    pub(super) etcd_peers: u16,
}

/// The programs that a cluster consists of.
pub(super) struct Programs {
    pub(super) kubernetes: Installed,
    etcd: Installed,
    addons: Option<addons::Programs>,
}

impl Programs {
    /// Builds those that are not there yet, and whatever else takes long and is kept for the next cluster.
    pub(super) fn install(shape: Shape) -> Result<Self> {
        let addons = match shape {
            Shape::WithNode => {
                node::require_machine()?;
                node::prepare_images()?;
                Some(addons::Programs::install()?)
            }
            Shape::ControlPlaneOnly => None,
        };
        Ok(Self {
            kubernetes: install(Program::Kubernetes)?,
            etcd: install(Program::Etcd)?,
            addons,
        })
    }
}

/// All of them, in the order in which they are started.
pub(super) fn all(
    layout: &Layout,
    options: &Options,
    addresses: Addresses,
    programs: &Programs,
    node: Option<&Node>,
) -> Vec<Component> {
    let mut all: Vec<Component> = node.iter().map(|node| node.container_runtime(layout)).collect();
    all.extend([
        etcd(layout, addresses, programs),
        api_server(layout, options, addresses, programs),
        controller_manager(layout, programs),
        scheduler(layout, programs),
    ]);
    if let (Some(node), Some(addons)) = (node, &programs.addons) {
        let address = node::ADDRESS;
        all.extend(node.components(layout, &programs.kubernetes));
        all.extend(addons::components(Site { layout, address }, addons));
    }
    all
}

fn etcd(layout: &Layout, addresses: Addresses, programs: &Programs) -> Component {
    let clients = format!("https://127.0.0.1:{}", addresses.etcd);
    let peers = format!("https://127.0.0.1:{}", addresses.etcd_peers);
    let program = programs.etcd.binary("etcd");
    let mut etcd = Component::new("etcd", program, layout.log("etcd"), Readiness::Started)
        .flag("name", "default")
        .path("data-dir", &layout.etcd_data())
        .flag("listen-client-urls", &clients)
        .flag("advertise-client-urls", &clients)
        .flag("listen-peer-urls", &peers)
        .flag("initial-advertise-peer-urls", &peers)
        .flag("initial-cluster", format!("default={peers}"))
        .flag("log-level", "warn")
        // The data lives as long as its processes: it need not survive a power cut.
        .flag("unsafe-no-fsync", "true");
    for prefix in ["", "peer-"] {
        etcd = etcd
            .path(&format!("{prefix}cert-file"), &layout.certificate("etcd"))
            .path(&format!("{prefix}key-file"), &layout.key("etcd"))
            .path(
                &format!("{prefix}trusted-ca-file"),
                &layout.certificate(certificates::ETCD),
            )
            .flag(&format!("{prefix}client-cert-auth"), "true");
    }
    etcd
}

fn api_server(layout: &Layout, options: &Options, addresses: Addresses, programs: &Programs) -> Component {
    let name = "kube-apiserver";
    let ready = Readiness::Answers("/readyz".into());
    let mut server = Component::new(name, programs.kubernetes.binary(name), layout.log(name), ready)
        .flag("bind-address", addresses.server.ip().to_string())
        .flag("secure-port", addresses.server.port().to_string())
        .flag("service-cluster-ip-range", node::SERVICES)
        .flag("allow-privileged", "true")
        .flag("anonymous-auth", "false")
        .flag("authorization-mode", "Node,RBAC")
        .path("client-ca-file", &layout.certificate(certificates::CLUSTER))
        .path("tls-cert-file", &layout.certificate(name))
        .path("tls-private-key-file", &layout.key(name))
        .flag(
            "service-account-issuer",
            "https://kubernetes.default.svc.cluster.local",
        )
        .path("service-account-key-file", &layout.public_key(SERVICE_ACCOUNTS))
        .path("service-account-signing-key-file", &layout.key(SERVICE_ACCOUNTS))
        .flag("etcd-servers", format!("https://127.0.0.1:{}", addresses.etcd))
        .path("etcd-cafile", &layout.certificate(certificates::ETCD))
        .path("etcd-certfile", &layout.certificate("etcd-client"))
        .path("etcd-keyfile", &layout.key("etcd-client"))
        .flag("profiling", "false");
    server = match options.shape {
        Shape::WithNode => addons::with_aggregation(node::with_node(server, layout), layout),
        Shape::ControlPlaneOnly => server
            // It may not be a loopback address, and must not be published: nothing listens there.
            .flag("advertise-address", node::ADDRESS.to_string())
            .flag("endpoint-reconciler-type", "none"),
    };
    if let Some(audit_log) = &options.audit_log {
        server = server
            .path("audit-log-path", audit_log)
            .path("audit-policy-file", &layout.audit_policy());
    }
    server.arguments(&options.api_server_flags)
}

fn controller_manager(layout: &Layout, programs: &Programs) -> Component {
    let name = "kube-controller-manager";
    // The account is what pods of the namespace run under, so nothing that makes pods works before it is there.
    let ready = Readiness::Answers("/api/v1/namespaces/default/serviceaccounts/default".into());
    Component::new(name, programs.kubernetes.binary(name), layout.log(name), ready)
        .path("kubeconfig", &layout.component_kubeconfig(name))
        .path("service-account-private-key-file", &layout.key(SERVICE_ACCOUNTS))
        .path("root-ca-file", &layout.certificate(certificates::CLUSTER))
        .path(
            "cluster-signing-cert-file",
            &layout.certificate(certificates::CLUSTER),
        )
        .path("cluster-signing-key-file", &layout.key(certificates::CLUSTER))
        .flag("use-service-account-credentials", "true")
        .flag("leader-elect", "false")
        .flag("secure-port", "0")
        // Emptying a namespace takes many calls, and every test has a namespace.
        .flag("kube-api-qps", "500")
        .flag("kube-api-burst", "1000")
        .flag("profiling", "false")
}

fn scheduler(layout: &Layout, programs: &Programs) -> Component {
    let name = "kube-scheduler";
    Component::new(
        name,
        programs.kubernetes.binary(name),
        layout.log(name),
        Readiness::Started,
    )
    .path("kubeconfig", &layout.component_kubeconfig(name))
    .flag("leader-elect", "false")
    .flag("secure-port", "0")
    .flag("profiling", "false")
}

/// One line a request, written when it is answered: enough to count who asked for what.
pub(super) const AUDIT_POLICY: &str = "\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
";

//! The cluster's DNS: CoreDNS on the machine's address of the cluster, which every pod's resolv.conf names.
//!
//! There is no Service `kube-dns`: it would give one address to the replicas of a Deployment, and here is one process
//! with one address that never changes. Pods would also have to wait for kube-proxy to resolve their first name.

use serde_json::Value;

use super::{Site, rbac};
use crate::kubernetes::component::{Component, Readiness};
use crate::programs::Installed;

pub(super) const NAME: &str = "coredns";
pub(super) const USER: &str = "system:coredns";
pub(super) const FILE: &str = "Corefile";
const PORT: u16 = 53;

pub(super) fn component(site: Site<'_>, program: &Installed) -> Component {
    // It listens when it has read all Services.
    let ready = Readiness::Accepts((site.address, PORT).into());
    Component::new(NAME, program.binary(NAME), site.layout.log(NAME), ready)
        .arguments(&["-conf".to_owned()])
        .arguments(&[site.configuration(FILE).to_string_lossy().into_owned()])
}

/// No cache: the plugin answers from memory, and a test must see a Service as soon as it is there. Names outside do not
/// exist, because pods reach nothing outside, and a forwarded question that is never answered costs many seconds.
pub(super) fn configuration(site: Site<'_>) -> String {
    let kubeconfig = site.layout.component_kubeconfig(NAME);
    format!(
        "cluster.local:{PORT} in-addr.arpa:{PORT} ip6.arpa:{PORT} {{
    bind {address}
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {{
        kubeconfig \"{kubeconfig}\"
        pods insecure
    }}
}}
.:{PORT} {{
    bind {address}
    errors
    template ANY ANY {{
        rcode NXDOMAIN
    }}
}}
",
        address = site.address,
        kubeconfig = kubeconfig.display(),
    )
}

pub(super) fn objects() -> Vec<Value> {
    let rules = [
        rbac::rule("", &["services", "namespaces"], &["list", "watch"]),
        rbac::rule("discovery.k8s.io", &["endpointslices"], &["list", "watch"]),
    ];
    rbac::grant(USER, USER, &rules)
}

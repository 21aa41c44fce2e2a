//! metrics-server, which `kubectl top` and the autoscalers ask through the API server.
//!
//! The API server speaks for its callers there: it proves who it is with a certificate of an authority that signs
//! nothing else, and names the caller in headers. Were it the cluster's authority, every client could pretend.

use anyhow::Result;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{Site, rbac};
use crate::kubernetes::certificates::{Authority, CLUSTER, Identity};
use crate::kubernetes::component::{Component, Readiness};
use crate::kubernetes::layout::Layout;
use crate::programs::Installed;

/// The authority of the API server as a client of add-ons.
const FRONT_PROXY: &str = "front-proxy-ca";
const FRONT_PROXY_CLIENT: &str = "front-proxy-client";
pub(super) const NAME: &str = "metrics-server";
pub(super) const USER: &str = "system:metrics-server";
/// What the API server calls it by.
const HOST: &str = "metrics-server.kube-system.svc";
const NAMESPACE: &str = "kube-system";
const PORT: u16 = 4443;

/// Writes the certificate that it serves with, and the one that the API server shows to it.
pub(super) fn write_certificates(site: Site<'_>, authority: &Authority) -> Result<()> {
    let front_proxy = Authority::create(site.layout, FRONT_PROXY)?;
    front_proxy.sign_to_files(
        site.layout,
        FRONT_PROXY_CLIENT,
        &Identity::client(FRONT_PROXY_CLIENT, None),
    )?;
    let address = site.address.to_string();
    authority.sign_to_files(site.layout, NAME, &Identity::server(NAME, &[HOST, &address]))
}

/// The flags by which kube-apiserver passes calls on to add-ons.
pub(in super::super) fn with_aggregation(server: Component, layout: &Layout) -> Component {
    server
        .path("requestheader-client-ca-file", &layout.certificate(FRONT_PROXY))
        .flag("requestheader-allowed-names", FRONT_PROXY_CLIENT)
        .flag("requestheader-username-headers", "X-Remote-User")
        .flag("requestheader-group-headers", "X-Remote-Group")
        .flag("requestheader-extra-headers-prefix", "X-Remote-Extra-")
        .path("proxy-client-cert-file", &layout.certificate(FRONT_PROXY_CLIENT))
        .path("proxy-client-key-file", &layout.key(FRONT_PROXY_CLIENT))
        // Straight to the address behind the Service: kube-proxy need not be ready.
        .flag("enable-aggregator-routing", "true")
}

pub(super) fn component(site: Site<'_>, program: &Installed) -> Component {
    let layout = site.layout;
    let kubeconfig = layout.component_kubeconfig(NAME);
    // The API server has found it, too.
    let ready = Readiness::Answers("/apis/metrics.k8s.io/v1beta1".into());
    Component::new(NAME, program.binary(NAME), layout.log(NAME), ready)
        .path("kubeconfig", &kubeconfig)
        .path("authentication-kubeconfig", &kubeconfig)
        .path("authorization-kubeconfig", &kubeconfig)
        .flag("bind-address", site.address.to_string())
        .flag("secure-port", PORT.to_string())
        .path("tls-cert-file", &layout.certificate(NAME))
        .path("tls-private-key-file", &layout.key(NAME))
        .flag("kubelet-preferred-address-types", "InternalIP")
        .flag("kubelet-use-node-status-port", "true")
        .path("kubelet-certificate-authority", &layout.certificate(CLUSTER))
        // The shortest that it accepts, for the figures of a new pod need two rounds; a request must end within one.
        .flag("metric-resolution", "10s")
        .flag("kubelet-request-timeout", "5s")
}

pub(super) fn objects(site: Site<'_>, authority: &str) -> Vec<Value> {
    let rules = [
        rbac::rule("", &["nodes/metrics"], &["get"]),
        rbac::rule("", &["pods", "nodes"], &["get", "list", "watch"]),
    ];
    let mut objects = rbac::grant(USER, USER, &rules);
    objects.extend([
        rbac::bind(
            "metrics-server:system:auth-delegator",
            "system:auth-delegator",
            USER,
        ),
        rbac::bind_in(
            NAMESPACE,
            "metrics-server-auth-reader",
            "extension-apiserver-authentication-reader",
            USER,
        ),
        readers(),
        service(),
        endpoints(site),
        api_service(authority),
    ]);
    objects
}

/// Whoever may look at pods may also see what they use.
fn readers() -> Value {
    let aggregated = |role: &str| format!("rbac.authorization.k8s.io/aggregate-to-{role}");
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {
            "name": "system:aggregated-metrics-reader",
            "labels": {
                aggregated("view"): "true",
                aggregated("edit"): "true",
                aggregated("admin"): "true",
            },
        },
        "rules": [rbac::rule("metrics.k8s.io", &["pods", "nodes"], &["get", "list", "watch"])],
    })
}

/// Without a selector: no pod stands behind it.
fn service() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": { "name": NAME, "namespace": NAMESPACE },
        "spec": { "ports": [{ "name": "https", "port": 443, "protocol": "TCP", "targetPort": PORT }] },
    })
}

fn endpoints(site: Site<'_>) -> Value {
    json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": NAME,
            "namespace": NAMESPACE,
            "labels": { "kubernetes.io/service-name": NAME },
        },
        "addressType": "IPv4",
        "endpoints": [{ "addresses": [site.address] , "conditions": { "ready": true } }],
        "ports": [{ "name": "https", "port": PORT, "protocol": "TCP" }],
    })
}

fn api_service(authority: &str) -> Value {
    json!({
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": { "name": "v1beta1.metrics.k8s.io" },
        "spec": {
            "service": { "name": NAME, "namespace": NAMESPACE, "port": 443 },
            "group": "metrics.k8s.io",
            "version": "v1beta1",
            "caBundle": BASE64_STANDARD.encode(authority),
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
        },
    })
}

//! Who may talk to whom in a pipeline, by the network policies and pods that its minimal example plans.
//!
//! Every pod is tried with every other one, on every port that any of them has: what is needed must be allowed, and all
//! else refused.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::network_policies::{Pod, Policies, Protocol};

/// The example's folder among the modules.
pub(super) const EXAMPLE: &str = "pipeline/examples/minimal";
/// A file beside it, so that it is planned without a cluster, and has a client.
pub(super) const OVERRIDE: (&str, &str) = (
    "flows_override.tf",
    r#"
provider "mlops" {
  config_path = null
  host        = "https://127.0.0.1:1"
}

module "pipeline" {
  clients = [{ app = "uploads" }]
}
"#,
);

/// Pods that listen, by their label `app.kubernetes.io/name`.
const SERVERS: [&str; 5] = ["airflow", "object-storage", "postgresql", "ray", "streamlit-app"];
/// The Jobs that draw secrets.
const JOBS: &str = "generated-secret";
/// A pod that `clients` names.
const CLIENT: &str = "client";
/// Another pod of the namespace.
const STRANGER: &str = "stranger";
/// A pod of another namespace, with the labels of Airflow's.
const IMPOSTOR: &str = "impostor";
/// What is outside of the namespace: users, the cluster's DNS and API server, the internet.
const OUTSIDE: &str = "outside";
/// Ports that no pod of the pipeline names: those of DNS, in OpenShift too, and of the API server; and any other one.
const FURTHER_PORTS: [u16; 5] = [53, 5353, 443, 6443, 12345];

/// A pod, and what it is called here.
type Party = (String, Pod);

/// Whether a connection is needed. Every other one must be refused.
fn is_needed(from: &str, to: &str, protocol: Protocol, port: u16) -> bool {
    match (from, to, protocol, port) {
        // Ray's processes choose their ports.
        ("ray", "ray", _, _)
        // Names are looked up.
        | ("streamlit-app" | "airflow" | "ray", OUTSIDE, _, 53 | 5353)
        // They ask the API server, whose address no policy can name.
        | (JOBS, OUTSIDE, _, _)
        | ("streamlit-app" | "airflow" | "ray" | CLIENT, "object-storage", Protocol::Tcp, 9000)
        | ("streamlit-app" | "airflow" | CLIENT, "ray", Protocol::Tcp, 8000 | 8265)
        | ("streamlit-app", "airflow", Protocol::Tcp, 8080)
        | ("airflow", "airflow", Protocol::Tcp, 8080 | 8793 | 8794)
        | ("airflow", "postgresql", Protocol::Tcp, 5432) => true,
        // Who comes through a node's port may be anybody.
        (JOBS | CLIENT | STRANGER | IMPOSTOR | OUTSIDE, to, Protocol::Tcp, port) => {
            [("streamlit-app", 8501), ("airflow", 8080), ("ray", 8265)].contains(&(to, port))
        }
        _ => false,
    }
}

/// Compares what is allowed by the policies of `plan`, as JSON, with what is needed.
pub(super) fn check(plan: &Value) -> Result<()> {
    let changes = plan["resource_changes"]
        .as_array()
        .context("nothing is planned")?;
    let manifests = || {
        changes
            .iter()
            .map(|change| &change["change"]["after"]["manifest"])
    };
    let policies = Policies::read(manifests())?;
    let parts: Vec<Party> = manifests().filter_map(part).collect::<Result<_>>()?;
    let names: BTreeSet<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    let known = SERVERS.into_iter().chain([JOBS]).collect();
    ensure!(
        names == known,
        "{names:?} are planned, and flows are known of {known:?}"
    );

    let wrong = wrong_flows(&policies, &parts, &others(&parts)?);
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

fn wrong_flows(policies: &Policies, parts: &[Party], others: &[Party]) -> BTreeSet<String> {
    let named = parts.iter().flat_map(|(_, pod)| pod.ports.values().copied());
    let numbers: BTreeSet<u16> = named.chain(FURTHER_PORTS).collect();
    let is_server = |(name, _): &&Party| SERVERS.contains(&name.as_str());
    let mut wrong = BTreeSet::new();
    for (from, source) in parts.iter().chain(others) {
        let is_ours = parts.iter().any(|(name, _)| name == from);
        // Where neither end is of the pipeline, its policies say nothing.
        let outside = others.iter().filter(|(name, _)| is_ours && name == OUTSIDE);
        for (to, destination) in parts.iter().filter(is_server).chain(outside) {
            for protocol in [Protocol::Tcp, Protocol::Udp] {
                for port in &numbers {
                    let needed = is_needed(from, to, protocol, *port);
                    if policies.allow(source, destination, protocol, *port) != needed {
                        let verb = if needed { "must" } else { "must not" };
                        wrong.insert(format!("{from} {verb} reach {to} on port {port} ({protocol:?})"));
                    }
                }
            }
        }
    }
    wrong
}

/// The pods that an object makes, if it makes some.
fn part(manifest: &Value) -> Option<Result<Party>> {
    let template = &manifest["spec"]["template"];
    let labels = &template["metadata"]["labels"];
    let label = |name: &str| labels[format!("app.kubernetes.io/{name}")].as_str();
    let name = label("name").or_else(|| label("component")).unwrap_or_default();
    let namespace = manifest["metadata"]["namespace"].as_str().unwrap_or_default();
    template
        .is_object()
        .then(|| Ok((name.to_owned(), Pod::read(namespace, template)?)))
}

/// Those who are not of the pipeline.
fn others(parts: &[Party]) -> Result<Vec<Party>> {
    let airflow = parts.iter().find(|(name, _)| name == "airflow");
    let (_, airflow) = airflow.context("there is no Airflow")?;
    let pod = |namespace: &str, labels: &[(&str, &str)]| Pod {
        namespace: namespace.to_owned(),
        labels: labels
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        ..Pod::default()
    };
    let impostor = Pod {
        namespace: "elsewhere".to_owned(),
        ..airflow.clone()
    };
    let others = [
        (CLIENT, pod(&airflow.namespace, &[("app", "uploads")])),
        (STRANGER, pod(&airflow.namespace, &[])),
        (IMPOSTOR, impostor),
        (OUTSIDE, pod("elsewhere", &[])),
    ];
    Ok(others.map(|(name, pod)| (name.to_owned(), pod)).into())
}

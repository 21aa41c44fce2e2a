//! Who may talk to whom, by the network policies and pods that are in the cluster.
//!
//! The local cluster's network enforces none. So the policies are evaluated as Kubernetes defines them: a connection is
//! allowed if the policies of its source let it out and those of its destination let it in.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::deployment::Pipeline;

/// A pod that is not of the pipeline.
const STRANGER: &str = "stranger";
const UPLOADER: &str = "uploader";
/// What the parts need.
const NEEDED: [(&str, &str, u16); 19] = [
    ("app", "object-storage", 9000),
    ("app", "ray-head", 8265),
    ("app", "ray-head", 8000),
    ("app", "airflow-api-server", 8080),
    ("airflow-scheduler", "airflow-api-server", 8080),
    ("airflow-scheduler", "airflow-postgresql", 5432),
    ("airflow-triggerer", "airflow-postgresql", 5432),
    ("airflow-dag-processor", "airflow-postgresql", 5432),
    ("airflow-api-server", "airflow-postgresql", 5432),
    ("airflow-api-server", "airflow-scheduler", 8793),
    ("airflow-api-server", "airflow-triggerer", 8794),
    ("airflow-scheduler", "object-storage", 9000),
    ("airflow-scheduler", "ray-head", 8265),
    ("airflow-scheduler", "ray-head", 8000),
    ("airflow-triggerer", "ray-head", 8265),
    ("ray-worker", "ray-head", 6379),
    ("ray-worker", "object-storage", 9000),
    (UPLOADER, "object-storage", 9000),
    (UPLOADER, "ray-head", 8000),
];
/// What nobody needs.
const REFUSED: [(&str, &str, u16); 11] = [
    ("app", "airflow-postgresql", 5432),
    ("app", "ray-head", 6379),
    ("app", "ray-worker", 6379),
    ("ray-worker", "airflow-postgresql", 5432),
    ("ray-head", "airflow-api-server", 8080),
    ("object-storage", "ray-head", 8265),
    ("airflow-postgresql", "airflow-api-server", 8080),
    (UPLOADER, "airflow-postgresql", 5432),
    (STRANGER, "airflow-postgresql", 5432),
    (STRANGER, "object-storage", 9000),
    (STRANGER, "ray-head", 8000),
];

/// Checks that all is allowed that is needed, and nothing of what is not.
pub(crate) fn check(pipeline: &Pipeline) -> Result<()> {
    let policies = pipeline.list("/apis/networking.k8s.io/v1", "networkpolicies")?;
    let pods = pipeline.list("/api/v1", "pods")?;
    let pod = |part: &str| match part {
        STRANGER => Ok(json!({"metadata": {"labels": {}}})),
        UPLOADER => Ok(json!({"metadata": {"labels": pipeline.uploader_labels()}})),
        _ => {
            let is_part =
                |pod: &&Value| is_of_part(pod["metadata"]["name"].as_str().unwrap_or_default(), part);
            pods.iter()
                .find(is_part)
                .cloned()
                .with_context(|| format!("there is no pod of {part}"))
        }
    };
    for (flows, expected) in [(&NEEDED[..], true), (&REFUSED[..], false)] {
        for (from, to, port) in flows {
            let allowed = is_allowed(&policies, &pod(from)?, &pod(to)?, *port);
            let verb = if expected { "must" } else { "must not" };
            ensure!(allowed == expected, "{from} {verb} reach {to} on port {port}");
        }
    }
    Ok(())
}

/// Whether a pod's name is that of a part, followed by what Kubernetes made up.
pub(crate) fn is_of_part(name: &str, part: &str) -> bool {
    let made_up = name.strip_prefix(part).and_then(|rest| rest.strip_prefix('-'));
    made_up.is_some_and(|made_up| made_up.split('-').count() <= 2)
}

fn is_allowed(policies: &[Value], from: &Value, to: &Value, port: u16) -> bool {
    let lets = |pod: &Value, direction: &str, rules: &str, peers: &str, other: &Value| {
        let mut own = policies
            .iter()
            .filter(|policy| {
                selects(&policy["spec"]["podSelector"], pod) && has(&policy["spec"]["policyTypes"], direction)
            })
            .peekable();
        // Whoever has no policy may do anything.
        own.peek().is_none()
            || own
                .flat_map(|policy| policy["spec"][rules].as_array().into_iter().flatten())
                .any(|rule| names_peer(&rule[peers], other) && names_port(&rule["ports"], to, port))
    };
    lets(from, "Egress", "egress", "to", to) && lets(to, "Ingress", "ingress", "from", from)
}

fn has(list: &Value, text: &str) -> bool {
    list.as_array()
        .is_some_and(|list| list.iter().any(|item| item == text))
}

/// By labels alone, which is all that the modules use.
fn selects(selector: &Value, pod: &Value) -> bool {
    let wanted = selector["matchLabels"].as_object();
    wanted.is_none_or(|wanted| {
        wanted
            .iter()
            .all(|(name, value)| pod["metadata"]["labels"][name] == *value)
    })
}

fn names_peer(peers: &Value, pod: &Value) -> bool {
    let peers = peers.as_array().filter(|peers| !peers.is_empty());
    peers.is_none_or(|peers| peers.iter().any(|peer| selects(&peer["podSelector"], pod)))
}

/// A port by its number, or by the name that the destination's containers give it.
fn names_port(ports: &Value, to: &Value, port: u16) -> bool {
    let ports = ports.as_array().filter(|ports| !ports.is_empty());
    let containers = || to["spec"]["containers"].as_array().into_iter().flatten();
    let declared = || containers().flat_map(|container| container["ports"].as_array().into_iter().flatten());
    ports.is_none_or(|ports| {
        ports.iter().any(|rule| match &rule["port"] {
            Value::String(name) => declared().any(|own| own["name"] == *name && own["containerPort"] == port),
            number => *number == port,
        })
    })
}

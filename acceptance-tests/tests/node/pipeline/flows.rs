//! Who may talk to whom, by the network policies and pods that are in the cluster.
//!
//! The local cluster's network enforces none, so they are evaluated. What the modules plan is tried out in every direction
//! without a cluster; here are the flows of the pods that really run.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use xtask::network_policies::{Pod, Policies, Protocol};

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
    // Lists say it once for all.
    let policies = policies.into_iter().map(|mut policy| {
        policy["kind"] = "NetworkPolicy".into();
        policy
    });
    let policies = Policies::read(&policies.collect::<Vec<_>>())?;
    let pods = pipeline.list("/api/v1", "pods")?;
    let pod = |part: &str| {
        let is_part = |pod: &&Value| is_of_part(pod["metadata"]["name"].as_str().unwrap_or_default(), part);
        let found = match part {
            STRANGER => json!({}),
            UPLOADER => json!({"metadata": {"labels": pipeline.uploader_labels()}}),
            _ => pods
                .iter()
                .find(is_part)
                .cloned()
                .with_context(|| format!("there is no pod of {part}"))?,
        };
        Pod::read(&pipeline.namespace, &found)
    };
    for (flows, expected) in [(&NEEDED[..], true), (&REFUSED[..], false)] {
        for (from, to, port) in flows {
            let allowed = policies.allow(&pod(from)?, &pod(to)?, Protocol::Tcp, *port);
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

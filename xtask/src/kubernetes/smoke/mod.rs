//! Whether a cluster with a node does what one expects of it, piece by piece: what fails says why, and whose log to
//! read.

mod checks;
mod findings;
mod objects;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use super::ControlPlane;
use super::api::Api;
use checks::Checks;
use findings::Findings;

/// Tries everything that a cluster with a node offers, and says of each part whether it works.
pub fn check(cluster: &ControlPlane) -> Result<()> {
    let api = cluster.api()?;
    let nodes = api.get("/api/v1/nodes")?;
    let nodes: Value = serde_json::from_str(&nodes).context("the list of nodes is no JSON")?;
    let Some(node) = nodes["items"].get(0) else {
        bail!(
            "cluster {} has no node, so there is nothing to try",
            cluster.name()
        );
    };
    let mut findings = Findings::new(cluster);
    let namespace = Namespace::create(&api)?;
    Checks::new(&api, node, &namespace.name)?.run(&mut findings)?;
    drop(namespace);
    findings.verdict()
}

/// A namespace of one run, removed with all that is in it when the run ends, however it ends.
struct Namespace<'a> {
    api: &'a Api,
    name: String,
}

impl<'a> Namespace<'a> {
    fn create(api: &'a Api) -> Result<Self> {
        let (status, answer) = api.call(
            "POST",
            "/api/v1/namespaces",
            Some(("application/json", &objects::namespace())),
        )?;
        let name = answer["metadata"]["name"].as_str();
        ensure!(
            status == 201,
            "a new namespace was answered with {status}: {answer}"
        );
        Ok(Self {
            api,
            name: name.context("a namespace without a name")?.to_owned(),
        })
    }
}

impl Drop for Namespace<'_> {
    fn drop(&mut self) {
        let path = format!("/api/v1/namespaces/{}", self.name);
        // The cluster empties it by itself. If it cannot, the run has failed for the same reason.
        let _ = self
            .api
            .call("DELETE", &path, Some(("application/json", &json!({}))));
    }
}

//! The checks, each of one thing.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use ureq::Agent;

use super::super::addons::{self, REGISTRY_PORT, VOLUMES_NAMESPACE};
use super::super::api::Api;
use super::findings::Findings;
use super::objects::{self, NAME, POD_PORT, SERVICE_PORT, TEXT};
use crate::interrupt;

const POLL: Duration = Duration::from_millis(200);
/// How long a thing may take that needs a pod to start, or figures to be gathered twice.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a connection on the same machine may take.
const ANSWER: Duration = Duration::from_secs(3);

/// What the checks of one run work on.
pub(super) struct Checks<'a> {
    api: &'a Api,
    node: &'a Value,
    address: &'a str,
    namespace: &'a str,
    http: Agent,
}

impl<'a> Checks<'a> {
    pub(super) fn new(api: &'a Api, node: &'a Value, namespace: &'a str) -> Result<Self> {
        let mut addresses = node["status"]["addresses"].as_array().into_iter().flatten();
        let internal = addresses.find(|address| address["type"] == "InternalIP");
        let address = internal.and_then(|address| address["address"].as_str());
        Ok(Self {
            api,
            node,
            address: address.context("the node has no address: kubelet has never reported")?,
            namespace,
            http: Agent::config_builder()
                .proxy(None)
                .timeout_global(Some(ANSWER))
                .build()
                .into(),
        })
    }

    pub(super) fn run(&self, findings: &mut Findings<'_>) -> Result<()> {
        findings.check("the node is ready", "kubelet", || self.node_is_ready())?;
        findings.check("the registry answers", "registry", || self.registry_answers())?;
        self.apply_objects()?;
        if self.pod_starts(findings)? {
            self.run_with_pod(findings)?;
        }
        findings.check("figures of the node are measured", "metrics-server", || {
            self.node_is_measured()
        })?;
        Ok(())
    }

    /// Without its volume it would not, so that one failure is enough.
    fn pod_starts(&self, findings: &mut Findings<'_>) -> Result<bool> {
        let claim = || {
            self.until(
                "the claim is bound",
                &self.path("persistentvolumeclaims"),
                claim_is_bound,
            )
        };
        let volume = findings.check("a volume is made for a claim", "local-path-provisioner", claim)?;
        if volume.is_none() {
            return Ok(false);
        }
        let pod = || self.until("the pod is ready", &self.path("pods"), pod_is_ready);
        let ready = findings.check("a restricted pod starts and writes to its volume", "kubelet", pod)?;
        Ok(ready.is_some())
    }

    /// The checks that need the pod. Without it they would all say the same.
    fn run_with_pod(&self, findings: &mut Findings<'_>) -> Result<()> {
        findings.check("its log can be read", "kubelet", || self.log_is_read())?;
        findings.check("a command runs in it", "containerd", || self.command_runs())?;
        findings.check("its port is forwarded", "containerd", || self.port_is_forwarded())?;
        findings.check("its Service answers on the machine", "kube-proxy", || {
            self.service_answers_here()
        })?;
        findings.check("its Service answers in the pod", "kube-proxy", || {
            self.service_answers_in_pod()
        })?;
        findings.check("the pod resolves the Service's name", "coredns", || {
            self.name_is_resolved()
        })?;
        Ok(())
    }

    fn node_is_ready(&self) -> Result<()> {
        let ready = condition(self.node, "Ready").context("kubelet has never reported")?;
        ensure!(
            ready["status"] == "True",
            "{}: {}",
            text(&ready["reason"]),
            text(&ready["message"])
        );
        Ok(())
    }

    fn registry_answers(&self) -> Result<()> {
        self.answer(&format!("http://{}:{REGISTRY_PORT}/v2/", self.address))
            .map(drop)
    }

    fn apply_objects(&self) -> Result<()> {
        // Controllers must have filled the namespace before a pod is admitted.
        let account = format!("/api/v1/namespaces/{}/serviceaccounts/default", self.namespace);
        self.until("the namespace has its service account", &account, |_| Ok(()))?;
        addons::apply(self.api, &objects::all(self.namespace))
    }

    fn log_is_read(&self) -> Result<()> {
        let log = self.api.get(&format!("{}/log", self.path("pods")))?;
        ensure!(log.contains(TEXT), "expected {TEXT:?} in it, observed {log:?}");
        Ok(())
    }

    fn command_runs(&self) -> Result<()> {
        self.execute(&["cat", "/data/index.html"])
            .and_then(|output| expect_text(&output))
    }

    fn port_is_forwarded(&self) -> Result<()> {
        let request = "GET / HTTP/1.0\r\n\r\n";
        let answer = self.api.forward(self.namespace, NAME, POD_PORT, request)?;
        expect_text(&answer)
    }

    fn service_answers_here(&self) -> Result<()> {
        let url = format!("http://{}:{SERVICE_PORT}/", self.service_address()?);
        expect_text(&self.answer(&url)?)
    }

    /// By its address: names are a check of their own.
    fn service_answers_in_pod(&self) -> Result<()> {
        let url = format!("http://{}:{SERVICE_PORT}/", self.service_address()?);
        // Not `wget -T`: Debian's busybox crashes over it.
        self.execute(&["timeout", "5", "wget", "-q", "-O", "-", &url])
            .and_then(|output| expect_text(&output))
    }

    fn name_is_resolved(&self) -> Result<()> {
        let name = format!("{NAME}.{}.svc.cluster.local", self.namespace);
        let output = self.execute(&["nslookup", "-type=a", &name])?;
        let address = self.service_address()?;
        ensure!(
            output.contains(&address),
            "expected {address} for {name}, observed {output:?}"
        );
        Ok(())
    }

    fn node_is_measured(&self) -> Result<()> {
        let name = text(&self.node["metadata"]["name"]);
        let path = format!("/apis/metrics.k8s.io/v1beta1/nodes/{name}");
        self.until("there are figures", &path, |_| Ok(()))
    }

    fn service_address(&self) -> Result<String> {
        let service = self.object(&self.path("services"))?;
        Ok(text(&service["spec"]["clusterIP"]).to_owned())
    }

    /// What a command in the pod printed; an error if it failed.
    fn execute(&self, command: &[&str]) -> Result<String> {
        let executed = self.api.execute(self.namespace, NAME, command)?;
        if let Some(failure) = executed.failure {
            let output = executed.output.trim_end();
            bail!("`{}` in the pod: {failure} {output}", command.join(" "));
        }
        Ok(executed.output)
    }

    fn answer(&self, url: &str) -> Result<String> {
        let failed = || format!("GET {url} failed");
        let mut response = self.http.get(url).call().with_context(failed)?;
        response.body_mut().read_to_string().with_context(failed)
    }

    fn path(&self, resource: &str) -> String {
        format!("/api/v1/namespaces/{}/{resource}/{NAME}", self.namespace)
    }

    fn object(&self, path: &str) -> Result<Value> {
        serde_json::from_str(&self.api.get(path)?).with_context(|| format!("{path} is no JSON"))
    }

    /// Waits until `holds` has no objection to the object at `path`. The error is its last one, with the warnings of the
    /// time.
    fn until(&self, what: &str, path: &str, holds: impl Fn(&Value) -> Result<()>) -> Result<()> {
        let started = Instant::now();
        while let Err(error) = self.object(path).and_then(|object| holds(&object)) {
            interrupt::check()?;
            if started.elapsed() > PATIENCE {
                let waited = PATIENCE.as_secs();
                let warnings = self.warnings().unwrap_or_default();
                return Err(error)
                    .with_context(|| format!("waited {waited} s until {what}, in vain{warnings}"));
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// The warnings of the run's namespace, and of the one in which volumes are made, each once.
    fn warnings(&self) -> Result<String> {
        let mut warnings = BTreeSet::new();
        for namespace in [self.namespace, VOLUMES_NAMESPACE] {
            let events = self.object(&format!(
                "/api/v1/namespaces/{namespace}/events?fieldSelector=type%3DWarning"
            ))?;
            for event in events["items"].as_array().into_iter().flatten() {
                let (reason, message) = (text(&event["reason"]), text(&event["message"]));
                warnings.insert(format!("; {reason}: {message}"));
            }
        }
        Ok(warnings.into_iter().collect())
    }
}

fn claim_is_bound(claim: &Value) -> Result<()> {
    let phase = text(&claim["status"]["phase"]);
    ensure!(phase == "Bound", "the claim is {phase}");
    Ok(())
}

fn pod_is_ready(pod: &Value) -> Result<()> {
    let status = &pod["status"];
    if condition(pod, "Ready").is_some_and(|ready| ready["status"] == "True") {
        return Ok(());
    }
    if let Some(scheduled) = condition(pod, "PodScheduled").filter(|scheduled| scheduled["status"] == "False")
    {
        bail!("the pod has no node: {}", text(&scheduled["message"]));
    }
    let state = &status["containerStatuses"][0]["state"];
    let observed = if state.is_null() {
        "no state yet".to_owned()
    } else {
        state.to_string()
    };
    bail!(
        "the pod is {}, its container has {observed}",
        text(&status["phase"])
    )
}

fn condition<'v>(object: &'v Value, kind: &str) -> Option<&'v Value> {
    let mut conditions = object["status"]["conditions"].as_array()?.iter();
    conditions.find(|condition| condition["type"] == kind)
}

fn expect_text(observed: &str) -> Result<()> {
    ensure!(
        observed.contains(TEXT),
        "expected {TEXT:?}, observed {observed:?}"
    );
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn objection(pod: &Value) -> String {
        pod_is_ready(pod)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_pod_that_does_not_start_says_what_holds_it() {
        let unscheduled = json!({ "status": { "phase": "Pending", "conditions": [
            { "type": "PodScheduled", "status": "False", "message": "0/1 nodes are available" },
        ] } });
        assert_eq!(
            objection(&unscheduled),
            "the pod has no node: 0/1 nodes are available"
        );
        let waiting = json!({ "status": { "phase": "Pending", "containerStatuses": [
            { "state": { "waiting": { "reason": "ErrImageNeverPull" } } },
        ] } });
        assert!(objection(&waiting).contains("ErrImageNeverPull"));
        let ready = json!({ "status": { "conditions": [{ "type": "Ready", "status": "True" }] } });
        assert_eq!(objection(&ready), "");
    }
}

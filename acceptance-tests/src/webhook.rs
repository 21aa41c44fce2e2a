//! An admission webhook: what the API server asks before it stores or deletes an object.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::admission::AdmissionServer;
use crate::{Cluster, Scenario, Verdict};

/// How long the API server may take to learn of a webhook.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the API server is told of a webhook.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    /// `Mutating` or `Validating`.
    pub kind: &'static str,
    /// `Fail` or `Ignore`, where the webhook does not answer.
    pub failure_policy: &'static str,
    /// Whether it may be asked without anything being written.
    pub takes_dry_runs: bool,
}

impl Registration {
    /// A webhook that changes objects.
    pub const MUTATING: Self = Self {
        kind: "Mutating",
        failure_policy: "Fail",
        takes_dry_runs: true,
    };
    /// A webhook that refuses objects.
    pub const VALIDATING: Self = Self {
        kind: "Validating",
        ..Self::MUTATING
    };
}

/// A webhook for `ConfigMaps` and Pods of one test's namespace. The API server forgets it when this is dropped.
pub struct Webhook {
    cluster: Cluster,
    path: String,
    server: AdmissionServer,
}

impl Webhook {
    /// The name by which the API server speaks of it.
    pub const NAME: &'static str = "webhook.example.com";

    /// Starts to listen, registers, and waits until the API server asks.
    pub fn start(
        scenario: &Scenario,
        registration: Registration,
        judge: impl Fn(&Value) -> Verdict + Send + Sync + 'static,
    ) -> Result<Self> {
        let resource = format!("{}webhookconfigurations", registration.kind.to_lowercase());
        let collection = format!("/apis/admissionregistration.k8s.io/v1/{resource}");
        let name = &scenario.namespace;
        // From here on an error drops the value, and with it what was registered.
        let webhook = Self {
            cluster: Cluster::of(&scenario.bed)?,
            path: format!("{collection}/{name}"),
            server: AdmissionServer::start(judge)?,
        };
        let object = configuration(name, &registration, &webhook.server.client_config());
        let object = webhook.cluster.create(&collection, &object)?;
        if !registration.takes_dry_runs {
            webhook.make_old(&format!("/registry/{resource}/{name}"), object)?;
        }
        webhook.wait_until_asked(scenario, &registration)?;
        Ok(webhook)
    }

    /// Refuses connections from now on, or no more.
    pub fn set_down(&mut self, is_down: bool) -> Result<()> {
        self.server.close();
        if is_down { Ok(()) } else { self.server.open() }
    }

    /// Makes it one that is left over from before `admissionregistration.k8s.io/v1`, which takes no new ones with side
    /// effects: only etcd does.
    fn make_old(&self, key: &str, mut object: Value) -> Result<()> {
        object["webhooks"][0]["sideEffects"] = "Some".into();
        let pair = json!({"key": STANDARD.encode(key), "value": STANDARD.encode(object.to_string())});
        let etcd = self.cluster.control_plane().etcd()?;
        match etcd.call("POST", "/v3/kv/put", Some(("application/json", &pair)))? {
            (200, _) => Ok(()),
            (status, answer) => bail!("etcd answered {status}: {answer}"),
        }
    }

    /// Writes a `ConfigMap` as a dry run until the webhook is known.
    fn wait_until_asked(&self, scenario: &Scenario, registration: &Registration) -> Result<()> {
        let started = Instant::now();
        let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe"}});
        let path = format!("{}?fieldManager=probe&dryRun=All", scenario.config_map("probe"));
        let body = Some(("application/apply-patch+yaml", &object));
        let api = self.cluster.control_plane().api()?;
        loop {
            let (status, answer) = api.call("PATCH", &path, body)?;
            let is_known = if registration.takes_dry_runs {
                self.server.requests() > 0
            } else {
                status == 400
            };
            if is_known {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                bail!("the API server does not know the webhook: {answer}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        let _ = self.cluster.delete(&self.path);
    }
}

fn configuration(namespace: &str, registration: &Registration, client_config: &Value) -> Value {
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": format!("{}WebhookConfiguration", registration.kind),
        "metadata": {"name": namespace},
        "webhooks": [{
            "name": Webhook::NAME,
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "failurePolicy": registration.failure_policy,
            "timeoutSeconds": 5,
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "rules": [{
                "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps", "pods"],
                "operations": ["CREATE", "UPDATE", "DELETE"],
            }],
            "clientConfig": client_config,
        }],
    })
}

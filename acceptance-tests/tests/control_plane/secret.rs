//! Contents that reach neither plan nor state nor log.

use acceptance_tests::scenarios;
use anyhow::ensure;
use serde_json::json;

const CONFIG: &str = r#"
variable "content" {
  type      = string
  ephemeral = true
}

variable "content_version" {
  default = 1
}

variable "label" {
  default = "a"
}

resource "mlops_manifest" "it" {
  manifest = {
    apiVersion = "v1"
    kind       = "Secret"
    metadata   = { name = "keys", namespace = "NAMESPACE", labels = { label = var.label } }
  }
  data_wo         = { key = var.content }
  data_wo_version = var.content_version
}
"#;

/// Base64 of the canaries, as the server holds them.
const ONE: &str = "Y2FuYXJ5LW9uZQ==";
const TWO: &str = "Y2FuYXJ5LXR3bw==";

scenarios! {
    fn contents_are_sent_when_the_version_changes(scenario) {
        scenario.workspace.set_environment("TF_LOG", "trace");
        let log = scenario.workspace.directory().join("log");
        scenario.workspace.set_environment("TF_LOG_PATH", &log);
        scenario.workspace.set_environment("TF_VAR_content", "canary-one");
        scenario.configure(CONFIG)?;
        scenario.apply()?;
        let path = format!("/api/v1/namespaces/{}/secrets/keys", scenario.namespace);
        ensure!(scenario.cluster.expect(&path)?["data"]["key"] == ONE);

        // An update of the rest neither drops nor resends the contents.
        let stamp = |object: &serde_json::Value| object["metadata"]["managedFields"].as_array().into_iter().flatten()
            .find(|entry| entry["manager"] == "mlops-write-only").map(|entry| entry["time"].clone());
        let before = stamp(&scenario.cluster.expect(&path)?);
        scenario.workspace.set_variable("label", "b")?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&path)?;
        ensure!(live["data"]["key"] == ONE && live["metadata"]["labels"]["label"] == "b", "{live}");
        ensure!(before.is_some() && stamp(&live) == before, "{live}");

        scenario.workspace.set_environment("TF_VAR_content", "canary-two");
        scenario.expect_no_changes()?;
        scenario.workspace.set_variable("content_version", 2)?;
        scenario.apply()?;
        ensure!(scenario.cluster.expect(&path)?["data"]["key"] == TWO);

        let plan = scenario.workspace.plan_json()?.to_string();
        for (place, text) in [("state", scenario.state_file()?), ("plan", plan)] {
            for canary in ["canary-one", "canary-two", ONE, TWO] {
                ensure!(!text.contains(canary), "{canary} is in the {place}");
            }
        }
        let log = std::fs::read_to_string(&log)?;
        for canary in ["canary-one", "canary-two", ONE, TWO] {
            ensure!(!log.contains(canary), "{canary} is in the log");
        }
    }

    fn data_wo_is_for_secrets(scenario) {
        scenario.workspace.set_environment("TF_VAR_content", "any");
        scenario.configure(&CONFIG.replace("\"Secret\"", "\"ConfigMap\""))?;
        scenario.expect_failure("validate", &["`data_wo` is for Secrets", "ConfigMap"])?;
    }

    fn data_in_the_manifest_is_not_in_object(scenario) {
        scenario.configure(r#"
            resource "mlops_manifest" "it" {
              manifest = {
                apiVersion = "v1"
                kind       = "Secret"
                metadata   = { name = "keys", namespace = "NAMESPACE" }
                stringData = { key = "plain" }
              }
            }
        "#)?;
        scenario.apply()?;
        let state = scenario.state("mlops_manifest.it")?;
        ensure!(state["object"].get("data").is_none() && state["object"].get("stringData").is_none(), "{state}");
        let live = scenario.cluster.expect(&format!("/api/v1/namespaces/{}/secrets/keys", scenario.namespace))?;
        ensure!(live["data"] == json!({"key": "cGxhaW4="}), "{live}");
    }
}

//! Waits that end well, in time or not at all; whatever was written is in the state.

use std::thread;
use std::time::Duration;

use acceptance_tests::scenarios;
use anyhow::ensure;
use serde_json::json;

const JOB: &str = r#"
resource "mlops_manifest" "job" {
  manifest = {
    apiVersion = "batch/v1"
    kind       = "Job"
    metadata   = { name = "train", namespace = "NAMESPACE" }
    spec = {
      backoffLimit = 0
      template = {
        spec = { restartPolicy = "Never", containers = [{ name = "train", image = "train:1" }] }
      }
    }
  }
  timeouts {
    create = "TIMEOUT"
  }
}
"#;

scenarios! {
    fn a_wait_that_is_not_in_time(scenario) {
        scenario.configure(&JOB.replace("TIMEOUT", "2s"))?;
        scenario.expect_failure("apply", &["batch/v1 Job NAMESPACE/train", "was not in time ready", "timeouts"])?;
        let state = scenario.workspace.show_json()?;
        let resource = &state["values"]["root_module"]["resources"][0];
        ensure!(resource["tainted"] == true && resource["values"]["object"]["kind"] == "Job", "{state}");
        scenario.configure(&JOB.replace("TIMEOUT", "2s").replace("  manifest = {", "  wait = { rollout = false }\n  manifest = {"))?;
        scenario.apply()?;
    }

    fn a_job_that_fails(scenario) {
        scenario.configure(&JOB.replace("TIMEOUT", "1m"))?;
        let pods = format!("/api/v1/namespaces/{}/pods", scenario.namespace);
        thread::scope(|scope| {
            let cluster = &scenario.cluster;
            // There is no kubelet: the test itself tells that the pod failed.
            let failing = scope.spawn(move || {
                for _ in 0..600 {
                    let list = cluster.expect(&pods)?;
                    if let Some(name) = list["items"][0]["metadata"]["name"].as_str() {
                        let status = json!({"status": {"phase": "Failed", "reason": "OutOfData"}});
                        return cluster.merge(&format!("{pods}/{name}/status"), &status);
                    }
                    thread::sleep(Duration::from_millis(50));
                }
                anyhow::bail!("the job made no pod")
            });
            scenario.expect_failure("apply", &["batch/v1 Job NAMESPACE/train", "it failed (BackoffLimitExceeded"])?;
            failing.join().map_err(|_| anyhow::anyhow!("the other thread panicked"))?
        })?;
        ensure!(scenario.find_state("mlops_manifest.job")?.is_some());
    }

    fn a_field_that_comes_true(scenario) {
        scenario.configure(r#"
            resource "mlops_manifest" "it" {
              manifest = {
                apiVersion = "v1"
                kind       = "ConfigMap"
                metadata   = { name = "settings", namespace = "NAMESPACE" }
              }
              wait = { fields = { "data.answer" = "^4[0-9]$" } }
            }
        "#)?;
        let path = scenario.config_map("settings");
        thread::scope(|scope| {
            let cluster = &scenario.cluster;
            let answering = scope.spawn(move || {
                while cluster.get(&path)?.is_none() {
                    thread::sleep(Duration::from_millis(50));
                }
                cluster.merge(&path, &json!({"data": {"answer": "42"}}))
            });
            let applied = scenario.workspace.apply()?.ok();
            answering.join().map_err(|_| anyhow::anyhow!("the other thread panicked"))??;
            applied
        })?;
        scenario.expect_no_changes()?;
    }

    fn a_field_of_ours_that_somebody_changes_meanwhile(scenario) {
        scenario.configure(r#"
            resource "mlops_manifest" "it" {
              manifest = {
                apiVersion = "v1"
                kind       = "ConfigMap"
                metadata   = { name = "settings", namespace = "NAMESPACE" }
                data       = { replicas = "1" }
              }
              wait = { fields = { "data.answer" = "42" } }
            }
        "#)?;
        let path = scenario.config_map("settings");
        let applied = thread::scope(|scope| {
            let cluster = &scenario.cluster;
            let changing = scope.spawn(|| {
                while cluster.get(&path)?.is_none() {
                    thread::sleep(Duration::from_millis(50));
                }
                cluster.merge(&path, &json!({"data": {"replicas": "3", "answer": "42"}}))
            });
            let applied = scenario.workspace.apply()?.ok();
            changing.join().map_err(|_| anyhow::anyhow!("the other thread panicked"))??;
            applied
        })?;
        ensure!(applied.unwrapped().contains("differ in: .data"), "{}", applied.text());
        let plan = scenario.workspace.plan()?.ok()?;
        ensure!(plan.has_changes() && plan.unwrapped().contains("kubectl-edit"), "{}", plan.text());
        scenario.apply()?;
        ensure!(scenario.cluster.expect(&path)?["data"]["replicas"] == "1");
    }
}

//! The life of one object: created, planned empty, updated, replaced, destroyed.

use acceptance_tests::scenarios;
use anyhow::ensure;

const CONFIG_MAP: &str = r#"
variable "level" {
  default = "info"
}

resource "mlops_manifest" "it" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "settings", namespace = "NAMESPACE" }
    data       = { level = var.level, count = "1", empty = null }
  }
}
"#;

scenarios! {
    fn create_update_destroy(scenario) {
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        let path = scenario.config_map("settings");
        ensure!(scenario.cluster.expect(&path)?["data"] == serde_json::json!({"level": "info", "count": "1"}));
        let state = scenario.state("mlops_manifest.it")?;
        ensure!(state["object"]["data"]["level"] == "info", "{state}");
        ensure!(state["field_manager"] == "mlops" && state["propagation_policy"] == "Background", "{state}");

        scenario.workspace.set_variable("level", "debug")?;
        let plan = scenario.workspace.plan_json()?;
        let change = &plan["resource_changes"][0]["change"];
        ensure!(change["actions"] == serde_json::json!(["update"]), "{change}");
        ensure!(change["after"]["object"]["data"]["level"] == "debug", "the plan is what the server says: {change}");
        let uid = scenario.cluster.expect(&path)?["metadata"]["uid"].clone();
        scenario.apply()?;
        let live = scenario.cluster.expect(&path)?;
        ensure!(live["data"]["level"] == "debug" && live["metadata"]["uid"] == uid, "{live}");

        scenario.workspace.destroy()?.ok()?;
        ensure!(scenario.cluster.get(&path)?.is_none());
    }

    fn yaml_and_defaults_of_the_server(scenario) {
        scenario.configure(r#"
            resource "mlops_manifest" "it" {
              yaml = <<-EOT
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: NAMESPACE}
                spec:
                  selector: {app: web}
                  ports:
                    - {port: 80, targetPort: http}
              EOT
            }
        "#)?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&format!("/api/v1/namespaces/{}/services/web", scenario.namespace))?;
        ensure!(live["spec"]["ports"][0]["protocol"] == "TCP");
        let state = scenario.state("mlops_manifest.it")?;
        ensure!(state["object"]["spec"]["ports"][0]["targetPort"] == "http", "{state}");
        ensure!(state["object"]["spec"].get("clusterIP").is_none(), "what the server chose is not ours: {state}");
    }

    fn quantities_are_kept_as_spelled(scenario) {
        scenario.configure(r#"
            resource "mlops_manifest" "quota" {
              manifest = {
                apiVersion = "v1"
                kind       = "ResourceQuota"
                metadata   = { name = "quota", namespace = "NAMESPACE" }
                spec       = { hard = { "requests.cpu" = "1000m", "requests.memory" = "0.5Gi", pods = 4 } }
              }
            }
        "#)?;
        scenario.apply()?;
        let state = scenario.state("mlops_manifest.quota")?;
        ensure!(state["manifest"]["spec"]["hard"]["requests.cpu"] == "1000m", "{state}");
        ensure!(state["object"]["spec"]["hard"]["requests.cpu"] == "1", "{state}");
    }

    fn another_name_replaces(scenario) {
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        scenario.configure(&CONFIG_MAP.replace("\"settings\"", "\"other\""))?;
        let plan = scenario.workspace.plan_json()?;
        let actions = &plan["resource_changes"][0]["change"]["actions"];
        ensure!(*actions == serde_json::json!(["delete", "create"]), "{actions}");
        scenario.apply()?;
        ensure!(scenario.cluster.get(&scenario.config_map("settings"))?.is_none());
        ensure!(scenario.cluster.get(&scenario.config_map("other"))?.is_some());
    }

    fn an_immutable_field_replaces(scenario) {
        let job = |image: &str| format!(r#"
            resource "mlops_manifest" "job" {{
              wait = {{ rollout = false }}
              manifest = {{
                apiVersion = "batch/v1"
                kind       = "Job"
                metadata   = {{ name = "train", namespace = "NAMESPACE" }}
                spec = {{
                  suspend = true
                  template = {{
                    spec = {{
                      restartPolicy = "Never"
                      containers    = [{{ name = "train", image = "{image}" }}]
                    }}
                  }}
                }}
              }}
            }}
        "#);
        scenario.configure(&job("train:1"))?;
        scenario.apply()?;
        // A suspended Job that never started lets its template's scheduling change, and not its image.
        scenario.configure(&job("train:2"))?;
        let plan = scenario.workspace.plan()?.ok()?;
        ensure!(plan.unwrapped().contains("must be replaced"), "{}", plan.text());
        scenario.apply()?;
        let path = format!("/apis/batch/v1/namespaces/{}/jobs/train", scenario.namespace);
        let live = scenario.cluster.expect(&path)?;
        ensure!(live["spec"]["template"]["spec"]["containers"][0]["image"] == "train:2", "{live}");
    }

    fn a_field_removed_from_the_configuration_is_removed(scenario) {
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        scenario.configure(&CONFIG_MAP.replace("count = \"1\",", ""))?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("settings"))?;
        ensure!(live["data"] == serde_json::json!({"level": "info"}), "{live}");
    }

    fn another_field_manager_takes_over(scenario) {
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        let renamed = CONFIG_MAP.replace("  manifest = {", "  field_manager = \"team-a\"\n  manifest = {");
        scenario.configure(&renamed)?;
        scenario.apply()?;
        scenario.configure(&renamed.replace("count = \"1\",", ""))?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("settings"))?;
        ensure!(live["data"].get("count").is_none(), "the former manager must not keep it: {live}");
        let managers: Vec<_> = live["metadata"]["managedFields"].as_array().into_iter().flatten()
            .map(|entry| entry["manager"].clone()).collect();
        ensure!(managers == ["team-a"], "{managers:?}");
    }

    fn what_others_set_is_theirs(scenario) {
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        let change = serde_json::json!({"data": {"theirs": "1"}, "metadata": {"labels": {"theirs": "1"}}});
        scenario.cluster.merge(&scenario.config_map("settings"), &change)?;
        scenario.expect_no_changes()?;
        scenario.workspace.set_variable("level", "warn")?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("settings"))?;
        ensure!(live["data"]["theirs"] == "1" && live["data"]["level"] == "warn", "{live}");
    }

    fn deletion_waits_for_finalizers(scenario) {
        scenario.configure(&CONFIG_MAP.replace(
            "metadata   = { name = \"settings\", namespace = \"NAMESPACE\" }",
            "metadata   = { name = \"settings\", namespace = \"NAMESPACE\", finalizers = [\"example.com/hold\"] }",
        ).replace("  manifest = {", "  timeouts {\n    delete = \"3s\"\n  }\n  manifest = {"))?;
        scenario.apply()?;
        scenario.expect_failure("destroy", &["example.com/hold", "v1 ConfigMap NAMESPACE/settings"])?;
        ensure!(scenario.find_state("mlops_manifest.it")?.is_some(), "it must stay in the state");
        let release = serde_json::json!({"metadata": {"finalizers": null}});
        scenario.cluster.merge(&scenario.config_map("settings"), &release)?;
        scenario.workspace.destroy()?.ok()?;
    }
}

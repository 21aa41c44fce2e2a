//! Everything that users get wrong, and what they are told. In none of it does an object leave the state.

use acceptance_tests::{Scenario, scenarios};
use anyhow::{Result, ensure};
use serde_json::json;

const CONFIG_MAP: &str = r#"
resource "mlops_manifest" "it" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "settings", namespace = "NAMESPACE" }
    data       = { level = "info" }
  }
}
"#;

fn yaml(text: &str) -> String {
    format!("resource \"mlops_manifest\" \"it\" {{\n  yaml = <<-EOT\n{text}\n  EOT\n}}\n")
}

/// Applies with good credentials, then plans and destroys with bad ones: both must fail, and the state must stay.
fn refused_and_kept(scenario: &mut Scenario, provider: &str, texts: &[&str]) -> Result<()> {
    scenario.configure(CONFIG_MAP)?;
    scenario.apply()?;
    scenario.configure_with(provider, CONFIG_MAP)?;
    for command in ["plan", "apply", "destroy"] {
        scenario.expect_failure(command, texts)?;
    }
    ensure!(
        scenario.find_state("mlops_manifest.it")?.is_some(),
        "the object left the state"
    );
    ensure!(
        scenario.cluster.get(&scenario.config_map("settings"))?.is_some(),
        "the object left the cluster"
    );
    Ok(())
}

scenarios! {
    fn kubeconfig_that_does_not_exist(scenario) {
        refused_and_kept(scenario, "provider \"mlops\" {\n  config_path = \"/nowhere/kubeconfig\"\n}\n",
            &["/nowhere/kubeconfig", "v1 ConfigMap NAMESPACE/settings"])?;
    }

    fn no_configuration_at_all(scenario) {
        refused_and_kept(scenario, "provider \"mlops\" {}\n", &["config_path", "KUBE_CONFIG_PATH"])?;
    }

    fn server_that_cannot_be_reached(scenario) {
        refused_and_kept(scenario, "provider \"mlops\" {\n  host = \"https://127.0.0.1:1\"\n}\n",
            &["https://127.0.0.1:1", "refused", "v1 ConfigMap NAMESPACE/settings"])?;
    }

    fn certificate_that_expired(scenario) {
        let kubeconfig = scenario.cluster.control_plane().issue_expired_client("late")?;
        let provider = format!("provider \"mlops\" {{\n  config_path = {:?}\n}}\n", kubeconfig.display().to_string());
        refused_and_kept(scenario, &provider, &["expired", "v1 ConfigMap NAMESPACE/settings"])?;
    }

    fn token_that_is_wrong(scenario) {
        let server = scenario.cluster.control_plane().server().to_owned();
        let provider = format!(
            "provider \"mlops\" {{\n  host = {server:?}\n  insecure = true\n  token = \"wrong-canary\"\n}}\n");
        refused_and_kept(scenario, &provider, &["401", "v1 ConfigMap NAMESPACE/settings"])?;
        let outcome = scenario.workspace.plan()?;
        ensure!(!outcome.text().contains("wrong-canary"), "{}", outcome.text());
    }

    fn rights_that_are_missing(scenario) {
        let kubeconfig = scenario.cluster.control_plane().issue_client("nobody", None)?;
        let provider = format!("provider \"mlops\" {{\n  config_path = {:?}\n}}\n", kubeconfig.display().to_string());
        refused_and_kept(scenario, &provider, &["nobody", "cannot get", "configmaps", "NAMESPACE"])?;
    }

    fn yaml_with_a_syntax_error(scenario) {
        scenario.configure(&yaml("    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: it"))?;
        scenario.expect_failure("validate", &["Invalid YAML", "yaml:3:"])?;
    }

    fn yaml_with_a_key_twice(scenario) {
        scenario.configure(&yaml("    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: it}\n    kind: Secret"))?;
        scenario.expect_failure("validate", &["yaml:4:1", "`kind`", "twice", "line 2"])?;
    }

    fn two_documents_where_one_is_wanted(scenario) {
        scenario.configure(&yaml(
            "    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: a}\n    ---\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: b}"))?;
        scenario.expect_failure("validate", &["more than one document", "line 5", "mlops_manifests"])?;
    }

    fn both_and_neither(scenario) {
        scenario.configure("resource \"mlops_manifest\" \"it\" {}\n")?;
        scenario.expect_failure("validate", &["Exactly one of `manifest` and `yaml`", "neither"])?;
        scenario.configure("resource \"mlops_manifest\" \"it\" {\n  manifest = {}\n  yaml = \"a: b\"\n}\n")?;
        scenario.expect_failure("validate", &["Exactly one of `manifest` and `yaml`", "both"])?;
    }

    fn a_kind_that_nobody_knows(scenario) {
        scenario.configure(&CONFIG_MAP.replace("\"v1\"", "\"nothing.example.com/v1\""))?;
        // It may be defined by the same apply, so that only the apply can tell.
        ensure!(scenario.workspace.plan()?.ok()?.has_changes());
        scenario.expect_failure("apply", &["nothing.example.com/v1", "ConfigMap"])?;
        ensure!(scenario.find_state("mlops_manifest.it")?.is_none());
    }

    fn a_field_that_the_schema_does_not_know(scenario) {
        scenario.configure(&CONFIG_MAP.replace("data       = ", "dta       = "))?;
        scenario.expect_failure("plan", &["v1 ConfigMap NAMESPACE/settings", "dta"])?;
    }

    fn a_value_of_the_wrong_type(scenario) {
        scenario.configure(&CONFIG_MAP.replace("\"info\" }", "{ a = 1 } }"))?;
        scenario.expect_failure("plan", &["v1 ConfigMap NAMESPACE/settings", "data.level"])?;
    }

    fn a_name_that_breaks_the_rules(scenario) {
        scenario.configure(&CONFIG_MAP.replace("\"settings\"", "\"Settings_1\""))?;
        scenario.expect_failure("validate", &["metadata.name", "Settings_1", "lower-case"])?;
    }

    fn fields_of_the_server(scenario) {
        scenario.configure(&CONFIG_MAP.replace("name = \"settings\"", "name = \"settings\", uid = \"1\""))?;
        scenario.expect_failure("validate", &["metadata.uid", "Remove it"])?;
    }

    fn an_immutable_field_in_a_set(scenario) {
        let config_map = |level: &str| format!(
            "resource \"mlops_manifests\" \"it\" {{\n  yaml = <<-EOT\n    apiVersion: v1\n    kind: ConfigMap\n    \
             metadata: {{name: settings, namespace: NAMESPACE}}\n    immutable: true\n    data: {{level: {level}}}\n  EOT\n}}\n");
        scenario.configure(&config_map("info"))?;
        scenario.apply()?;
        scenario.configure(&config_map("debug"))?;
        scenario.expect_failure("plan", &["v1 ConfigMap NAMESPACE/settings", "immutable", "Restore the field"])?;
        ensure!(scenario.find_state("mlops_manifests.it")?.is_some());
    }

    fn a_namespace_that_is_terminating(scenario) {
        let inner = format!("{}-inner", scenario.namespace);
        scenario.cluster.create("/api/v1/namespaces", &json!({"metadata": {"name": inner}}))?;
        let held = json!({"metadata": {"name": "held", "finalizers": ["example.com/hold"]}});
        let held_path = format!("/api/v1/namespaces/{inner}/configmaps");
        scenario.cluster.create(&held_path, &held)?;
        scenario.cluster.delete(&format!("/api/v1/namespaces/{inner}"))?;
        scenario.configure(&CONFIG_MAP.replace("NAMESPACE", &inner))?;
        let failed = scenario.expect_failure("apply", &[&format!("v1 ConfigMap {inner}/settings"), "is being deleted"]);
        let release = json!({"metadata": {"finalizers": null}});
        scenario.cluster.merge(&format!("{held_path}/held"), &release)?;
        failed?;
    }

    fn a_namespace_that_is_not_there(scenario) {
        scenario.configure(&CONFIG_MAP.replace("NAMESPACE", "not-there"))?;
        ensure!(scenario.workspace.plan()?.ok()?.has_changes());
        scenario.expect_failure("apply", &["the namespace `not-there` does not exist"])?;
    }

    fn a_timeout_that_is_none(scenario) {
        scenario.configure(&CONFIG_MAP.replace("  manifest = {", "  timeouts {\n    create = \"soon\"\n  }\n  manifest = {"))?;
        scenario.expect_failure("validate", &["duration such as `30s`", "soon"])?;
    }
}

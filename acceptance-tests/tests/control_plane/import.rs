//! Objects that exist already: refused on creation, taken over by import.

use acceptance_tests::scenarios;
use anyhow::ensure;
use serde_json::json;

const CONFIG: &str = r#"
resource "mlops_manifest" "it" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "settings", namespace = "NAMESPACE" }
    data       = { level = "info" }
  }
}
"#;

scenarios! {
    fn an_existing_object_is_refused(scenario) {
        let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"},
            "data": {"level": "theirs"}});
        scenario.cluster.apply(&scenario.config_map("settings"), "team-a", &theirs)?;
        scenario.configure(CONFIG)?;
        scenario.expect_failure("apply", &[
            "v1 ConfigMap NAMESPACE/settings: the object exists already",
            "team-a",
            "terraform import",
            "apiVersion=v1,kind=ConfigMap,namespace=NAMESPACE,name=settings",
        ])?;
        ensure!(scenario.cluster.expect(&scenario.config_map("settings"))?["data"]["level"] == "theirs");
    }

    fn import_takes_an_object_over(scenario) {
        let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"},
            "data": {"level": "info", "theirs": "1"}});
        let created = scenario.cluster.create(
            &format!("/api/v1/namespaces/{}/configmaps", scenario.namespace), &theirs)?;
        scenario.configure(CONFIG)?;
        let id = format!("apiVersion=v1,kind=ConfigMap,namespace={},name=settings", scenario.namespace);
        scenario.workspace.import("mlops_manifest.it", &id)?.ok()?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("settings"))?;
        ensure!(live["metadata"]["uid"] == created["metadata"]["uid"] && live["data"]["theirs"] == "1", "{live}");
        let state = scenario.state("mlops_manifest.it")?;
        ensure!(state["object"]["data"] == json!({"level": "info"}), "{state}");
    }

    fn an_import_block_works(scenario) {
        let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"},
            "data": {"level": "info"}});
        scenario.cluster.create(&format!("/api/v1/namespaces/{}/configmaps", scenario.namespace), &theirs)?;
        scenario.configure(&format!("{CONFIG}\nimport {{\n  to = mlops_manifest.it\n  id = \"{}\"\n}}\n",
            "apiVersion=v1,kind=ConfigMap,namespace=NAMESPACE,name=settings"))?;
        scenario.apply()?;
    }

    fn an_import_block_by_identity_works_where_it_is_known(scenario) {
        let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"},
            "data": {"level": "info"}});
        scenario.cluster.create(&format!("/api/v1/namespaces/{}/configmaps", scenario.namespace), &theirs)?;
        let configured = scenario.configure(&format!("{CONFIG}\nimport {{\n  to = mlops_manifest.it\n  identity = {}\n}}\n",
            r#"{ api_version = "v1", kind = "ConfigMap", namespace = "NAMESPACE", name = "settings" }"#));
        if scenario.workspace.cli().name() == "terraform" {
            // Terraform knows identities from 1.12 on; here it is 1.11.
            let refusal = configured.err().map(|error| error.to_string()).unwrap_or_default();
            ensure!(refusal.contains(r#"An argument named "identity" is not expected here"#), "{refusal}");
            return Ok(());
        }
        configured?;
        scenario.apply()?;
    }

    fn what_cannot_be_imported_is_an_error(scenario) {
        scenario.configure(CONFIG)?;
        let missing = format!("apiVersion=v1,kind=ConfigMap,namespace={},name=settings", scenario.namespace);
        for (id, text) in [("settings", "apiVersion=VERSION,kind=KIND"), (missing.as_str(), "Cannot import non-existent")] {
            let outcome = scenario.workspace.import("mlops_manifest.it", id)?;
            ensure!(!outcome.success() && outcome.unwrapped().contains(text), "{id}: {}", outcome.text());
        }
        ensure!(scenario.find_state("mlops_manifest.it")?.is_none());
    }
}

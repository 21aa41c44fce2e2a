//! The data source.

use acceptance_tests::scenarios;
use anyhow::ensure;
use serde_json::json;

const CONFIG: &str = r#"
data "mlops_object" "it" {
  api_version = "v1"
  kind        = "KIND"
  namespace   = "NAMESPACE"
  name        = "it"
}

output "it" {
  value = data.mlops_object.it.object
}
"#;

scenarios! {
    fn an_object_is_read_whole(scenario) {
        let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "it"}, "data": {"a": "1"}});
        let created =
            scenario.cluster.create(&format!("/api/v1/namespaces/{}/configmaps", scenario.namespace), &object)?;
        scenario.configure(&CONFIG.replace("KIND", "ConfigMap"))?;
        scenario.apply()?;
        let output = &scenario.workspace.output_json()?["it"]["value"];
        ensure!(output["data"]["a"] == "1" && output["metadata"]["uid"] == created["metadata"]["uid"], "{output}");
        ensure!(output["metadata"].get("managedFields").is_none(), "{output}");
    }

    fn contents_of_a_secret_are_left_out(scenario) {
        let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "it"}, "data": {"a": "eA=="}});
        scenario.cluster.create(&format!("/api/v1/namespaces/{}/secrets", scenario.namespace), &object)?;
        scenario.configure(&CONFIG.replace("KIND", "Secret"))?;
        scenario.apply()?;
        let output = &scenario.workspace.output_json()?["it"]["value"];
        ensure!(output["type"] == "Opaque" && output.get("data").is_none(), "{output}");
    }

    fn what_is_not_there_is_an_error(scenario) {
        scenario.configure(&CONFIG.replace("KIND", "ConfigMap"))?;
        scenario.expect_failure("plan", &["v1 ConfigMap NAMESPACE/it: there is no such object"])?;
        scenario.configure(&CONFIG.replace("KIND", "Nothing"))?;
        scenario.expect_failure("plan", &["the cluster has no such kind", "Nothing"])?;
    }
}

//! Plans where the server cannot say everything: clusters and kinds that are not there yet, and read-only rights.

use acceptance_tests::scenarios;
use anyhow::ensure;
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

scenarios! {
    fn an_unknown_cluster_is_dialled_by_nobody(scenario) {
        let kubeconfig = scenario.cluster.control_plane().kubeconfig_path();
        let provider = format!(r#"
            resource "terraform_data" "cluster" {{
              input = {:?}
            }}

            provider "mlops" {{
              config_path = terraform_data.cluster.output
            }}
        "#, kubeconfig.display().to_string());
        // What the environment names is another cluster, and must not take the unknown one's place.
        scenario.workspace.set_environment("KUBE_HOST", "https://127.0.0.1:1");
        scenario.configure_with(&provider, CONFIG_MAP)?;
        let plan = scenario.workspace.plan_json()?;
        let change = plan["resource_changes"].as_array().into_iter().flatten()
            .find(|change| change["address"] == "mlops_manifest.it").cloned().unwrap_or_default();
        ensure!(change["change"]["after_unknown"]["object"] == true, "{change}");
        scenario.workspace.set_environment("KUBE_HOST", "");
        scenario.apply()?;

        // The cluster becomes unknown again: the state is kept, with a warning.
        scenario.configure_with(&provider.replace("input =", "triggers_replace = 1\n input ="), CONFIG_MAP)?;
        let plan = scenario.workspace.plan()?.ok()?;
        ensure!(plan.unwrapped().contains("was not read"), "{}", plan.text());
        ensure!(plan.text().contains("1 to add, 0 to change, 1 to destroy") || plan.text().contains("to replace"),
            "{}", plan.text());
        ensure!(scenario.find_state("mlops_manifest.it")?.is_some());
    }

    fn a_kind_and_its_object_in_one_apply(scenario) {
        let group = format!("{}.example.com", scenario.namespace);
        scenario.configure(&r#"
            resource "mlops_manifest" "definition" {
              manifest = {
                apiVersion = "apiextensions.k8s.io/v1"
                kind       = "CustomResourceDefinition"
                metadata   = { name = "widgets.GROUP" }
                spec = {
                  group    = "GROUP"
                  scope    = "Namespaced"
                  names    = { kind = "Widget", listKind = "WidgetList", plural = "widgets", singular = "widget" }
                  versions = [{
                    name    = "v1"
                    served  = true
                    storage = true
                    schema = {
                      openAPIV3Schema = {
                        type = "object"
                        properties = {
                          spec = {
                            type = "object"
                            properties = { size = { type = "integer" }, colour = { type = "string", default = "red" } }
                          }
                        }
                      }
                    }
                  }]
                }
              }
            }

            resource "mlops_manifest" "widget" {
              manifest = {
                apiVersion = "${mlops_manifest.definition.manifest.spec.group}/v1"
                kind       = "Widget"
                metadata   = { name = "it", namespace = "NAMESPACE" }
                spec       = { size = 3 }
              }
            }
        "#.replace("GROUP", &group))?;
        scenario.apply()?;
        let path = format!("/apis/{group}/v1/namespaces/{}/widgets/it", scenario.namespace);
        ensure!(scenario.cluster.expect(&path)?["spec"] == json!({"size": 3, "colour": "red"}));
        scenario.workspace.destroy()?.ok()?;
        let definition = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.{group}");
        ensure!(scenario.cluster.get(&definition)?.is_none());
    }

    fn a_namespace_and_its_objects_in_one_apply(scenario) {
        let inner = format!("{}-inner", scenario.namespace);
        scenario.configure(&format!(r#"
            resource "mlops_manifest" "namespace" {{
              manifest = {{ apiVersion = "v1", kind = "Namespace", metadata = {{ name = "{inner}" }} }}
            }}

            resource "mlops_manifest" "it" {{
              manifest = {{
                apiVersion = "v1"
                kind       = "ConfigMap"
                metadata   = {{ name = "it", namespace = mlops_manifest.namespace.object.metadata.name }}
              }}
            }}
        "#))?;
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
        ensure!(scenario.cluster.get(&format!("/api/v1/namespaces/{inner}"))?.is_none());
    }

    fn read_only_rights_plan(scenario) {
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        let user = format!("reader-{}", scenario.namespace);
        let rbac = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{}", scenario.namespace);
        scenario.cluster.create(&format!("{rbac}/roles"), &json!({"metadata": {"name": "reader"}, "rules": [
            {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]}))?;
        scenario.cluster.create(&format!("{rbac}/rolebindings"), &json!({"metadata": {"name": "reader"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]}))?;
        let kubeconfig = scenario.cluster.control_plane().issue_client(&user, None)?;
        let provider = format!("provider \"mlops\" {{\n  config_path = {:?}\n}}\n", kubeconfig.display().to_string());
        scenario.configure_with(&provider, CONFIG_MAP)?;
        scenario.expect_no_changes()?;
        scenario.configure_with(&provider, &CONFIG_MAP.replace("info", "debug"))?;
        let plan = scenario.workspace.plan()?.ok()?;
        let text = plan.unwrapped();
        ensure!(plan.has_changes() && text.contains("planned without asking the server") && text.contains("patch"),
            "{}", plan.text());
        scenario.expect_failure("apply", &["cannot patch", "v1 ConfigMap NAMESPACE/settings"])?;
        ensure!(scenario.find_state("mlops_manifest.it")?.is_some());
    }

    fn an_unreachable_server_plans_a_creation(scenario) {
        scenario.configure_with("provider \"mlops\" {\n  host = \"https://127.0.0.1:1\"\n}\n", CONFIG_MAP)?;
        let plan = scenario.workspace.plan()?.ok()?;
        ensure!(plan.has_changes() && plan.unwrapped().contains("planned without asking the server"), "{}", plan.text());
        scenario.expect_failure("apply", &["https://127.0.0.1:1", "refused"])?;
    }
}

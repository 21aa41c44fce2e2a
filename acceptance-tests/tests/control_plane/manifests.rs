//! Many objects from files.

use acceptance_tests::scenarios;
use anyhow::ensure;
use serde_json::json;

const FOLDER: &str = r#"
resource "mlops_manifests" "it" {
  paths = ["${path.module}/objects"]
}
"#;

fn config_map(name: &str, level: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: NAMESPACE}}\ndata: {{level: {level}}}\n"
    )
}

scenarios! {
    fn a_folder_is_applied_and_pruned(scenario) {
        scenario.file("objects/a.yaml", &format!("{}---\n{}", config_map("one", "info"), config_map("two", "info")))?;
        scenario.file("objects/b.yml", &config_map("three", "info"))?;
        scenario.file("objects/notes.txt", "not: [yaml")?;
        scenario.configure(FOLDER)?;
        scenario.apply()?;
        for name in ["one", "two", "three"] {
            ensure!(scenario.cluster.get(&scenario.config_map(name))?.is_some(), "{name}");
        }
        let state = scenario.state("mlops_manifests.it")?;
        let name = format!("ConfigMap/{}/two", scenario.namespace);
        ensure!(state["objects"][&name]["data"]["level"] == "info", "{state}");

        // One changes, one goes, one comes: each shows by itself.
        scenario.file("objects/a.yaml", &config_map("two", "debug"))?;
        scenario.file("objects/c.json", r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "four",
            "namespace": "NAMESPACE"}}"#)?;
        let plan = scenario.workspace.plan_json()?;
        let change = &plan["resource_changes"][0]["change"];
        ensure!(change["actions"] == json!(["update"]), "{change}");
        let after = &change["after"]["objects"];
        ensure!(after[&name]["data"]["level"] == "debug", "{after}");
        ensure!(after.get(format!("ConfigMap/{}/one", scenario.namespace)).is_none(), "{after}");
        scenario.apply()?;
        ensure!(scenario.cluster.get(&scenario.config_map("one"))?.is_none());
        ensure!(scenario.cluster.get(&scenario.config_map("four"))?.is_some());
        scenario.workspace.destroy()?.ok()?;
        ensure!(scenario.cluster.get(&scenario.config_map("two"))?.is_none());
    }

    fn definitions_and_namespaces_come_first(scenario) {
        let group = format!("{}.example.com", scenario.namespace);
        let widget = format!("apiVersion: {group}/v1\nkind: Widget\nmetadata: {{name: it, namespace: NAMESPACE-inner}}\n");
        let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: NAMESPACE-inner}\n";
        let definition = format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: widgets.{group}\n  \
             creationTimestamp: null\nspec:\n  group: {group}\n  scope: Namespaced\n  names: {{kind: Widget, listKind: \
             WidgetList, plural: widgets, singular: widget}}\n  versions:\n    - name: v1\n      served: true\n      \
             storage: true\n      schema: {{openAPIV3Schema: {{type: object}}}}\nstatus:\n  conditions: []\n");
        scenario.file("objects/all.yaml", &[widget.as_str(), namespace, &definition].join("---\n"))?;
        scenario.configure(FOLDER)?;
        scenario.apply()?;
        let path = format!("/apis/{group}/v1/namespaces/{}-inner/widgets/it", scenario.namespace);
        ensure!(scenario.cluster.get(&path)?.is_some());
        let state = scenario.state("mlops_manifests.it")?;
        let name = format!("CustomResourceDefinition.apiextensions.k8s.io/widgets.{group}");
        let schema = &state["objects"][&name]["spec"]["versions"][0]["schema"];
        ensure!(schema.as_str().is_some_and(|schema| schema.starts_with("sha256:")), "{state}");
        scenario.workspace.destroy()?.ok()?;
        ensure!(scenario.cluster.get(&format!("/api/v1/namespaces/{}-inner", scenario.namespace))?.is_none());
    }

    fn one_object_drifts(scenario) {
        scenario.file("objects/a.yaml", &format!("{}---\n{}", config_map("one", "info"), config_map("two", "info")))?;
        scenario.configure(FOLDER)?;
        scenario.apply()?;
        scenario.cluster.merge(&scenario.config_map("one"), &json!({"data": {"level": "theirs"}}))?;
        scenario.cluster.delete(&scenario.config_map("two"))?;
        let plan = scenario.workspace.plan()?.ok()?;
        ensure!(plan.has_changes() && plan.unwrapped().contains("kubectl-edit"), "{}", plan.text());
        scenario.apply()?;
        for name in ["one", "two"] {
            ensure!(scenario.cluster.expect(&scenario.config_map(name))?["data"]["level"] == "info", "{name}");
        }
    }

    fn a_failure_keeps_what_was_applied(scenario) {
        let bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad, namespace: NAMESPACE-missing}\n";
        scenario.file("objects/a.yaml", &format!("{}---\n{bad}", config_map("one", "info")))?;
        scenario.configure(FOLDER)?;
        scenario.expect_failure("apply", &["NAMESPACE-missing"])?;
        ensure!(scenario.find_state("mlops_manifests.it")?.is_some(), "what was applied is in the state");
        scenario.file("objects/a.yaml", &config_map("one", "info"))?;
        scenario.apply()?;
        ensure!(scenario.cluster.get(&scenario.config_map("one"))?.is_some());
    }

    fn patterns_and_templates(scenario) {
        scenario.file("tree/a/one.yaml", &config_map("one", "info"))?;
        scenario.file("tree/b/two.yaml", &config_map("two", "info"))?;
        scenario.configure(r#"
            resource "mlops_manifests" "it" {
              paths = ["${path.module}/tree/**/*.yaml"]
              yaml  = join("---\n", [for name in ["three", "four"] : yamlencode({
                apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, namespace = "NAMESPACE" }
              })])
            }
        "#)?;
        scenario.apply()?;
        for name in ["one", "two", "three", "four"] {
            ensure!(scenario.cluster.get(&scenario.config_map(name))?.is_some(), "{name}");
        }
    }

    fn a_set_of_nothing_stays(scenario) {
        let set = |yaml: &str| format!("resource \"mlops_manifests\" \"it\" {{\n  yaml = {yaml}\n}}\n");
        scenario.configure(&set("\"# Nothing yet.\""))?;
        scenario.apply()?;
        ensure!(scenario.state("mlops_manifests.it")?["objects"] == json!({}));
        scenario.configure(&set(&format!("<<-EOT\n{}EOT", config_map("one", "info"))))?;
        scenario.apply()?;
        scenario.configure(&set("\"\""))?;
        scenario.apply()?;
        ensure!(scenario.cluster.get(&scenario.config_map("one"))?.is_none());
        scenario.workspace.destroy()?.ok()?;
    }

    fn mistakes_name_file_and_line(scenario) {
        scenario.configure(FOLDER)?;
        scenario.expect_failure("plan", &["No such file or folder", "./objects"])?;
        scenario.file("objects/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one\n")?;
        scenario.expect_failure("plan", &["Invalid YAML", "./objects/a.yaml:"])?;
        scenario.file("objects/a.yaml", &format!("{}---\n{}", config_map("one", "info"), config_map("one", "info")))?;
        scenario.expect_failure("plan", &["An object stands twice", "./objects/a.yaml:1", "./objects/a.yaml:6"])?;
        scenario.file("objects/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: One}\n")?;
        scenario.expect_failure("plan", &["./objects/a.yaml:1", "metadata.name", "One"])?;
        scenario.configure("resource \"mlops_manifests\" \"it\" {}\n")?;
        scenario.expect_failure("validate", &["At least one of `paths` and `yaml`"])?;
    }
}

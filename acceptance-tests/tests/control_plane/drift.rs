//! What others do to our objects: seen, named, and set back; or refused.

use acceptance_tests::scenarios;
use anyhow::ensure;
use serde_json::json;

const DEPLOYMENT: &str = r#"
resource "mlops_manifest" "it" {
  wait = { rollout = false }
  yaml = <<-EOT
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: NAMESPACE}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
            - {name: web, image: "web:1"}
  EOT
}
"#;

scenarios! {
    fn a_changed_field_is_taken_back(scenario) {
        scenario.configure(DEPLOYMENT)?;
        scenario.apply()?;
        let path = format!("/apis/apps/v1/namespaces/{}/deployments/web", scenario.namespace);
        scenario.cluster.merge(&path, &json!({"spec": {"replicas": 5}}))?;
        let plan = scenario.workspace.plan()?.ok()?;
        ensure!(plan.has_changes(), "{}", plan.text());
        let text = plan.unwrapped();
        ensure!(text.contains("kubectl-edit") && text.contains(".spec.replicas"), "{}", plan.text());
        scenario.apply()?;
        ensure!(scenario.cluster.expect(&path)?["spec"]["replicas"] == 2);
    }

    fn a_field_of_somebody_else_is_a_conflict(scenario) {
        scenario.configure(DEPLOYMENT)?;
        scenario.apply()?;
        let path = format!("/apis/apps/v1/namespaces/{}/deployments/web", scenario.namespace);
        let theirs = json!({"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "labels": {"team": "a"}}});
        scenario.cluster.apply(&path, "team-a", &theirs)?;
        scenario.expect_no_changes()?;
        scenario.configure(&DEPLOYMENT.replace("namespace: NAMESPACE}", "namespace: NAMESPACE, labels: {team: b}}"))?;
        scenario.expect_failure("plan", &["team-a", "metadata.labels.team", "apps/v1 Deployment NAMESPACE/web"])?;
        ensure!(scenario.cluster.expect(&path)?["metadata"]["labels"]["team"] == "a");
    }

    fn a_deleted_object_is_created_again(scenario) {
        scenario.configure(DEPLOYMENT)?;
        scenario.apply()?;
        let path = format!("/apis/apps/v1/namespaces/{}/deployments/web", scenario.namespace);
        let uid = scenario.cluster.expect(&path)?["metadata"]["uid"].clone();
        scenario.cluster.delete(&path)?;
        let plan = scenario.workspace.plan_json()?;
        ensure!(plan["resource_changes"][0]["change"]["actions"] == json!(["create"]), "{plan}");
        scenario.apply()?;
        ensure!(scenario.cluster.expect(&path)?["metadata"]["uid"] != uid);
    }

    fn contents_of_a_secret_drift(scenario) {
        scenario.configure(r#"
            resource "mlops_manifest" "it" {
              manifest = {
                apiVersion = "v1"
                kind       = "Secret"
                metadata   = { name = "keys", namespace = "NAMESPACE" }
                data       = { key = "b3Vycw==" }
              }
            }
        "#)?;
        scenario.apply()?;
        let path = format!("/api/v1/namespaces/{}/secrets/keys", scenario.namespace);
        scenario.cluster.merge(&path, &json!({"data": {"key": "dGhlaXJz"}}))?;
        let plan = scenario.workspace.plan()?.ok()?;
        ensure!(plan.has_changes(), "{}", plan.text());
        ensure!(!plan.text().contains("dGhlaXJz"), "the plan shows the secret: {}", plan.text());
        scenario.apply()?;
        ensure!(scenario.cluster.expect(&path)?["data"]["key"] == "b3Vycw==");
    }
}

//! Webhooks that refuse: their words reach the user, and nothing leaves the state.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use acceptance_tests::{Registration, Verdict, Webhook, scenarios};
use anyhow::ensure;
use serde_json::json;

use super::{CONFIG_MAP, OBJECT, REFUSAL, no_debugging, with_level};

scenarios! {
    fn a_refusal_is_known_at_plan(scenario) {
        let _webhook = Webhook::start(scenario, Registration::VALIDATING, no_debugging)?;
        scenario.configure(&with_level("debug"))?;
        scenario.expect_failure("plan", &[OBJECT, Webhook::NAME, REFUSAL])?;
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        scenario.configure(&with_level("debug"))?;
        scenario.expect_failure("apply", &[OBJECT, Webhook::NAME, REFUSAL])?;
        ensure!(scenario.state("mlops_manifest.it")?["object"]["data"]["level"] == "info");
        scenario.configure(CONFIG_MAP)?;
        scenario.expect_no_changes()?;
        scenario.configure(&with_level("warn"))?;
        scenario.apply()?;
    }

    fn a_deletion_that_is_refused_keeps_the_object_in_state(scenario) {
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        let reasons = [
            json!({"code": 403, "message": "this one stays"}),
            // A webhook may choose any code. This one looks like the answer about an object that is gone.
            json!({"code": 404, "reason": "NotFound", "message": "this one stays",
                "details": {"name": "settings", "kind": "configmaps"}}),
        ];
        for reason in reasons {
            let _webhook = Webhook::start(scenario, Registration::VALIDATING, move |request| {
                if request["operation"] == "DELETE" { Verdict::Deny(reason.clone()) } else { Verdict::Allow }
            })?;
            scenario.expect_failure("destroy", &[OBJECT, Webhook::NAME, "this one stays"])?;
            ensure!(scenario.find_state("mlops_manifest.it")?.is_some());
        }
        scenario.expect_no_changes()?;
    }

    fn a_refusal_in_a_set_keeps_the_rest(scenario) {
        let refuses = Arc::new(AtomicBool::new(true));
        let asked = Arc::clone(&refuses);
        let _webhook = Webhook::start(scenario, Registration::VALIDATING, move |request| {
            // The plan does not know it yet.
            let is_meant = request["name"] == "two" && request["dryRun"] == false;
            if is_meant && asked.load(Ordering::SeqCst) { Verdict::deny(REFUSAL) } else { Verdict::Allow }
        })?;
        scenario.configure(r#"
            resource "mlops_manifests" "it" {
              yaml = <<-EOT
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: one, namespace: NAMESPACE}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: two, namespace: NAMESPACE}
              EOT
            }
        "#)?;
        scenario.expect_failure("apply", &["v1 ConfigMap NAMESPACE/two", Webhook::NAME, REFUSAL])?;
        let objects = scenario.state("mlops_manifests.it")?["objects"].clone();
        ensure!(objects.as_object().is_some_and(|objects| objects.len() == 1), "{objects}");
        refuses.store(false, Ordering::SeqCst);
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
    }

    fn pods_that_are_refused_fail_the_rollout(scenario) {
        let _webhook = Webhook::start(scenario, Registration::VALIDATING, |request| {
            if request["kind"]["kind"] == "Pod" { Verdict::deny("no pods here") } else { Verdict::Allow }
        })?;
        scenario.configure(r#"
            resource "mlops_manifest" "it" {
              timeouts {
                create = "2s"
              }
              yaml = <<-EOT
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: NAMESPACE}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: "web:1"}]}
              EOT
            }
        "#)?;
        scenario.expect_failure("apply", &["apps/v1 Deployment NAMESPACE/web", Webhook::NAME, "no pods here"])?;
        ensure!(scenario.find_state("mlops_manifest.it")?.is_some());
    }
}

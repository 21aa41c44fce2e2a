//! Admission webhooks: what they change, refuse and leave unanswered, and that nothing is lost by it.

use acceptance_tests::{Registration, Verdict, Webhook, scenarios};
use anyhow::ensure;
use serde_json::{Value, json};

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

/// The words of the webhook that refuses.
const REFUSAL: &str = "no debugging here";

fn debug() -> String {
    CONFIG_MAP.replace("info", "debug")
}

/// Refuses `level = "debug"`.
fn no_debugging(request: &Value) -> Verdict {
    if request["object"]["data"]["level"] == "debug" {
        Verdict::Deny(REFUSAL)
    } else {
        Verdict::Allow
    }
}

scenarios! {
    fn what_a_webhook_adds_is_not_ours(scenario) {
        let _webhook = Webhook::start(scenario, Registration::of("Mutating"), |request| {
            if request["operation"] == "DELETE" {
                return Verdict::Allow;
            }
            Verdict::Patch(json!([{"op": "add", "path": "/metadata/labels", "value": {"added-by": "webhook"}}]))
        })?;
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("settings"))?;
        ensure!(live["metadata"]["labels"]["added-by"] == "webhook", "{live}");
        let object = scenario.state("mlops_manifest.it")?["object"].clone();
        ensure!(object["metadata"].get("labels").is_none() && object["data"]["level"] == "info", "{object}");
        scenario.configure(&debug())?;
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
    }

    fn what_a_webhook_overrides_is_planned_as_it_will_be(scenario) {
        let _webhook = Webhook::start(scenario, Registration::of("Mutating"), |request| {
            if request["object"]["data"]["level"].is_null() {
                return Verdict::Allow;
            }
            Verdict::Patch(json!([{"op": "replace", "path": "/data/level", "value": "forced"}]))
        })?;
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("settings"))?;
        ensure!(live["data"]["level"] == "forced", "{live}");
        scenario.configure(&debug())?;
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
    }

    fn a_refusal_is_known_at_plan(scenario) {
        let _webhook = Webhook::start(scenario, Registration::of("Validating"), no_debugging)?;
        scenario.configure(&debug())?;
        scenario.expect_failure("plan", &["v1 ConfigMap NAMESPACE/settings", REFUSAL])?;
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        scenario.configure(&debug())?;
        scenario.expect_failure("apply", &["v1 ConfigMap NAMESPACE/settings", REFUSAL])?;
        ensure!(scenario.state("mlops_manifest.it")?["object"]["data"]["level"] == "info");
        scenario.configure(CONFIG_MAP)?;
        scenario.expect_no_changes()?;
        scenario.workspace.destroy()?.ok()?;
    }

    fn a_webhook_that_is_down_loses_nothing(scenario) {
        let webhook = Webhook::start(scenario, Registration::of("Validating"), no_debugging)?;
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        webhook.set_down(true);
        // What has not changed needs no dry run.
        scenario.expect_no_changes()?;
        scenario.configure(&CONFIG_MAP.replace("info", "warning"))?;
        scenario.expect_failure("apply", &["v1 ConfigMap NAMESPACE/settings", "webhook.test.example.com"])?;
        scenario.expect_failure("destroy", &["v1 ConfigMap NAMESPACE/settings", "webhook.test.example.com"])?;
        ensure!(scenario.state("mlops_manifest.it")?["object"]["data"]["level"] == "info");
        webhook.set_down(false);
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
        ensure!(scenario.cluster.get(&scenario.config_map("settings"))?.is_none());
    }

    fn a_webhook_that_may_be_down_is_done_without(scenario) {
        let registration = Registration { failure_policy: "Ignore", ..Registration::of("Validating") };
        let webhook = Webhook::start(scenario, registration, no_debugging)?;
        webhook.set_down(true);
        scenario.configure(&debug())?;
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
    }

    fn a_deletion_that_is_refused_keeps_the_object_in_state(scenario) {
        let webhook = Webhook::start(scenario, Registration::of("Validating"), |request| {
            if request["operation"] == "DELETE" {
                Verdict::Deny("this one stays")
            } else {
                Verdict::Allow
            }
        })?;
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        scenario.expect_failure("destroy", &["v1 ConfigMap NAMESPACE/settings", "this one stays"])?;
        ensure!(scenario.find_state("mlops_manifest.it")?.is_some());
        drop(webhook);
        scenario.expect_no_changes()?;
    }
}

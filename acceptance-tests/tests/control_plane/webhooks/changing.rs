//! Webhooks that change what is applied: the plan tells it, and the second plan is empty.

use std::sync::atomic::{AtomicUsize, Ordering};

use acceptance_tests::{Registration, Verdict, Webhook, scenarios};
use anyhow::ensure;
use serde_json::{Value, json};

use super::{CONFIG_MAP, with_level};

/// Sets the level wherever there is one.
fn level(request: &Value, level: &str) -> Verdict {
    if request["object"]["data"]["level"].is_null() {
        return Verdict::Allow;
    }
    Verdict::Patch(json!([{"op": "replace", "path": "/data/level", "value": level}]))
}

/// Beside the object, one like it in a set.
fn with_set(level: &str) -> String {
    let set = r#"
resource "mlops_manifests" "set" {
  yaml = <<-EOT
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: inset, namespace: NAMESPACE}
    data: {level: info}
  EOT
}
"#;
    (CONFIG_MAP.to_owned() + set).replace("info", level)
}

scenarios! {
    fn what_is_added_is_not_ours(scenario) {
        let _webhook = Webhook::start(scenario, Registration::MUTATING, |request| {
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
        scenario.configure(&with_level("debug"))?;
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
    }

    fn what_is_overridden_is_planned_as_it_will_be(scenario) {
        let _webhook = Webhook::start(scenario, Registration::MUTATING, |request| level(request, "forced"))?;
        scenario.configure(CONFIG_MAP)?;
        let plan = scenario.workspace.plan_json()?;
        let after = &plan["resource_changes"][0]["change"]["after"];
        ensure!(after["object"]["data"]["level"] == "forced", "{after}");
        scenario.apply()?;
        scenario.configure(&with_level("debug"))?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("settings"))?;
        ensure!(live["data"]["level"] == "forced", "{live}");
    }

    fn what_is_removed_is_planned_as_missing(scenario) {
        let _webhook = Webhook::start(scenario, Registration::MUTATING, |request| {
            if request["object"]["data"]["level"].is_null() {
                return Verdict::Allow;
            }
            Verdict::Patch(json!([{"op": "remove", "path": "/data/level"}]))
        })?;
        for configured in ["info", "debug"] {
            scenario.configure(&with_level(configured))?;
            scenario.apply()?;
        }
        let object = scenario.state("mlops_manifest.it")?["object"].clone();
        ensure!(object["data"].get("level").is_none(), "{object}");
    }

    fn what_is_another_each_time_is_not_promised(scenario) {
        let count = AtomicUsize::new(0);
        let _webhook = Webhook::start(scenario, Registration::MUTATING, move |request| {
            level(request, &count.fetch_add(1, Ordering::SeqCst).to_string())
        })?;
        for configured in ["info", "debug"] {
            scenario.configure(&with_set(configured))?;
            let applied = scenario.apply()?;
            let warnings = applied.unwrapped().matches("does not say the same twice").count();
            ensure!(warnings >= 2, "{}", applied.text());
        }
    }

    fn what_is_another_for_a_dry_run_is_told(scenario) {
        let _webhook = Webhook::start(scenario, Registration::MUTATING, |request| {
            level(request, if request["dryRun"] == true { "dry" } else { "real" })
        })?;
        for configured in ["info", "debug"] {
            scenario.configure(&with_set(configured))?;
            let applied = scenario.apply()?;
            ensure!(applied.unwrapped().matches("differ in: .data.level").count() == 2, "{}", applied.text());
        }
        scenario.workspace.run(["apply", "-refresh-only", "-auto-approve", "-no-color", "-input=false"])?.ok()?;
        let one = scenario.state("mlops_manifest.it")?["object"]["data"]["level"].clone();
        let objects = scenario.state("mlops_manifests.set")?["objects"].clone();
        let other = &objects[format!("ConfigMap/{}/inset", scenario.namespace)]["data"]["level"];
        ensure!(one == "real" && *other == "real", "{one} {objects}");
        scenario.expect_no_changes()?;
    }
}

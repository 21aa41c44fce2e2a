//! Webhooks that cannot be asked: by a dry run, or at all.

use acceptance_tests::{Registration, Verdict, Webhook, scenarios};
use anyhow::ensure;

use super::{CONFIG_MAP, OBJECT, REFUSAL, no_debugging, with_level};

/// The summary of a plan that comes from the configuration alone.
const UNASKED: &str = "is planned without asking the server";

scenarios! {
    fn without_dry_runs_the_plan_comes_from_the_configuration(scenario) {
        let registration = Registration { takes_dry_runs: false, ..Registration::VALIDATING };
        let _webhook = Webhook::start(scenario, registration, no_debugging)?;
        scenario.configure(CONFIG_MAP)?;
        let plan = scenario.workspace.plan()?.ok()?;
        let text = plan.unwrapped();
        ensure!(text.contains(UNASKED) && text.contains(Webhook::NAME), "{}", plan.text());
        let plan = scenario.workspace.plan_json()?;
        let change = &plan["resource_changes"][0]["change"];
        ensure!(change["after_unknown"]["object"] == true, "{change}");
        scenario.apply()?;
        // Only the apply can tell that this one is refused. The object stays as it was, in the cluster and in state.
        scenario.configure(&with_level("debug"))?;
        scenario.expect_failure("apply", &[OBJECT, Webhook::NAME, REFUSAL])?;
        ensure!(scenario.state("mlops_manifest.it")?["object"]["data"]["level"] == "info");
        scenario.configure(CONFIG_MAP)?;
        scenario.expect_no_changes()?;
        scenario.workspace.destroy()?.ok()?;
    }

    fn one_that_is_down_loses_nothing(scenario) {
        let mut webhook = Webhook::start(scenario, Registration::VALIDATING, no_debugging)?;
        scenario.configure(CONFIG_MAP)?;
        scenario.apply()?;
        webhook.set_down(true)?;
        // What has not changed needs no dry run.
        scenario.expect_no_changes()?;
        scenario.configure(&with_level("warn"))?;
        let plan = scenario.workspace.plan()?.ok()?;
        let text = plan.unwrapped();
        ensure!(text.contains(UNASKED) && text.contains(Webhook::NAME), "{}", plan.text());
        for command in ["apply", "destroy"] {
            scenario.expect_failure(command, &[OBJECT, Webhook::NAME, "connection refused"])?;
            ensure!(scenario.state("mlops_manifest.it")?["object"]["data"]["level"] == "info");
        }
        webhook.set_down(false)?;
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
        ensure!(scenario.cluster.get(&scenario.config_map("settings"))?.is_none());
    }

    fn one_that_fails_only_in_the_apply_loses_nothing(scenario) {
        let webhook = Webhook::start(scenario, Registration::MUTATING, |request| {
            if request["dryRun"] == true { Verdict::Allow } else { Verdict::Silence }
        })?;
        scenario.configure(CONFIG_MAP)?;
        scenario.expect_failure("apply", &[OBJECT, Webhook::NAME])?;
        ensure!(scenario.find_state("mlops_manifest.it")?.is_none());
        drop(webhook);
        scenario.apply()?;
    }

    fn one_that_may_be_down_is_done_without(scenario) {
        let registration = Registration { failure_policy: "Ignore", ..Registration::VALIDATING };
        let mut webhook = Webhook::start(scenario, registration, no_debugging)?;
        webhook.set_down(true)?;
        scenario.configure(&with_level("debug"))?;
        scenario.apply()?;
        scenario.workspace.destroy()?.ok()?;
    }
}

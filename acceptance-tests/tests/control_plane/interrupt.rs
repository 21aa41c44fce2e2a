//! The provider killed and interrupted at every request of a create, an update and a delete: the next apply converges.

use std::os::unix::process::CommandExt as _;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use acceptance_tests::{Blow, Point, Proxy, Scenario, scenarios};
use anyhow::{Context as _, Result, ensure};

const CONFIG_MAP: &str = r#"
variable "level" {
  default = "info"
}

variable "wanted" {
  default = true
}

resource "mlops_manifest" "it" {
  count = var.wanted ? 1 : 0
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "settings", namespace = "NAMESPACE" }
    data       = { level = var.level }
  }
}
"#;

/// What is under way when the blow falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Create,
    Update,
    Delete,
}

/// Without `--full`, only every this many-th point is struck.
const STRIDE: usize = 3;

scenarios! {
    fn killed_at_every_request(scenario) {
        strike_everywhere(scenario, Blow::Kill)?;
    }

    fn interrupted_at_every_request(scenario) {
        strike_everywhere(scenario, Blow::Interrupt)?;
    }
}

fn strike_everywhere(scenario: &mut Scenario, blow: Blow) -> Result<()> {
    let proxy = Proxy::start(scenario.cluster.control_plane())?;
    scenario.configure_with(
        &format!("provider \"mlops\" {{\n  host = {:?}\n}}\n", proxy.address()),
        CONFIG_MAP,
    )?;
    let mut struck = 0;
    for change in [Change::Create, Change::Update, Change::Delete] {
        let mut index = if scenario.bed.full { 0 } else { change as usize };
        loop {
            let point = Point {
                request: index / 2 + 1,
                answered: index % 2 == 1,
            };
            prepare(scenario, change)?;
            if !strike(scenario, &proxy, blow, point)? {
                break;
            }
            struck += 1;
            converge(scenario, change)
                .with_context(|| format!("after {blow:?} in {change:?} at {point:?}"))?;
            index += if scenario.bed.full { 1 } else { STRIDE };
        }
    }
    xtask::report::say(format!("{blow:?}: {struck} points struck, each converged"));
    ensure!(struck >= 6, "only {struck} points were reached");
    Ok(())
}

/// Brings the world to where `change` begins, and asks for it.
fn prepare(scenario: &mut Scenario, change: Change) -> Result<()> {
    scenario.workspace.set_variable("level", "info")?;
    scenario
        .workspace
        .set_variable("wanted", change != Change::Create)?;
    scenario.workspace.apply()?.ok()?;
    match change {
        Change::Create => scenario.workspace.set_variable("wanted", true),
        Change::Update => scenario.workspace.set_variable("level", "debug"),
        Change::Delete => scenario.workspace.set_variable("wanted", false),
    }
}

/// Applies, and strikes at `point`. False if the apply was done before it came to that point.
fn strike(scenario: &Scenario, proxy: &Proxy, blow: Blow, point: Point) -> Result<bool> {
    let mut command = scenario
        .workspace
        .command(["apply", "-auto-approve", "-no-color", "-input=false"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let (sender, receiver) = std::sync::mpsc::channel();
    proxy.strike_at(point, move || {
        let Ok(leader) = receiver.recv() else { return };
        blow.strike(leader);
        // Lets the interrupt reach the provider while the request is still under way.
        thread::sleep(Duration::from_millis(150));
    });
    let mut child = command.spawn().context("failed to start")?;
    let _ = sender.send(child.id());
    child.wait()?;
    let (_, reached) = proxy.disarm();
    Ok(reached)
}

/// The next apply ends well, with the cluster as configured and nothing left to do.
fn converge(scenario: &mut Scenario, change: Change) -> Result<()> {
    scenario.workspace.break_state_lock();
    scenario.apply()?;
    let live = scenario.cluster.get(&scenario.config_map("settings"))?;
    match change {
        Change::Create => ensure!(live.context("not created")?["data"]["level"] == "info"),
        Change::Update => ensure!(live.context("gone")?["data"]["level"] == "debug"),
        Change::Delete => ensure!(live.is_none(), "still there: {live:?}"),
    }
    Ok(())
}

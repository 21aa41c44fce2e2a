//! Many ConfigMaps: created, planned again without a change, and destroyed.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::arena::Arena;
use super::configuration::{Dialect, TERRAFORM_DATA};
use crate::bench::report::Row;
use crate::bench::sample::{Pair, Samples, Side, in_turns};
use crate::cli::{Outcome, Workspace};
use crate::progress::Activity;

/// A plan is short, and the figure that people wait for most often: several of each set of objects.
const PLANS: usize = 3;
/// From so many objects on, a plan's time is more than Terraform's own.
const PLAN_COUNTS_FROM: u32 = 1_000;
const WANTED: f64 = 1.0 / 2.0;

/// What one step of the objects' life cost.
#[derive(Default)]
struct Cost {
    seconds: Samples,
    requests: Samples,
    bytes: Samples,
}

/// What the whole life of some objects cost.
#[derive(Default)]
struct Life {
    create: Cost,
    plan: Cost,
    destroy: Cost,
    /// Plans without a change of as many of Terraform's own resources.
    terraform: Vec<f64>,
}

/// Measures `runs` lives of `objects` objects for each side.
pub(super) fn measure(
    arena: &mut Arena,
    dialects: &Pair<Dialect>,
    objects: u32,
    runs: usize,
) -> Result<Vec<Row>> {
    let mut activity = Activity::start(format!("{objects} ConfigMaps"));
    let workspaces = Pair::try_new(|side| {
        let dialect = dialects.get(side);
        let mut workspace = arena.workspace(side, &format!("{objects}-objects"), &dialect.config_maps())?;
        workspace.set_variable("objects", objects)?;
        Ok(workspace)
    })?;
    let mut life = Life::default();
    in_turns(runs, |run, side| {
        let who = format!("run {} of {runs}, {}", run + 1, arena.contenders.get(side).name());
        life.sample(arena, side, workspaces.get(side), |step| {
            activity.note(&format!("{who}: {step}"));
        })
    })?;
    activity.note("Terraform alone");
    life.terraform = terraform_alone(arena, objects)?;
    activity.finish(&format!("created, planned and destroyed {objects} ConfigMaps"));
    life.rows(arena.cli.name(), objects)
}

/// A plan that finds something to do is a fault of a provider, and another measurement than the one that is meant.
fn empty_plan(workspace: &Workspace) -> Result<Outcome> {
    let outcome = workspace.plan()?.ok()?;
    let text = &outcome.stdout;
    ensure!(
        !outcome.has_changes(),
        "a plan right after the apply is not empty:\n{text}"
    );
    Ok(outcome)
}

/// What Terraform itself needs for a plan without a change: no provider can be faster.
fn terraform_alone(arena: &Arena, objects: u32) -> Result<Vec<f64>> {
    let mut workspace = arena.bare_workspace(&format!("terraform-{objects}"))?;
    workspace.write("main.tf", TERRAFORM_DATA)?;
    workspace.set_variable("objects", objects)?;
    workspace.init()?.ok()?;
    workspace.apply()?.ok()?;
    let plan = || Ok(seconds(empty_plan(&workspace)?.duration));
    (0..PLANS).map(|_| plan()).collect()
}

impl Cost {
    #[expect(clippy::cast_precision_loss, reason = "no bench moves 2^52 bytes")]
    fn sample(
        &mut self,
        arena: &mut Arena,
        side: Side,
        step: impl FnOnce() -> Result<Outcome>,
    ) -> Result<()> {
        // What was asked before is not part of this step.
        arena.traffic(side)?;
        let outcome = step()?.ok()?;
        let traffic = arena.traffic(side)?;
        self.seconds.push(side, seconds(outcome.duration));
        self.requests.push(side, traffic.requests.into());
        self.bytes.push(side, traffic.bytes as f64);
        Ok(())
    }

    /// Three rows: time, requests and bytes; only the time has a limit.
    fn rows(&self, metric: &str, wanted: Option<f64>) -> Result<[Row; 3]> {
        let time = Row::compare(metric, "s", &self.seconds)?;
        Ok([
            wanted.map_or_else(|| time.clone(), |limit| time.clone().at_most(limit)),
            Row::compare(format!("{metric}: API requests"), "requests", &self.requests)?,
            Row::compare(
                format!("{metric}: objects sent and received"),
                "bytes",
                &self.bytes,
            )?,
        ])
    }
}

impl Life {
    fn sample(
        &mut self,
        arena: &mut Arena,
        side: Side,
        workspace: &Workspace,
        mut note: impl FnMut(&str),
    ) -> Result<()> {
        note("create");
        self.create.sample(arena, side, || workspace.apply())?;
        for _ in 0..PLANS {
            note("plan");
            self.plan.sample(arena, side, || empty_plan(workspace))?;
        }
        note("destroy");
        self.destroy.sample(arena, side, || workspace.destroy())
    }

    fn rows(&self, cli: &str, objects: u32) -> Result<Vec<Row>> {
        let plan_wanted = (objects >= PLAN_COUNTS_FROM).then_some(WANTED);
        let mut rows = Vec::new();
        rows.extend(
            self.create
                .rows(&format!("create {objects} ConfigMaps"), Some(WANTED))?,
        );
        rows.extend(
            self.plan
                .rows(&format!("no-op plan of {objects} ConfigMaps"), plan_wanted)?,
        );
        rows.extend(
            self.destroy
                .rows(&format!("destroy {objects} ConfigMaps"), Some(WANTED))?,
        );
        let floor = format!("for context, {cli} alone: no-op plan of {objects} terraform_data");
        rows.push(Row::alone(floor, "s", &self.terraform)?);
        Ok(rows)
    }
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

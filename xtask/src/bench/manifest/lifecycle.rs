//! Many ConfigMaps: created, planned again without a change, and destroyed.
//!
//! All of it takes Terraform's own time, too. Most of that goes into the state where it is kept in a file: Terraform
//! writes all of it after each object, so that the time grows with the square of the number of objects.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::arena::{Arena, Measure};
use super::configuration::{Dialect, TERRAFORM_DATA};
use crate::cli::{Outcome, Workspace};
use crate::figures::{Pair, Row, Samples, Side, in_turns};
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
struct Life {
    create: Cost,
    plan: Cost,
    destroy: Cost,
    state: Samples,
    terraform: Floor,
}

/// The same with as many of Terraform's own resources: no provider can be faster.
struct Floor {
    create: f64,
    plan: Vec<f64>,
    destroy: f64,
}

/// Measures `runs` lives of `objects` objects for each side, after one whose traffic is counted.
pub(super) fn measure(
    arena: &mut Arena,
    dialects: &Pair<Dialect>,
    objects: u32,
    runs: usize,
) -> Result<Vec<Row>> {
    let mut activity = Activity::start(format!("{objects} ConfigMaps"));
    let mut workspaces = Pair::try_new(|side| {
        let dialect = dialects.get(side);
        let mut workspace = arena.workspace(side, &format!("{objects}-objects"), &dialect.config_maps())?;
        workspace.set_variable("objects", objects)?;
        Ok(workspace)
    })?;
    activity.note("Terraform alone");
    let mut life = Life::new(Floor::measure(arena, objects)?);
    in_turns(runs + 1, |run, side| {
        let measure = if run == 0 { Measure::Traffic } else { Measure::Time };
        let who = format!("run {run} of {runs}, {}", arena.contenders.get(side).name());
        let workspace = workspaces.get_mut(side);
        arena.prepare(workspace, side, measure)?;
        life.sample(arena, side, workspace, measure, |step| {
            activity.note(&format!("{who}: {step}"));
        })
    })?;
    activity.finish(&format!("created, planned and destroyed {objects} ConfigMaps"));
    life.rows(arena, objects)
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

impl Floor {
    fn measure(arena: &Arena, objects: u32) -> Result<Self> {
        let mut workspace = arena.bare_workspace(&format!("terraform-{objects}-objects"))?;
        workspace.write("main.tf", TERRAFORM_DATA)?;
        workspace.set_variable("objects", objects)?;
        workspace.init()?.ok()?;
        Ok(Self {
            create: seconds(workspace.apply()?.ok()?.duration),
            plan: (0..PLANS)
                .map(|_| Ok(seconds(empty_plan(&workspace)?.duration)))
                .collect::<Result<_>>()?,
            destroy: seconds(workspace.destroy()?.ok()?.duration),
        })
    }
}

impl Cost {
    fn sample(
        &mut self,
        arena: &mut Arena,
        side: Side,
        measure: Measure,
        step: impl FnOnce() -> Result<Outcome>,
    ) -> Result<()> {
        if measure == Measure::Time {
            self.seconds.push(side, seconds(step()?.ok()?.duration));
            return Ok(());
        }
        // What was asked before is not part of this step.
        arena.traffic(side)?;
        step()?.ok()?;
        let traffic = arena.traffic(side)?;
        self.requests.push(side, traffic.requests.into());
        self.bytes.push(side, size(traffic.bytes));
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
    fn new(terraform: Floor) -> Self {
        Self {
            create: Cost::default(),
            plan: Cost::default(),
            destroy: Cost::default(),
            state: Samples::default(),
            terraform,
        }
    }

    fn sample(
        &mut self,
        arena: &mut Arena,
        side: Side,
        workspace: &Workspace,
        measure: Measure,
        mut note: impl FnMut(&str),
    ) -> Result<()> {
        note("create");
        self.create.sample(arena, side, measure, || workspace.apply())?;
        let state = workspace.run(["state", "pull"])?.ok()?.stdout;
        self.state.push(side, size(state.len()));
        for _ in 0..PLANS {
            note("plan");
            self.plan.sample(arena, side, measure, || empty_plan(workspace))?;
        }
        note("destroy");
        self.destroy.sample(arena, side, measure, || workspace.destroy())
    }

    fn rows(&self, arena: &Arena, objects: u32) -> Result<Vec<Row>> {
        let (cli, remark) = (arena.cli.name(), arena.state.remark());
        let name = |step: &str| format!("{step} {objects} ConfigMaps{remark}");
        let alone = |step: &str, samples: &[f64]| {
            let metric = format!("for context, {cli} alone: {step} {objects} terraform_data{remark}");
            Row::alone(metric, "s", samples)
        };
        let (create, plan, destroy) = ("create", "no-op plan of", "destroy");
        let plan_wanted = (objects >= PLAN_COUNTS_FROM).then_some(WANTED);
        let mut rows = Vec::new();
        rows.extend(self.create.rows(&name(create), Some(WANTED))?);
        rows.extend(self.plan.rows(&name(plan), plan_wanted)?);
        rows.extend(self.destroy.rows(&name(destroy), Some(WANTED))?);
        rows.push(Row::compare(name("state of"), "bytes", &self.state)?);
        rows.push(alone(create, &[self.terraform.create])?);
        rows.push(alone(plan, &self.terraform.plan)?);
        rows.push(alone(destroy, &[self.terraform.destroy])?);
        Ok(rows)
    }
}

#[expect(clippy::cast_precision_loss, reason = "nothing here has 2^52 bytes")]
fn size(bytes: usize) -> f64 {
    bytes as f64
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

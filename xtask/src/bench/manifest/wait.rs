//! How soon an apply ends after the object that it waits for is ready.
//!
//! The object is a Deployment of one pod. The cluster has no node that could run it, so its pod becomes ready when the
//! bench says so. From there on everything is real: the controllers see the pod and update the Deployment's status, and
//! the provider finds it rolled out.

use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::arena::{Arena, identity};
use super::configuration::Dialect;
use crate::cli::Workspace;
use crate::figures::{Pair, Row, Samples, Side, in_turns};
use crate::interrupt;
use crate::process::{self, Output, Tail};
use crate::progress::Activity;

const WANTED_MILLISECONDS: f64 = 200.0;
/// How long a provider waits at least, so that it has settled into its waiting.
const WAIT: Duration = Duration::from_secs(1);
/// Added in each run: who polls must not be met at the same point of its rhythm each time.
const STEP: Duration = Duration::from_millis(370);
/// How often the Deployment is looked at while it becomes ready: the precision of the figure.
const POLL: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_mins(1);
const MERGE: &str = "application/merge-patch+json";

/// The moments of one apply.
struct Applied {
    /// When Terraform said that the resource is created: right after the provider's answer.
    created: Instant,
    ended: Instant,
}

/// Measures `runs` waits of each side.
pub(super) fn measure(arena: &Arena, dialects: &Pair<Dialect>, runs: usize) -> Result<Vec<Row>> {
    let mut activity = Activity::start("waiting for a rollout");
    let workspaces = Pair::try_new(|side| {
        let dialect = dialects.get(side);
        arena.workspace(side, "wait", &dialect.deployment())
    })?;
    let (mut created, mut ended) = (Vec::new(), Samples::default());
    in_turns(runs, |run, side| {
        let name = arena.contenders.get(side).name();
        activity.note(&format!("run {} of {runs}: {name}", run + 1));
        let workspace = workspaces.get(side);
        let after = WAIT + STEP * u32::try_from(run)?;
        let (ready, applied) = apply(arena, side, workspace, after)?;
        if side == Side::Ours {
            created.push(milliseconds(applied.created, ready));
        }
        ended.push(side, milliseconds(applied.ended, ready));
        workspace.destroy()?.ok()?;
        wait_until_gone(arena, side)
    })?;
    activity.finish("waited for rollouts");
    let cli = arena.cli.name();
    let latency = format!("wait latency: Deployment ready to {cli}'s \"Creation complete\"");
    let end = format!("wait latency, with {cli}'s own end: Deployment ready to the end of the apply");
    Ok(vec![
        Row::alone(latency, "ms", &created)?.at_most(WANTED_MILLISECONDS),
        Row::compare(end, "ms", &ended)?,
    ])
}

/// Applies, makes the pod ready `after` it is there, and returns when the Deployment was ready.
fn apply(arena: &Arena, side: Side, workspace: &Workspace, after: Duration) -> Result<(Instant, Applied)> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let apply = scope.spawn(|| {
            let applied = run_apply(workspace);
            over.store(true, Ordering::Relaxed);
            applied
        });
        let ready = make_ready(arena, side, after, &over);
        let applied = apply
            .join()
            .map_err(|_| anyhow!("the thread of an apply failed"))?;
        // An apply that failed is why nothing became ready.
        let applied = applied?;
        Ok((ready?, applied))
    })
}

fn run_apply(workspace: &Workspace) -> Result<Applied> {
    let mut command = workspace.command(["apply", "-auto-approve", "-no-color", "-input=false"]);
    let mut created = None;
    let mut tail = Tail::new(30);
    let status: ExitStatus = process::stream(&mut command, Output::Stdout, |line| {
        tail.push(line);
        if line.contains("Creation complete") {
            created = Some(Instant::now());
        }
    })?;
    let ended = Instant::now();
    ensure!(
        status.success(),
        "`{}` ended with {status}:\n{tail}",
        process::describe(&command)
    );
    let created = created.with_context(|| format!("an apply did not say what it created:\n{tail}"))?;
    Ok(Applied { created, ended })
}

/// The last moment at which the Deployment was known not to be ready: what is measured from there is never too short.
fn make_ready(arena: &Arena, side: Side, after: Duration, over: &AtomicBool) -> Result<Instant> {
    let pod = until(over, "a pod of the Deployment", || find_pod(arena, side))?;
    thread::sleep(after);
    ensure!(
        !over.load(Ordering::Relaxed),
        "the apply did not wait for the rollout"
    );
    let namespace = identity(side);
    let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/status");
    let status = json!({"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}});
    let mut not_ready = Instant::now();
    arena.call("PATCH", &path, Some((MERGE, &status)))?;
    until(over, "a Deployment that is ready", || {
        let asked = Instant::now();
        let ready = is_ready(&arena.call("GET", &deployment(side), None)?);
        if !ready {
            not_ready = asked;
        }
        Ok(ready.then_some(not_ready))
    })
}

/// What `probe` finds, as soon as it finds something while the apply goes on.
fn until<T>(over: &AtomicBool, what: &str, mut probe: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        // Asked first: what there is when an apply has ended is still seen.
        let last = over.load(Ordering::Relaxed) || started.elapsed() > PATIENCE;
        if let Some(found) = probe()? {
            return Ok(found);
        }
        interrupt::check()?;
        ensure!(!last, "waited in vain for {what}");
        thread::sleep(POLL);
    }
}

fn find_pod(arena: &Arena, side: Side) -> Result<Option<String>> {
    let path = format!("/api/v1/namespaces/{}/pods", identity(side));
    let pods = arena.call("GET", &path, None)?;
    Ok(pods["items"][0]["metadata"]["name"].as_str().map(str::to_owned))
}

/// Nothing of one run may be taken for something of the next one.
fn wait_until_gone(arena: &Arena, side: Side) -> Result<()> {
    let path = format!("/apis/apps/v1/namespaces/{}/deployments", identity(side));
    until(&AtomicBool::new(false), "the end of a Deployment", || {
        let deployments = arena.call("GET", &path, None)?;
        let gone = deployments["items"][0].is_null() && find_pod(arena, side)?.is_none();
        Ok(gone.then_some(()))
    })
}

fn deployment(side: Side) -> String {
    format!("/apis/apps/v1/namespaces/{}/deployments/bench", identity(side))
}

/// As `kubectl rollout status` sees it.
fn is_ready(deployment: &Value) -> bool {
    let status = &deployment["status"];
    status["observedGeneration"] == deployment["metadata"]["generation"]
        && ["replicas", "updatedReplicas", "availableReplicas"]
            .iter()
            .all(|count| status[count] == 1)
}

fn milliseconds(end: Instant, start: Instant) -> f64 {
    end.saturating_duration_since(start).as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_is_ready_when_its_newest_pod_is_available() {
        let status = |available: u32, generation: u32| {
            json!({
                "metadata": {"generation": 2},
                "status": {
                    "observedGeneration": generation, "replicas": 1, "updatedReplicas": 1,
                    "availableReplicas": available,
                },
            })
        };
        assert!(is_ready(&status(1, 2)));
        assert!(!is_ready(&status(1, 1)));
        assert!(!is_ready(&status(0, 2)));
        assert!(!is_ready(&json!({"metadata": {"generation": 1}})));
    }

    #[test]
    fn waiting_ends_with_the_apply_and_sees_what_it_left() -> Result<()> {
        let over = AtomicBool::new(true);
        assert_eq!(until(&over, "a pod", || Ok(Some(1)))?, 1);
        let error = until(&over, "a pod", || Ok(None::<()>)).map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.contains("a pod")));
        Ok(())
    }
}

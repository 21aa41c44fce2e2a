//! What is lost while a batch is on its way, and how it is seen that it was.

use std::time::{Duration, Instant};
use std::{fs, thread};

use acceptance_tests::Scenario;
use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use xtask::demo::Event;

use super::deployment::{Journey, Pipeline, until};
use super::ray::Ray;

/// How long the model may not be served after the head was lost.
const SERVING_IS_BACK: Duration = Duration::from_mins(2);
const ETL: &str = "image_etl";

/// A part, and the stage at which it is lost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// The S3 server while Airflow looks at the files.
    Storage,
    /// A Ray worker in the midst of a training.
    Worker,
    /// Airflow's database while it looks at the files.
    Database,
    /// Airflow's scheduler, in whose pod the tasks run, in the midst of a training.
    Scheduler,
    /// The triggerer, which waits for the job, in the midst of a training.
    Triggerer,
    /// The Ray head in the midst of a training.
    Head,
    /// A replica of the model, when the new one has just been promoted.
    Replica,
    /// The S3 server for a minute while Airflow looks at the files.
    StorageForAMinute,
    /// Airflow's database for a minute while it looks at the files.
    DatabaseForAMinute,
    /// The Ray head for a minute in the midst of a training.
    HeadForAMinute,
}

impl Fault {
    /// Those that CI runs.
    pub(crate) const SELECTION: [Self; 2] = [Self::Storage, Self::Worker];
    pub(crate) const ALL: [Self; 10] = [
        Self::Storage,
        Self::Worker,
        Self::Database,
        Self::Scheduler,
        Self::Triggerer,
        Self::Head,
        Self::Replica,
        Self::StorageForAMinute,
        Self::DatabaseForAMinute,
        Self::HeadForAMinute,
    ];

    /// Has it happen if this is its moment, and returns when it is seen to have happened.
    pub(crate) fn strike(self, event: &Event, pipeline: &Pipeline, scenario: &Scenario) -> Result<()> {
        let ray = pipeline.ray()?;
        match (self, event) {
            (
                Self::Storage | Self::Database | Self::StorageForAMinute | Self::DatabaseForAMinute,
                Event::Uploaded { .. },
            ) => {
                let tasks = ["ingest", "check_annotations", "enforce_size", "upload"];
                pipeline.airflow()?.wait_for_task(ETL, &tasks)?;
            }
            (
                Self::Worker | Self::Scheduler | Self::Triggerer | Self::Head | Self::HeadForAMinute,
                Event::Report { .. },
            ) => {
                ray.wait_for_training()?;
            }
            (Self::Replica, Event::Champion { .. }) => {}
            _ => return Ok(()),
        }
        let struck = Instant::now();
        match self {
            Self::Storage => pipeline.lose("object-storage"),
            Self::Worker => pipeline.lose("ray-worker"),
            Self::Database => pipeline.lose("airflow-postgresql"),
            Self::Scheduler => pipeline.lose("airflow-scheduler"),
            Self::Triggerer => pipeline.lose("airflow-triggerer"),
            Self::Head => lose_head(pipeline, &ray),
            Self::Replica => lose_replica(pipeline, &ray),
            Self::StorageForAMinute => {
                away_for_a_minute(pipeline, scenario, "statefulsets", "object-storage")
            }
            Self::DatabaseForAMinute => {
                away_for_a_minute(pipeline, scenario, "statefulsets", "airflow-postgresql")
            }
            Self::HeadForAMinute => away_for_a_minute(pipeline, scenario, "deployments", "ray-head")
                .and_then(|()| wait_for_serving(&ray)),
        }
        .with_context(|| format!("the loss of {self:?}"))?;
        let elapsed = struck.elapsed();
        xtask::report::say(format!(
            "{self:?} was lost, and another one stood in its place after {elapsed:.1?}"
        ));
        Ok(())
    }

    /// Whether it fell in the midst of the training that it was meant for: one that is nearly done may be over before
    /// the part has gone. What else must be true of the training is checked.
    pub(crate) fn has_fallen(self, journey: &Journey) -> Result<bool> {
        let training = &journey.training;
        match self {
            Self::Worker => {
                ensure!(training.losses == 0 || training.nodes.len() >= 3, "{training:?}");
                Ok(training.losses > 0)
            }
            Self::Head | Self::HeadForAMinute => Ok(training.resumed_from.is_some()),
            _ => {
                ensure!(
                    training.losses == 0 && training.resumed_from.is_none(),
                    "{training:?}"
                );
                Ok(true)
            }
        }
    }
}

fn lose_head(pipeline: &Pipeline, ray: &Ray) -> Result<()> {
    let before = ray.session()?;
    pipeline.lose("ray-head")?;
    // Its pod has gone before its processes have.
    until("the head to answer no more, or another one to", || {
        Ok(ray.session().map_or(true, |now| now != before).then_some(()))
    })?;
    wait_for_serving(ray)
}

/// The model is served again in time.
fn wait_for_serving(ray: &Ray) -> Result<()> {
    let since = Instant::now();
    until("the model to be served again", || {
        Ok(ray.replicas().ok().filter(|replicas| !replicas.is_empty()))
    })?;
    ensure!(
        since.elapsed() < SERVING_IS_BACK,
        "serving was away for {:?}",
        since.elapsed()
    );
    Ok(())
}

/// Scales a part to nothing by hand; a minute later the next apply takes that back.
fn away_for_a_minute(pipeline: &Pipeline, scenario: &Scenario, kind: &str, part: &str) -> Result<()> {
    pipeline.scale_to_nothing(kind, part)?;
    thread::sleep(Duration::from_mins(1));
    ensure!(pipeline.pods(part)?.is_empty(), "{part} came back by itself");
    scenario.workspace.apply()?.ok()?;
    ensure!(
        pipeline.pods(part)?.len() == 1,
        "the apply did not bring {part} back"
    );
    Ok(())
}

/// Kills the process of a replica, and waits for another one.
fn lose_replica(pipeline: &Pipeline, ray: &Ray) -> Result<()> {
    let before = ray.replicas()?;
    let mut pods = pipeline.pods("ray-worker")?;
    pods.extend(pipeline.pods("ray-head")?);
    let process = pods
        .iter()
        .find_map(|(_, uid)| replica_of(uid))
        .context("no pod runs a replica")?;
    kill(process, Signal::SIGKILL)?;
    until("another replica", || {
        let now = ray.replicas()?;
        Ok((now.len() == before.len() && now != before).then_some(()))
    })
}

/// The process of a replica in the pod of this uid.
fn replica_of(uid: &str) -> Option<Pid> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let cgroup_of_pod = [uid.to_owned(), uid.replace('-', "_")];
    pids.find(|pid| {
        let read = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let cgroup = read("cgroup");
        read("cmdline").starts_with("ray::ServeReplica")
            && cgroup_of_pod.iter().any(|pod| cgroup.contains(pod))
    })
    .map(Pid::from_raw)
}

//! What is lost while a batch is on its way, and how it is seen that it was.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use xtask::demo::Event;

use super::airflow::Airflow;
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
}

impl Fault {
    /// Those that CI runs.
    pub(crate) const SELECTION: [Self; 2] = [Self::Storage, Self::Worker];
    pub(crate) const ALL: [Self; 7] = [
        Self::Storage,
        Self::Worker,
        Self::Database,
        Self::Scheduler,
        Self::Triggerer,
        Self::Head,
        Self::Replica,
    ];

    /// Has it happen if this is its moment, and returns when it is seen to have happened.
    pub(crate) fn strike(
        self,
        event: &Event,
        pipeline: &Pipeline,
        airflow: &Airflow,
        ray: &Ray,
    ) -> Result<()> {
        match (self, event) {
            (Self::Storage | Self::Database, Event::Uploaded { .. }) => {
                airflow.wait_for_task(ETL, &["ingest", "check_annotations", "enforce_size", "upload"])?;
            }
            (Self::Worker | Self::Scheduler | Self::Triggerer | Self::Head, Event::Report { .. }) => {
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
            Self::Head => lose_head(pipeline, ray, struck),
            Self::Replica => lose_replica(pipeline, ray),
        }
        .with_context(|| format!("the loss of {self:?}"))?;
        xtask::report::say(format!(
            "{self:?} was lost, and another one stood in its place after {:.1?}",
            struck.elapsed()
        ));
        Ok(())
    }

    /// Checks what must be true of a batch's training in spite of it.
    pub(crate) fn judge(self, journey: &Journey) -> Result<()> {
        let training = &journey.training;
        match self {
            Self::Worker => ensure!(training.losses >= 1 && training.nodes.len() >= 3, "{training:?}"),
            Self::Head => ensure!(training.resumed_from.is_some(), "{training:?}"),
            _ => ensure!(
                training.losses == 0 && training.resumed_from.is_none(),
                "{training:?}"
            ),
        }
        Ok(())
    }
}

fn lose_head(pipeline: &Pipeline, ray: &Ray, struck: Instant) -> Result<()> {
    pipeline.lose("ray-head")?;
    ensure!(ray.trainings().is_err(), "the head was killed, and answers");
    until("the model to be served again", || {
        Ok(ray.replicas().ok().filter(|replicas| !replicas.is_empty()))
    })?;
    ensure!(
        struck.elapsed() < SERVING_IS_BACK,
        "serving was away for {:?}",
        struck.elapsed()
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

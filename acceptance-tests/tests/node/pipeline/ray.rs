//! Ray's jobs, as its dashboard's API lists them.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use ureq::Agent;

use super::deployment::until;

const SILENCE: Duration = Duration::from_secs(20);

/// The head of a Ray cluster.
pub(crate) struct Ray {
    url: String,
    token: String,
    agent: Agent,
}

/// A job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) submission_id: String,
    pub(crate) status: String,
    entrypoint: String,
}

impl Ray {
    pub(crate) fn new(url: String, token: String) -> Self {
        let agent = Agent::config_builder()
            .proxy(None)
            .timeout_global(Some(SILENCE))
            .build()
            .into();
        Self { url, token, agent }
    }

    /// The training jobs that the head knows; an error if it does not answer.
    pub(crate) fn trainings(&self) -> Result<Vec<Job>> {
        let jobs = self.get("/api/jobs/")?;
        let jobs = jobs.as_array().context("Ray lists no jobs")?;
        let job = |job: &Value| {
            let text = |field: &str| Some(job[field].as_str()?.to_owned());
            Some(Job {
                submission_id: text("submission_id")?,
                status: text("status")?,
                entrypoint: text("entrypoint")?,
            })
        };
        let jobs = jobs.iter().filter_map(job);
        Ok(jobs.filter(|job| job.entrypoint.contains("digits_job")).collect())
    }

    /// The session of the head, of which each start makes another; an error if it does not answer.
    pub(crate) fn session(&self) -> Result<String> {
        let version = self.get("/api/version")?;
        let session = version["session_name"].as_str();
        Ok(session.context("Ray names no session")?.to_owned())
    }

    /// Ids of the replicas that answer for the model; an error if the head does not answer.
    pub(crate) fn replicas(&self) -> Result<BTreeSet<String>> {
        let state = self.get("/api/serve/applications/")?;
        let replicas = state["applications"]["digits"]["deployments"]["Digits"]["replicas"].as_array();
        let running = replicas
            .into_iter()
            .flatten()
            .filter(|replica| replica["state"] == "RUNNING");
        Ok(running
            .filter_map(|replica| Some(replica["replica_id"].as_str()?.to_owned()))
            .collect())
    }

    /// Waits until a training has done some of its rounds, and gives its id.
    pub(crate) fn wait_for_training(&self) -> Result<String> {
        until("a training in its midst", || {
            let Ok(jobs) = self.trainings() else {
                return Ok(None);
            };
            for job in jobs.iter().filter(|job| job.status == "RUNNING") {
                if self
                    .log(&job.submission_id)
                    .is_ok_and(|log| log.contains("round "))
                {
                    return Ok(Some(job.submission_id.clone()));
                }
            }
            Ok(None)
        })
    }

    /// Exactly one job has the id, and it has succeeded.
    pub(crate) fn expect_one(&self, submission_id: &str) -> Result<()> {
        let jobs = self.trainings()?;
        let same: Vec<&Job> = jobs
            .iter()
            .filter(|job| job.submission_id == submission_id)
            .collect();
        ensure!(same.len() == 1 && same[0].status == "SUCCEEDED", "{jobs:?}");
        ensure!(jobs.iter().all(|job| job.status == "SUCCEEDED"), "{jobs:?}");
        Ok(())
    }

    fn log(&self, submission_id: &str) -> Result<String> {
        let log = self.get(&format!("/api/jobs/{submission_id}/logs"))?;
        Ok(log["logs"].as_str().unwrap_or_default().to_owned())
    }

    fn get(&self, path: &str) -> Result<Value> {
        let request = self.agent.get(format!("{}{path}", self.url));
        let mut answer = request
            .header("authorization", format!("Bearer {}", self.token))
            .call()?;
        Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
    }
}

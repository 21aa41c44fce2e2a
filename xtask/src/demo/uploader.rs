//! A batch of uploads for `examples/image-classification`: a Job in the cluster makes it and follows it to the model
//! that is trained with it.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::interrupt;
use crate::kubernetes::{Api, ControlPlane};

/// How long a batch may take to its model: many times what it takes where nothing fails.
const PATIENCE: Duration = Duration::from_mins(20);
const POLL: Duration = Duration::from_millis(500);
const JSON: &str = "application/json";

/// What to upload.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Unlike the name of any other batch.
    pub name: String,
    /// Number of files.
    pub images: u32,
    /// How many of them are faulty.
    pub faults: u32,
}

/// What is said about files: by a report, and before by what must be in it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Files {
    /// Files by outcome: `accepted`, `resized`, `quarantined`, `rejected`.
    pub counts: BTreeMap<String, u32>,
    /// Files and annotations by what is wrong with them.
    pub reasons: BTreeMap<String, u32>,
    /// Each file.
    pub files: Vec<File>,
}

/// What is said about a file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct File {
    /// Its name.
    pub file: String,
    /// What became of it.
    pub outcome: String,
    /// Why, if it was not accepted as it was.
    pub reason: Option<String>,
}

/// What a training job says at its end.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Training {
    /// Its id at Ray.
    pub submission_id: String,
    /// Ids of the nodes that took part.
    pub nodes: Vec<String>,
    /// The round of the checkpoint that it began with, if it did not begin anew.
    pub resumed_from: Option<u32>,
    /// How often it lost workers.
    pub losses: u32,
}

/// What the Job tells.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// All files are in the bucket.
    Uploaded {
        /// What must become of them.
        expected: Files,
    },
    /// Airflow has reported.
    Report {
        /// Since the upload.
        seconds: f64,
        /// What became of them.
        report: Files,
    },
    /// A model that was trained with the batch is to be served.
    Champion {
        /// Since the upload.
        seconds: f64,
        /// Its version.
        version: u32,
        /// Share of the held-out pictures that it knows.
        accuracy: f64,
        /// How it was trained.
        training: Training,
    },
    /// It answers.
    Served {
        /// Since the upload.
        seconds: f64,
        /// Its version.
        version: u32,
    },
}

/// How the Jobs run, as the example's output `uploader` says.
#[derive(Debug, Deserialize)]
struct Surroundings {
    namespace: String,
    labels: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    secret_environment: BTreeMap<String, SecretKey>,
}

#[derive(Debug, Deserialize)]
struct SecretKey {
    secret: String,
    key: String,
}

/// Uploads batches.
pub struct Uploader {
    api: Api,
    image: String,
    surroundings: Surroundings,
}

impl Uploader {
    /// From what the example's outputs say (`terraform output -json`), with the image `image-classification-uploads`.
    pub fn new(cluster: &ControlPlane, outputs: &Value, image: &str) -> Result<Self> {
        let surroundings = serde_json::from_value(outputs["uploader"]["value"].clone())
            .context("the configuration has no output `uploader`: is it applied?")?;
        Ok(Self {
            api: cluster.api()?,
            image: image.to_owned(),
            surroundings,
        })
    }

    /// Uploads a batch, and hands over each event when it is told. The Job is gone afterwards.
    pub fn run(&self, batch: &Batch, mut on_event: impl FnMut(&Event) -> Result<()>) -> Result<()> {
        let jobs = format!("/apis/batch/v1/namespaces/{}/jobs", self.surroundings.namespace);
        let job = self.job(batch);
        match self.api.call("POST", &jobs, Some((JSON, &job)))? {
            (201, _) => {}
            (status, answer) => bail!("the Job was answered with {status}: {answer}"),
        }
        let path = format!("{jobs}/{}", name(batch));
        let followed = self.follow(&path, batch, &mut on_event);
        let options = json!({"propagationPolicy": "Background"});
        self.api.call("DELETE", &path, Some((JSON, &options)))?;
        followed
    }

    fn follow(
        &self,
        path: &str,
        batch: &Batch,
        on_event: &mut dyn FnMut(&Event) -> Result<()>,
    ) -> Result<()> {
        let begun = Instant::now();
        let mut told = 0;
        loop {
            interrupt::check()?;
            // Before the log, so that the log is whole if this says that the Job has ended.
            let (_, job) = self.api.call("GET", path, None)?;
            let log = self.log(batch)?;
            let complete = log.rsplit_once('\n').map_or("", |(lines, _)| lines);
            for line in complete.lines().skip(told) {
                told += 1;
                if let Ok(event) = serde_json::from_str(line) {
                    on_event(&event)?;
                }
            }
            if job["status"]["succeeded"] == 1 {
                return Ok(());
            }
            if job["status"]["failed"].is_number() {
                let last = log.lines().last().unwrap_or("it said nothing");
                bail!("the batch {} did not get to its end: {last}", batch.name);
            }
            if begun.elapsed() > PATIENCE {
                bail!("the batch {} is not at its end after {PATIENCE:?}", batch.name);
            }
            thread::sleep(POLL);
        }
    }

    /// What the Job has told so far; nothing if it has not started.
    fn log(&self, batch: &Batch) -> Result<String> {
        let pods = format!("/api/v1/namespaces/{}/pods", self.surroundings.namespace);
        let selector = format!(
            "{pods}?labelSelector=batch.kubernetes.io/job-name%3D{}",
            name(batch)
        );
        let (_, found) = self.api.call("GET", &selector, None)?;
        let Some(pod) = found["items"][0]["metadata"]["name"].as_str() else {
            return Ok(String::new());
        };
        Ok(self.api.get(&format!("{pods}/{pod}/log")).unwrap_or_default())
    }

    fn job(&self, batch: &Batch) -> Value {
        let around = &self.surroundings;
        let plain = around
            .environment
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}));
        let secret = around.secret_environment.iter().map(|(name, of)| {
            json!({"name": name, "valueFrom": {"secretKeyRef": {"name": of.secret, "key": of.key}}})
        });
        let container = json!({
            "name": "uploader",
            "image": self.image,
            "args": arguments(batch),
            "env": plain.chain(secret).collect::<Vec<_>>(),
            "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
            "securityContext": {
                "allowPrivilegeEscalation": false,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": true,
            },
        });
        json!({
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": name(batch), "labels": around.labels},
            "spec": {
                "backoffLimit": 0,
                "ttlSecondsAfterFinished": 600,
                "template": {
                    "metadata": {"labels": around.labels},
                    "spec": {
                        "automountServiceAccountToken": false,
                        "containers": [container],
                        "enableServiceLinks": false,
                        "restartPolicy": "Never",
                        "securityContext": {
                            "runAsNonRoot": true,
                            "seccompProfile": {"type": "RuntimeDefault"},
                        },
                    },
                },
            },
        })
    }
}

/// What the Job is called.
fn name(batch: &Batch) -> String {
    format!("upload-{}", batch.name)
}

fn arguments(batch: &Batch) -> Vec<String> {
    vec![
        "--batch".to_owned(),
        batch.name.clone(),
        format!("--images={}", batch.images),
        format!("--faults={}", batch.faults),
        format!("--follow={}", PATIENCE.as_secs()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_as_the_job_tells_them() -> Result<()> {
        let line = r#"{"event": "report", "seconds": 21.5, "report": {"batch": "a", "counts": {"accepted": 1},
            "reasons": {}, "files": [{"file": "a.png", "outcome": "accepted", "reason": null, "label": "7"}]}}"#;
        let Event::Report { seconds, report } = serde_json::from_str(line)? else {
            bail!("it is a report");
        };
        assert!((seconds - 21.5).abs() < f64::EPSILON);
        assert_eq!(report.counts, BTreeMap::from([("accepted".to_owned(), 1)]));
        assert_eq!(report.files[0].reason, None);
        let line = r#"{"event": "champion", "seconds": 90, "version": 2, "accuracy": 0.97,
            "training": {"submission_id": "train", "nodes": ["a", "b"], "resumed_from": null, "losses": 1, "rounds": 9}}"#;
        assert!(matches!(
            serde_json::from_str(line)?,
            Event::Champion { version: 2, .. }
        ));
        Ok(())
    }
}

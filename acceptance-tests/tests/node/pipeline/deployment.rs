//! The example `image-classification`, applied for one test.

use std::fs;
use std::process::Stdio;
use std::sync::MutexGuard;
use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::{Cluster, Scenario};
use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use xtask::demo::{Batch, Event, Files, Training, Uploader, pipeline_images};
use xtask::kubernetes::NODE_ADDRESS;
use xtask::{images, project, working_copy};

use super::airflow::Airflow;
use super::flows::is_of_part;
use super::ray::Ray;
use crate::turn;

/// Longer than anything takes that is waited for here.
const PATIENCE: Duration = Duration::from_mins(5);
const POLL: Duration = Duration::from_millis(200);
const PORTS: [(&str, u16); 3] = [("app", 30110), ("airflow", 30111), ("ray", 30112)];

/// The pipeline of one test. Its namespace goes with it, also when the test fails.
pub(crate) struct Pipeline {
    pub(crate) namespace: String,
    cluster: Cluster,
    outputs: Value,
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        let path = format!("/api/v1/namespaces/{}", self.namespace);
        let _ = self.cluster.delete(&path);
        // The next one needs its ports and its memory.
        let _ = until("the namespace to go", || {
            Ok(self.cluster.get(&path)?.is_none().then_some(()))
        });
    }
}

/// What was told of a batch on its way.
#[derive(Debug)]
pub(crate) struct Journey {
    pub(crate) expected: Files,
    pub(crate) report: Files,
    pub(crate) version: u32,
    pub(crate) accuracy: f64,
    pub(crate) training: Training,
}

impl Pipeline {
    /// Puts the example into the workspace, under a namespace of the test's own, without applying it.
    pub(crate) fn prepare(scenario: &mut Scenario) -> Result<Self> {
        let turn = turn::PIPELINE.take();
        let sources = project::root().join("examples/image-classification");
        for entry in fs::read_dir(sources)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "tf") {
                let name = path
                    .file_name()
                    .context("a file without a name")?
                    .to_string_lossy();
                let text = fs::read_to_string(&path)?.replace("../../modules/", "./modules/");
                scenario.workspace.write(&name, &text)?;
            }
        }
        let modules = scenario.workspace.directory().join("modules");
        working_copy::make(&project::root().join("modules"), &modules)?;
        let namespace = format!("{}-pipeline", scenario.namespace);
        let kubeconfig = scenario.cluster.control_plane().kubeconfig_path();
        let variables = [
            ("kubeconfig", kubeconfig.to_string_lossy().into_owned().into()),
            ("node_address", NODE_ADDRESS.to_string().into()),
            (
                "node_ports",
                json!(PORTS.into_iter().collect::<std::collections::BTreeMap<_, _>>()),
            ),
            ("namespace", namespace.clone().into()),
            ("images", pipeline_images()?),
        ];
        for (name, value) in variables {
            scenario.workspace.set_variable(name, value)?;
        }
        scenario.workspace.init()?.ok()?;
        Ok(Self {
            namespace,
            cluster: Cluster::of(&scenario.bed)?,
            outputs: Value::Null,
            _turn: turn,
        })
    }

    /// Applies it, and checks that nothing is left to do.
    pub(crate) fn apply(&mut self, scenario: &Scenario) -> Result<()> {
        scenario.apply()?;
        self.outputs = scenario.workspace.output_json()?;
        Ok(())
    }

    /// Applies it, and kills Terraform in the midst of that.
    pub(crate) fn apply_and_be_killed(&self, scenario: &Scenario) -> Result<()> {
        let mut command = scenario
            .workspace
            .command(["apply", "-auto-approve", "-no-color", "-input=false"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut apply = command.spawn().context("failed to start")?;
        until("some pods", || {
            Ok((self.pods("ray-head")?.len() + self.pods("object-storage")?.len() == 2).then_some(()))
        })?;
        ensure!(
            apply.try_wait()?.is_none(),
            "the apply was done before it was killed"
        );
        apply.kill()?;
        apply.wait()?;
        scenario.workspace.break_state_lock();
        Ok(())
    }

    /// An address that the configuration puts out.
    pub(crate) fn url(&self, output: &str) -> Result<String> {
        let url = self.outputs[output]["value"].as_str();
        url.map(str::to_owned)
            .with_context(|| format!("no output {output}: {}", self.outputs))
    }

    pub(crate) fn airflow(&self) -> Result<Airflow> {
        let admin = &self.outputs["airflow_admin"]["value"];
        let username = admin["username"].as_str().context("Airflow has no account")?;
        Ok(Airflow::new(
            self.url("airflow_url")?,
            username,
            self.secret(&admin["password_secret"])?,
        ))
    }

    pub(crate) fn ray(&self) -> Result<Ray> {
        Ok(Ray::new(
            self.url("ray_url")?,
            self.secret(&self.outputs["ray_token_secret"]["value"])?,
        ))
    }

    fn secret(&self, reference: &Value) -> Result<String> {
        let text = |field: &str| {
            reference[field]
                .as_str()
                .with_context(|| format!("no Secret: {reference}"))
        };
        let path = format!(
            "/api/v1/namespaces/{}/secrets/{}",
            self.namespace,
            text("secret")?
        );
        let secret = self.cluster.expect(&path)?;
        let value = secret["data"][text("key")?]
            .as_str()
            .context("the Secret lacks the key")?;
        Ok(String::from_utf8(STANDARD.decode(value)?)?)
    }

    /// Uploads a batch and follows it to the model that answers.
    pub(crate) fn follow(
        &self,
        batch: &Batch,
        mut on_event: impl FnMut(&Event) -> Result<()>,
    ) -> Result<Journey> {
        let image = &images::references()?["image-classification-uploads"];
        let uploader = Uploader::new(self.cluster.control_plane(), &self.outputs, image)?;
        let (mut files, mut judged, mut model, mut served) = (None, None, None, false);
        uploader.run(batch, |event| {
            on_event(event)?;
            match event {
                Event::Uploaded { expected } => files = Some(expected.clone()),
                Event::Report { report, .. } => judged = Some(report.clone()),
                Event::Champion {
                    version,
                    accuracy,
                    training,
                    ..
                } => {
                    model = Some((*version, *accuracy, training.clone()));
                }
                Event::Served { .. } => served = true,
            }
            Ok(())
        })?;
        ensure!(served, "the model of {} was not served", batch.name);
        let (version, accuracy, training) = model.context("there was no champion")?;
        Ok(Journey {
            expected: files.context("nothing was uploaded")?,
            report: judged.context("there was no report")?,
            version,
            accuracy,
            training,
        })
    }

    /// All objects of a kind in the pipeline's namespace.
    pub(crate) fn list(&self, api: &str, resource: &str) -> Result<Vec<Value>> {
        let list = self
            .cluster
            .expect(&format!("{api}/namespaces/{}/{resource}", self.namespace))?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }

    pub(crate) fn uploader_labels(&self) -> &Value {
        &self.outputs["uploader"]["value"]["labels"]
    }

    /// Names and uids of the pods of a part that are not on their way out.
    pub(crate) fn pods(&self, part: &str) -> Result<Vec<(String, String)>> {
        let pods = self.list("/api/v1", "pods")?;
        let found = pods.iter().filter_map(|pod| {
            let metadata = &pod["metadata"];
            let name = metadata["name"].as_str()?;
            let stays = metadata["deletionTimestamp"].is_null();
            (stays && is_of_part(name, part))
                .then(|| Some((name.to_owned(), metadata["uid"].as_str()?.to_owned())))?
        });
        Ok(found.collect())
    }

    /// Ends one pod of a part without any grace, and returns when another one stands in its place.
    pub(crate) fn lose(&self, part: &str) -> Result<()> {
        let before = self.pods(part)?;
        let (name, uid) = before.first().with_context(|| format!("{part} has no pod"))?;
        self.cluster.kill_pod(&self.namespace, name)?;
        until(&format!("another pod of {part}"), || {
            let now = self.pods(part)?;
            let is_gone = now.iter().all(|(_, other)| other != uid);
            Ok((is_gone && now.len() == before.len()).then_some(()))
        })
    }

    /// Takes all pods of a part away, and returns when they have gone.
    pub(crate) fn scale_to_nothing(&self, kind: &str, part: &str) -> Result<()> {
        let path = format!("/apis/apps/v1/namespaces/{}/{kind}/{part}", self.namespace);
        self.cluster.merge(&path, &json!({"spec": {"replicas": 0}}))?;
        until(&format!("{part} to go"), || {
            Ok(self.pods(part)?.is_empty().then_some(()))
        })
    }

    /// Nothing is left of this pipeline. A volume goes when its provisioner has seen that its claim is gone: soon after.
    pub(crate) fn expect_nothing_left(&self) -> Result<()> {
        let mut remains = Vec::new();
        let gone = until("everything to be gone", || {
            remains = self.remains()?;
            Ok(remains.is_empty().then_some(()))
        });
        gone.with_context(|| format!("left: {remains:?}"))
    }

    fn remains(&self) -> Result<Vec<String>> {
        let mut remains = Vec::new();
        if self
            .cluster
            .get(&format!("/api/v1/namespaces/{}", self.namespace))?
            .is_some()
        {
            remains.push(format!("namespace {}", self.namespace));
        }
        let volumes = self.cluster.expect("/api/v1/persistentvolumes")?;
        for volume in volumes["items"].as_array().into_iter().flatten() {
            if volume["spec"]["claimRef"]["namespace"] == self.namespace.as_str() {
                remains.push(format!("volume {}", volume["metadata"]["name"]));
            }
        }
        Ok(remains)
    }
}

/// Looks again and again until there is something.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if started.elapsed() > PATIENCE {
            bail!("waited in vain for {what}");
        }
        thread::sleep(POLL);
    }
}

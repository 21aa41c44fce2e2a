//! The quickstart as its users see it: trained, served, used by a browser, and used on while replicas die.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::MutexGuard;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::{Cluster, Scenario, scenarios};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use xtask::kubernetes::NODE_ADDRESS;
use xtask::{images, project};

use super::load::under_load;
use super::page::{Page, QUICKSTART};
use super::turn;

/// A seven, drawn by hand: across, and down to the left.
const SEVEN: [(i32, i32); 6] = [(-45, -80), (0, -82), (45, -80), (20, -20), (0, 30), (-15, 85)];
/// How many of the twenty samples the model may take for something else.
const MOST_WRONG: usize = 1;
/// How long kube-proxy may take to follow the endpoints: it writes its rules once a second at most.
const FOLLOWS: Duration = Duration::from_millis(1500);
const PATIENCE: Duration = Duration::from_mins(1);

/// The application of one test. Its namespace goes with it, also when the test fails.
struct Quickstart {
    namespace: String,
    url: String,
    cluster: Cluster,
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Quickstart {
    fn drop(&mut self) {
        let _ = self
            .cluster
            .delete(&format!("/api/v1/namespaces/{}", self.namespace));
    }
}

/// What the example says of its pods, and the same with a user such as OpenShift gives to each namespace.
const IMAGES_USER: &str = "runAsNonRoot   = true";
const ANY_USER: &str = "runAsNonRoot = true\n    runAsUser = 1000660000";

/// Puts the example into the workspace, with a namespace and a port of the test's own, and applies it: with Terraform
/// as it is, with OpenTofu under a user id that no image knows.
fn apply(scenario: &mut Scenario) -> Result<Quickstart> {
    static PORT: AtomicU16 = AtomicU16::new(30100);
    let turn = turn::VISIT.take();
    for entry in fs::read_dir(example())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "tf") {
            let name = path
                .file_name()
                .context("a file without a name")?
                .to_string_lossy()
                .into_owned();
            let mut text = fs::read_to_string(&path)?;
            if name == "main.tf" && scenario.workspace.cli().name() == "tofu" {
                ensure!(
                    text.contains(IMAGES_USER),
                    "main.tf no longer says {IMAGES_USER:?}"
                );
                text = text.replace(IMAGES_USER, ANY_USER);
            }
            scenario.workspace.write(&name, &text)?;
        }
    }
    let namespace = format!("{}-quickstart", scenario.namespace);
    let images = images::references()?;
    let kubeconfig = scenario.cluster.control_plane().kubeconfig_path();
    let variables: [(&str, Value); 6] = [
        ("kubeconfig", kubeconfig.to_string_lossy().into_owned().into()),
        ("node_address", NODE_ADDRESS.to_string().into()),
        ("node_port", PORT.fetch_add(1, Ordering::Relaxed).into()),
        ("namespace", namespace.clone().into()),
        ("training_image", images["digits-training"].clone().into()),
        ("app_image", images["digits-app"].clone().into()),
    ];
    for (name, value) in variables {
        scenario.workspace.set_variable(name, value)?;
    }
    scenario.workspace.init()?.ok()?;
    let mut quickstart = Quickstart {
        namespace,
        url: String::new(),
        cluster: Cluster::of(&scenario.bed)?,
        _turn: turn,
    };
    scenario.apply()?;
    let outputs = scenario.workspace.output_json()?;
    let accuracy = outputs["accuracy"]["value"].as_f64();
    ensure!(accuracy.is_some_and(|accuracy| accuracy > 0.95), "{outputs}");
    ensure!(
        outputs["model_version"]["value"]
            .as_str()
            .is_some_and(|version| version.len() == 12),
        "{outputs}"
    );
    let url = outputs["url"]["value"].as_str().context("no url")?;
    url.clone_into(&mut quickstart.url);
    Ok(quickstart)
}

fn example() -> PathBuf {
    project::root().join("examples/quickstart")
}

/// The held-out digits; the name of each file begins with the digit.
fn samples() -> Result<Vec<PathBuf>> {
    let mut samples: Vec<PathBuf> = fs::read_dir(example().join("samples"))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    samples.sort();
    ensure!(samples.len() == 20, "there are {} samples", samples.len());
    Ok(samples)
}

fn digit_of(sample: &Path) -> String {
    let name = sample.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default().chars().take(1).collect()
}

impl Quickstart {
    fn path(&self, resource: &str) -> String {
        format!("/api/v1/namespaces/{}/{resource}", self.namespace)
    }

    /// The names and addresses of the replicas that answer.
    fn replicas(&self, scenario: &Scenario) -> Result<Vec<(String, String)>> {
        let path = format!(
            "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices",
            self.namespace
        );
        let slices = scenario.cluster.expect(&path)?;
        let slices = slices["items"].as_array().cloned().unwrap_or_default();
        let endpoints = slices
            .iter()
            .flat_map(|slice| slice["endpoints"].as_array().cloned().unwrap_or_default());
        let ready = endpoints.filter(|endpoint| endpoint["conditions"]["ready"] == true);
        let replica = |endpoint: Value| {
            let name = endpoint["targetRef"]["name"].as_str()?.to_owned();
            Some((name, endpoint["addresses"][0].as_str()?.to_owned()))
        };
        Ok(ready.filter_map(replica).collect())
    }

    /// Kills a replica without any grace, and returns when its address is no longer one of the Service's.
    fn kill(&self, scenario: &Scenario, name: &str) -> Result<Instant> {
        scenario.cluster.kill_pod(&self.namespace, name)?;
        let started = Instant::now();
        while self
            .replicas(scenario)?
            .iter()
            .any(|(replica, _)| replica == name)
        {
            ensure!(started.elapsed() < PATIENCE, "{name} is still an endpoint");
            thread::sleep(Duration::from_millis(20));
        }
        Ok(Instant::now())
    }

    fn wait_for_two_replicas(&self, scenario: &Scenario) -> Result<()> {
        let started = Instant::now();
        while self.replicas(scenario)?.len() < 2 {
            ensure!(
                started.elapsed() < PATIENCE,
                "the second replica did not come back"
            );
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

scenarios! {
    fn a_model_that_people_use(scenario) {
        let quickstart = apply(scenario)?;
        let page = Page::open(&quickstart.url, QUICKSTART)?;
        let mut wrong = BTreeMap::new();
        let samples = samples()?;
        for sample in &samples {
            let answer = page.upload(sample)?;
            if answer != digit_of(sample) {
                wrong.insert(sample, answer);
            }
        }
        ensure!(wrong.len() <= MOST_WRONG, "{} of {} are wrong: {wrong:?}", wrong.len(), samples.len());

        let folder = tempfile::tempdir()?;
        let no_picture = folder.path().join("notes.png");
        fs::write(&no_picture, "seven")?;
        let answer = page.upload(&no_picture)?;
        ensure!(answer.contains("no picture"), "{answer}");

        let drawn = page.draw(&SEVEN)?;
        ensure!(drawn == "7", "a seven is taken for {drawn}");
        page.photograph(&project::target().join("demo"), "quickstart-drawn")?;
        scenario.workspace.destroy()?.ok()?;
        ensure!(scenario.cluster.get(&quickstart.path("configmaps/model"))?.is_none());
    }

    fn a_replica_killed_under_load(scenario) {
        let quickstart = apply(scenario)?;
        let page = Page::open(&quickstart.url, QUICKSTART)?;
        let before = quickstart.replicas(scenario)?;
        ensure!(before.len() == 2, "{before:?}");
        let health = format!("{}/_stcore/health", quickstart.url);
        // All that comes from one address goes to one of the two: to kill both, one after the other, hits it for sure.
        for (name, _) in &before {
            let (removed, outcome) = under_load(&health, || {
                thread::sleep(Duration::from_secs(1));
                let removed = quickstart.kill(scenario, name)?;
                quickstart.wait_for_two_replicas(scenario)?;
                thread::sleep(Duration::from_secs(2));
                Ok(removed)
            })?;
            let failures = outcome.failures_after(removed + FOLLOWS);
            ensure!(failures.is_empty(), "{} of {} requests failed after {name} was removed: {failures:?}",
                failures.len(), outcome.requests);
            ensure!(outcome.requests > 200, "only {} requests were sent", outcome.requests);
        }
        page.wait_until_connected()?;
        let sample = example().join("samples/3-1.png");
        let answer = page.upload(&sample)?;
        ensure!(answer == "3", "a three is taken for {answer}");
        scenario.expect_no_changes()?;
        scenario.workspace.destroy()?.ok()?;
    }
}

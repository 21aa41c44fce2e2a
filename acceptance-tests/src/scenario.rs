//! One test: a namespace, a folder with a configuration, and one of the two programs.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::cli::{Cli, Mirror, Outcome, Workspace};
use xtask::test_bed::TestBed;

use crate::Cluster;

/// Which program a test runs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Terraform.
    Terraform,
    /// OpenTofu.
    Tofu,
}

/// The version under which the provider's binary is installed.
const VERSION: &str = "0.1.0";

/// What every configuration begins with.
const PROVIDER: &str = r#"
terraform {
  required_providers {
    mlops = { source = "mlops/mlops" }
  }
}
"#;

/// The surroundings of one test. Dropped, it leaves nothing behind.
pub struct Scenario {
    /// The cluster.
    pub cluster: Cluster,
    /// The test's own namespace.
    pub namespace: String,
    /// The configuration.
    pub workspace: Workspace,
    /// What the runner passed.
    pub bed: TestBed,
    _folder: TempDir,
}

impl Scenario {
    /// Runs `test`, or says loudly that it is skipped because the machine does not have the program.
    pub fn run(which: Which, name: &str, test: fn(&mut Self) -> Result<()>) -> Result<()> {
        let bed = TestBed::from_environment()?;
        let Some(cli) = bed
            .clis()
            .into_iter()
            .find(|cli| (cli.name() == "terraform") == (which == Which::Terraform))
        else {
            xtask::report::warn(format!("skipped: {name}: the machine does not have the program"));
            return Ok(());
        };
        let mut scenario = Self::new(bed, &cli)?;
        test(&mut scenario)
    }

    fn new(bed: TestBed, cli: &Cli) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let cluster = Cluster::of(&bed)?;
        let namespace = format!(
            "test-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
        cluster.create("/api/v1/namespaces", &object)?;
        let folder = TempDir::with_prefix("mlops-acceptance-")?;
        let mut workspace = Workspace::new(folder.path(), cli, mirror(&bed)?)?;
        // A provider that is killed leaves its socket behind: here it goes away with the folder.
        let sockets = folder.path().join("tmp");
        std::fs::create_dir(&sockets)?;
        workspace.set_environment("TMPDIR", &sockets);
        Ok(Self {
            cluster,
            namespace,
            workspace,
            bed,
            _folder: folder,
        })
    }

    /// Writes the configuration, with the cluster's kubeconfig for the provider, and installs the provider. In it,
    /// `NAMESPACE` stands for the test's namespace.
    pub fn configure(&mut self, configuration: &str) -> Result<()> {
        let kubeconfig = self.cluster.control_plane().kubeconfig_path();
        let provider = format!(
            "provider \"mlops\" {{\n  config_path = {:?}\n}}\n",
            kubeconfig.display().to_string()
        );
        self.configure_with(&provider, configuration)
    }

    /// The same, with another provider block.
    pub fn configure_with(&mut self, provider: &str, configuration: &str) -> Result<()> {
        let configuration = configuration.replace("NAMESPACE", &self.namespace);
        self.workspace
            .write("main.tf", &format!("{PROVIDER}\n{provider}\n{configuration}"))?;
        if !self.workspace.directory().join(".terraform").exists() {
            self.workspace.init()?.ok()?;
        }
        Ok(())
    }

    /// Writes a file beside the configuration, with `NAMESPACE` replaced.
    pub fn file(&self, name: &str, content: &str) -> Result<()> {
        let path = self.workspace.directory().join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, content.replace("NAMESPACE", &self.namespace))
            .with_context(|| format!("failed to write {}", path.display()))
    }

    /// Applies, and checks that a second plan is empty.
    pub fn apply(&self) -> Result<Outcome> {
        let outcome = self.workspace.apply()?.ok()?;
        self.expect_no_changes()?;
        Ok(outcome)
    }

    /// Checks that a plan has nothing to do.
    pub fn expect_no_changes(&self) -> Result<()> {
        let plan = self.workspace.plan()?.ok()?;
        ensure!(!plan.has_changes(), "the plan should be empty:\n{}", plan.text());
        Ok(())
    }

    /// Runs `command`, which must fail with a message that has all of `texts` in it.
    pub fn expect_failure(&self, command: &str, texts: &[&str]) -> Result<Outcome> {
        let outcome = match command {
            "plan" => self.workspace.plan()?,
            "apply" => self.workspace.apply()?,
            "destroy" => self.workspace.destroy()?,
            "validate" => self.workspace.run(["validate", "-no-color"])?,
            other => anyhow::bail!("no such command: {other}"),
        };
        ensure!(
            !outcome.success(),
            "`{}` should have failed:\n{}",
            outcome.command,
            outcome.text()
        );
        let message = outcome.unwrapped();
        for text in texts {
            let text = text.replace("NAMESPACE", &self.namespace);
            ensure!(
                message.contains(&text),
                "the message should say {text:?}:\n{}",
                outcome.text()
            );
        }
        Ok(outcome)
    }

    /// The attributes of a resource in state.
    pub fn state(&self, address: &str) -> Result<Value> {
        self.find_state(address)?
            .with_context(|| format!("{address} is not in the state"))
    }

    /// The attributes of a resource in state, if it is there.
    pub fn find_state(&self, address: &str) -> Result<Option<Value>> {
        let state = self.workspace.show_json()?;
        let resources = state["values"]["root_module"]["resources"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        Ok(resources
            .into_iter()
            .find(|resource| resource["address"] == address))
        .map(|found| found.map(|resource| resource["values"].clone()))
    }

    /// The path of a ConfigMap in the test's namespace.
    #[must_use]
    pub fn config_map(&self, name: &str) -> String {
        format!("/api/v1/namespaces/{}/configmaps/{name}", self.namespace)
    }

    /// The text of the state file.
    pub fn state_file(&self) -> Result<String> {
        let path: &Path = self.workspace.directory();
        Ok(std::fs::read_to_string(path.join("terraform.tfstate"))?)
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        // Nothing waits for it: the control plane goes away with the tier.
        let _ = self
            .cluster
            .delete(&format!("/api/v1/namespaces/{}", self.namespace));
    }
}

/// One mirror for all tests, beside the binary that it serves.
fn mirror(bed: &TestBed) -> Result<&'static Mirror> {
    static MIRROR: OnceLock<Mirror> = OnceLock::new();
    static FIRST: Mutex<()> = Mutex::new(());
    let _first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(mirror) = MIRROR.get() {
        return Ok(mirror);
    }
    let folder = bed
        .provider
        .parent()
        .context("the provider's binary has no folder")?
        .join("acceptance-mirror");
    let mirror = Mirror::prepare(&folder, &bed.provider, VERSION)?;
    Ok(MIRROR.get_or_init(|| mirror))
}

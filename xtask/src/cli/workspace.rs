//! A folder with a configuration, in which Terraform or OpenTofu runs.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{Cli, Mirror, Outcome, environment};
use crate::process;

/// Our own files in a workspace; neither program looks into a hidden folder.
const OWN_FOLDER: &str = ".cli";
/// Read by every command without being named on its command line, also when a person runs one by hand.
const VARIABLES: &str = "xtask.auto.tfvars.json";
/// A run that takes longer is stuck.
const LIMIT: Duration = Duration::from_mins(15);
/// Given to every command that knows them.
const QUIET: [&str; 2] = ["-no-color", "-input=false"];

/// A configuration, and how to run it.
#[derive(Clone, Debug)]
pub struct Workspace {
    directory: PathBuf,
    cli: Cli,
    environment: BTreeMap<OsString, OsString>,
    variables: BTreeMap<String, Value>,
}

impl Workspace {
    /// Makes `directory` a place where `cli` installs providers from `mirror`. What is in it stays.
    pub fn new(directory: &Path, cli: &Cli, mirror: &Mirror) -> Result<Self> {
        let absolute = std::path::absolute(directory);
        let directory = absolute.with_context(|| format!("no absolute path for {}", directory.display()))?;
        let own = directory.join(OWN_FOLDER);
        fs::create_dir_all(own.join("home"))
            .with_context(|| format!("failed to create {}", own.display()))?;
        let workspace = Self {
            directory,
            cli: cli.clone(),
            environment: BTreeMap::new(),
            variables: BTreeMap::new(),
        };
        let configuration = workspace.cli_configuration();
        fs::write(&configuration, mirror.configuration())
            .with_context(|| format!("failed to write {}", configuration.display()))?;
        Ok(workspace)
    }

    /// The folder.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The program.
    #[must_use]
    pub fn cli(&self) -> &Cli {
        &self.cli
    }

    /// The file that `TF_CLI_CONFIG_FILE` names.
    #[must_use]
    pub fn cli_configuration(&self) -> PathBuf {
        self.directory.join(OWN_FOLDER).join("cli.tfrc")
    }

    /// Writes a file of the configuration, such as `main.tf`.
    pub fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.directory.join(name);
        fs::write(&path, content).with_context(|| format!("failed to write {}", path.display()))
    }

    /// Sets an environment variable for every later command.
    pub fn set_environment(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        self.environment
            .insert(name.as_ref().to_owned(), value.as_ref().to_owned());
    }

    /// Sets an input variable of the configuration for every later command.
    pub fn set_variable(&mut self, name: &str, value: impl Into<Value>) -> Result<()> {
        self.variables.insert(name.to_owned(), value.into());
        let text = serde_json::to_string_pretty(&self.variables).context("failed to encode variables")?;
        self.write(VARIABLES, &text)
    }

    /// Installs the providers. A lock of an earlier run is dropped: it holds the checksum of the provider's earlier
    /// build, which has the same version.
    pub fn init(&self) -> Result<Outcome> {
        self.forget_lock()?;
        self.run(["init"].iter().chain(&QUIET))
    }

    /// Plans; the outcome [has changes](Outcome::has_changes) or not.
    pub fn plan(&self) -> Result<Outcome> {
        self.run(["plan", "-detailed-exitcode"].iter().chain(&QUIET))
    }

    /// Plans, and returns the plan as JSON.
    pub fn plan_json(&self) -> Result<Value> {
        let file = self.directory.join(OWN_FOLDER).join("plan");
        let out = format!("-out={}", file.display());
        self.run(["plan", &out].iter().chain(&QUIET))?.ok()?;
        self.run([OsStr::new("show"), OsStr::new("-json"), file.as_os_str()])?
            .ok()?
            .json()
    }

    /// Plans and applies.
    pub fn apply(&self) -> Result<Outcome> {
        self.run(["apply", "-auto-approve"].iter().chain(&QUIET))
    }

    /// Destroys everything in the state.
    pub fn destroy(&self) -> Result<Outcome> {
        self.run(["destroy", "-auto-approve"].iter().chain(&QUIET))
    }

    /// Takes an existing object into the state.
    pub fn import(&self, address: &str, id: &str) -> Result<Outcome> {
        self.run(["import"].iter().chain(&QUIET).chain(&[address, id]))
    }

    /// The state.
    pub fn show_json(&self) -> Result<Value> {
        self.run(["show", "-json"])?.ok()?.json()
    }

    /// The outputs, each an object with `value`, `type` and `sensitive`.
    pub fn output_json(&self) -> Result<Value> {
        self.run(["output", "-json"])?.ok()?.json()
    }

    /// Runs any command to its end and keeps what it prints.
    pub fn run<I>(&self, arguments: I) -> Result<Outcome>
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let mut command = self.command(arguments);
        let started = Instant::now();
        let captured = process::capture(&mut command, LIMIT)?;
        Ok(Outcome {
            command: process::describe(&command),
            code: captured.status.code(),
            stdout: captured.stdout,
            stderr: captured.stderr,
            duration: started.elapsed(),
        })
    }

    /// Runs any command to its end before the eyes of a person.
    pub fn show<I>(&self, arguments: I) -> Result<ExitStatus>
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        process::run(&mut self.command(arguments))
    }

    /// A command that is ready to be started, for tests that end it half-way.
    pub fn command<I>(&self, arguments: I) -> Command
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let mut command = Command::new(&self.cli.path);
        environment::keep_essentials(&mut command);
        command
            .args(arguments)
            .current_dir(&self.directory)
            .env("HOME", self.directory.join(OWN_FOLDER).join("home"))
            .env("TF_CLI_CONFIG_FILE", self.cli_configuration())
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .envs(&self.environment);
        command
    }

    /// Removes the lock of the state that a killed run has left. Only where nothing else uses the state.
    pub fn break_state_lock(&self) {
        // There may be none.
        let _ = fs::remove_file(self.directory.join(".terraform.tfstate.lock.info"));
    }

    /// Removes the lock file, so that a provider that was built anew is accepted.
    pub fn forget_lock(&self) -> Result<()> {
        let lock = self.directory.join(".terraform.lock.hcl");
        match fs::remove_file(&lock) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("failed to remove {}", lock.display()))
            }
            _ => Ok(()),
        }
    }
}

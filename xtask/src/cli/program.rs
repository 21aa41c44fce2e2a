//! Which of the two programs, and where it is.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::environment;
use crate::process;
use crate::programs::{self, system};

/// Longer than any machine takes to start one of them.
const PATIENCE: Duration = Duration::from_mins(1);

/// The two programs that run providers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Program {
    /// Terraform.
    Terraform,
    /// OpenTofu, its open fork.
    Tofu,
}

/// One of them on this machine.
#[derive(Clone, Debug)]
pub struct Cli {
    /// Which one it is.
    pub program: Program,
    /// Its binary.
    pub path: PathBuf,
}

impl Cli {
    /// The Terraform on `PATH`. No package registry carries it, so that a machine may well have none.
    #[must_use]
    pub fn terraform() -> Option<Self> {
        system::find("terraform").map(|path| Self {
            program: Program::Terraform,
            path,
        })
    }

    /// The OpenTofu that this project builds: the version is pinned, whatever the machine has.
    pub fn tofu() -> Result<Self> {
        let installed = programs::install(programs::Program::OpenTofu)?;
        Ok(Self {
            program: Program::Tofu,
            path: installed.binary("tofu"),
        })
    }

    /// Its version, `1.11.4`.
    pub fn version(&self) -> Result<String> {
        let mut command = Command::new(&self.path);
        environment::keep_essentials(&mut command);
        command.args(["version", "-json"]).env("CHECKPOINT_DISABLE", "1");
        let captured = process::capture(&mut command, PATIENCE)?;
        let answer: Value = serde_json::from_str(&captured.stdout).unwrap_or_default();
        // OpenTofu kept the name of the field.
        let version = answer["terraform_version"].as_str().map(str::to_owned);
        version.with_context(|| {
            format!(
                "`{}` says no version: {}",
                process::describe(&command),
                captured.stderr
            )
        })
    }

    /// Whether it knows write-only attributes, without which the provider's resources cannot be used.
    pub fn is_supported(&self) -> Result<bool> {
        let version = self.version()?;
        let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
        Ok((numbers.next(), numbers.next()) >= (Some(1), Some(11)))
    }

    /// How a person types it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.program {
            Program::Terraform => "terraform",
            Program::Tofu => "tofu",
        }
    }
}

impl std::fmt::Display for Cli {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

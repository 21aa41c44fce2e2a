//! Which of the two programs, and where it is.

use std::path::PathBuf;

use anyhow::Result;

use crate::programs::{self, system};

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

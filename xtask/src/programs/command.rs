//! `cargo xtask programs`: the slow builds, ahead of the time when something needs them.

use anyhow::Result;
use clap::{Args, ValueEnum as _};

use super::{Program, install};
use crate::report;

/// Which programs to build.
#[derive(Args, Debug)]
pub struct Programs {
    /// All of them if none is given
    program: Vec<Program>,
}

impl Programs {
    /// Builds what is not in the cache yet.
    pub fn run(&self) -> Result<()> {
        let programs = if self.program.is_empty() {
            Program::value_variants()
        } else {
            &self.program
        };
        for &program in programs {
            let installed = install(program)?;
            report::say(format!("{} {}", program.name(), installed.version));
        }
        Ok(())
    }
}

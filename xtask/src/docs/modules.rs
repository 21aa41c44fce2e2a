//! The inputs, outputs and usage in the modules' READMEs, by terraform-docs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::programs::{Program, install};
use crate::project;
use crate::test::must_succeed;

const MODULES: &str = "modules";
const CONFIGURATION: &str = ".terraform-docs.yml";

/// Writes what the modules' sources say into their READMEs.
pub(super) fn write() -> Result<()> {
    run(&[])
}

/// Fails if a README says something else than the module's sources.
pub(crate) fn check() -> Result<()> {
    run(&["--output-check"])
}

fn run(arguments: &[&str]) -> Result<()> {
    let program = install(Program::TerraformDocs)?.binary("terraform-docs");
    let modules = project::root().join(MODULES);
    for module in modules_in(&modules)? {
        let mut command = Command::new(&program);
        command
            .arg("--config")
            .arg(modules.join(CONFIGURATION))
            .args(arguments)
            .arg(&module);
        must_succeed(&mut command)
            .with_context(|| format!("`cargo xtask docs` writes {}", module.join("README.md").display()))?;
    }
    Ok(())
}

fn modules_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || format!("failed to read the folder {}", folder.display());
    let entries = fs::read_dir(folder).with_context(failed)?;
    let paths = entries.map(|entry| Ok(entry.with_context(failed)?.path()));
    let mut modules: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    modules.retain(|path| path.is_dir());
    modules.sort();
    Ok(modules)
}

//! `cargo xtask docs`: the registry's pages in `docs/`, made from the provider's schema and the examples; and what the
//! modules' READMEs say of their inputs and outputs.

mod modules;

use std::process::Command;

use anyhow::{Result, ensure};

pub(crate) use self::modules::check as check_modules;
use crate::{process, project, report};

/// Writes `docs/` and the modules' READMEs. The test that compares the pages is the one that writes them, so that the two never disagree.
pub fn run() -> Result<()> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .args(["test", "--quiet", "--workspace", "--test", "docs"])
        .env("MLOPS_UPDATE_DOCS", "1")
        .current_dir(project::root());
    let status = process::run(&mut command)?;
    ensure!(
        status.success(),
        "`{}` ended with {status}",
        process::describe(&command)
    );
    modules::write()?;
    report::say("docs/ and the READMEs of modules/ are up to date");
    Ok(())
}

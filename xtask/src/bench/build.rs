//! Building the provider as it is released: a debug build says nothing about speed.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{self, Output, Tail};
use crate::progress::Activity;
use crate::project;

/// Builds our provider with the profile `release` and returns its binary.
pub(super) fn release() -> Result<PathBuf> {
    let mut activity = Activity::start("building the provider for release");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--release", "--package", "terraform-provider-mlops"])
        .current_dir(project::root());
    let mut tail = Tail::new(30);
    let status = process::stream(&mut command, Output::Stderr, |line| {
        tail.push(line);
        activity.note(line.trim());
    })?;
    if !status.success() {
        bail!(
            "`{}` ended with {status}; its last lines:\n{tail}",
            process::describe(&command)
        );
    }
    activity.finish("built the provider for release");
    Ok(project::provider_binary("release"))
}

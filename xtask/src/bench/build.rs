//! Building what is measured as it is released: a debug build says nothing about speed.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::process::{self, Output, Tail};
use crate::progress::Activity;
use crate::project;

/// Builds our provider with the profile `release` and returns its binary.
pub(super) fn release() -> Result<PathBuf> {
    build("the provider", &["--package", "terraform-provider-mlops"])?;
    Ok(project::provider_binary("release"))
}

/// Builds a bench of the SDK in the same way and returns its binary, whose name has a hash in it.
pub(super) fn sdk_bench(name: &str, features: &[&str]) -> Result<PathBuf> {
    let features = features.join(",");
    let executables = build(
        &format!("the SDK's {name}"),
        &[
            "--package",
            "tfplugin-sdk",
            "--bench",
            name,
            "--features",
            &features,
        ],
    )?;
    let executable = executables.into_iter().next_back();
    executable.with_context(|| format!("cargo built no executable of the bench {name}"))
}

/// Builds and returns the executables that came of it.
fn build(what: &str, arguments: &[&str]) -> Result<Vec<PathBuf>> {
    let mut activity = Activity::start(format!("building {what} for release"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args([
            "build",
            "--release",
            "--message-format",
            "json-render-diagnostics",
        ])
        .args(arguments)
        .current_dir(project::root());
    let mut tail = Tail::new(30);
    let mut executables = Vec::new();
    let status = process::stream(&mut command, Output::Both, |line| {
        if line.starts_with('{') {
            executables.extend(executable(line));
        } else {
            tail.push(line);
            activity.note(line.trim());
        }
    })?;
    if !status.success() {
        bail!(
            "`{}` ended with {status}; its last lines:\n{tail}",
            process::describe(&command)
        );
    }
    activity.finish(&format!("built {what} for release"));
    Ok(executables)
}

/// What cargo says of a program that it has built.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    message["executable"].as_str().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_are_executables() {
        let program = r#"{"reason":"compiler-artifact","executable":"/target/release/deps/catalog-1"}"#;
        assert_eq!(executable(program), Some("/target/release/deps/catalog-1".into()));
        for other in [
            r#"{"reason":"compiler-artifact","executable":null}"#,
            r#"{"reason":"build-finished","success":true}"#,
            "{",
        ] {
            assert_eq!(executable(other), None, "{other}");
        }
    }
}

//! The demo as a newcomer runs it, with a home of its own: once, again, and away.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use xtask::test_bed::TestBed;

/// A state directory and a demo directory that nobody else uses.
struct Newcomer {
    bed: TestBed,
    folder: TempDir,
}

impl Newcomer {
    fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(["demo", "first-apply", "--directory"])
            .arg(self.folder.path().join("demo"))
            .args(arguments)
            .env("XDG_STATE_HOME", self.folder.path().join("state"));
        command.output().context("failed to start xtask")
    }

    fn demo(&self) -> Result<String> {
        let provider = self.bed.provider.to_string_lossy();
        let output = self.run(&["--provider", &provider])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(
            output.status.success(),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(text)
    }
}

impl Drop for Newcomer {
    fn drop(&mut self) {
        // A test that failed has its own failure to report.
        let _ = self.run(&["--down"]);
    }
}

/// The processes whose command line names something in `folder`.
fn processes_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let command_lines = entries.filter_map(|entry| fs::read_to_string(entry.path().join("cmdline")).ok());
    let wanted = folder.to_string_lossy().into_owned();
    command_lines
        .filter(|command_line| command_line.contains(&wanted))
        .collect()
}

#[test]
fn it_applies_once_changes_nothing_again_and_leaves_no_trace() -> Result<()> {
    let newcomer = Newcomer {
        bed: TestBed::from_environment()?,
        folder: tempfile::tempdir()?,
    };

    let first = newcomer.demo()?;
    assert!(first.contains("Apply complete!"), "{first}");
    assert!(
        first.contains("no changes: the cluster is as the configuration says"),
        "{first}"
    );
    assert!(
        first.contains("custom_resources"),
        "the outputs are shown: {first}"
    );

    let second = newcomer.demo()?;
    assert!(second.contains("0 added, 0 changed, 0 destroyed"), "{second}");

    let output = newcomer.run(&["--down"])?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(processes_in(newcomer.folder.path()), Vec::<String>::new());
    let left: Vec<_> = fs::read_dir(newcomer.folder.path().join("state"))?
        .flatten()
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!newcomer.folder.path().join("demo").exists());

    let again = newcomer.run(&["--down"])?;
    assert!(again.status.success());
    assert!(String::from_utf8(again.stdout)?.contains("there is no demo"));
    Ok(())
}

#[test]
fn a_provider_that_is_not_there_fails_its_step_by_name() -> Result<()> {
    let newcomer = Newcomer {
        bed: TestBed::from_environment()?,
        folder: tempfile::tempdir()?,
    };
    let output = newcomer.run(&["--provider", "/no/such/provider"])?;
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr)?;
    assert!(
        error.contains("step 2 of 7") && error.contains("/no/such/provider"),
        "{error}"
    );
    Ok(())
}

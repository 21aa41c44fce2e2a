//! One run of the tests: what it is limited to, what has come of it so far, and how cargo is called for it.

use std::process::Command;

use anyhow::{Result, anyhow, bail};

use super::totals::Totals;
use crate::cli::forget_user_settings;
use crate::process::{self, Output};
use crate::test_bed::TestBed;
use crate::{project, report};

/// The name under which a test of the real thing runs with Terraform.
const TERRAFORM_HALF: &str = "::terraform";

/// The state of a run.
pub(super) struct Run {
    pub(super) area: Option<String>,
    pub(super) full: bool,
    totals: Totals,
    failures: Vec<String>,
}

impl Run {
    pub(super) fn new(area: Option<String>, full: bool) -> Self {
        Self {
            area,
            full,
            totals: Totals::default(),
            failures: Vec::new(),
        }
    }

    /// Something that must work for the rest to make sense, and that counts only if it does not.
    pub(super) fn prepare<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        match work() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(name, &error);
                None
            }
        }
    }

    /// A check that counts as one test. An area that is not in its name leaves it out.
    pub(super) fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        if self
            .area
            .as_ref()
            .is_some_and(|area| !name.contains(area.as_str()))
        {
            return;
        }
        match work() {
            Ok(()) => {
                self.totals.passed += 1;
                report::say(format!("check {name} ... ok"));
            }
            Err(error) => self.fail(name, &error),
        }
    }

    /// Runs cargo's tests with what `bed` says, and counts them.
    pub(super) fn cargo_test(&mut self, name: &str, selection: &[&str], bed: &TestBed) {
        let mut command = cargo("test");
        command.arg("--no-fail-fast").args(selection);
        if let Some(area) = &self.area {
            command.arg("--").arg(area);
        }
        bed.pass_to(&mut command);
        let mut counted = Totals::default();
        let mut failed = Vec::new();
        // Each of these tests returns at once where there is no Terraform; to call that passed would be a lie.
        let lacks_terraform = bed.terraform.is_none();
        let mut without_terraform = 0;
        let status = process::stream(&mut command, Output::Stdout, |line| {
            report::say(line);
            if let Some(totals) = Totals::parse(line) {
                counted += totals;
            } else if let Some(test) = line
                .strip_prefix("test ")
                .and_then(|line| line.strip_suffix(" ... FAILED"))
            {
                failed.push(test.to_owned());
            } else if lacks_terraform
                && line
                    .strip_suffix(" ... ok")
                    .is_some_and(|test| test.ends_with(TERRAFORM_HALF))
            {
                without_terraform += 1;
            }
        });
        if counted.skipped > 0 && std::env::var_os("CI").is_some_and(|value| value == "true") {
            self.fail(
                name,
                &anyhow!("{} tests are ignored, and CI allows none", counted.skipped),
            );
        }
        if without_terraform > 0 {
            report::warn(format!(
                "{without_terraform} tests of {name} were SKIPPED: there is no terraform on PATH"
            ));
        }
        counted.passed -= without_terraform;
        counted.skipped += without_terraform;
        self.totals += counted;
        self.failures
            .extend(failed.iter().map(|test| format!("{name}: {test}")));
        match status {
            Ok(status) if !status.success() && counted.failed == 0 => {
                self.fail(
                    name,
                    &anyhow!("`{}` ended with {status}", process::describe(&command)),
                );
            }
            Ok(_) => {}
            Err(error) => self.fail(name, &error),
        }
    }

    /// Prints what failed and the sum, and says whether all is well.
    pub(super) fn finish(mut self) -> bool {
        report::say("");
        if self.totals == Totals::default() {
            let area = self.area.take().unwrap_or_default();
            self.fail(
                &area,
                &anyhow!("no test was run: is there any whose path contains {area:?}?"),
            );
        }
        for failure in &self.failures {
            report::say(format!("FAILED {failure}"));
        }
        report::say(self.totals.to_string());
        self.failures.is_empty() && self.totals.failed == 0
    }

    fn fail(&mut self, name: &str, error: &anyhow::Error) {
        report::failure(error);
        self.totals.failed += 1;
        self.failures.push(format!("{name}: {error}"));
    }
}

/// A cargo command in the checkout, without the settings that would reach what it starts.
pub(crate) fn cargo(command: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(program);
    forget_user_settings(&mut cargo);
    cargo.arg(command).current_dir(project::root());
    cargo
}

/// Runs `command` before the reader's eyes; an error unless it succeeds.
pub(crate) fn must_succeed(command: &mut Command) -> Result<()> {
    let status = process::run(command)?;
    if !status.success() {
        bail!("`{}` ended with {status}", process::describe(command));
    }
    Ok(())
}

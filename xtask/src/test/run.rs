//! One run of the tests: what it is limited to, what has come of it so far, and how cargo is called for it.

use std::process::Command;
use std::sync::{Mutex, PoisonError, mpsc};
use std::{slice, thread};

use anyhow::{Result, anyhow, bail};

use super::totals::Totals;
use crate::cli::forget_user_settings;
use crate::network_namespace::NetworkNamespace;
use crate::process::{self, Output};
use crate::test_bed::TestBed;
use crate::{project, report};

/// The name under which a test of the real thing runs with Terraform.
const TERRAFORM_HALF: &str = "::terraform";

/// How many checks run at a time that may.
const AT_A_TIME: usize = 2;

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
        if self.is_wanted(name) {
            self.count(name, work());
        }
    }

    /// Checks that wait more than they work, several at a time.
    pub(super) fn checks<W: FnOnce() -> Result<()> + Send>(&mut self, checks: Vec<(String, W)>) {
        let wanted: Vec<_> = checks
            .into_iter()
            .filter(|(name, _)| self.is_wanted(name))
            .collect();
        let queue = Mutex::new(wanted.into_iter());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let (sender, outcomes) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..AT_A_TIME {
                let sender = sender.clone();
                scope.spawn(move || {
                    while let Some((name, work)) = next() {
                        // Whoever listens does so until all have hung up.
                        let _ = sender.send((name, work()));
                    }
                });
            }
            drop(sender);
            for (name, outcome) in outcomes {
                self.count(&name, outcome);
            }
        });
    }

    fn is_wanted(&self, name: &str) -> bool {
        self.area.as_ref().is_none_or(|area| name.contains(area.as_str()))
    }

    fn count(&mut self, name: &str, outcome: Result<()>) {
        match outcome {
            Ok(()) => {
                self.totals.passed += 1;
                report::say(format!("check {name} ... ok"));
            }
            Err(error) => self.fail(name, &error),
        }
    }

    /// Says that something is not tested here, and why. CI tests everything.
    pub(super) fn skip(&mut self, name: &str, why: &str) {
        report::warn(format!("{name} is SKIPPED: {why}"));
        self.totals.skipped += 1;
        if is_ci() {
            self.fail(name, &anyhow!("it is skipped, and CI allows none: {why}"));
        }
    }

    /// Runs cargo's tests with what `bed` says, and counts them. An area narrows them down by their paths, and one
    /// that is the name of a whole target does so by that.
    pub(super) fn cargo_test(&mut self, name: &str, kinds: &[&str], targets: &[&str], bed: &TestBed) {
        self.cargo_test_by(cargo("test"), name, kinds, targets, bed);
    }

    /// The same in a network namespace: tests that were compiled before, because it reaches no registry.
    pub(super) fn cargo_test_in(
        &mut self,
        namespace: &NetworkNamespace,
        name: &str,
        targets: &[&str],
        bed: &TestBed,
    ) {
        let outside = cargo("test");
        let mut command = namespace.command(outside.get_program());
        forget_user_settings(&mut command);
        command.arg("test").current_dir(project::root());
        // Its tests mostly wait for pods.
        command.env("RUST_TEST_THREADS", "8");
        self.cargo_test_by(command, name, &[], targets, bed);
    }

    fn cargo_test_by(
        &mut self,
        mut command: Command,
        name: &str,
        kinds: &[&str],
        targets: &[&str],
        bed: &TestBed,
    ) {
        let target = self.area.as_deref().filter(|area| targets.contains(area));
        let (kinds, targets) = target
            .as_ref()
            .map_or((kinds, targets), |target| (&[][..], slice::from_ref(target)));
        let filter = self.area.as_deref().filter(|_| target.is_none());

        command.args(["--workspace", "--no-fail-fast"]).args(kinds);
        command.args(targets.iter().flat_map(|target| ["--test", target]));
        command.args(filter.iter().flat_map(|filter| ["--", filter]));
        bed.pass_to(&mut command);
        let mut tally = Tally {
            lacks_terraform: bed.terraform.is_none(),
            ..Tally::default()
        };
        let status = process::stream(&mut command, Output::Stdout, |line| {
            report::say(line);
            tally.read(line);
        });
        let counted = tally.totals();
        self.totals += counted;
        self.failures
            .extend(tally.failed.iter().map(|test| format!("{name}: {test}")));
        if tally.without_terraform > 0 {
            let count = tally.without_terraform;
            report::warn(format!(
                "{count} tests of {name} were SKIPPED: there is no terraform on PATH"
            ));
        }
        if tally.reported.skipped > 0 && is_ci() {
            self.fail(
                name,
                &anyhow!("{} tests are ignored, and CI allows none", tally.reported.skipped),
            );
        }
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

fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

/// What the lines of cargo's test programs say.
#[derive(Default)]
struct Tally {
    reported: Totals,
    failed: Vec<String>,
    lacks_terraform: bool,
    without_terraform: u64,
}

impl Tally {
    fn read(&mut self, line: &str) {
        if let Some(totals) = Totals::parse(line) {
            self.reported += totals;
            return;
        }
        let test = line
            .strip_prefix("test ")
            .and_then(|line| line.rsplit_once(" ... "));
        match test {
            Some((test, "FAILED")) => self.failed.push(test.to_owned()),
            // These return at once where there is no Terraform; to call that passed would be a lie.
            Some((test, "ok")) if self.lacks_terraform && test.ends_with(TERRAFORM_HALF) => {
                self.without_terraform += 1;
            }
            _ => {}
        }
    }

    fn totals(&self) -> Totals {
        Totals {
            passed: self.reported.passed.saturating_sub(self.without_terraform),
            skipped: self.reported.skipped + self.without_terraform,
            ..self.reported
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 5] = [
        "running 3 tests",
        "test manifest::create::terraform ... ok",
        "test manifest::create::tofu ... ok",
        "test manifest::drift::tofu ... FAILED",
        "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
    ];

    fn tally(lacks_terraform: bool) -> Tally {
        let mut tally = Tally {
            lacks_terraform,
            ..Tally::default()
        };
        for line in LINES {
            tally.read(line);
        }
        tally
    }

    #[test]
    fn failed_tests_are_named() {
        assert_eq!(tally(false).failed, ["manifest::drift::tofu"]);
        assert_eq!(
            tally(false).totals(),
            Totals {
                passed: 2,
                failed: 1,
                skipped: 0
            }
        );
    }

    #[test]
    fn without_terraform_its_half_is_skipped_and_not_passed() {
        assert_eq!(
            tally(true).totals(),
            Totals {
                passed: 1,
                failed: 1,
                skipped: 1
            }
        );
    }
}

//! What a run has found: a line for each check, and a verdict.

use std::time::Instant;

use anyhow::{Result, bail};
use console::style;

use super::super::ControlPlane;
use crate::progress::duration;
use crate::{interrupt, report};

/// The checks of one run so far.
pub(super) struct Findings<'a> {
    cluster: &'a ControlPlane,
    checks: u32,
    failed: u32,
}

impl<'a> Findings<'a> {
    pub(super) fn new(cluster: &'a ControlPlane) -> Self {
        Self {
            cluster,
            checks: 0,
            failed: 0,
        }
    }

    /// Does one check. `None` if it failed: then the line says why, and what `component` has to say to it.
    pub(super) fn check<T>(
        &mut self,
        what: &str,
        component: &str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<Option<T>> {
        interrupt::check()?;
        let started = Instant::now();
        self.checks += 1;
        let outcome = work();
        let took = duration(started.elapsed());
        match outcome {
            Ok(value) => {
                report::say(format!("{}  {what} ({took})", style("ok    ").green()));
                Ok(Some(value))
            }
            Err(error) => {
                self.failed += 1;
                report::say(format!("{}  {what} ({took})", style("FAILED").red().bold()));
                report::say(format!("        {error:#}"));
                report::say(format!("        {}", self.suspect(component)));
                Ok(None)
            }
        }
    }

    /// What is known of the component that a failed check depends on.
    fn suspect(&self, name: &str) -> String {
        let components = self.cluster.components().iter();
        match components.into_iter().find(|component| component.name == name) {
            None => format!("this cluster has no {name}"),
            Some(component) if component.is_alive() => {
                format!("{name} runs; its log is {}", component.log.display())
            }
            Some(component) => format!(
                "{}        all of it is in {}; `cargo xtask kubernetes up` starts it again",
                component.last_words(),
                component.log.display()
            ),
        }
    }

    /// An error that counts what failed.
    pub(super) fn verdict(&self) -> Result<()> {
        match self.failed {
            0 => Ok(()),
            failed => bail!(
                "{failed} of {} checks of cluster {} failed",
                self.checks,
                self.cluster.name()
            ),
        }
    }
}

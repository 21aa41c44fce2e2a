//! Numbered steps: a reader sees how far it is, and which one failed.

use anyhow::{Context as _, Result};

use crate::{interrupt, report};

/// A known number of steps, done one after another.
pub(super) struct Steps {
    done: u32,
    count: u32,
}

impl Steps {
    pub(super) fn of(count: u32) -> Self {
        Self { done: 0, count }
    }

    /// Does the next one.
    pub(super) fn next<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        interrupt::check()?;
        self.done += 1;
        report::heading(&format!("{}/{} {name}", self.done, self.count));
        work().with_context(|| format!("step {} of {} of the demo failed: {name}", self.done, self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_step() -> Result<()> {
        let mut steps = Steps::of(2);
        steps.next("first", || Ok(()))?;
        let failed: Result<()> = steps.next("second", || anyhow::bail!("why"));
        let error = failed.map_err(|error| format!("{error:#}"));
        assert_eq!(
            error.err().as_deref(),
            Some("step 2 of 2 of the demo failed: second: why")
        );
        Ok(())
    }
}

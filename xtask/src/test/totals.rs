//! The sum of what cargo's test programs report.

use std::fmt;

/// How many passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Totals {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Totals {
    /// The figures of a test program's last line, `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (_, figures) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut totals = Self::default();
        for figure in figures.split("; ") {
            match figure.split_once(' ') {
                Some((count, "passed")) => totals.passed = count.parse().ok()?,
                Some((count, "failed")) => totals.failed = count.parse().ok()?,
                Some((count, "ignored")) => totals.skipped = count.parse().ok()?,
                _ => {}
            }
        }
        Some(totals)
    }
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(formatter, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_a_test_program_is_read() {
        let passed =
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.02s";
        assert_eq!(
            Totals::parse(passed),
            Some(Totals {
                passed: 12,
                failed: 0,
                skipped: 1
            })
        );
        let failed =
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9s";
        assert_eq!(
            Totals::parse(failed),
            Some(Totals {
                passed: 1,
                failed: 2,
                skipped: 0
            })
        );
        assert_eq!(Totals::parse("test some::name ... ok"), None);
    }

    #[test]
    fn the_sum_mentions_skipped_ones_only_if_there_are_any() {
        let mut totals = Totals {
            passed: 1,
            failed: 0,
            skipped: 0,
        };
        assert_eq!(totals.to_string(), "1 passed, 0 failed");
        totals += Totals {
            passed: 2,
            failed: 1,
            skipped: 3,
        };
        assert_eq!(totals.to_string(), "3 passed, 1 failed, 3 skipped");
    }
}

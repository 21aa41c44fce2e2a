//! What a run of Terraform or OpenTofu ended with.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// Exit code of `plan -detailed-exitcode` where there is something to do.
const CHANGES: i32 = 2;

/// A run that has ended, well or not.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The command as a person would type it.
    pub command: String,
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error, where diagnostics go.
    pub stderr: String,
    /// How long it took.
    pub duration: Duration,
}

impl Outcome {
    /// Whether it did what it was asked to do.
    #[must_use]
    pub fn success(&self) -> bool {
        matches!(self.code, Some(0 | CHANGES))
    }

    /// Whether a plan found something to do.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.code == Some(CHANGES)
    }

    /// Itself, or an error with everything that it printed.
    pub fn ok(self) -> Result<Self> {
        if self.success() {
            return Ok(self);
        }
        let end = self
            .code
            .map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
        bail!("`{}` ended with {end}:\n{}", self.command, self.text())
    }

    /// Both outputs, for tests that look for words.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Diagnostics are wrapped and framed to fit a terminal; here they are one line each word after word, so that a
    /// test can look for a sentence.
    #[must_use]
    pub fn unwrapped(&self) -> String {
        let text = self.text();
        let words = text.split(|character: char| character.is_whitespace() || "│╷╵".contains(character));
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("`{}` printed no JSON", self.command))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(code: Option<i32>) -> Outcome {
        let stderr = "╷\n│ Error: no\n│ such thing\n╵\n".to_owned();
        Outcome {
            command: "tofu plan".into(),
            code,
            stdout: String::new(),
            stderr,
            duration: Duration::ZERO,
        }
    }

    #[test]
    fn changes_are_a_success_and_a_signal_is_none() {
        assert!(outcome(Some(0)).success() && !outcome(Some(0)).has_changes());
        assert!(outcome(Some(2)).success() && outcome(Some(2)).has_changes());
        assert!(!outcome(Some(1)).success());
        let error = outcome(None)
            .ok()
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default();
        assert!(
            error.starts_with("`tofu plan` ended with a signal:\n") && error.contains("no\n│ such"),
            "{error}"
        );
    }

    #[test]
    fn wrapped_sentences_are_put_together() {
        assert_eq!(outcome(Some(1)).unwrapped(), "Error: no such thing");
    }
}

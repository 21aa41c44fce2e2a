//! What is wrong with a value, in words that keep secrets.

use std::fmt;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::{Path, Step};
use crate::value::Value;

/// A value that does not fit the Rust type that it is read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    path: Path,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    /// The value is only not known yet.
    Unknown,
    /// Something else than what was expected was observed, which may be a secret.
    Refused { expected: String, observed: String },
    /// Anything else, in words that may quote the value.
    Other(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("the value is not known yet"),
            Self::Refused { expected, observed } => write!(f, "{expected} is required, found {observed}"),
            Self::Other(problem) => f.write_str(problem),
        }
    }
}

impl ModelError {
    /// The value is not known yet.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            path: Path::default(),
            problem: Problem::Unknown,
        }
    }

    /// The value is valid for Terraform and yet not what the type takes, for example an integer out of range.
    #[must_use]
    pub fn invalid(problem: impl Into<String>) -> Self {
        Self {
            path: Path::default(),
            problem: Problem::Other(problem.into()),
        }
    }

    /// The value is valid for Terraform, and something else is expected. `observed` is left out where the value is
    /// sensitive.
    #[must_use]
    pub fn refused(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self {
            path: Path::default(),
            problem: Problem::Refused {
                expected: expected.into(),
                observed: observed.into(),
            },
        }
    }

    /// The value is of another type.
    #[must_use]
    pub fn mismatch(expected: &str, found: &Value) -> Self {
        Self::refused(expected, found.kind())
    }

    /// The error of the value as a whole, where a part of it has no path.
    #[must_use]
    pub fn of_whole(self) -> Self {
        Self {
            path: Path::default(),
            ..self
        }
    }

    /// The error without anything that the value could be guessed from.
    #[must_use]
    pub fn hidden(self) -> Self {
        let hidden = "a value that is hidden, because it is sensitive".to_owned();
        let problem = match self.problem {
            Problem::Unknown => Problem::Unknown,
            Problem::Refused { expected, .. } => Problem::Refused {
                expected,
                observed: hidden,
            },
            Problem::Other(_) => Problem::Other(format!("{hidden} is not what the attribute takes")),
        };
        Self { problem, ..self }
    }

    /// Whether the value is only not known yet.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.problem == Problem::Unknown
    }

    /// The error one step further out.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        self.path = self.path.within(step);
        self
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.problem)
    }
}

impl std::error::Error for ModelError {}

impl From<ModelError> for Diagnostics {
    fn from(error: ModelError) -> Self {
        Diagnostic::from(error).into()
    }
}

impl From<ModelError> for Diagnostic {
    fn from(error: ModelError) -> Self {
        let summary = match error.path.steps().first() {
            Some(_) => format!("Invalid value of {:?}", error.path.to_string()),
            None => "Invalid value".to_owned(),
        };
        let mut problem = error.problem.to_string();
        if let Some(first) = problem.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let diagnostic = Self::error(summary, format!("{problem}."));
        if error.path.is_root() {
            diagnostic
        } else {
            diagnostic.at(error.path)
        }
    }
}

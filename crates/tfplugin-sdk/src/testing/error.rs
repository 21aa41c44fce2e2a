//! What a test learns when an answer is not what it should be.

use std::fmt;
use std::sync::LazyLock;

use super::{Counterexample, State};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::function::FunctionError;
use crate::path::Path;
use crate::rules::{Action, Violation};

/// The result of a call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call gave no result. Its `Debug` is its `Display`, because that is what a failed test prints.
#[derive(Clone)]
pub enum Error {
    /// The answer breaks rules of Terraform core.
    Violations {
        /// The call, and what it was about.
        call: String,
        /// The broken rules, never none.
        found: Vec<Violation>,
    },
    /// The provider answers with errors, as it does to a user.
    Diagnostics {
        /// The call, and what it was about.
        call: String,
        /// Errors, and warnings beside them.
        diagnostics: Diagnostics,
        /// What core would store after an apply that failed; `None` if there is nothing.
        left: Option<Box<State>>,
    },
    /// The plan is not empty, and was expected to be.
    Changes {
        /// The type of the resource.
        type_name: String,
        /// What is planned.
        action: Action,
        /// Each difference, as a line.
        differences: Vec<String>,
    },
    /// Something is there that should not be, or is not as it should be.
    Differences {
        /// The type of the resource.
        type_name: String,
        /// What is wrong.
        problem: String,
        /// Each difference, as a line.
        differences: Vec<String>,
    },
    /// A random configuration with which something goes wrong.
    Counterexample(Box<Counterexample>),
    /// A recorded state is missing, or the provider of today does not take it.
    Fixture {
        /// The file of the fixture.
        file: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The provider defers, as the client allowed it to.
    Deferred {
        /// The call, and what it was about.
        call: String,
        /// The reason that the provider gives.
        reason: String,
    },
    /// The provider refuses the call of a function, as it does to a user.
    Function {
        /// The function.
        name: String,
        /// Why.
        error: FunctionError,
    },
    /// The call failed as such: gRPC has a status for it, and a user would see no more than a general message.
    Status {
        /// The call, and what it was about.
        call: String,
        /// The status.
        status: Box<tonic::Status>,
    },
    /// The process, or the connection to it, is not as Terraform needs it.
    Process(String),
    /// The test asks for what cannot be: an attribute that the schema does not have, a value of another type.
    Test {
        /// Where in the value; the root if it is about the whole.
        path: Path,
        /// What is wrong.
        problem: String,
    },
}

impl Error {
    /// What is wrong with the test itself.
    pub(super) fn test(problem: impl Into<String>) -> Self {
        Self::Test {
            path: Path::default(),
            problem: problem.into(),
        }
    }

    /// The broken rules, if there are any.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Violations { found, .. } => found,
            _ => &[],
        }
    }

    /// The provider's diagnostics, if it answered with errors.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        static NONE: LazyLock<Diagnostics> = LazyLock::new(Diagnostics::default);
        match self {
            Self::Diagnostics { diagnostics, .. } => diagnostics,
            _ => &NONE,
        }
    }

    /// The random configuration with which something goes wrong, if it is that.
    #[must_use]
    pub fn counterexample(&self) -> Option<&Counterexample> {
        match self {
            Self::Counterexample(found) => Some(found),
            _ => None,
        }
    }

    /// What core would store after an apply that failed.
    #[must_use]
    pub fn left(&self) -> Option<&State> {
        match self {
            Self::Diagnostics { left, .. } => left.as_deref(),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violations { call, found } => {
                write!(f, "{call}: the answer breaks rules of Terraform core")?;
                found
                    .iter()
                    .try_for_each(|violation| write!(f, "\n  {violation}"))
            }
            Self::Diagnostics {
                call, diagnostics, ..
            } => {
                write!(f, "{call}: the provider answers with errors")?;
                diagnostics.iter().try_for_each(|diagnostic| show(diagnostic, f))
            }
            Self::Changes {
                type_name,
                action,
                differences,
            } => {
                write!(
                    f,
                    "{type_name}: no change is expected, and the plan is to {action}"
                )?;
                differences.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::Differences {
                type_name,
                problem,
                differences,
            } => {
                write!(f, "{type_name}: {problem}")?;
                differences.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::Counterexample(found) => found.fmt(f),
            Self::Fixture { file, problem } => write!(f, "{file}: {problem}"),
            Self::Deferred { call, reason } => write!(f, "{call}: the provider defers: {reason}"),
            Self::Function { name, error } => {
                write!(f, "{name}: {error}")?;
                match error.argument {
                    Some(place) => write!(f, " (argument {place})"),
                    None => Ok(()),
                }
            }
            Self::Status { call, status } => write!(f, "{call}: {:?}: {}", status.code(), status.message()),
            Self::Process(problem) => f.write_str(problem),
            Self::Test { path, problem } if path.is_root() => write!(f, "the test is wrong: {problem}"),
            Self::Test { path, problem } => write!(f, "the test is wrong: {path}: {problem}"),
        }
    }
}

fn show(diagnostic: &Diagnostic, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let severity = if diagnostic.is_error() { "error" } else { "warning" };
    write!(f, "\n  {severity}: {}", diagnostic.summary)?;
    if let Some(path) = &diagnostic.path {
        write!(f, " (at {path})")?;
    }
    let lines = diagnostic.detail.lines();
    lines
        .filter(|line| !line.is_empty())
        .try_for_each(|line| write!(f, "\n    {line}"))
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

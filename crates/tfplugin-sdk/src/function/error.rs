//! Calls that cannot be carried out.

use std::fmt;

/// Why a call cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// A fragment of a sentence, which Terraform puts after `Call to function … failed:`.
    pub text: String,
    /// The argument that is to blame, counted from 0.
    pub argument: Option<usize>,
}

impl FunctionError {
    /// An error of the call as a whole.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            argument: None,
        }
    }

    /// An error of one argument, counted from 0. Those of a variadic parameter count on from where it stands.
    pub fn of_argument(argument: usize, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            argument: Some(argument),
        }
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for FunctionError {}

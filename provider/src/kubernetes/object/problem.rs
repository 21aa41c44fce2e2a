//! What can be wrong with a manifest, each with the path at which it stands.

use std::fmt;

use serde_json::Value;

use super::NameRule;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestProblem {
    /// The document is no mapping.
    #[error("a manifest is a mapping with `apiVersion`, `kind` and `metadata`, and this is {found}")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// A required field is absent, null or empty.
    #[error("`{path}` is missing; expected {expected}")]
    Missing {
        /// Where.
        path: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A field has another type than Kubernetes expects.
    #[error("`{path}` is {found}; expected {expected}{}", .hint.map(|hint| format!(". {hint}")).unwrap_or_default())]
    WrongType {
        /// Where.
        path: String,
        /// The type that was found, never the value.
        found: &'static str,
        /// The type that is expected.
        expected: &'static str,
        /// What to do.
        hint: Option<&'static str>,
    },
    /// A name that breaks the rule of its kind.
    #[error("`{path}` is `{value}`, which breaks Kubernetes' rule for this name; expected {rule}")]
    InvalidName {
        /// Where.
        path: String,
        /// The name.
        value: String,
        /// The rule.
        rule: NameRule,
    },
    /// `apiVersion` that is neither `v1` nor `GROUP/VERSION`.
    #[error("`apiVersion` is `{value}`; expected `v1` or `GROUP/VERSION`, such as `apps/v1`")]
    InvalidApiVersion {
        /// What was found.
        value: String,
    },
    /// A kind that cannot be one.
    #[error("`kind` is `{value}`; expected a name of letters and digits, such as `ConfigMap`")]
    InvalidKind {
        /// What was found.
        value: String,
    },
    /// A generated name, which could not be found again.
    #[error(
        "`metadata.generateName` makes the server choose a new name at each apply, so that the object could not be \
         found again. Write `metadata.name` instead"
    )]
    GenerateName,
    /// A field that belongs to the server.
    #[error("`{path}` is written by the server and cannot be configured. Remove it from the manifest")]
    ServerOwned {
        /// Where.
        path: String,
    },
}

impl ManifestProblem {
    /// Where the problem is, such as `metadata.name`; empty for the whole manifest.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::NotAnObject { .. } => "",
            Self::Missing { path, .. }
            | Self::WrongType { path, .. }
            | Self::InvalidName { path, .. }
            | Self::ServerOwned { path } => path,
            Self::InvalidApiVersion { .. } => "apiVersion",
            Self::InvalidKind { .. } => "kind",
            Self::GenerateName => "metadata.generateName",
        }
    }
}

/// Everything that is wrong with a manifest; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestErrors(pub(super) Vec<ManifestProblem>);

impl ManifestErrors {
    /// The problems, in the order of the manifest.
    #[must_use]
    pub fn problems(&self) -> &[ManifestProblem] {
        &self.0
    }
}

impl fmt::Display for ManifestErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ManifestErrors {}

/// The type of a value, in words.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

//! YAML text to JSON documents, read as kubectl reads it.
//!
//! kubectl resolves scalars by YAML 1.1 (`yes` is a boolean, `0755` is octal), turns keys that are not strings into
//! strings and keeps timestamps as text. Two things are stricter here, because they hide mistakes: a key given twice is
//! an error, and so is a number that JSON cannot hold. Positions come from the parser, so that an error names line and
//! column.

mod builder;
mod error;
mod list;
mod number;
mod scalar;
#[cfg(test)]
mod tests;

pub use error::{YamlError, YamlProblem};
pub use list::{ListError, expand_lists};

use serde_json::Value;

/// One document of a YAML stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What the document says.
    pub value: Value,
    /// The line, counted from 1, on which its first value stands.
    pub line: usize,
}

/// Reads every document of `text`; documents without content are left out.
///
/// `source` is the name of the text in errors: a path, or an attribute.
pub fn parse_documents(source: &str, text: &str) -> Result<Vec<Document>, YamlError> {
    builder::Builder::new(source, text).documents()
}

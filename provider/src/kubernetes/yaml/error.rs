//! What can be wrong with YAML text, with the place and the line it stands on.

use std::fmt;

use granit_parser::Marker;

/// A problem in YAML text. Its display names source, line and column and quotes the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct YamlError {
    source_name: String,
    line: usize,
    column: usize,
    excerpt: String,
    problem: YamlProblem,
}

/// The kinds of problem.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum YamlProblem {
    /// The text is not YAML.
    #[error("{0}")]
    Syntax(String),
    /// A key stands twice in one mapping.
    #[error("the key `{key}` is given twice; it stands first on line {first_line}. Keep one of them")]
    DuplicateKey {
        /// The key, as the string that Kubernetes would see.
        key: String,
        /// The line of its first appearance.
        first_line: usize,
    },
    /// A key that cannot be turned into a string.
    #[error("{what} cannot be the key of a Kubernetes object, whose keys are strings. Quote the key")]
    Key {
        /// What stands where a key is expected.
        what: &'static str,
    },
    /// `{{ … }}` outside quotes: a template that was not rendered.
    #[error(
        "this is a template expression, not a value: YAML reads `{{{{` as a mapping. Render the template first, or put \
         quotes around the expression"
    )]
    Template,
    /// An explicit tag that the value does not fit.
    #[error("the value `{value}` is not of the type that its tag `{tag}` asks for")]
    Tag {
        /// The tag, as written.
        tag: String,
        /// The scalar.
        value: String,
    },
    /// `.inf` or `.nan`.
    #[error(
        "the number `{value}` cannot be held in JSON, which is what Kubernetes stores. Quote it to keep the text"
    )]
    NotFinite {
        /// The scalar.
        value: String,
    },
    /// `!!binary` content that is not base64 of text.
    #[error(
        "the tag `!!binary` asks for base64 of UTF-8 text. For binary data leave the tag out and keep the base64 text, \
         as `data` of a Secret and `binaryData` of a ConfigMap expect"
    )]
    Binary,
    /// A merge key whose value is not a mapping.
    #[error("the merge key `<<` wants a mapping or a sequence of mappings, and this is {found}")]
    Merge {
        /// What was found.
        found: &'static str,
    },
    /// An alias inside the node that it names.
    #[error("the alias stands inside the node that it repeats, so that it would have no end")]
    RecursiveAlias,
    /// Aliases that grow beyond any object.
    #[error(
        "aliases repeat so much text that the document would be larger than {limit_mebibytes} MiB, more than an API \
         server takes. Write the parts as documents of their own"
    )]
    Expansion {
        /// The limit.
        limit_mebibytes: usize,
    },
}

impl YamlError {
    pub(super) fn new(source_name: &str, text: &str, marker: Marker, problem: YamlProblem) -> Self {
        Self {
            source_name: source_name.to_owned(),
            line: marker.line(),
            column: marker.col() + 1,
            excerpt: text
                .lines()
                .nth(marker.line().saturating_sub(1))
                .unwrap_or_default()
                .to_owned(),
            problem,
        }
    }

    /// The name of the text.
    #[must_use]
    pub fn source_name(&self) -> &str {
        &self.source_name
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column, counted in characters from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong, without the text that may be secret.
    #[must_use]
    pub fn problem(&self) -> &YamlProblem {
        &self.problem
    }
}

/// Longer lines are quoted around the column.
const EXCERPT_WIDTH: usize = 100;

impl fmt::Display for YamlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            source_name,
            line,
            column,
            excerpt,
            problem,
        } = self;
        let offset = (column - 1).saturating_sub(EXCERPT_WIDTH / 2);
        let shown: String = excerpt.chars().skip(offset).take(EXCERPT_WIDTH).collect();
        let number = line.to_string();
        let indent = " ".repeat(number.len());
        let caret = " ".repeat(column - 1 - offset);
        write!(
            formatter,
            "{source_name}:{line}:{column}: {problem}\n{number} | {shown}\n{indent} | {caret}^"
        )
    }
}

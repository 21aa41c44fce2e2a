//! A broken rule, and where.

use std::fmt;

use super::Rule;
use crate::path::Path;

/// An answer that Terraform core would refuse as a bug of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The part at fault; the root if it is the object itself.
    pub path: Path,
    /// The rule that it breaks.
    pub rule: Rule,
    /// What was observed and expected. It never quotes a sensitive or write-only value.
    pub message: String,
}

impl Violation {
    /// A violation at `path`.
    #[must_use]
    pub fn new(path: &Path, rule: Rule, message: impl Into<String>) -> Self {
        Self {
            path: path.clone(),
            rule,
            message: message.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_root() {
            f.write_str("the object")?;
        } else {
            write!(f, "{}", self.path)?;
        }
        write!(f, ": {} ({})", self.message, self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, Violation};
    use crate::path::Path;

    #[test]
    fn a_violation_says_where_what_and_which_rule() {
        let mut violation = Violation::new(&Path::attribute("name"), Rule::Read, "it is unknown");
        assert_eq!(
            violation.to_string(),
            "name: it is unknown (rule 24: a read gives an object that can be stored, or nothing)"
        );
        violation.path = Path::default();
        assert!(violation.to_string().starts_with("the object: "));
    }
}

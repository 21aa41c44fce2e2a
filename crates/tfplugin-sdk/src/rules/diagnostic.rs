//! Rule 42: a diagnostic can be shown to a user, at a place that exists.

use super::lookup::lookup;
use super::{Rule, Violation};
use crate::diagnostic::Diagnostics;
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the diagnostics of an answer about something of this schema.
#[must_use]
pub fn diagnostics(block: &Block, diagnostics: &Diagnostics) -> Vec<Violation> {
    let ty = block.ty();
    let mut found = Vec::new();
    for diagnostic in diagnostics.iter() {
        let path = diagnostic.path.clone().unwrap_or_default();
        if diagnostic.summary.trim().is_empty() {
            let message = format!(
                "a diagnostic has no summary; its detail is {:?}",
                diagnostic.detail
            );
            found.push(Violation::new(&path, Rule::Diagnostic, message));
        }
        if lookup(&Value::UNKNOWN, &ty, &path).is_none() {
            let message = format!(
                "the diagnostic {:?} names a path that the schema does not have",
                diagnostic.summary
            );
            found.push(Violation::new(&path, Rule::Diagnostic, message));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::diagnostics;
    use crate::diagnostic::{Diagnostic, Diagnostics};
    use crate::path::{Path, Step};
    use crate::rules::Rule;
    use crate::rules::sample::block;

    #[test]
    fn rule_42_the_path_is_one_of_the_schema() {
        let deep = Path::attribute("rule").join(Step::Index(7)).child("most");
        let fine: Diagnostics = [
            Diagnostic::error("No path", ""),
            Diagnostic::warning("At an attribute", "").at("name"),
            Diagnostic::error("In a block", "").at(deep),
        ]
        .into_iter()
        .collect();
        assert_eq!(diagnostics(&block(), &fine), []);
        let found = diagnostics(&block(), &Diagnostic::error("Nowhere", "").at("absent").into());
        assert_eq!((found.len(), found[0].rule), (1, Rule::Diagnostic));
        assert_eq!(found[0].path.to_string(), "absent");
    }

    #[test]
    fn rule_42_a_summary_is_there() {
        let found = diagnostics(&block(), &Diagnostic::error(" ", "why").into());
        assert_eq!((found.len(), found[0].rule), (1, Rule::Diagnostic));
    }
}

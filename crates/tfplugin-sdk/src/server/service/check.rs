//! The server's own judgement of an answer, before Terraform's: it knows the author's mistake while it is still clear whose
//! it is, and says which rule it breaks, and where.

use super::Service;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::provider::Provider;
use crate::rules::{self, Violation};
use crate::schema::Block;

/// Switches the judgement on, or with `0` off.
const VARIABLE: &str = "TF_SDK_CHECK_ANSWERS";

/// Whether answers are checked: as the variable says, and else in debug builds. It costs about as much as reading an answer.
pub(super) fn are_wanted() -> bool {
    wanted(std::env::var(VARIABLE).ok().as_deref())
}

fn wanted(variable: Option<&str>) -> bool {
    match variable {
        None | Some("") => cfg!(debug_assertions),
        Some(value) => !matches!(value, "0" | "false"),
    }
}

impl<P: Provider> Service<P> {
    /// Judges the answer to `rpc` about `subject`.
    ///
    /// # Errors
    /// When it breaks a rule, if answers are checked.
    pub(super) fn check(
        &self,
        rpc: &str,
        subject: &str,
        judge: impl FnOnce() -> Vec<Violation>,
    ) -> Result<(), Diagnostic> {
        if !self.shared.checked {
            return Ok(());
        }
        match judge().as_slice() {
            [] => Ok(()),
            found => Err(broken(rpc, subject, found)),
        }
    }

    /// What an author says of something of this schema, and whether it can be said.
    pub(super) fn heard(&self, block: &Block, mut diagnostics: Diagnostics) -> Diagnostics {
        let judged = self.check("A diagnostic", "", || rules::diagnostics(block, &diagnostics));
        if let Err(mut problem) = judged {
            // Its path is what is wrong with it.
            problem.path = None;
            diagnostics.push(problem);
        }
        diagnostics
    }
}

fn broken(rpc: &str, subject: &str, found: &[Violation]) -> Diagnostic {
    let of = if subject.is_empty() { "" } else { " of " };
    let listed: Vec<_> = found.iter().map(|violation| format!("- {violation}")).collect();
    let bug = Diagnostic::bug(format!(
        "{rpc}{of}{subject} answers what Terraform does not take from a provider:\n{}",
        listed.join("\n")
    ));
    match found.first() {
        Some(first) if !first.path.is_root() => bug.at(first.path.clone()),
        _ => bug,
    }
}

#[cfg(test)]
mod tests {
    use super::{broken, wanted};
    use crate::path::Path;
    use crate::rules::{Rule, Violation};

    #[test]
    fn the_variable_decides_and_else_the_build() {
        assert!(wanted(Some("1")));
        assert!(!wanted(Some("0")));
        assert_eq!(wanted(None), cfg!(debug_assertions));
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_its_rule() {
        let name = Path::attribute("name");
        let found = [
            Violation::new(&name, Rule::AppliedAsPlanned, "it was \"a\", and is \"b\""),
            Violation::new(&Path::default(), Rule::AppliedKnown, "it is unknown"),
        ];
        let diagnostic = broken("ApplyResourceChange", "shop_item", &found);
        assert_eq!(diagnostic.path, Some(name));
        for part in [
            "ApplyResourceChange of shop_item",
            "- name: it was \"a\"",
            "rule 14",
            "rule 19",
        ] {
            assert!(diagnostic.detail.contains(part), "{diagnostic:?}");
        }
    }
}

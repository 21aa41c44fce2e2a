//! Rule 12: core plans every change again before it applies it, and the second plan must complete the first.

use super::compatible::compatible;
use super::{Action, Rule, Violation};
use crate::path::Path;
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the second plan. By then more of the configuration may be known, and what was an update may turn
/// out to be none.
#[must_use]
pub fn replan(block: &Block, first: (Action, &Value), second: (Action, &Value)) -> Vec<Violation> {
    let mut found = Vec::new();
    if first.0 != second.0 && (first.0, second.0) != (Action::Update, Action::NoOp) {
        let message = format!("the planned action was {}, and now it is {}", first.0, second.0);
        found.push(Violation::new(&Path::default(), Rule::SamePlanAgain, message));
    }
    let differences = compatible(block, first.1, second.1).into_iter();
    found.extend(differences.map(|violation| Violation {
        rule: Rule::SamePlanAgain,
        ..violation
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::replan;
    use crate::rules::sample::{block, resource};
    use crate::rules::{Action, Rule};
    use crate::value::Value;

    #[test]
    fn rule_12_unknown_values_may_become_known_and_updates_vanish() {
        let (first, second) = (
            resource([("size", Value::UNKNOWN)]),
            resource([("size", 1.into())]),
        );
        let judge = |first, second| replan(&block(), first, second);
        assert_eq!(judge((Action::Update, &first), (Action::Update, &second)), []);
        assert_eq!(judge((Action::Update, &first), (Action::NoOp, &second)), []);
    }

    #[test]
    fn rule_12_neither_the_action_nor_a_known_value_changes() {
        let (first, second) = (resource([("size", 1.into())]), resource([("size", 2.into())]));
        let found = replan(&block(), (Action::Update, &first), (Action::Update, &second));
        assert_eq!((found.len(), found[0].rule), (1, Rule::SamePlanAgain));
        assert_eq!(found[0].path.to_string(), "size");
        let found = replan(&block(), (Action::Update, &first), (Action::Replace, &first));
        assert_eq!((found.len(), found[0].rule), (1, Rule::SamePlanAgain));
        assert_eq!(
            found[0].message,
            "the planned action was update, and now it is replace"
        );
    }

    #[test]
    fn rule_12_what_was_known_does_not_become_unknown() {
        let (first, second) = (
            resource([("size", 1.into())]),
            resource([("size", Value::UNKNOWN)]),
        );
        let found = replan(&block(), (Action::Create, &first), (Action::Create, &second));
        assert_eq!((found.len(), found[0].rule), (1, Rule::SamePlanAgain));
    }
}

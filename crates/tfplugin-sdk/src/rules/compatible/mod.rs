//! Rules 14 to 18, with 13: what comes out of an apply, or of planning again, is a completion of what was planned.

mod set;
mod value;

use super::part::{element, is_hidden, member};
use super::{Rule, Violation};
use crate::path::{Path, Step};
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock};
use crate::value::Value;

/// Where `actual` is no completion of `planned`: a part that was known has changed, or a promise is broken.
pub(super) fn compatible(block: &Block, planned: &Value, actual: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    check(block, planned, actual, &Path::default(), &mut found);
    found
}

fn check(block: &Block, planned: &Value, actual: &Value, path: &Path, found: &mut Vec<Violation>) {
    let message = match (planned.is_null(), actual.is_null()) {
        (true, true) => return,
        (true, false) => "it was planned not to exist, and now it exists",
        (false, true) => "it was planned to exist, and now it does not",
        (false, false) => {
            for attribute in &block.attributes {
                check_attribute(attribute, planned, actual, path, found);
            }
            for nested in &block.blocks {
                let (planned, actual) = (member(planned, &nested.name), member(actual, &nested.name));
                check_nested(nested, planned, actual, &path.clone().child(&nested.name), found);
            }
            return;
        }
    };
    found.push(Violation::new(path, Rule::AppliedExistence, message));
}

fn check_attribute(
    attribute: &Attribute,
    planned: &Value,
    actual: &Value,
    path: &Path,
    found: &mut Vec<Violation>,
) {
    let (planned, actual) = (member(planned, &attribute.name), member(actual, &attribute.name));
    let path = path.clone().child(&attribute.name);
    let ty = attribute.ty.ty();
    let differences = value::check((planned, &ty), (actual, &ty), &path);
    if is_hidden(attribute) {
        if !differences.is_empty() {
            let message = "the value, which is sensitive, is not the one that was planned";
            found.push(Violation::new(&path, Rule::AppliedSensitive, message));
        }
    } else {
        found.extend(differences);
    }
}

fn check_nested(
    nested: &NestedBlock,
    planned: &Value,
    actual: &Value,
    path: &Path,
    found: &mut Vec<Violation>,
) {
    match (nested.nesting, planned, actual) {
        // A dynamic block of which the number was unknown may come to none.
        (BlockNesting::Single, Value::Unknown(_), Value::Null) => {}
        (BlockNesting::Single, planned, actual) => check(&nested.block, planned, actual, path, found),
        (BlockNesting::List, Value::Sequence(before), Value::Sequence(after)) => {
            if before.len() != after.len() {
                let message = format!(
                    "{} blocks were planned, and now there are {}",
                    before.len(),
                    after.len()
                );
                found.push(Violation::new(path, Rule::AppliedElements, message));
                return;
            }
            for (step, index) in (0..).map(Step::Index).zip(0..before.len()) {
                let (planned, actual) = (element(planned, index), element(actual, index));
                check(&nested.block, planned, actual, &path.clone().join(step), found);
            }
        }
        (BlockNesting::List, _, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::compatible;
    use crate::rules::Rule;
    use crate::rules::sample::{block, list, object, resource};
    use crate::value::Value;

    fn judge(name: &str, planned: Value, actual: Value) -> Vec<(String, Rule)> {
        let found = compatible(
            &block(),
            &resource([(name, planned)]),
            &resource([(name, actual)]),
        );
        let found = found.into_iter();
        found
            .map(|violation| (violation.path.to_string(), violation.rule))
            .collect()
    }

    #[test]
    fn rule_15_existence_is_as_planned() {
        let value = resource([]);
        for (planned, actual) in [(&value, &Value::Null), (&Value::Null, &value)] {
            let found = compatible(&block(), planned, actual);
            assert_eq!((found.len(), found[0].rule), (1, Rule::AppliedExistence));
            assert!(found[0].path.is_root());
        }
        assert_eq!(compatible(&block(), &value, &value), []);
        assert_eq!(
            judge("limit", object([]), Value::Null),
            [("limit".to_owned(), Rule::AppliedExistence)]
        );
        assert_eq!(judge("limit", Value::UNKNOWN, Value::Null), []);
        assert_eq!(judge("limit", Value::UNKNOWN, object([("most", 1.into())])), []);
    }

    #[test]
    fn rule_16_there_are_as_many_blocks_as_planned() {
        let one = object([("most", 1.into())]);
        assert_eq!(judge("rule", list([one.clone()]), list([one.clone()])), []);
        assert_eq!(
            judge("rule", list([one.clone()]), list([one.clone(), one.clone()])),
            [("rule".to_owned(), Rule::AppliedElements)]
        );
        assert_eq!(judge("rule", Value::UNKNOWN, list([one.clone(), one])), []);
    }

    #[test]
    fn rule_14_holds_in_blocks() {
        let (one, two) = (object([("most", 1.into())]), object([("most", 2.into())]));
        assert_eq!(
            judge("rule", list([one]), list([two])),
            [("rule[0].most".to_owned(), Rule::AppliedAsPlanned)]
        );
    }

    #[test]
    fn rule_18_sensitive_values_are_compared_and_not_quoted() {
        let planned = resource([("token", "hunter1".into())]);
        let found = compatible(&block(), &planned, &resource([("token", "hunter2".into())]));
        assert_eq!((found.len(), found[0].rule), (1, Rule::AppliedSensitive));
        assert!(!found[0].message.contains("hunter"));
        assert_eq!(compatible(&block(), &planned, &planned), []);
    }
}

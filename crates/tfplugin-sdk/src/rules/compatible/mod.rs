//! Rules 14 to 18, with 13: what comes out of an apply, or of planning again, is a completion of what was planned.

mod set;
mod value;

use super::part::{hides, is_hidden, member};
use super::{Rule, Violation};
use crate::path::{Path, Step};
use crate::schema::{Attribute, Block, NestedBlock, Shape};
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
    match (nested.shape(), planned, actual) {
        // A dynamic block of which the number was unknown may come to none.
        (Shape::Object, Value::Unknown(_), Value::Null) => {}
        (Shape::Object, planned, actual) => check(&nested.block, planned, actual, path, found),
        (Shape::List, Value::Sequence(before), Value::Sequence(after)) => {
            if let Some(message) = another_count(before.len(), after.len()) {
                found.push(Violation::new(path, Rule::AppliedElements, message));
                return;
            }
            for (step, (planned, actual)) in (0..).map(Step::Index).zip(before.iter().zip(after)) {
                check(&nested.block, planned, actual, &path.clone().join(step), found);
            }
        }
        (Shape::Map, Value::Mapping(before), Value::Mapping(after)) => {
            if let Some(message) = another_count(before.len(), after.len()) {
                found.push(Violation::new(path, Rule::AppliedElements, message));
                return;
            }
            for (key, planned) in before {
                let path = path.clone().join(Step::Key(key.clone()));
                if let Some(actual) = after.get(key) {
                    check(&nested.block, planned, actual, &path, found);
                }
            }
        }
        (Shape::Set, Value::Sequence(before), Value::Sequence(after)) => {
            let completes = |before: &Value, after: &Value| {
                let mut found = Vec::new();
                check(&nested.block, before, after, path, &mut found);
                found.is_empty()
            };
            let ty = nested.block.ty();
            found.extend(set::correlated(
                (before, &ty),
                (after, &ty),
                completes,
                hides(&nested.block),
                path,
            ));
        }
        (Shape::List | Shape::Map | Shape::Set, _, _) => {}
    }
}

fn another_count(before: usize, after: usize) -> Option<String> {
    (before != after).then(|| format!("{before} blocks were planned, and now there are {after}"))
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
    fn rule_16_blocks_by_label_keep_their_labels() {
        let owner = |name: &str| object([("name", name.into())]);
        let planned = || object([("a", owner("x"))]);
        assert_eq!(judge("port", planned(), planned()), []);
        let more = object([("a", owner("x")), ("b", owner("x"))]);
        assert_eq!(
            judge("port", planned(), more),
            [("port".to_owned(), Rule::AppliedElements)]
        );
        let changed = object([("a", owner("y"))]);
        let path = r#"port["a"].name"#.to_owned();
        assert_eq!(
            judge("port", planned(), changed),
            [(path, Rule::AppliedAsPlanned)]
        );
    }

    #[test]
    fn rule_17_blocks_in_a_set_go_with_each_other() {
        let owner = |name: &str, id: Value| object([("name", name.into()), ("id", id)]);
        let planned = list([owner("a", Value::UNKNOWN), owner("b", Value::UNKNOWN)]);
        let actual = list([owner("b", "2".into()), owner("a", "1".into())]);
        assert_eq!(judge("place", planned.clone(), actual), []);
        let lost = list([owner("b", "2".into())]);
        assert_eq!(
            judge("place", planned, lost),
            [("place".to_owned(), Rule::AppliedSet)]
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

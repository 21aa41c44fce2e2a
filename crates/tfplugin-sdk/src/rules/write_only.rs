//! Write-only attributes are null wherever a value is stored: rules 7 and 21, and parts of 24, 26 and 27.

use super::{Rule, Violation};
use crate::path::{Path, Step};
use crate::schema::{Attribute, AttributeType, Block, BlockNesting, Nesting, Usage};
use crate::value::Value;

/// Every write-only attribute of `value` that is not null, as violations of `rule`.
pub(super) fn write_only(block: &Block, value: &Value, rule: Rule) -> Vec<Violation> {
    let mut found = Vec::new();
    check_block(block, value, &Path::default(), &mut |path| {
        found.push(Violation::new(
            path,
            rule,
            "the attribute is write-only and must be null here",
        ));
    });
    found
}

fn check_block(block: &Block, value: &Value, path: &Path, set: &mut impl FnMut(&Path)) {
    check_attributes(&block.attributes, value, path, set);
    for nested in &block.blocks {
        let path = path.clone().child(&nested.name);
        let value = value.attribute(&nested.name);
        match (nested.nesting, value) {
            (BlockNesting::Single, value) => check_block(&nested.block, value, &path, set),
            (BlockNesting::List, Value::Sequence(elements)) => {
                for (step, element) in (0..).map(Step::Index).zip(elements) {
                    check_block(&nested.block, element, &path.clone().join(step), set);
                }
            }
            (BlockNesting::List, _) => {}
        }
    }
}

fn check_attributes(attributes: &[Attribute], value: &Value, path: &Path, set: &mut impl FnMut(&Path)) {
    for attribute in attributes {
        let path = path.clone().child(&attribute.name);
        let value = value.attribute(&attribute.name);
        if attribute.usage == Usage::WriteOnly && !value.is_null() {
            set(&path);
        }
        let AttributeType::Nested { nesting, attributes } = &attribute.ty else {
            continue;
        };
        match (nesting, value) {
            (Nesting::Single, value) => check_attributes(attributes, value, &path, set),
            (Nesting::List, Value::Sequence(elements)) => {
                for (step, element) in (0..).map(Step::Index).zip(elements) {
                    check_attributes(attributes, element, &path.clone().join(step), set);
                }
            }
            (Nesting::Map, Value::Mapping(elements)) => {
                for (key, element) in elements {
                    let path = path.clone().join(Step::Key(key.clone()));
                    check_attributes(attributes, element, &path, set);
                }
            }
            (Nesting::List | Nesting::Map, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write_only;
    use crate::rules::Rule;
    use crate::rules::sample::{block, object};
    use crate::value::Value;

    #[test]
    fn null_is_what_a_write_only_attribute_must_be() {
        let value = object([("password", Value::Null), ("name", "x".into())]);
        assert_eq!(write_only(&block(), &value, Rule::PlannedWriteOnlyNull), []);
    }

    #[test]
    fn a_write_only_value_is_found_and_not_quoted() {
        let rule = object([("key", "hunter2".into())]);
        let value = object([
            ("password", "hunter2".into()),
            ("rule", Value::Sequence(vec![rule])),
        ]);
        let found = write_only(&block(), &value, Rule::AppliedWriteOnlyNull);
        let places: Vec<_> = found.iter().map(|violation| violation.path.to_string()).collect();
        assert_eq!(places, ["password", "rule[0].key"]);
        assert!(
            found
                .iter()
                .all(|violation| !violation.to_string().contains("hunter2"))
        );
    }
}

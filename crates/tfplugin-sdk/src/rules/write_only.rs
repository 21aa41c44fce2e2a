//! Write-only attributes are null wherever a value is stored: rules 7 and 21, and parts of 24, 26 and 27.

use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::{Block, Content, Shape, Usage, objects};
use crate::value::Value;

/// Every write-only attribute of `value` that is not null, as violations of `rule`.
pub(super) fn write_only(block: &Block, value: &Value, rule: Rule) -> Vec<Violation> {
    let message = "the attribute is write-only and must be null here";
    at_each(block, value, rule, message)
}

/// What is wrong with taking `config` from a client that does not know write-only attributes, and would store them.
#[must_use]
pub fn accepted(block: &Block, config: &Value) -> Vec<Violation> {
    let message = "the value is write-only, the client would store it, and nothing is said of that";
    at_each(block, config, Rule::WriteOnlyRefused, message)
}

fn at_each(block: &Block, value: &Value, rule: Rule, message: &str) -> Vec<Violation> {
    let set = write_only_values(block, value).into_iter();
    set.map(|path| Violation::new(&path, rule, message)).collect()
}

/// The paths of every write-only attribute of `value` that is not null.
pub(crate) fn write_only_values(block: &Block, value: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    check(block.content(), value, &Path::default(), &mut |path| {
        found.push(path.clone());
    });
    found
}

fn check(content: Content<'_>, object: &Value, path: &Path, set: &mut impl FnMut(&Path)) {
    for attribute in content.attributes {
        let path = path.clone().child(&attribute.name);
        let value = object.attribute(&attribute.name);
        if attribute.usage == Usage::WriteOnly && !value.is_null() {
            set(&path);
        }
        if let Some((shape, content)) = attribute.ty.content() {
            check_all(shape, content, value, &path, set);
        }
    }
    for nested in content.blocks {
        let path = path.clone().child(&nested.name);
        let value = object.attribute(&nested.name);
        check_all(nested.shape(), nested.block.content(), value, &path, set);
    }
}

fn check_all(shape: Shape, content: Content<'_>, value: &Value, path: &Path, set: &mut impl FnMut(&Path)) {
    for (step, object) in objects(shape, value) {
        check(content, object, &path.clone().join_all(step), set);
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

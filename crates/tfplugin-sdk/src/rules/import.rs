//! Rule 27: an import gives exactly one object, says of which type, and holds no write-only value. Core reads the object
//! before it stores it, and so gaps are no mistake yet.

use super::conform::conform;
use super::write_only::write_only;
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the result of an import. Each of `objects` is the name of a type and a value.
#[must_use]
pub fn import(block: &Block, type_name: &str, objects: &[(String, Value)]) -> Vec<Violation> {
    let fail = |message: String| vec![Violation::new(&Path::default(), Rule::Import, message)];
    let [(imported, value)] = objects else {
        return fail(format!("exactly one object is expected, found {}", objects.len()));
    };
    if imported != type_name {
        return fail(format!(
            "an object of type {type_name:?} is expected, found one of type {imported:?}"
        ));
    }
    if value.is_null() {
        return fail("the imported object is null; what cannot be found is an error".to_owned());
    }
    let mut found = conform(value, &block.ty());
    found.extend(write_only(block, value, Rule::Import));
    found
}

#[cfg(test)]
mod tests {
    use super::import;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    fn judge(objects: &[(&str, Value)]) -> Vec<Rule> {
        let objects: Vec<_> = objects
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let found = import(&block(), "a_sample", &objects).into_iter();
        found.map(|violation| violation.rule).collect()
    }

    #[test]
    fn rule_27_one_object() {
        assert_eq!(judge(&[("a_sample", resource([]))]), []);
        assert_eq!(judge(&[("a_sample", resource([("id", Value::UNKNOWN)]))]), []);
    }

    #[test]
    fn rule_27_anything_else_is_refused() {
        let object = || resource([]);
        for objects in [
            vec![],
            vec![("a_sample", object()), ("a_sample", object())],
            vec![("", object())],
            vec![("a_sample", Value::Null)],
            vec![("a_sample", resource([("password", "hunter2".into())]))],
        ] {
            assert_eq!(judge(&objects), [Rule::Import], "{objects:?}");
        }
    }
}

//! Rule 8: a value is of the type that its schema says.

use super::{Rule, Violation};
use crate::path::{Path, Step};
use crate::value::{Type, Value};

/// The parts of `value` that are not of type `ty`.
pub(super) fn conform(value: &Value, ty: &Type) -> Vec<Violation> {
    let mut found = Vec::new();
    check(value, ty, &Path::default(), &mut found);
    found
}

fn check(value: &Value, ty: &Type, path: &Path, found: &mut Vec<Violation>) {
    let mut fail = |message: String| found.push(Violation::new(path, Rule::Conforming, message));
    match (value, ty) {
        (Value::Dynamic(typed), Type::Dynamic) => check(&typed.value, &typed.ty, path, found),
        (Value::Null | Value::Unknown(_), _)
        | (Value::Bool(_), Type::Bool)
        | (Value::Number(_), Type::Number)
        | (Value::String(_), Type::String) => {}
        // An element of a set has no path of its own.
        (Value::Sequence(elements), Type::Set(ty)) => {
            for element in elements {
                check(element, ty, path, found);
            }
        }
        (Value::Sequence(elements), Type::List(ty)) => {
            for (index, element) in (0..).zip(elements) {
                check(element, ty, &path.clone().join(Step::Index(index)), found);
            }
        }
        (Value::Sequence(elements), Type::Tuple(types)) => {
            if elements.len() != types.len() {
                let (expected, count) = (types.len(), elements.len());
                return fail(format!("{expected} elements are expected, found {count}"));
            }
            for (index, (element, ty)) in (0..).zip(elements.iter().zip(types)) {
                check(element, ty, &path.clone().join(Step::Index(index)), found);
            }
        }
        (Value::Mapping(elements), Type::Map(ty)) => {
            for (key, element) in elements {
                check(element, ty, &path.clone().join(Step::Key(key.clone())), found);
            }
        }
        (Value::Mapping(members), Type::Object(types)) => {
            for name in members.keys().filter(|name| !types.contains_key(*name)) {
                fail(format!("the schema has no attribute {name:?}"));
            }
            for (name, ty) in types {
                check(value.attribute(name), ty, &path.clone().child(name), found);
            }
        }
        _ => fail(format!("{ty} is expected, found {}", value.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::conform;
    use crate::rules::sample::{block, object};
    use crate::value::Value;

    #[test]
    fn a_value_of_the_schema_conforms() {
        let value = object([("name", "x".into()), ("tags", Value::Sequence(vec!["a".into()]))]);
        assert_eq!(conform(&value, &block().ty()), []);
        assert_eq!(conform(&Value::Null, &block().ty()), []);
    }

    #[test]
    fn the_part_of_another_type_is_named() {
        let value = object([
            ("tags", Value::Sequence(vec![true.into()])),
            ("other", Value::Null),
        ]);
        let found = conform(&value, &block().ty());
        let places: Vec<_> = found.iter().map(|violation| violation.path.to_string()).collect();
        assert_eq!(places, ["", "tags"]);
        assert_eq!(found[1].message, "string is expected, found a bool");
    }
}

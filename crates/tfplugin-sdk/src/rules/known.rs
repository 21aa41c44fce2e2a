//! Where values that can be stored have gaps: state holds nothing unknown.

use super::{Rule, Violation};
use crate::path::{Path, Step};
use crate::value::{Type, Value};

/// Every part of `value` that is unknown, as violations of `rule`.
pub(super) fn known(value: &Value, ty: &Type, rule: Rule) -> Vec<Violation> {
    let mut found = Vec::new();
    check(value, ty, &Path::default(), &mut |path| {
        found.push(Violation::new(path, rule, "the value is still unknown"));
    });
    found
}

fn check(value: &Value, ty: &Type, path: &Path, unknown: &mut impl FnMut(&Path)) {
    match (value, ty) {
        (Value::Unknown(_), _) => unknown(path),
        (Value::Dynamic(typed), _) => check(&typed.value, &typed.ty, path, unknown),
        // An element of a set has no path of its own.
        (Value::Sequence(elements), Type::Set(ty)) => {
            for element in elements {
                check(element, ty, path, unknown);
            }
        }
        (Value::Sequence(elements), _) => {
            for (index, element) in elements.iter().enumerate() {
                let ty = match ty {
                    Type::List(element) => element,
                    Type::Tuple(types) => types.get(index).unwrap_or(&Type::Dynamic),
                    _ => &Type::Dynamic,
                };
                let step = Step::Index(i64::try_from(index).unwrap_or(i64::MAX));
                check(element, ty, &path.clone().join(step), unknown);
            }
        }
        (Value::Mapping(members), Type::Object(types)) => {
            for (name, member) in members {
                let ty = types.get(name).unwrap_or(&Type::Dynamic);
                check(member, ty, &path.clone().child(name), unknown);
            }
        }
        (Value::Mapping(elements), _) => {
            let ty = if let Type::Map(element) = ty {
                element
            } else {
                &Type::Dynamic
            };
            for (key, element) in elements {
                check(element, ty, &path.clone().join(Step::Key(key.clone())), unknown);
            }
        }
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_), _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::known;
    use crate::rules::Rule;
    use crate::value::{Type, Value};

    #[test]
    fn every_gap_is_named() {
        let list = Value::Sequence(vec!["a".into(), Value::UNKNOWN]);
        let value = Value::Mapping([("k".into(), list)].into());
        let ty = Type::Map(Box::new(Type::List(Box::new(Type::String))));
        let found = known(&value, &ty, Rule::AppliedKnown);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path.to_string(), r#"["k"][1]"#);
        assert_eq!(known(&Value::Null, &ty, Rule::AppliedKnown), []);
    }
}

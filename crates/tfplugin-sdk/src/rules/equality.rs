//! Whether two values are the same to core, which does not look at what is promised of unknown values.

use super::part::open;
use crate::value::{Type, Value};

/// Whether both are the same value of type `ty`; any two unknown values of one type are.
pub(super) fn same(left: &Value, right: &Value, ty: &Type) -> bool {
    let ((left, left_ty), (right, right_ty)) = (open(left, ty), open(right, ty));
    if left_ty != right_ty {
        return false;
    }
    match (left, right, left_ty) {
        (Value::Unknown(_), Value::Unknown(_), _) => true,
        (Value::Sequence(left), Value::Sequence(right), Type::List(element)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right, element))
        }
        (Value::Sequence(left), Value::Sequence(right), Type::Tuple(types)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .zip(types)
                    .all(|((left, right), ty)| same(left, right, ty))
        }
        (Value::Sequence(left), Value::Sequence(right), Type::Set(element)) => {
            same_set(&distinct(left, element), &distinct(right, element), element)
        }
        (Value::Mapping(left), Value::Mapping(right), Type::Map(element)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| same(value, other, element)))
        }
        (Value::Mapping(_), Value::Mapping(_), Type::Object(attributes)) => attributes
            .iter()
            .all(|(name, ty)| same(left.attribute(name), right.attribute(name), ty)),
        _ => left == right,
    }
}

/// A set's elements without repetition. Two that are not wholly known may turn out different, and both stay.
pub(super) fn distinct<'a>(elements: &'a [Value], ty: &Type) -> Vec<&'a Value> {
    let mut kept: Vec<&Value> = Vec::with_capacity(elements.len());
    for element in elements {
        let repeated = element.is_wholly_known() && kept.iter().any(|other| same(element, other, ty));
        if !repeated {
            kept.push(element);
        }
    }
    kept
}

fn same_set(left: &[&Value], right: &[&Value], ty: &Type) -> bool {
    let mut rest = right.to_vec();
    left.len() == right.len()
        && left.iter().all(|element| {
            let position = rest.iter().position(|other| same(element, other, ty));
            position.is_some_and(|position| {
                rest.remove(position);
                true
            })
        })
}

#[cfg(test)]
mod tests {
    use super::{distinct, same};
    use crate::value::{Refinements, Type, Unknown, Value};

    #[test]
    fn promises_of_unknown_values_are_not_compared() {
        let promise = Refinements {
            null: Some(false),
            ..Refinements::default()
        };
        let refined = Value::Unknown(Unknown::refined(promise));
        assert!(same(&refined, &Value::UNKNOWN, &Type::String));
        assert!(!same(&refined, &Value::Null, &Type::String));
    }

    #[test]
    fn a_set_has_no_order_and_no_repetition() {
        let set = Type::Set(Box::new(Type::String));
        let once = Value::Sequence(vec!["a".into(), "b".into()]);
        let twice = Value::Sequence(vec!["b".into(), "a".into(), "b".into()]);
        assert!(same(&once, &twice, &set));
        assert!(!same(&once, &twice, &Type::List(Box::new(Type::String))));
        assert_eq!(
            distinct(&[Value::UNKNOWN, Value::UNKNOWN], &Type::String).len(),
            2
        );
    }

    #[test]
    fn dynamic_values_have_their_types_compared() {
        let text = Value::dynamic(Type::String, Value::Null);
        let number = Value::dynamic(Type::Number, Value::Null);
        assert!(!same(&text, &number, &Type::Dynamic));
        assert!(!same(&text, &Value::Null, &Type::Dynamic));
        assert!(same(&text, &text.clone(), &Type::Dynamic));
    }
}

//! Equality of two values of one type, where the order of a set's elements means nothing.

use super::{Type, Value};

impl Value {
    /// Whether both are the same value of type `ty`. Two unknown values are the same if the same is known about them.
    #[must_use]
    pub fn equals(&self, other: &Self, ty: &Type) -> bool {
        match (self, other, ty) {
            (Self::Dynamic(left), Self::Dynamic(right), _) => {
                left.ty == right.ty && left.value.equals(&right.value, &left.ty)
            }
            (Self::Sequence(left), Self::Sequence(right), Type::List(element)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .all(|(left, right)| left.equals(right, element))
            }
            (Self::Sequence(left), Self::Sequence(right), Type::Tuple(types)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .zip(types)
                        .all(|((left, right), ty)| left.equals(right, ty))
            }
            (Self::Sequence(left), Self::Sequence(right), Type::Set(element)) => {
                same_elements(left, right, element)
            }
            (Self::Mapping(left), Self::Mapping(right), Type::Map(element)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .all(|((left_key, left), (right_key, right))| {
                            left_key == right_key && left.equals(right, element)
                        })
            }
            (Self::Mapping(_), Self::Mapping(_), Type::Object(attributes)) => attributes
                .iter()
                .all(|(name, ty)| self.attribute(name).equals(other.attribute(name), ty)),
            _ => self == other || (self.is_null() && other.is_null()),
        }
    }
}

/// Pairs every element of `left` with one of `right`. Sets are small, and mostly in the same order: that is seen first.
fn same_elements(left: &[Value], right: &[Value], ty: &Type) -> bool {
    let in_order = || left.iter().zip(right).all(|(left, right)| left.equals(right, ty));
    if left.len() == right.len() && in_order() {
        return true;
    }
    let (left, mut rest) = (distinct(left, ty), distinct(right, ty));
    left.len() == rest.len()
        && left.iter().all(
            |element| match rest.iter().position(|other| element.equals(other, ty)) {
                Some(position) => {
                    rest.remove(position);
                    true
                }
                None => false,
            },
        )
}

/// The elements without repetition. Two that are not wholly known may turn out different, and both stay.
fn distinct<'a>(elements: &'a [Value], ty: &Type) -> Vec<&'a Value> {
    let mut kept: Vec<&Value> = Vec::with_capacity(elements.len());
    for element in elements {
        let repeated = element.is_wholly_known() && kept.iter().any(|other| element.equals(other, ty));
        if !repeated {
            kept.push(element);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Type, Value};

    #[test]
    fn order_matters_in_lists_and_not_in_sets() {
        let forward = Value::Sequence(vec!["a".into(), "b".into()]);
        let backward = Value::Sequence(vec!["b".into(), "a".into()]);
        assert!(!forward.equals(&backward, &Type::List(Box::new(Type::String))));
        assert!(forward.equals(&backward, &Type::Set(Box::new(Type::String))));
        let twice = Value::Sequence(vec!["a".into(), "a".into()]);
        assert!(!forward.equals(&twice, &Type::Set(Box::new(Type::String))));
    }

    #[test]
    fn a_set_has_no_repetition() {
        let set = Type::Set(Box::new(Type::String));
        let once = Value::Sequence(vec!["a".into()]);
        let twice = Value::Sequence(vec!["a".into(), "a".into()]);
        assert!(once.equals(&twice, &set));
        let unknown = |count| Value::Sequence(vec![Value::UNKNOWN; count]);
        assert!(!unknown(1).equals(&unknown(2), &set));
    }

    #[test]
    fn the_same_value_of_another_type_is_another_value() {
        let list = Value::dynamic(Type::List(Box::new(Type::String)), Value::Sequence(vec![]));
        let tuple = Value::dynamic(Type::Tuple(vec![]), Value::Sequence(vec![]));
        assert!(!list.equals(&tuple, &Type::Dynamic));
    }
}

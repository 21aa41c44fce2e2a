//! Rust tuples as Terraform's: a fixed number of values, each of its own type.

use super::values::{element, not_a};
use super::{AttributeValue, Holds, ModelError, holds};
use crate::path::Step;
use crate::schema::AttributeType;
use crate::value::{Type, Value};

/// A part that is missing is null, which no element can be.
fn part<T: AttributeValue>(parts: &mut impl Iterator<Item = Value>, index: i64) -> Result<T, ModelError> {
    element(parts.next().unwrap_or(Value::Null)).map_err(|error| error.within(Step::Index(index)))
}

macro_rules! tuples {
    ($($($part:ident $index:tt),*;)*) => {$(
        /// Its parts are compared as they are written, also where their types have a meaning.
        impl<$($part: AttributeValue),*> AttributeValue for ($($part,)*) {
            const HOLDS_UNKNOWN: bool = $($part::HOLDS_UNKNOWN)&&*;
            const SENSITIVE: bool = $($part::SENSITIVE)||*;
            const HOLDS: Holds = Holds::NOTHING$(.and($part::HOLDS))*;
            const PROBLEM: Option<&'static str> = {
                let problem = Self::HOLDS.problem_in_tuple();
                $(let problem = holds::first($part::PROBLEM, problem);)*
                problem
            };

            fn attribute_type() -> AttributeType {
                AttributeType::Plain(Type::Tuple(vec![$($part::attribute_type().ty()),*]))
            }

            fn from_value(value: Value) -> Result<Self, ModelError> {
                let Value::Sequence(parts) = value else {
                    return Err(not_a("a tuple", &value));
                };
                let mut parts = parts.into_iter();
                Ok(($(part::<$part>(&mut parts, $index)?,)*))
            }

            fn into_value(self) -> Value {
                Value::Sequence(vec![$(self.$index.into_value()),*])
            }
        }
    )*};
}

tuples! {
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::model::AttributeValue;
    use crate::value::Value;

    #[test]
    fn each_part_has_its_type() {
        type Pair = (String, Vec<i64>);
        assert_eq!(
            Pair::attribute_type().ty().to_string(),
            "tuple([string, list(number)])"
        );
        let value = Value::Sequence(vec!["a".into(), Value::Sequence(vec![1.into()])]);
        let pair = Pair::from_value(value.clone()).unwrap();
        assert_eq!(pair, ("a".to_owned(), vec![1]));
        assert_eq!(pair.into_value(), value);
        let wrong = Value::Sequence(vec!["a".into(), Value::Sequence(vec![true.into()])]);
        assert!(
            Pair::from_value(wrong)
                .unwrap_err()
                .to_string()
                .starts_with("[1][0]: ")
        );
        assert!(Pair::from_value(Value::Sequence(vec!["a".into()])).is_err());
    }
}

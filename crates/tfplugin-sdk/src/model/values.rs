//! The Rust types that an attribute can have: texts, numbers, bools, and collections of what is one.

use std::collections::BTreeMap;

use super::holds;
use super::{AttributeValue, Holds, ModelError};
use crate::path::Step;
use crate::schema::{AttributeType, Meaning, Nesting};
use crate::value::{Number, Type, Value};

/// Rust types that are the content of a kind of value.
macro_rules! plain {
    ($($ty:ty => $kind:ident, $expected:literal;)*) => {$(
        impl AttributeValue for $ty {
            fn attribute_type() -> AttributeType {
                AttributeType::Plain(Type::$kind)
            }

            fn from_value(value: Value) -> Result<Self, ModelError> {
                match value {
                    Value::$kind(content) => Ok(content),
                    other => Err(ModelError::mismatch($expected, &other)),
                }
            }

            fn into_value(self) -> Value {
                Value::$kind(self)
            }
        }
    )*};
}

plain! {
    String => String, "a string";
    bool => Bool, "a bool";
    Number => Number, "a number";
}

impl AttributeValue for i64 {
    fn attribute_type() -> AttributeType {
        Number::attribute_type()
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        let number = Number::from_value(value)?;
        let problem = || ModelError::refused("a whole number of at most 64 bits", number.to_string());
        number.as_i64().ok_or_else(problem)
    }

    fn into_value(self) -> Value {
        Value::from(self)
    }
}

impl<T: AttributeValue> AttributeValue for Vec<T> {
    const HOLDS_UNKNOWN: bool = T::HOLDS_UNKNOWN;
    const SENSITIVE: bool = T::SENSITIVE;
    const HOLDS: Holds = T::HOLDS;
    const PROBLEM: Option<&'static str> = holds::first(T::PROBLEM, T::HOLDS.problem_in_collection());

    fn attribute_type() -> AttributeType {
        match T::attribute_type() {
            AttributeType::Nested {
                nesting: Nesting::Single,
                attributes,
            } => AttributeType::Nested {
                nesting: Nesting::List,
                attributes,
            },
            other => AttributeType::Plain(Type::List(Box::new(other.ty()))),
        }
    }

    fn meaning() -> Option<Meaning> {
        T::meaning().map(Meaning::of_elements)
    }

    fn expected() -> Option<String> {
        of_each(T::expected())
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        elements(value, "a list")
    }

    fn into_value(self) -> Value {
        Value::Sequence(self.into_iter().map(T::into_value).collect())
    }
}

impl<T: AttributeValue> AttributeValue for BTreeMap<String, T> {
    const HOLDS_UNKNOWN: bool = T::HOLDS_UNKNOWN;
    const SENSITIVE: bool = T::SENSITIVE;
    const HOLDS: Holds = T::HOLDS;
    const PROBLEM: Option<&'static str> = holds::first(T::PROBLEM, T::HOLDS.problem_in_collection());

    fn attribute_type() -> AttributeType {
        match T::attribute_type() {
            AttributeType::Nested {
                nesting: Nesting::Single,
                attributes,
            } => AttributeType::Nested {
                nesting: Nesting::Map,
                attributes,
            },
            other => AttributeType::Plain(Type::Map(Box::new(other.ty()))),
        }
    }

    fn meaning() -> Option<Meaning> {
        T::meaning().map(Meaning::of_elements)
    }

    fn expected() -> Option<String> {
        of_each(T::expected())
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        let Value::Mapping(elements) = value else {
            return Err(not_a("a map", &value));
        };
        let read = |(key, value): (String, Value)| match element(value) {
            Ok(element) => Ok((key, element)),
            Err(error) => Err(error.within(Step::Key(key))),
        };
        elements.into_iter().map(read).collect()
    }

    fn into_value(self) -> Value {
        Value::Mapping(
            self.into_iter()
                .map(|(key, element)| (key, element.into_value()))
                .collect(),
        )
    }
}

pub(super) fn elements<T: AttributeValue>(value: Value, expected: &str) -> Result<Vec<T>, ModelError> {
    let Value::Sequence(elements) = value else {
        return Err(not_a(expected, &value));
    };
    let read =
        |(index, value): (i64, Value)| element(value).map_err(|error| error.within(Step::Index(index)));
    (0..).zip(elements).map(read).collect()
}

/// What a collection must be, of which each element must be something.
pub(super) fn of_each(expected: Option<String>) -> Option<String> {
    expected.map(|expected| format!("a collection of which each element is {expected}"))
}

pub(super) fn element<T: AttributeValue>(value: Value) -> Result<T, ModelError> {
    match value {
        Value::Null => Err(ModelError::invalid(
            "an element is null, and every element must have a value",
        )),
        value => T::from_value(value),
    }
}

pub(super) fn not_a(expected: &str, value: &Value) -> ModelError {
    if value.is_unknown() {
        ModelError::unknown()
    } else {
        ModelError::mismatch(expected, value)
    }
}

//! Sets of what has no order in Rust, such as objects.

use std::collections::BTreeSet;

use super::values::{elements, of_each};
use super::{AttributeValue, Holds, ModelError, holds};
use crate::schema::{AttributeType, Meaning, Nesting};
use crate::value::{Type, Value};

/// A set, for elements of any type: nested objects, and elements of which parts are not known yet. A [`BTreeSet`] is
/// a set as well, of what has an order and is wholly known.
///
/// The order of the elements means nothing, and Terraform takes two that are equal as one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set<T>(pub Vec<T>);

impl<T> From<Vec<T>> for Set<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(elements.into_iter().collect())
    }
}

impl<T: AttributeValue> AttributeValue for Set<T> {
    const HOLDS_UNKNOWN: bool = T::HOLDS_UNKNOWN;
    const SENSITIVE: bool = T::SENSITIVE;
    const HOLDS: Holds = T::HOLDS;
    const PROBLEM: Option<&'static str> = holds::first(T::PROBLEM, T::HOLDS.problem_in_set());

    fn attribute_type() -> AttributeType {
        match T::attribute_type() {
            AttributeType::Nested {
                nesting: Nesting::Single,
                attributes,
            } => AttributeType::Nested {
                nesting: Nesting::Set,
                attributes,
            },
            other => AttributeType::Plain(Type::Set(Box::new(other.ty()))),
        }
    }

    fn meaning() -> Option<Meaning> {
        T::meaning().map(Meaning::of_elements)
    }

    fn expected() -> Option<String> {
        of_each(T::expected())
    }

    /// The elements of a set have no path of their own.
    fn from_value(value: Value) -> Result<Self, ModelError> {
        elements(value, "a set").map(Self).map_err(ModelError::of_whole)
    }

    fn into_value(self) -> Value {
        Value::Sequence(self.0.into_iter().map(T::into_value).collect())
    }
}

/// A set of which no part can be unknown.
impl<T: AttributeValue + Ord> AttributeValue for BTreeSet<T> {
    const SENSITIVE: bool = Set::<T>::SENSITIVE;
    const HOLDS: Holds = Set::<T>::HOLDS;
    const PROBLEM: Option<&'static str> = Set::<T>::PROBLEM;

    fn attribute_type() -> AttributeType {
        Set::<T>::attribute_type()
    }

    fn meaning() -> Option<Meaning> {
        Set::<T>::meaning()
    }

    fn expected() -> Option<String> {
        Set::<T>::expected()
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        Set::from_value(value).map(|set| set.0.into_iter().collect())
    }

    fn into_value(self) -> Value {
        self.into_iter().collect::<Set<T>>().into_value()
    }
}

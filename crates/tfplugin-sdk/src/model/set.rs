//! Sets of what has no order in Rust, such as objects.

use super::values::{elements, of_each};
use super::{AttributeValue, Holds, ModelError, holds};
use crate::schema::{AttributeType, Meaning, Nesting};
use crate::value::{Type, Value};

/// A set, for elements of any type: nested objects, and elements of which parts are not known yet. A [`BTreeSet`] is
/// a set as well, of what has an order and is wholly known.
///
/// The order of the elements means nothing, and Terraform takes two that are equal as one.
///
/// [`BTreeSet`]: std::collections::BTreeSet
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
        set_type::<T>()
    }

    fn meaning() -> Option<Meaning> {
        T::meaning().map(Meaning::of_elements)
    }

    fn expected() -> Option<String> {
        of_each(T::expected())
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        elements_of_set(value).map(Self)
    }

    fn into_value(self) -> Value {
        Value::Sequence(self.0.into_iter().map(T::into_value).collect())
    }
}

/// The type of a set of such elements.
pub(super) fn set_type<T: AttributeValue>() -> AttributeType {
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

/// The elements of a set, which have no path of their own.
pub(super) fn elements_of_set<T: AttributeValue>(value: Value) -> Result<Vec<T>, ModelError> {
    elements(value, "a set").map_err(ModelError::of_whole)
}

//! What values mean, where that is not the same as how they are written.

use crate::model::AttributeValue;
use crate::value::Value;

/// When two values mean the same, though they are written differently. Whatever a provider answers, the spelling that the
/// user or the state has is then kept, so that no plan shows a change that is none.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// Whether two values that are known and not null mean the same.
    pub(crate) same: fn(&Value, &Value) -> bool,
    /// In how many collections such values are.
    pub(crate) depth: usize,
}

impl Meaning {
    /// Values mean the same when those of the Rust type `T` that they are read into are equal.
    #[must_use]
    pub fn of<T: AttributeValue + PartialEq>() -> Self {
        Self {
            same: |left, right| match (T::from_value(left.clone()), T::from_value(right.clone())) {
                (Ok(left), Ok(right)) => left == right,
                _ => false,
            },
            depth: 0,
        }
    }

    /// The same of the elements of a collection.
    #[must_use]
    pub fn of_elements(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }
}

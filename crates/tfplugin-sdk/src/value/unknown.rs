//! Values that are not known yet, and the promises that are made about them.

use super::Number;

/// An unknown value. What is known about it survives a round trip, because a promise made in a plan binds the apply.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Unknown(Option<Box<Refinements>>);

/// What is known about an unknown value. Everything unset says nothing.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Refinements {
    /// `Some(true)` if the value will be null, `Some(false)` if it will not be.
    pub null: Option<bool>,
    /// How a string will begin.
    pub string_prefix: Option<String>,
    /// The smallest that a number can be.
    pub number_lower: Option<Bound>,
    /// The largest that a number can be.
    pub number_upper: Option<Bound>,
    /// The fewest elements that a collection can have.
    pub length_lower: Option<i64>,
    /// The most elements that a collection can have.
    pub length_upper: Option<i64>,
}

/// One end of a range of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Where the range ends.
    pub number: Number,
    /// Whether the end itself is in the range.
    pub inclusive: bool,
}

impl Unknown {
    /// An unknown value of which nothing is known.
    pub const ANY: Self = Self(None);

    /// An unknown value with promises; without any, the same as [`Unknown::ANY`].
    #[must_use]
    pub fn refined(refinements: Refinements) -> Self {
        if refinements == Refinements::default() {
            Self::ANY
        } else {
            Self(Some(Box::new(refinements)))
        }
    }

    /// What is known about the value.
    #[must_use]
    pub fn refinements(&self) -> Option<&Refinements> {
        self.0.as_deref()
    }
}

//! What a rule for values says, for programs that make values: tests with random configurations.

use std::ops::Bound;

use crate::value::{Number, Value};

/// What a validator accepts.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// One of these.
    OneOf(Vec<Value>),
    /// So many characters or elements.
    Length {
        /// The fewest.
        minimum: usize,
        /// The most.
        maximum: usize,
    },
    /// A number between these.
    Range {
        /// Where the range begins.
        from: Bound<Number>,
        /// Where it ends.
        to: Bound<Number>,
    },
    /// A text in which this regular expression finds a match.
    Pattern(&'static str),
    /// A collection of which each element satisfies this.
    Each(Box<Constraint>),
}

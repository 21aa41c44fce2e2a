//! What the code that the derives write calls. Not for use by hand.

use crate::model::{AttributeValue, Computed, Optional, OptionalComputed, Required};
use crate::value::{Number, Value};

/// A field whose value the provider may plan when the configuration sets none.
#[diagnostic::on_unimplemented(
    message = "a default needs a field of type `OptionalComputed<…>`",
    note = "Terraform lets a provider plan a value only for an attribute that is computed, and a default is such a value"
)]
pub trait Defaultable {
    /// The type of the default.
    type Value: AttributeValue;
}

impl<T: AttributeValue> Defaultable for OptionalComputed<T> {
    type Value = T;
}

/// The default of a field of type `F`.
pub fn default<F: Defaultable>(value: impl Into<F::Value>) -> Value {
    value.into().into_value()
}

/// A field that the provider may set.
#[diagnostic::on_unimplemented(
    message = "`keep` needs a field of type `Computed<…>` or `OptionalComputed<…>`",
    note = "only a value that the provider sets can be planned as unknown, and `keep` keeps it from that"
)]
pub trait Keepable {}

impl<T> Keepable for Computed<T> {}
impl<T> Keepable for OptionalComputed<T> {}

/// Compiles only for a field that the provider may set.
pub fn assert_computed<F: Keepable>() {}

/// A field that an identity may have.
#[diagnostic::on_unimplemented(
    message = "a field of an identity is `Required<…>` or `Optional<…>` of text, numbers or truth values, or lists of these",
    note = "`Required` is what an import must give, `Optional` what it may"
)]
pub trait Identifying {}

impl<T: Telling> Identifying for Required<T> {}
impl<T: Telling> Identifying for Optional<T> {}

/// A value that an identity may hold.
pub trait Telling {}

impl Telling for String {}
impl Telling for bool {}
impl Telling for i64 {}
impl Telling for f64 {}
impl Telling for Number {}
impl<T: Telling> Telling for Vec<T> {}

/// Compiles only for a field that an identity may have.
pub fn assert_identifying<F: Identifying>() {}

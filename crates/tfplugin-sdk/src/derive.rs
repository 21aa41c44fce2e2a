//! What the code that the derives write calls. Not for use by hand.

use crate::model::{AttributeValue, Computed, OptionalComputed};
use crate::value::Value;

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

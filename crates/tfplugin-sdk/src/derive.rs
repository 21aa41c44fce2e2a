//! What the code that the derives write calls. Not for use by hand.

use crate::model::{
    AttributeValue, Attributes, Block, BlockGroup, BlockList, BlockMap, BlockSet, Computed, Member, Members,
    Optional, OptionalComputed, Required, WriteOnly,
};
use crate::schema::{DefaultValue, Replace};
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
pub fn default<F: Defaultable>(value: impl Into<F::Value>) -> DefaultValue {
    DefaultValue::Fixed(value.into().into_value())
}

/// A default of a field of type `F` of the struct `S`, made from its configuration. A configuration that cannot be read
/// is refused where it is validated.
pub fn computed_default<S: Members, F: Defaultable + Member>(config: &Value, make: fn(&S) -> F) -> Value {
    let config = Attributes::of(config.clone()).and_then(S::from_attributes);
    config.map_or(Value::UNKNOWN, |config| make(&config).into_value())
}

/// A field whose change can replace the resource.
#[diagnostic::on_unimplemented(
    message = "`replace` needs a field of type `Required<…>`, `Optional<…>` or `OptionalComputed<…>`",
    note = "only a value that is configured and stored can be seen to change; of a block, say it in the attributes inside"
)]
pub trait Replaceable {}

impl<T> Replaceable for Required<T> {}
impl<T> Replaceable for Optional<T> {}
impl<T> Replaceable for OptionalComputed<T> {}

/// Every change of a field of type `F` replaces the resource.
#[must_use]
pub fn replace<F: Replaceable>() -> Replace {
    Replace::Always
}

/// Whether a change of a field of type `F` replaces the resource. Values that cannot be read replace nothing: they are
/// refused elsewhere.
pub fn replaces<F: Replaceable + Member>(
    prior: &Value,
    planned: &Value,
    condition: fn(&F, &F) -> bool,
) -> bool {
    match (F::from_value(prior.clone()), F::from_value(planned.clone())) {
        (Ok(prior), Ok(planned)) => condition(&prior, &planned),
        _ => false,
    }
}

/// A field that the configuration may set.
#[diagnostic::on_unimplemented(
    message = "`validate` needs a field that the configuration may set",
    note = "a value that only the provider sets is never validated; of a block, validate the attributes inside"
)]
pub trait Configurable {}

impl<T> Configurable for Required<T> {}
impl<T> Configurable for Optional<T> {}
impl<T> Configurable for OptionalComputed<T> {}
impl<T> Configurable for WriteOnly<T> {}

/// Compiles only for a field that the configuration may set.
pub fn assert_configurable<F: Configurable>() {}

/// A field whose value reaches neither plan nor state.
#[diagnostic::on_unimplemented(
    message = "`version` needs a field of type `WriteOnly<…>`",
    note = "the version says that a value which is not stored has changed; changes of all others are seen"
)]
pub trait Versioned {}

impl<T> Versioned for WriteOnly<T> {}

/// Compiles only for a field whose value reaches neither plan nor state.
pub fn assert_versioned<F: Versioned>() {}

/// A field that the configuration sets and the state stores.
#[diagnostic::on_unimplemented(
    message = "the `version` of a write-only attribute needs a field of type `Optional<…>` or `Required<…>`",
    note = "it is the configuration that changes the version, and the state that tells the change"
)]
pub trait Version {}

impl<T> Version for Required<T> {}
impl<T> Version for Optional<T> {}

/// Compiles only for a field that the configuration sets and the state stores.
pub fn assert_version<F: Version>() {}

/// A block of which there can be several.
#[diagnostic::on_unimplemented(
    message = "`min_items` and `max_items` need a field of type `BlockList<…>` or `BlockSet<…>`",
    note = "Terraform counts no other blocks; a single block that must stand is `#[attr(required)]`, and the elements of an \
            attribute are counted by `validate = validators::length(…)`"
)]
pub trait Countable {}

impl<T> Countable for BlockList<T> {}
impl<T> Countable for BlockSet<T> {}

/// Compiles only for a block of which there can be several.
pub fn assert_countable<F: Countable>() {}

/// A block that may stand once.
#[diagnostic::on_unimplemented(
    message = "`required` needs a field of type `Block<…>`",
    note = "an attribute that must be set is a field of type `Required<…>`, and of several blocks at least one must stand \
            with `min_items = 1`"
)]
pub trait Requirable {}

impl<T> Requirable for crate::model::Block<T> {}

/// Compiles only for a block that may stand once.
pub fn assert_requirable<F: Requirable>() {}

/// An attribute, and no block.
#[diagnostic::on_unimplemented(
    message = "`sensitive` needs an attribute",
    note = "Terraform hides no blocks: hide the attributes inside"
)]
pub trait Hideable {}

impl<T, U> Hideable for crate::model::Field<T, U> {}

/// Compiles only for an attribute.
pub fn assert_hideable<F: Hideable>() {}

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
impl Telling for Number {}
impl<T: Telling> Telling for Vec<T> {}

/// Compiles only for a field that an identity may have.
pub fn assert_identifying<F: Identifying>() {}

/// A field of an action.
#[diagnostic::on_unimplemented(
    message = "a field of an action is of type `Required<…>`, `Optional<…>`, `WriteOnly<…>`, or a block",
    note = "an action has no result and no state, so that nothing of it is computed"
)]
pub trait ActionArgument {}

impl<T> ActionArgument for Required<T> {}
impl<T> ActionArgument for Optional<T> {}
impl<T> ActionArgument for WriteOnly<T> {}
impl<T> ActionArgument for Block<T> {}
impl<T> ActionArgument for BlockGroup<T> {}
impl<T> ActionArgument for BlockList<T> {}
impl<T> ActionArgument for BlockMap<T> {}
impl<T> ActionArgument for BlockSet<T> {}

/// Compiles only for a field that an action may have.
pub fn assert_action_argument<F: ActionArgument>() {}

/// A field of a state store.
#[diagnostic::on_unimplemented(
    message = "a field of a state store is of type `Required<…>`, `Optional<…>`, or a block",
    note = "Terraform stores the configuration of a state store, so that nothing of it is write-only or computed"
)]
pub trait StateStoreArgument {}

impl<T> StateStoreArgument for Required<T> {}
impl<T> StateStoreArgument for Optional<T> {}
impl<T> StateStoreArgument for Block<T> {}
impl<T> StateStoreArgument for BlockGroup<T> {}
impl<T> StateStoreArgument for BlockList<T> {}
impl<T> StateStoreArgument for BlockMap<T> {}
impl<T> StateStoreArgument for BlockSet<T> {}

/// Compiles only for a field that a state store may have.
pub fn assert_state_store_argument<F: StateStoreArgument>() {}

/// A field of a query.
#[diagnostic::on_unimplemented(
    message = "a field of a list resource is of type `Required<…>`, `Optional<…>`, or a block",
    note = "it is a query: what is found is told by the identity and the state of each thing"
)]
pub trait Query {}

impl<T> Query for Required<T> {}
impl<T> Query for Optional<T> {}
impl<T> Query for Block<T> {}
impl<T> Query for BlockGroup<T> {}
impl<T> Query for BlockList<T> {}
impl<T> Query for BlockMap<T> {}
impl<T> Query for BlockSet<T> {}

/// Compiles only for a field that a query may have.
pub fn assert_query<F: Query>() {}

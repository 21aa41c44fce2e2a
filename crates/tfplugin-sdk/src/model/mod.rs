//! The typed side of values: Rust structs that are schema, codec and documentation at once.
//!
//! A struct derives [`crate::Resource`], [`crate::DataSource`], [`crate::Provider`] or [`crate::Object`]. Its fields are
//! of the types here: [`Required`], [`Optional`], [`Computed`], [`OptionalComputed`] and [`WriteOnly`] for attributes,
//! [`Block`], [`BlockList`], [`BlockSet`], [`BlockMap`] and [`BlockGroup`] for nested blocks. What Terraform forbids does not
//! compile.
//!
//! # Values
//! `String`, `bool`, `i64` and [`Number`](crate::value::Number); [`Dynamic`] for anything; [`JsonString`], [`Quantity`],
//! [`Duration`] and what else is a [`Text`], of which the spelling is kept where it means the same; `Vec<T>`,
//! `BTreeMap<String, T>`, `BTreeSet<T>` and [`Set<T>`](Set) of them; tuples; and structs that derive [`crate::Object`].
//! [`Sensitive<T>`](Sensitive) hides any of them.
//!
//! # What a field is told: `#[attr(…)]`
//!
//! | option | on | meaning |
//! |---|---|---|
//! | `default = value` | [`OptionalComputed`] | planned when the configuration sets nothing |
//! | `default_with = function` | [`OptionalComputed`] | the same, made by `fn(&Struct) -> OptionalComputed<T>` from the configuration of the struct that the field is in: always the same for the same, and unknown only where something in it is |
//! | `keep` | [`Computed`], [`OptionalComputed`] | stays as it is, rather than being unknown in every plan that changes something |
//! | `replace` | what is configured and stored | a change replaces the resource; a value that nobody set and that is not known yet is none |
//! | `replace_if = function` | the same | a change does if `fn(&Field, &Field) -> bool` is true of the prior and the planned value |
//! | `validate = rule` | what is configured | a rule of [`validators`](crate::validators) or any other [`Validator`](schema::Validator) |
//! | `conflicts_with = "other"` | any | both must not be set |
//! | `required_with = "other"` | any | needs the other one to be set |
//! | `version = "other"` | [`WriteOnly`] | the field that is changed to have the value written again; both are set, or neither |
//! | `sensitive` | attributes | hidden, though its type is not |
//! | `deprecated = "why"` | any | a warning where it is used |
//! | `required` | [`Block`] | the block must stand |
//! | `min_items = 1`, `max_items = 9` | [`BlockList`], [`BlockSet`] | how often the block must and may stand |
//!
//! All of it works at any depth. On a struct, `#[attr(…)]` says what holds between its fields: `exactly_one_of("a", "b")`,
//! `at_least_one_of(…)`, `conflicting(…)` and `required_together(…)`. Other fields are named as `note`, what is inside one as
//! `limit.most`, and from the root as `/owner.name`. Values that are not known yet break no rule, and every rule is a
//! sentence in the documentation.

mod block;
mod dynamic;
mod error;
mod field;
mod holds;
mod sensitive;
mod set;
mod text;
mod timeouts;
mod tuple;
mod values;

use std::collections::BTreeMap;

pub use self::{
    block::{Block, BlockGroup, BlockList, BlockMap, BlockSet},
    dynamic::{Dynamic, DynamicError},
    error::ModelError,
    field::{Computed, Field, Optional, OptionalComputed, Required, Usable, WriteOnly, usage},
    holds::Holds,
    sensitive::Sensitive,
    set::Set,
    text::{Duration, JsonString, Quantity, Text},
    timeouts::{Timeouts, parse_duration},
};
use crate::path::Step;
use crate::schema;
use crate::value::Value;

/// What a struct's attributes and blocks are. Implemented by the derives.
pub trait Members: Clone + Send + Sync + 'static {
    /// What there is in it that Terraform forbids in some places.
    const HOLDS: Holds = Holds::NOTHING;

    /// Schema of the attributes and blocks.
    fn block() -> schema::Block;

    /// Reads the struct from an object's attributes.
    ///
    /// # Errors
    /// When an attribute is not of its type, which Terraform rules out for anything that it sends.
    fn from_attributes(attributes: Attributes) -> Result<Self, ModelError>;

    /// The object's attributes.
    fn into_attributes(self) -> BTreeMap<String, Value>;
}

/// A struct that is a whole resource, data source or provider configuration. Implemented by the derives.
pub trait Model: Members {
    /// The name without the provider's prefix; of a provider, its own name.
    const NAME: &'static str;

    /// The version of the schema.
    const VERSION: i64;

    /// The schema.
    #[must_use]
    fn schema() -> schema::Schema {
        schema::Schema {
            version: Self::VERSION,
            block: Self::block(),
        }
    }

    /// Reads the struct from a value of the schema's type.
    ///
    /// # Errors
    /// When the value is not of that type.
    fn from_value(value: Value) -> Result<Self, ModelError> {
        Self::from_attributes(Attributes::of(value)?)
    }

    /// The value of the schema's type.
    fn into_value(self) -> Value {
        Value::Mapping(self.into_attributes())
    }
}

/// What can be the value of an attribute.
pub trait AttributeValue: Clone + Send + Sync + 'static {
    /// Whether the Rust type can hold a value of which parts are unknown.
    const HOLDS_UNKNOWN: bool = false;

    /// Whether the value is always sensitive.
    const SENSITIVE: bool = false;

    /// What there is in it that Terraform forbids in some places.
    const HOLDS: Holds = Holds::NOTHING;

    /// Why no attribute can be of this type.
    const PROBLEM: Option<&'static str> = None;

    /// The attribute's type.
    fn attribute_type() -> schema::AttributeType;

    /// When two values that are written differently mean the same. Whatever the provider answers, the spelling of the
    /// user or of the state is then kept. [`Text`] is the way to have one for texts.
    #[must_use]
    fn meaning() -> Option<schema::Meaning> {
        None
    }

    /// What the value must be beyond its Terraform type, for the documentation: the end of "The value must be …".
    #[must_use]
    fn expected() -> Option<String> {
        None
    }

    /// Reads a value that is not null.
    ///
    /// # Errors
    /// When the value is unknown, or not of the type.
    fn from_value(value: Value) -> Result<Self, ModelError>;

    /// The value.
    fn into_value(self) -> Value;
}

/// A field of a struct: an attribute or a nested block.
pub trait Member: Sized {
    /// What there is in it that Terraform forbids in some places.
    const HOLDS: Holds = Holds::NOTHING;

    /// Why no field can be of this type. The derives refuse it with these words.
    const PROBLEM: Option<&'static str> = None;

    /// Adds the attribute or block to `block`.
    fn declare(declaration: Declaration, block: &mut schema::Block);

    /// Reads the field's value.
    ///
    /// # Errors
    /// When the value is not of the field's type.
    fn from_value(value: Value) -> Result<Self, ModelError>;

    /// The field's value.
    fn into_value(self) -> Value;
}

/// What a derive knows about a field beside its type.
#[derive(Debug, Default)]
pub struct Declaration {
    /// The field's name.
    pub name: &'static str,
    /// Its documentation, in Markdown.
    pub description: &'static str,
    /// Whether a change replaces the resource.
    pub replace: schema::Replace,
    /// Whether the value stays when the configuration does not set it.
    pub keep: bool,
    /// Whether the value is sensitive though its type is not.
    pub sensitive: bool,
    /// Why it should not be used any more.
    pub deprecated: Option<&'static str>,
    /// What is planned when the configuration sets nothing.
    pub default: Option<schema::DefaultValue>,
    /// What its value must satisfy.
    pub validators: Vec<std::sync::Arc<dyn schema::Validator>>,
    /// How often it must and may stand, if it is a block.
    pub count: schema::Count,
    /// What must hold between it and others.
    pub relations: Vec<schema::Relation>,
}

/// The attributes of an object, taken out one by one.
#[derive(Debug)]
pub struct Attributes {
    given: BTreeMap<String, Value>,
    /// What an attribute is that is not given.
    otherwise: Value,
}

impl Attributes {
    /// The attributes of `value`.
    ///
    /// # Errors
    /// When the value is no object.
    pub fn of(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::Mapping(given) => Ok(Self::known(given)),
            Value::Unknown(_) => Err(ModelError::unknown()),
            other => Err(ModelError::mismatch("an object", &other)),
        }
    }

    /// Attributes of which these are given, and the others are null.
    pub(crate) fn known(given: BTreeMap<String, Value>) -> Self {
        Self {
            given,
            otherwise: Value::Null,
        }
    }

    /// Attributes of which none is known yet.
    fn unknown() -> Self {
        Self {
            given: BTreeMap::new(),
            otherwise: Value::UNKNOWN,
        }
    }

    /// Takes one attribute out and reads it.
    ///
    /// # Errors
    /// When the attribute is not of the field's type.
    pub fn take<M: Member>(&mut self, name: &str) -> Result<M, ModelError> {
        let value = self.given.remove(name).unwrap_or_else(|| self.otherwise.clone());
        M::from_value(value).map_err(|error| error.within(Step::Attribute(name.to_owned())))
    }

    /// The same of an attribute that is sensitive, though its type is not.
    ///
    /// # Errors
    /// When the attribute is not of the field's type. The error does not quote it.
    pub fn take_sensitive<M: Member>(&mut self, name: &str) -> Result<M, ModelError> {
        self.take(name).map_err(ModelError::hidden)
    }
}

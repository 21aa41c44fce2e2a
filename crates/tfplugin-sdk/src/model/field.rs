//! A struct's attributes: who sets them is in the type, so that an illegal combination cannot be written.

use std::fmt;
use std::marker::PhantomData;

use super::holds::{self, Holds};
use super::{AttributeValue, Declaration, Member, ModelError};
use crate::schema::{self, Usage};
use crate::value::Value;

/// Who sets an attribute, as types.
pub mod usage {
    /// The configuration must.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Required;
    /// The configuration may.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Optional;
    /// The provider does.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Computed;
    /// The configuration may, and else the provider does.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct OptionalComputed;
    /// The configuration may, and the value reaches neither plan nor state.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct WriteOnly;
}

/// An attribute that the configuration must set.
pub type Required<T> = Field<T, usage::Required>;
/// An attribute that the configuration may set.
pub type Optional<T> = Field<T, usage::Optional>;
/// An attribute that the provider sets.
pub type Computed<T> = Field<T, usage::Computed>;
/// An attribute that the configuration may set, and that the provider sets otherwise.
pub type OptionalComputed<T> = Field<T, usage::OptionalComputed>;
/// An attribute that the configuration may set, whose value reaches neither plan nor state: only `config` holds it.
pub type WriteOnly<T> = Field<T, usage::WriteOnly>;

/// A marker of [`usage`].
pub trait Usable: Clone + Send + Sync + 'static {
    /// The same as a value.
    const USAGE: Usage;
}

macro_rules! usable {
    ($($name:ident),*) => {$(
        impl Usable for usage::$name {
            const USAGE: Usage = Usage::$name;
        }
    )*};
}

usable!(Required, Optional, Computed, OptionalComputed, WriteOnly);

/// An attribute's value: known, null or not known yet.
#[derive(Clone, PartialEq)]
pub struct Field<T, U> {
    content: Content<T>,
    usage: PhantomData<U>,
}

#[derive(Clone, PartialEq)]
enum Content<T> {
    Null,
    /// Not wholly known. What is known of it is kept, so that it goes out as it came in.
    Unknown(Value),
    Known(T),
}

impl<T, U> Field<T, U> {
    /// A known value.
    pub const fn known(value: T) -> Self {
        Self {
            content: Content::Known(value),
            usage: PhantomData,
        }
    }

    /// A value that is not known yet.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            content: Content::Unknown(Value::UNKNOWN),
            usage: PhantomData,
        }
    }

    /// No value.
    #[must_use]
    pub const fn null() -> Self {
        Self {
            content: Content::Null,
            usage: PhantomData,
        }
    }

    /// The value, if there is one and it is wholly known (or holds its unknown parts itself).
    pub const fn get(&self) -> Option<&T> {
        match &self.content {
            Content::Known(value) => Some(value),
            Content::Null | Content::Unknown(_) => None,
        }
    }

    /// The value, where there must be one: a required attribute has one, and it is known whenever something is applied.
    ///
    /// # Errors
    /// When there is none, or when it is not known yet.
    pub fn require(&self) -> Result<&T, ModelError> {
        match &self.content {
            Content::Known(value) => Ok(value),
            Content::Unknown(_) => Err(ModelError::unknown()),
            Content::Null => Err(ModelError::refused("a value", "null")),
        }
    }

    /// The value itself, if there is one and it is known.
    pub fn into_option(self) -> Option<T> {
        match self.content {
            Content::Known(value) => Some(value),
            Content::Null | Content::Unknown(_) => None,
        }
    }

    /// The same value in a field of another usage, for example of a resource's attribute in its identity.
    #[must_use]
    pub fn carry<V>(&self) -> Field<T, V>
    where
        T: Clone,
    {
        Field {
            content: self.content.clone(),
            usage: PhantomData,
        }
    }

    /// Whether there is no value.
    pub const fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    /// Whether the value, or a part of it that the Rust type cannot hold as unknown, is not known yet.
    pub const fn is_unknown(&self) -> bool {
        matches!(self.content, Content::Unknown(_))
    }
}

impl<T, U> From<T> for Field<T, U> {
    fn from(value: T) -> Self {
        Self::known(value)
    }
}

impl<T, U> From<Option<T>> for Field<T, U> {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Self::null, Self::known)
    }
}

impl<U> From<&str> for Field<String, U> {
    fn from(text: &str) -> Self {
        Self::known(text.to_owned())
    }
}

/// The default is no value.
impl<T, U> Default for Field<T, U> {
    fn default() -> Self {
        Self::null()
    }
}

impl<T: fmt::Debug, U> fmt::Debug for Field<T, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Null => f.write_str("null"),
            Content::Unknown(_) => f.write_str("unknown"),
            Content::Known(value) => value.fmt(f),
        }
    }
}

impl<T: AttributeValue, U: Usable> Member for Field<T, U> {
    const HOLDS: Holds = Holds {
        write_only: T::HOLDS.write_only || matches!(U::USAGE, Usage::WriteOnly),
        ..T::HOLDS
    };
    const PROBLEM: Option<&'static str> = holds::first(T::PROBLEM, T::HOLDS.problem_in_attribute());

    fn declare(declaration: Declaration, block: &mut schema::Block) {
        block.attributes.push(schema::Attribute {
            name: declaration.name.to_owned(),
            ty: T::attribute_type(),
            description: declaration.description.to_owned(),
            usage: U::USAGE,
            expected: T::expected(),
            meaning: T::meaning(),
            sensitive: T::SENSITIVE || declaration.sensitive,
            deprecated: declaration.deprecated.map(str::to_owned),
            replace: declaration.replace,
            keep: declaration.keep,
            default: declaration.default,
            validators: declaration.validators,
            relations: declaration.relations,
        });
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        if matches!(value, Value::Null) {
            return Ok(Self::null());
        }
        let content = if value.is_wholly_known() {
            Content::Known(T::from_value(value)?)
        } else if T::HOLDS_UNKNOWN {
            match T::from_value(value.clone()) {
                Ok(known) => Content::Known(known),
                Err(error) if error.is_unknown() => Content::Unknown(value),
                Err(error) => return Err(error),
            }
        } else {
            Content::Unknown(value)
        };
        Ok(Self {
            content,
            usage: PhantomData,
        })
    }

    fn into_value(self) -> Value {
        match self.content {
            Content::Null => Value::Null,
            Content::Unknown(value) => value,
            Content::Known(value) => value.into_value(),
        }
    }
}

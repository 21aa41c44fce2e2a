//! Values as Terraform has them: known, null or not known yet, numbers exact, dynamic values with their type.
//!
//! A [`Value`] alone does not say whether a sequence is a list, a set or a tuple: the [`Type`] beside it does, as in the
//! protocol itself.
//!
//! Text in a [`Value`] is what the author made it. Terraform holds it in Unicode's composed form (NFC), so that is what
//! [`encode`] and [`to_json`] write; what comes from Terraform is in that form already.

mod composed;
mod equality;
mod error;
mod json;
mod msgpack;
mod number;
mod precision;
mod types;
mod unknown;

use std::collections::BTreeMap;

pub use self::{
    error::CodecError,
    json::{from_json, to_json},
    msgpack::{decode, encode},
    number::{Number, NumberError},
    types::{Type, TypeError},
    unknown::{Bound, Refinements, Unknown},
};

/// How deep a value may nest, so that a hostile peer cannot exhaust the stack: a dynamic value says its own type, and only
/// this ends what nests in itself. A type nests less deep.
const DEPTH_LIMIT: usize = 250;

/// One value, to be read with its [`Type`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A value that is not known yet, and what is known about it.
    Unknown(Unknown),
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// The elements of a list, a set (in no meaningful order) or a tuple.
    Sequence(Vec<Value>),
    /// The elements of a map, or the attributes of an object.
    Mapping(BTreeMap<String, Value>),
    /// A value of an attribute whose type is [`Type::Dynamic`], with the type that it has.
    Dynamic(Box<Typed>),
}

/// A value and its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// The type. It may hold [`Type::Dynamic`] where the value is unknown or null.
    pub ty: Type,
    /// The value.
    pub value: Value,
}

impl Value {
    /// A value not known yet, of which nothing is known.
    pub const UNKNOWN: Self = Self::Unknown(Unknown::ANY);

    /// A dynamic value of type `ty`.
    #[must_use]
    pub fn dynamic(ty: Type, value: Self) -> Self {
        Self::Dynamic(Box::new(Typed { ty, value }))
    }

    /// Whether there is no value, also when the absence has a type.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Dynamic(typed) => typed.value.is_null(),
            _ => false,
        }
    }

    /// Whether the value itself is not known yet; its parts may be, even if it is.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown(_) => true,
            Self::Dynamic(typed) => typed.value.is_unknown(),
            _ => false,
        }
    }

    /// Whether no part of the value is unknown.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Dynamic(typed) => typed.value.is_wholly_known(),
            Self::Sequence(elements) => elements.iter().all(Self::is_wholly_known),
            Self::Mapping(elements) => elements.values().all(Self::is_wholly_known),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }

    /// The named attribute of an object, or element of a map; null where there is none.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &Self {
        match self {
            Self::Mapping(elements) => elements.get(name).unwrap_or(&Self::Null),
            Self::Dynamic(typed) => typed.value.attribute(name),
            _ => &Self::Null,
        }
    }

    /// What the value is, for messages: never the value itself, which may be a secret.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown(_) => "a value not known yet",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Sequence(_) => "a sequence",
            Self::Mapping(_) => "a mapping",
            Self::Dynamic(typed) => typed.value.kind(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Number(integer.into())
    }
}

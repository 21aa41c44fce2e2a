//! What can be given for a parameter, as types.

use std::collections::VecDeque;

use super::{Declared, FunctionError, Signature};
use crate::model::{AttributeValue, ModelError};
use crate::value::Value;

/// A field of a function's struct.
pub trait Parameter: Sized {
    /// Adds the parameter to the signature.
    fn declare(name: &str, description: &str, signature: &mut Signature);

    /// Takes what is given for it.
    ///
    /// # Errors
    /// When it is valid for Terraform and yet not what the type takes.
    fn take(arguments: &mut Arguments) -> Result<Self, FunctionError>;
}

/// An argument that may be null, or not known yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Given<T> {
    /// Null.
    Null,
    /// Not known yet, at least in parts; what is known of it.
    Unknown(Value),
    /// A value.
    Value(T),
}

/// All further arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Variadic<T>(pub Vec<T>);

/// The arguments of a call, taken from the first to the last.
#[derive(Debug)]
pub struct Arguments {
    left: VecDeque<Value>,
    taken: usize,
}

impl Arguments {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self {
            left: values.into(),
            taken: 0,
        }
    }

    fn next<T>(&mut self, read: impl FnOnce(Value) -> Result<T, ModelError>) -> Result<T, FunctionError> {
        let place = self.taken;
        let value = self.left.pop_front().unwrap_or(Value::Null);
        self.taken += 1;
        read(value).map_err(|error| FunctionError::of_argument(place, error.to_string()))
    }
}

fn declared<T: AttributeValue>(name: &str, description: &str) -> Declared {
    Declared {
        name: name.to_owned(),
        description: description.to_owned(),
        ty: T::attribute_type().ty(),
        null: false,
        unknown: false,
    }
}

impl<T: AttributeValue> Parameter for T {
    fn declare(name: &str, description: &str, signature: &mut Signature) {
        signature.add(declared::<T>(name, description));
    }

    fn take(arguments: &mut Arguments) -> Result<Self, FunctionError> {
        arguments.next(T::from_value)
    }
}

impl<T: AttributeValue> Parameter for Option<T> {
    fn declare(name: &str, description: &str, signature: &mut Signature) {
        signature.add(Declared {
            null: true,
            ..declared::<T>(name, description)
        });
    }

    fn take(arguments: &mut Arguments) -> Result<Self, FunctionError> {
        arguments.next(|value| match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        })
    }
}

impl<T: AttributeValue> Parameter for Given<T> {
    fn declare(name: &str, description: &str, signature: &mut Signature) {
        signature.add(Declared {
            null: true,
            unknown: true,
            ..declared::<T>(name, description)
        });
    }

    fn take(arguments: &mut Arguments) -> Result<Self, FunctionError> {
        arguments.next(|value| match value {
            Value::Null => Ok(Self::Null),
            value if !value.is_wholly_known() && !T::HOLDS_UNKNOWN => Ok(Self::Unknown(value)),
            value if value.is_unknown() => Ok(Self::Unknown(value)),
            value => T::from_value(value).map(Self::Value),
        })
    }
}

impl<T: AttributeValue> Parameter for Variadic<T> {
    fn declare(name: &str, description: &str, signature: &mut Signature) {
        signature.add_variadic(declared::<T>(name, description));
    }

    fn take(arguments: &mut Arguments) -> Result<Self, FunctionError> {
        let mut all = Vec::new();
        while !arguments.left.is_empty() {
            all.push(arguments.next(T::from_value)?);
        }
        Ok(Self(all))
    }
}

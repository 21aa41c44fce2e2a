//! What a function can return.

use super::Given;
use crate::model::AttributeValue;
use crate::value::{Type, Value};

/// What a function can return: a value; `Option` of one, where it may be null; [`Given`] where it may be unknown, too.
pub trait Returned {
    /// Its type.
    fn ty() -> Type;

    /// The value.
    fn into_value(self) -> Value;
}

impl<T: AttributeValue> Returned for T {
    fn ty() -> Type {
        T::attribute_type().ty()
    }

    fn into_value(self) -> Value {
        T::into_value(self)
    }
}

impl<T: AttributeValue> Returned for Option<T> {
    fn ty() -> Type {
        T::attribute_type().ty()
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl<T: AttributeValue> Returned for Given<T> {
    fn ty() -> Type {
        T::attribute_type().ty()
    }

    fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown(value) => value,
            Self::Value(value) => value.into_value(),
        }
    }
}

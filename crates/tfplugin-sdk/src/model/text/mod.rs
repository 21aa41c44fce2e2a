//! Texts that must be well formed, and of which two that are written differently can mean the same.

mod duration;
mod json_string;
mod quantity;

pub use self::{duration::Duration, json_string::JsonString, quantity::Quantity};
use super::{AttributeValue, ModelError};
use crate::schema::{AttributeType, Meaning};
use crate::value::{Type, Value};

/// A text with a meaning of its own. Such a type is the value of an attribute; what its [`parse`](Self::parse) refuses is
/// refused with the path, and two texts mean the same when they are equal in Rust: the spelling of the user, or of the
/// state, is then kept.
///
/// ```
/// use tfplugin_sdk::model::{Required, Text};
///
/// /// The name of a host, of which the case means nothing.
/// #[derive(Clone, Debug)]
/// struct Host(String);
///
/// impl PartialEq for Host {
///     fn eq(&self, other: &Self) -> bool {
///         self.0.eq_ignore_ascii_case(&other.0)
///     }
/// }
///
/// impl Text for Host {
///     const EXPECTED: &'static str = "the name of a host";
///
///     fn parse(text: &str) -> Option<Self> {
///         let valid = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
///         (!text.is_empty() && text.bytes().all(valid)).then(|| Self(text.to_owned()))
///     }
///
///     fn as_str(&self) -> &str {
///         &self.0
///     }
/// }
///
/// /// A website.
/// #[derive(Clone, tfplugin_sdk::Object)]
/// struct Website {
///     /// Where it is.
///     host: Required<Host>,
/// }
/// ```
pub trait Text: Clone + PartialEq + Send + Sync + 'static {
    /// What a text must be, for documentation and messages: the end of "The value must be …".
    const EXPECTED: &'static str;

    /// Reads a text; `None` if it is not what it must be.
    fn parse(text: &str) -> Option<Self>;

    /// The text as it is written.
    fn as_str(&self) -> &str;
}

impl<T: Text> AttributeValue for T {
    fn attribute_type() -> AttributeType {
        AttributeType::Plain(Type::String)
    }

    fn meaning() -> Option<Meaning> {
        Some(Meaning::of::<T>())
    }

    fn expected() -> Option<String> {
        Some(T::EXPECTED.to_owned())
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        let text = String::from_value(value)?;
        T::parse(&text).ok_or_else(|| ModelError::refused(T::EXPECTED, format!("{text:?}")))
    }

    fn into_value(self) -> Value {
        self.as_str().into()
    }
}

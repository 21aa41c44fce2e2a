//! A value that must not be seen.

use std::fmt;

use super::{AttributeValue, Holds, ModelError};
use crate::schema::{AttributeType, Meaning};
use crate::value::Value;

/// A value that Terraform hides, and that no log line and no message can show: it has no `Display`, and its `Debug`
/// hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

impl<T: AttributeValue> AttributeValue for Sensitive<T> {
    const HOLDS_UNKNOWN: bool = T::HOLDS_UNKNOWN;
    const SENSITIVE: bool = true;
    const HOLDS: Holds = T::HOLDS;
    const PROBLEM: Option<&'static str> = T::PROBLEM;

    fn attribute_type() -> AttributeType {
        T::attribute_type()
    }

    fn meaning() -> Option<Meaning> {
        T::meaning()
    }

    fn expected() -> Option<String> {
        T::expected()
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        T::from_value(value).map(Self).map_err(ModelError::hidden)
    }

    fn into_value(self) -> Value {
        self.0.into_value()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Sensitive;
    use crate::model::{Optional, WriteOnly};

    #[test]
    fn nothing_that_holds_it_shows_it() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "only its text matters")]
        struct Account {
            password: Optional<Sensitive<String>>,
            key: WriteOnly<Sensitive<Vec<u8>>>,
            tokens: Vec<BTreeMap<String, Sensitive<String>>>,
        }
        let secret = || Sensitive::new("hunter2".to_owned());
        let account = Account {
            password: secret().into(),
            key: Sensitive::new(b"hunter2".to_vec()).into(),
            tokens: vec![BTreeMap::from([("a".to_owned(), secret())])],
        };
        let text = format!("{account:?} {account:#?}");
        assert!(
            text.contains("(sensitive)") && !text.contains("hunter2") && !text.contains("104"),
            "{text}"
        );
        assert_eq!(secret().expose(), "hunter2");
    }
}

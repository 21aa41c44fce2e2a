//! Ready-made rules for values, to be named in `#[attr(validate = …)]`.

use std::fmt;

use crate::schema::Validator;
use crate::value::Value;

/// One of the given texts.
#[must_use]
pub fn one_of(texts: &'static [&'static str]) -> impl Validator {
    OneOf(texts)
}

/// A text, or a collection, of `minimum` to `maximum` characters or elements.
#[must_use]
pub fn length(minimum: usize, maximum: usize) -> impl Validator {
    Length { minimum, maximum }
}

/// A text that `accepts` returns true for; `expected` ends the sentence "The value must be …".
#[must_use]
pub fn text(expected: &'static str, accepts: fn(&str) -> bool) -> impl Validator {
    Text { expected, accepts }
}

#[derive(Debug)]
struct OneOf(&'static [&'static str]);

impl Validator for OneOf {
    fn expected(&self) -> String {
        let quoted: Vec<_> = self.0.iter().map(|text| format!("`{text}`")).collect();
        format!("one of {}", quoted.join(", "))
    }

    fn accepts(&self, value: &Value) -> bool {
        matches!(value, Value::String(text) if self.0.contains(&text.as_str()))
    }
}

#[derive(Debug)]
struct Length {
    minimum: usize,
    maximum: usize,
}

impl Validator for Length {
    fn expected(&self) -> String {
        match (self.minimum, self.maximum) {
            (1, usize::MAX) => "not empty".to_owned(),
            (minimum, usize::MAX) => format!("at least {minimum} long"),
            (minimum, maximum) => format!("{minimum} to {maximum} long"),
        }
    }

    fn accepts(&self, value: &Value) -> bool {
        let length = match value {
            Value::String(text) => text.chars().count(),
            Value::Sequence(elements) => elements.len(),
            Value::Mapping(elements) => elements.len(),
            _ => return true,
        };
        (self.minimum..=self.maximum).contains(&length)
    }
}

struct Text {
    expected: &'static str,
    accepts: fn(&str) -> bool,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text")
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}

impl Validator for Text {
    fn expected(&self) -> String {
        self.expected.to_owned()
    }

    fn accepts(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => (self.accepts)(text),
            _ => true,
        }
    }
}

//! JSON in a string.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

use super::Text;
use crate::value::{Number, Value};

/// How deep JSON may nest, as for `serde_json`.
const DEPTH_LIMIT: usize = 128;

/// JSON in a string. White space, the order of members, escapes and the spelling of numbers mean nothing.
#[derive(Clone, Debug)]
pub struct JsonString {
    text: String,
    content: Value,
}

impl JsonString {
    /// The JSON without white space.
    #[must_use]
    pub fn new(json: &serde_json::Value) -> Self {
        let text = json.to_string();
        // What is written by `serde_json` is read by it, unless it is nested too deep.
        Self::parse(&text).unwrap_or_else(|| Self {
            content: Value::from(text.as_str()),
            text,
        })
    }

    /// What the JSON says. A number that is no 64-bit integer becomes the nearest float.
    ///
    /// # Errors
    /// When it says something else than `T` takes.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.text)
    }
}

/// By what is said.
impl PartialEq for JsonString {
    fn eq(&self, other: &Self) -> bool {
        self.content == other.content
    }
}

impl fmt::Display for JsonString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Text for JsonString {
    const EXPECTED: &'static str = "JSON";

    fn parse(text: &str) -> Option<Self> {
        let raw: &RawValue = serde_json::from_str(text).ok()?;
        Some(Self {
            content: content(raw, DEPTH_LIMIT)?,
            text: text.to_owned(),
        })
    }

    fn as_str(&self) -> &str {
        &self.text
    }
}

/// What the JSON says, with every digit of its numbers.
fn content(raw: &RawValue, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let text = raw.get();
    Some(match text.as_bytes().first()? {
        b'n' => Value::Null,
        b't' => Value::Bool(true),
        b'f' => Value::Bool(false),
        b'"' => Value::String(serde_json::from_str(text).ok()?),
        b'[' => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            Value::Sequence(
                elements
                    .into_iter()
                    .map(|raw| content(raw, depth))
                    .collect::<Option<_>>()?,
            )
        }
        b'{' => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            let member = |(name, raw): (String, &RawValue)| Some((name, content(raw, depth)?));
            Value::Mapping(members.into_iter().map(member).collect::<Option<_>>()?)
        }
        _ => Value::Number(Number::parse(text).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::{JsonString, Text};

    #[test]
    fn what_is_said_counts_and_not_how() {
        for (left, right, same) in [
            (
                r#"{"a":1,"b":[true,null]}"#,
                "{ \"b\" : [true, null],\n \"a\" : 1.0 }",
                true,
            ),
            (r#""\u00e4""#, r#""ä""#, true),
            ("1e2", "100", true),
            ("[1,2]", "[2,1]", false),
            (r#"{"a":null}"#, "{}", false),
            ("1", r#""1""#, false),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567891",
                false,
            ),
        ] {
            assert_eq!(
                JsonString::parse(left) == JsonString::parse(right),
                same,
                "{left} {right}"
            );
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        for text in ["", "{", "{a: 1}", "1 2", "nul", &deep] {
            assert!(JsonString::parse(text).is_none(), "{text:.20}");
        }
    }

    #[test]
    fn it_is_written_and_read() {
        let json = serde_json::json!({"a": [1, "x"]});
        let string = JsonString::new(&json);
        assert_eq!(
            (string.to_string(), string.read().ok()),
            (json.to_string(), Some(json))
        );
    }
}

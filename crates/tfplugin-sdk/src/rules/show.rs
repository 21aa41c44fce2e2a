//! Values as a message quotes them: short, and much as configuration spells them.

use std::fmt;

use crate::value::Value;

/// How much of a value a message quotes.
const LIMIT: usize = 200;

/// The value for a message, cut short if it is long. Only for what is not sensitive.
pub(super) fn show(value: &Value) -> String {
    let whole = Shown(value).to_string();
    match whole.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}

struct Shown<'a>(&'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Unknown(unknown) => match unknown.refinements() {
                None => f.write_str("unknown"),
                Some(refinements) => write!(f, "unknown with {refinements:?}"),
            },
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::String(text) => write!(f, "{text:?}"),
            Value::Sequence(elements) => {
                f.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{}", Self(element))?;
                }
                f.write_str("]")
            }
            Value::Mapping(elements) => {
                f.write_str("{")?;
                for (index, (key, element)) in elements.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{key} = {}", Self(element))?;
                }
                f.write_str("}")
            }
            Value::Dynamic(typed) => Self(&typed.value).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::show;
    use crate::value::Value;

    #[test]
    fn values_read_like_configuration() {
        let value = Value::Mapping(
            [
                ("a".into(), Value::Sequence(vec![Value::from(1), Value::UNKNOWN])),
                ("b".into(), "x".into()),
            ]
            .into(),
        );
        assert_eq!(show(&value), r#"{a = [1, unknown], b = "x"}"#);
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(show(&"ä".repeat(1000).into()).chars().count(), 201);
    }
}

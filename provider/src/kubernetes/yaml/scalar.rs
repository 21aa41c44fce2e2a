//! Scalars: from text, style and tag to a JSON value, by the table of YAML 1.1 that kubectl uses.

use base64::{Engine, engine::general_purpose::STANDARD};
use granit_parser::{ScalarStyle, Tag};
use serde_json::Value;

use super::{YamlProblem, number};

/// A scalar, resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    /// A value that JSON can hold.
    Json(Value),
    /// `.inf`, `-.inf` or `.nan`.
    NotFinite(&'static str),
    /// A plain `<<`.
    Merge,
}

const YAML_TAGS: &str = "tag:yaml.org,2002:";

/// Resolves a scalar. A tag of the user's own makes it a string.
pub(super) fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Scalar, YamlProblem> {
    let Some(tag) = tag else {
        return Ok(if style == ScalarStyle::Plain {
            resolve_plain(text)
        } else {
            string(text)
        });
    };
    let full = format!("{}{}", tag.handle(), tag.suffix());
    let Some(kind) = full.strip_prefix(YAML_TAGS) else {
        return Ok(string(text));
    };
    let resolved = resolve_plain(text);
    let fits = match kind {
        "binary" => return decode_binary(text),
        "merge" => return Ok(if text == "<<" { Scalar::Merge } else { string(text) }),
        "bool" => matches!(resolved, Scalar::Json(Value::Bool(_))),
        "null" => matches!(resolved, Scalar::Json(Value::Null)),
        "float" => matches!(resolved, Scalar::Json(Value::Number(_)) | Scalar::NotFinite(_)),
        "int" => matches!(&resolved, Scalar::Json(Value::Number(number)) if number::is_integer(text, number)),
        _ => return Ok(string(text)),
    };
    if fits {
        return Ok(resolved);
    }
    Err(YamlProblem::Tag {
        tag: tag.original(),
        value: text.to_owned(),
    })
}

fn string(text: &str) -> Scalar {
    Scalar::Json(Value::String(text.to_owned()))
}

fn resolve_plain(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Json(Value::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
            return Scalar::Json(Value::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            return Scalar::Json(Value::Bool(false));
        }
        ".nan" | ".NaN" | ".NAN" => return Scalar::NotFinite(".nan"),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Scalar::NotFinite(".inf"),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::NotFinite("-.inf"),
        "<<" => return Scalar::Merge,
        _ => {}
    }
    let number = match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'+' | b'-') => number::parse(text),
        Some(b'.') => number::parse_fraction(text),
        _ => None,
    };
    Scalar::Json(number.unwrap_or_else(|| Value::String(text.to_owned())))
}

fn decode_binary(text: &str) -> Result<Scalar, YamlProblem> {
    let compact: String = text
        .chars()
        .filter(|character| !matches!(character, '\n' | '\r'))
        .collect();
    let bytes = STANDARD.decode(compact).map_err(|_| YamlProblem::Binary)?;
    String::from_utf8(bytes)
        .map(|text| Scalar::Json(Value::String(text)))
        .map_err(|_| YamlProblem::Binary)
}

//! The JSON form of a value, directed by its type: how Terraform stores state.
//!
//! Numbers are read from their text, so that none loses a digit. Attributes that the type does not have are dropped,
//! because stored state may be older than the schema.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::error::CodecError;
use super::{Number, Type, Value};

/// Reads a value of type `ty`.
///
/// # Errors
/// When the bytes are no JSON, or no value of the type.
pub fn from_json(bytes: &[u8], ty: &Type) -> Result<Value, CodecError> {
    let raw: &RawValue = serde_json::from_slice(bytes).map_err(|error| CodecError::new(error.to_string()))?;
    read(raw, ty)
}

fn read(raw: &RawValue, ty: &Type) -> Result<Value, CodecError> {
    let text = raw.get();
    if text == "null" {
        return Ok(Value::Null);
    }
    Ok(match ty {
        Type::Bool => Value::Bool(part(text, ty)?),
        Type::String => Value::String(part(text, ty)?),
        Type::Number => {
            // State written long ago holds numbers as strings.
            let digits: String = if text.starts_with('"') {
                part(text, ty)?
            } else {
                text.to_owned()
            };
            Value::Number(Number::parse(&digits).map_err(|error| CodecError::new(error.to_string()))?)
        }
        Type::List(element) | Type::Set(element) => {
            let elements: Vec<&RawValue> = part(text, ty)?;
            Value::Sequence(read_all(&elements, std::iter::repeat(element.as_ref()))?)
        }
        Type::Tuple(types) => {
            let elements: Vec<&RawValue> = part(text, ty)?;
            if elements.len() != types.len() {
                let problem = format!("a tuple of {} has {} elements", types.len(), elements.len());
                return Err(CodecError::new(problem));
            }
            Value::Sequence(read_all(&elements, types.iter())?)
        }
        Type::Map(element) => Value::Mapping(
            part::<BTreeMap<String, &RawValue>>(text, ty)?
                .into_iter()
                .map(|(key, raw)| match read(raw, element) {
                    Ok(value) => Ok((key, value)),
                    Err(error) => Err(error.within(&format!(".{key}"))),
                })
                .collect::<Result<_, _>>()?,
        ),
        Type::Object(attributes) => {
            let found: BTreeMap<String, &RawValue> = part(text, ty)?;
            let read_attribute = |(name, ty): (&String, &Type)| {
                let value = found.get(name).map_or(Ok(Value::Null), |raw| read(raw, ty));
                value
                    .map(|value| (name.clone(), value))
                    .map_err(|error| error.within(&format!(".{name}")))
            };
            Value::Mapping(attributes.iter().map(read_attribute).collect::<Result<_, _>>()?)
        }
        Type::Dynamic => {
            let mut found: BTreeMap<String, &RawValue> = part(text, ty)?;
            let (Some(json), Some(raw)) = (found.remove("type"), found.remove("value")) else {
                return Err(CodecError::new("a dynamic value has the keys type and value"));
            };
            let ty = Type::from_json_bytes(json.get().as_bytes())
                .map_err(|error| CodecError::new(error.to_string()))?;
            let value = read(raw, &ty)?;
            Value::dynamic(ty, value)
        }
    })
}

fn read_all<'t>(
    elements: &[&RawValue],
    types: impl Iterator<Item = &'t Type>,
) -> Result<Vec<Value>, CodecError> {
    let with_index = |(index, (raw, ty)): (usize, (&&RawValue, &Type))| {
        read(raw, ty).map_err(|error| error.within(&format!("[{index}]")))
    };
    elements.iter().zip(types).enumerate().map(with_index).collect()
}

fn part<'a, T: serde::Deserialize<'a>>(text: &'a str, ty: &Type) -> Result<T, CodecError> {
    serde_json::from_str(text).map_err(|_| CodecError::new(format!("{ty} is required")))
}

/// Writes a value of type `ty` as Terraform stores it in state.
///
/// Returns `None` if a part of the value is unknown or not of the type: neither has a JSON form.
#[must_use]
pub fn to_json(value: &Value, ty: &Type) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    Some(match (value, ty) {
        (Value::Null, _) => Json::Null,
        (Value::Bool(truth), Type::Bool) => Json::Bool(*truth),
        (Value::String(text), Type::String) => Json::String(text.clone()),
        (Value::Number(number), Type::Number) => match number.as_i64() {
            Some(integer) => Json::from(integer),
            None => number
                .as_exact_f64()
                .filter(|_| !number.is_integer())
                .map_or_else(|| Json::String(number.to_string()), Json::from),
        },
        (Value::Sequence(elements), Type::List(ty) | Type::Set(ty)) => Json::Array(
            elements
                .iter()
                .map(|element| to_json(element, ty))
                .collect::<Option<_>>()?,
        ),
        (Value::Sequence(elements), Type::Tuple(types)) => Json::Array(
            elements
                .iter()
                .zip(types)
                .map(|(element, ty)| to_json(element, ty))
                .collect::<Option<_>>()?,
        ),
        (Value::Mapping(elements), Type::Map(ty)) => Json::Object(
            elements
                .iter()
                .map(|(key, element)| Some((key.clone(), to_json(element, ty)?)))
                .collect::<Option<_>>()?,
        ),
        (Value::Mapping(_), Type::Object(types)) => Json::Object(
            types
                .iter()
                .map(|(name, ty)| Some((name.clone(), to_json(value.attribute(name), ty)?)))
                .collect::<Option<_>>()?,
        ),
        (Value::Dynamic(typed), Type::Dynamic) => {
            let ty: Json = serde_json::from_slice(&typed.ty.to_json_bytes()).ok()?;
            serde_json::json!({"type": ty, "value": to_json(&typed.value, &typed.ty)?})
        }
        _ => return None,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{from_json, to_json};
    use crate::value::{Number, Type, Value};

    #[test]
    fn numbers_keep_every_digit() {
        let value = from_json(b"123456789012345678901234567890.5", &Type::Number).unwrap();
        assert_eq!(
            value,
            Value::Number(Number::parse("123456789012345678901234567890.5").unwrap())
        );
        assert_eq!(
            from_json(b"\"1e400\"", &Type::Number).unwrap(),
            Value::Number(Number::parse("1e400").unwrap())
        );
    }

    #[test]
    fn attributes_of_another_schema_are_dropped_or_null() {
        let ty = Type::Object([("new".into(), Type::Bool), ("kept".into(), Type::String)].into());
        let value = from_json(br#"{"kept":"x","removed":{"a":1}}"#, &ty).unwrap();
        assert_eq!(
            value,
            Value::Mapping([("new".into(), Value::Null), ("kept".into(), "x".into())].into())
        );
    }

    #[test]
    fn values_round_trip() {
        let ty = Type::Object(
            [
                ("d".into(), Type::Dynamic),
                ("s".into(), Type::Set(Box::new(Type::Number))),
            ]
            .into(),
        );
        let json = br#"{"d":{"type":["tuple",["string","bool"]],"value":["x",true]},"s":[1,0.5]}"#;
        let value = from_json(json, &ty).unwrap();
        assert_eq!(to_json(&value, &ty).unwrap().to_string().as_bytes(), json);
    }

    #[test]
    fn mismatches_say_where() {
        let ty = Type::Object([("a".into(), Type::List(Box::new(Type::Bool)))].into());
        let error = from_json(br#"{"a":[true,"no"]}"#, &ty).unwrap_err();
        assert_eq!(
            (error.path.as_str(), error.problem.as_str()),
            (".a[1]", "bool is required")
        );
    }
}

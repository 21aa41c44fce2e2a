//! The JSON form of a value, directed by its type: how Terraform stores state.
//!
//! Numbers are read from their text, so that none loses a digit. Attributes that the type does not have are dropped,
//! because stored state may be older than the schema.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::composed::{collision, composed};
use super::error::CodecError;
use super::{DEPTH_LIMIT, Number, Type, Value};

/// Reads a value of type `ty`.
///
/// # Errors
/// When the bytes are no JSON, or no value of the type.
pub fn from_json(bytes: &[u8], ty: &Type) -> Result<Value, CodecError> {
    let raw: &RawValue = serde_json::from_slice(bytes).map_err(|error| CodecError::new(error.to_string()))?;
    read(raw, ty, DEPTH_LIMIT)
}

fn read(raw: &RawValue, ty: &Type, depth: usize) -> Result<Value, CodecError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(CodecError::new(format!("nested deeper than {DEPTH_LIMIT}")));
    };
    let text = raw.get();
    if text == "null" {
        return Ok(Value::Null);
    }
    match ty {
        Type::Bool => part(text, ty).map(Value::Bool),
        Type::String => part(text, ty).map(Value::String),
        Type::Number => read_number(text),
        Type::List(element) | Type::Set(element) => {
            let elements: Vec<&RawValue> = part(text, ty)?;
            read_all(&elements, std::iter::repeat(element.as_ref()), depth).map(Value::Sequence)
        }
        Type::Tuple(types) => read_tuple(&part::<Vec<&RawValue>>(text, ty)?, types, depth),
        Type::Map(element) => read_map(part(text, ty)?, element, depth),
        Type::Object(attributes) => read_object(&part(text, ty)?, attributes, depth),
        Type::Dynamic => read_dynamic(part(text, ty)?, depth),
    }
}

fn read_number(text: &str) -> Result<Value, CodecError> {
    // State written long ago holds numbers as strings.
    let digits: String = if text.starts_with('"') {
        part(text, &Type::Number)?
    } else {
        text.to_owned()
    };
    let number = Number::parse(&digits).map_err(|error| CodecError::new(error.to_string()))?;
    Ok(Value::Number(number))
}

fn read_tuple(elements: &[&RawValue], types: &[Type], depth: usize) -> Result<Value, CodecError> {
    if elements.len() != types.len() {
        let problem = format!("a tuple of {} has {} elements", types.len(), elements.len());
        return Err(CodecError::new(problem));
    }
    read_all(elements, types.iter(), depth).map(Value::Sequence)
}

/// The members of a mapping that is not read yet.
type Members<'a> = BTreeMap<String, &'a RawValue>;

fn read_map(found: Members<'_>, element: &Type, depth: usize) -> Result<Value, CodecError> {
    let mut members = BTreeMap::new();
    for (key, raw) in found {
        let value = read(raw, element, depth).map_err(|error| error.within(&format!(".{key}")))?;
        members.insert(key, value);
    }
    Ok(Value::Mapping(members))
}

fn read_object(
    found: &Members<'_>,
    attributes: &BTreeMap<String, Type>,
    depth: usize,
) -> Result<Value, CodecError> {
    let mut members = BTreeMap::new();
    for (name, ty) in attributes {
        let value = match found.get(name) {
            Some(raw) => read(raw, ty, depth).map_err(|error| error.within(&format!(".{name}")))?,
            None => Value::Null,
        };
        members.insert(name.clone(), value);
    }
    Ok(Value::Mapping(members))
}

fn read_dynamic(mut found: Members<'_>, depth: usize) -> Result<Value, CodecError> {
    let (Some(json), Some(raw)) = (found.remove("type"), found.remove("value")) else {
        return Err(CodecError::new("a dynamic value has the keys type and value"));
    };
    let ty =
        Type::from_json_bytes(json.get().as_bytes()).map_err(|error| CodecError::new(error.to_string()))?;
    let value = read(raw, &ty, depth)?;
    Ok(Value::dynamic(ty, value))
}

fn read_all<'t>(
    elements: &[&RawValue],
    types: impl Iterator<Item = &'t Type>,
    depth: usize,
) -> Result<Vec<Value>, CodecError> {
    let with_index = |(index, (raw, ty)): (usize, (&&RawValue, &Type))| {
        read(raw, ty, depth).map_err(|error| error.within(&format!("[{index}]")))
    };
    elements.iter().zip(types).enumerate().map(with_index).collect()
}

fn part<'a, T: serde::Deserialize<'a>>(text: &'a str, ty: &Type) -> Result<T, CodecError> {
    serde_json::from_str(text).map_err(|_| CodecError::new(format!("{ty} is required")))
}

/// Writes a value of type `ty` as Terraform stores it in state.
///
/// Returns `None` if a part of the value is unknown, infinite, or not of the type: none of these has a JSON form.
#[must_use]
pub fn to_json(value: &Value, ty: &Type) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    Some(match (value, ty) {
        (Value::Null, _) => Json::Null,
        (Value::Bool(truth), Type::Bool) => Json::Bool(*truth),
        (Value::String(text), Type::String) => Json::String(composed(text).into_owned()),
        (Value::Number(number), Type::Number) => number_to_json(number)?,
        (Value::Sequence(elements), Type::List(ty) | Type::Set(ty)) => Json::Array(
            elements
                .iter()
                .map(|element| to_json(element, ty))
                .collect::<Option<_>>()?,
        ),
        (Value::Sequence(elements), Type::Tuple(types)) if elements.len() == types.len() => Json::Array(
            elements
                .iter()
                .zip(types)
                .map(|(element, ty)| to_json(element, ty))
                .collect::<Option<_>>()?,
        ),
        (Value::Mapping(elements), Type::Map(ty)) if collision(elements.keys()).is_none() => Json::Object(
            elements
                .iter()
                .map(|(key, element)| Some((composed(key).into_owned(), to_json(element, ty)?)))
                .collect::<Option<_>>()?,
        ),
        (Value::Mapping(elements), Type::Object(types)) if all_are_in(elements, types) => Json::Object(
            types
                .iter()
                .map(|(name, ty)| Some((composed(name).into_owned(), to_json(value.attribute(name), ty)?)))
                .collect::<Option<_>>()?,
        ),
        (Value::Dynamic(typed), Type::Dynamic) => {
            let ty: Json = serde_json::from_slice(&typed.ty.to_json_bytes()).ok()?;
            serde_json::json!({"type": ty, "value": to_json(&typed.value, &typed.ty)?})
        }
        _ => return None,
    })
}

/// A number that is spelled as a float is, is a number in JSON; any other is a text, which Terraform reads as well.
fn number_to_json(number: &Number) -> Option<serde_json::Value> {
    if let Some(integer) = number.as_i64() {
        return Some(integer.into());
    }
    match number.as_short_f64().filter(|_| !number.is_integer()) {
        Some(float) => Some(float.into()),
        None => (!number.is_infinite()).then(|| number.to_string().into()),
    }
}

/// Whether the object has no attribute but those of its type, and none of these twice.
fn all_are_in(members: &BTreeMap<String, Value>, types: &BTreeMap<String, Type>) -> bool {
    members.keys().all(|name| types.contains_key(name)) && collision(types.keys()).is_none()
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

    /// `serde_json` spells a float by its shortest spelling, which is another number.
    #[test]
    fn a_float_is_stored_as_the_number_that_it_is() {
        for float in [0.1, 0.5, 1e300, 5e-324] {
            let value = Value::Number(Number::from_f64(float).unwrap());
            let json = to_json(&value, &Type::Number).unwrap().to_string();
            assert_eq!(
                from_json(json.as_bytes(), &Type::Number).unwrap(),
                value,
                "{json}"
            );
        }
        let tenth = Value::Number(Number::parse("0.1").unwrap());
        assert_eq!(to_json(&tenth, &Type::Number).unwrap(), 0.1);
    }

    #[test]
    fn what_has_no_json_form_is_not_stored_as_something_else() {
        let infinity = Value::Number(Number::from_f64(f64::INFINITY).unwrap());
        assert_eq!(to_json(&infinity, &Type::Number), None);
        let one = Value::Sequence(vec![true.into()]);
        assert_eq!(to_json(&one, &Type::Tuple(vec![Type::Bool, Type::Bool])), None);
        let object = Value::Mapping([("a".into(), true.into())].into());
        assert_eq!(to_json(&object, &Type::Object([].into())), None);
    }

    /// Each of them says that it holds a value of any type.
    #[test]
    fn dynamic_values_that_nest_without_end_do_not_exhaust_the_stack() {
        let nested = |depth| {
            let open = r#"{"type":"dynamic","value":"#.repeat(depth);
            format!("{open}null{}", "}".repeat(depth))
        };
        assert!(from_json(nested(100).as_bytes(), &Type::Dynamic).is_ok());
        let error = from_json(nested(2_000).as_bytes(), &Type::Dynamic).unwrap_err();
        assert_eq!(error.problem, "nested deeper than 250");
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

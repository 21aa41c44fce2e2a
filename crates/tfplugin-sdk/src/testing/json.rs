//! Values from JSON and back, as tests write and compare them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{Error, Result};
use crate::path::{Path, Step};
use crate::schema::{Block, BlockNesting, Count, NestedBlock};
use crate::value::{Number, Type, Typed, Value};

/// What stands in JSON for a value that is not known yet, as Terraform prints it in a plan.
pub const UNKNOWN: &str = "(known after apply)";

/// The configuration that `json` spells. Attributes that are left out are null, blocks that are left out are absent.
///
/// # Errors
/// When the schema has no such attribute, or a value is of another type.
pub fn config(block: &Block, json: &Json) -> Result<Value> {
    block_config(block, json, &Path::default())
}

fn block_config(block: &Block, json: &Json, path: &Path) -> Result<Value> {
    let Json::Object(given) = json else {
        return Err(mismatch(path, "an object", json));
    };
    let mut members = BTreeMap::new();
    for attribute in &block.attributes {
        let json = given.get(&attribute.name).unwrap_or(&Json::Null);
        let value = read(json, &attribute.ty.ty(), &path.clone().child(&attribute.name))?;
        members.insert(attribute.name.clone(), value);
    }
    for nested in &block.blocks {
        let path = path.clone().child(&nested.name);
        let value = nested_config(nested, given.get(&nested.name), &path)?;
        members.insert(nested.name.clone(), value);
    }
    match given.keys().find(|name| !members.contains_key(*name)) {
        Some(name) => Err(problem(path, format!("the schema has no attribute {name:?}"))),
        None => Ok(Value::Mapping(members)),
    }
}

fn nested_config(nested: &NestedBlock, json: Option<&Json>, path: &Path) -> Result<Value> {
    let block = |step, json| block_config(&nested.block, json, &path.clone().join(step));
    let value = match (nested.nesting, json) {
        (_, Some(json)) if json == UNKNOWN => return Ok(Value::UNKNOWN),
        (BlockNesting::Single, None | Some(Json::Null)) => Value::Null,
        (BlockNesting::Group, None) => block_config(&nested.block, &Json::Object(Map::new()), path)?,
        (BlockNesting::Single | BlockNesting::Group, Some(json)) => block_config(&nested.block, json, path)?,
        (BlockNesting::List | BlockNesting::Set, None) => Value::Sequence(Vec::new()),
        (BlockNesting::List | BlockNesting::Set, Some(Json::Array(elements))) => (0..)
            .zip(elements)
            .map(|(index, json)| block(Step::Index(index), json))
            .collect::<Result<_>>()
            .map(Value::Sequence)?,
        (BlockNesting::Map, None) => Value::Mapping(BTreeMap::new()),
        (BlockNesting::Map, Some(Json::Object(elements))) => elements
            .iter()
            .map(|(key, json)| Ok((key.clone(), block(Step::Key(key.clone()), json)?)))
            .collect::<Result<_>>()
            .map(Value::Mapping)?,
        (BlockNesting::List | BlockNesting::Set, Some(json)) => {
            return Err(mismatch(path, "a list of blocks", json));
        }
        (BlockNesting::Map, Some(json)) => return Err(mismatch(path, "blocks by label", json)),
    };
    check_count(nested, &value, path)?;
    Ok(value)
}

/// Core counts blocks before the provider hears of them.
fn check_count(nested: &NestedBlock, value: &Value, path: &Path) -> Result<()> {
    let stands = match value {
        Value::Null => 0,
        Value::Sequence(elements) => elements.len(),
        _ => 1,
    };
    let Count { minimum, maximum } = nested.count;
    let stands = u32::try_from(stands).unwrap_or(u32::MAX);
    if stands < minimum {
        let message = format!("at least {minimum} blocks are required, found {stands}");
        return Err(problem(path, message));
    }
    match maximum {
        Some(maximum) if stands > maximum => {
            let message = format!("at most {maximum} blocks are allowed, found {stands}");
            Err(problem(path, message))
        }
        _ => Ok(()),
    }
}

/// The value of type `ty` that `json` spells. A value of any type becomes an object, a tuple or a primitive, as a
/// configuration makes it.
///
/// # Errors
/// When the JSON is not of that type.
pub fn json_to_value(json: &Json, ty: &Type) -> Result<Value> {
    read(json, ty, &Path::default())
}

fn read(json: &Json, ty: &Type, path: &Path) -> Result<Value> {
    Ok(match (ty, json) {
        (_, Json::Null) => Value::Null,
        (_, json) if json == UNKNOWN => Value::UNKNOWN,
        (Type::Dynamic, json) => {
            let Typed { ty, value } = typed(json, path)?;
            Value::dynamic(ty, value)
        }
        (Type::Bool, Json::Bool(truth)) => Value::Bool(*truth),
        (Type::String, Json::String(text)) => Value::String(text.clone()),
        (Type::Number, Json::Number(number)) => Value::Number(exact(number, path)?),
        (Type::List(element) | Type::Set(element), Json::Array(elements)) => Value::Sequence(
            (0..)
                .zip(elements)
                .map(|(index, json)| read(json, element, &path.clone().join(Step::Index(index))))
                .collect::<Result<_>>()?,
        ),
        (Type::Tuple(types), Json::Array(elements)) if types.len() == elements.len() => Value::Sequence(
            (0..)
                .zip(elements.iter().zip(types))
                .map(|(index, (json, ty))| read(json, ty, &path.clone().join(Step::Index(index))))
                .collect::<Result<_>>()?,
        ),
        (Type::Map(element), Json::Object(given)) => Value::Mapping(
            given
                .iter()
                .map(|(key, json)| {
                    Ok((
                        key.clone(),
                        read(json, element, &path.clone().join(Step::Key(key.clone())))?,
                    ))
                })
                .collect::<Result<_>>()?,
        ),
        (Type::Object(attributes), Json::Object(given)) => {
            if let Some(name) = given.keys().find(|name| !attributes.contains_key(*name)) {
                return Err(problem(path, format!("the type has no attribute {name:?}")));
            }
            let member = |(name, ty): (&String, &Type)| {
                let json = given.get(name).unwrap_or(&Json::Null);
                Ok((name.clone(), read(json, ty, &path.clone().child(name))?))
            };
            Value::Mapping(attributes.iter().map(member).collect::<Result<_>>()?)
        }
        (ty, json) => return Err(mismatch(path, &ty.to_string(), json)),
    })
}

/// A value with the type that a configuration gives it.
fn typed(json: &Json, path: &Path) -> Result<Typed> {
    let (ty, value) = match json {
        Json::Null => (Type::Dynamic, Value::Null),
        json if json == UNKNOWN => (Type::Dynamic, Value::UNKNOWN),
        Json::Bool(truth) => (Type::Bool, Value::Bool(*truth)),
        Json::String(text) => (Type::String, Value::String(text.clone())),
        Json::Number(number) => (Type::Number, Value::Number(exact(number, path)?)),
        Json::Array(elements) => {
            let (mut types, mut values) = (Vec::new(), Vec::new());
            for (index, json) in (0..).zip(elements) {
                let Typed { ty, value } = typed(json, &path.clone().join(Step::Index(index)))?;
                types.push(ty);
                values.push(value);
            }
            (Type::Tuple(types), Value::Sequence(values))
        }
        Json::Object(members) => {
            let (mut types, mut values) = (BTreeMap::new(), BTreeMap::new());
            for (name, json) in members {
                let Typed { ty, value } = typed(json, &path.clone().child(name))?;
                types.insert(name.clone(), ty);
                values.insert(name.clone(), value);
            }
            (Type::Object(types), Value::Mapping(values))
        }
    };
    Ok(Typed { ty, value })
}

fn exact(number: &serde_json::Number, path: &Path) -> Result<Number> {
    Number::parse(&number.to_string()).map_err(|error| problem(path, error.to_string()))
}

fn mismatch(path: &Path, expected: &str, found: &Json) -> Error {
    problem(path, format!("{expected} is required, found {found}"))
}

fn problem(path: &Path, problem: String) -> Error {
    Error::Test {
        path: path.clone(),
        problem,
    }
}

/// The value as JSON for a comparison: without types, and with [`UNKNOWN`] for what is unknown. A number that JSON
/// cannot hold exactly becomes a string.
#[must_use]
pub fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown(_) => UNKNOWN.into(),
        Value::Bool(truth) => (*truth).into(),
        Value::String(text) => text.clone().into(),
        Value::Number(number) => match (number.as_i64(), number.as_exact_f64()) {
            (Some(integer), _) => integer.into(),
            (None, Some(float)) => float.into(),
            (None, None) => number.to_string().into(),
        },
        Value::Sequence(elements) => elements.iter().map(value_to_json).collect(),
        Value::Mapping(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), value_to_json(value)))
            .collect(),
        Value::Dynamic(typed) => value_to_json(&typed.value),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::{UNKNOWN, json_to_value, value_to_json};
    use crate::value::{Type, Value};

    #[test]
    fn any_type_is_that_of_a_configuration() {
        let json = json!({"a": [1, "x", null], "b": UNKNOWN});
        let value = json_to_value(&json, &Type::Dynamic).unwrap();
        let Value::Dynamic(typed) = &value else {
            unreachable!("{value:?}")
        };
        assert_eq!(
            typed.ty.to_string(),
            "object({a = tuple([number, string, any]), b = any})"
        );
        assert_eq!(value_to_json(&value), json);
    }

    #[test]
    fn mistakes_in_tests_are_named() {
        let ty = Type::Object([("a".to_owned(), Type::List(Box::new(Type::Bool)))].into());
        let error = json_to_value(&json!({"a": [true, 1]}), &ty).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the test is wrong: a[1]: bool is required, found 1"
        );
        let error = json_to_value(&json!({"b": 1}), &ty).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"the test is wrong: the type has no attribute "b""#
        );
    }

    #[test]
    fn numbers_are_exact() {
        let tenth = json_to_value(&json!(0.1), &Type::Number).unwrap();
        assert_eq!(value_to_json(&tenth), json!("0.1"));
        let half = json_to_value(&json!(0.5), &Type::Number).unwrap();
        assert_eq!(value_to_json(&half), json!(0.5));
    }
}

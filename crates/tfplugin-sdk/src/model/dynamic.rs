//! Values of any type, and JSON as one.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use super::{AttributeValue, Holds, ModelError};
use crate::path::{Path, Step};
use crate::schema::AttributeType;
use crate::value::{Number, Type, Typed, Value};

/// The value of an attribute that takes any type, kept exactly as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Dynamic(Value);

/// Why a dynamic value has no JSON form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DynamicError {
    /// The part at this path is not known yet.
    Unknown(Path),
    /// The part at this path is an infinity.
    Infinite(Path),
}

impl fmt::Display for DynamicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(path) => write!(f, "{path} is not known yet"),
            Self::Infinite(path) => write!(f, "{path} is infinite, which JSON cannot say"),
        }
    }
}

impl std::error::Error for DynamicError {}

impl Dynamic {
    /// The value with its type.
    #[must_use]
    pub fn new(ty: Type, value: Value) -> Self {
        Self(Value::dynamic(ty, value))
    }

    /// JSON as Terraform's `jsondecode` reads it: objects and tuples.
    #[must_use]
    pub fn from_json(json: &Json) -> Self {
        let Typed { ty, value } = typed(json);
        Self::new(ty, value)
    }

    /// An object of which each attribute is given, or unknown.
    #[must_use]
    pub fn object(attributes: impl IntoIterator<Item = (String, Option<Self>)>) -> Self {
        let mut types = BTreeMap::new();
        let mut values = BTreeMap::new();
        for (name, attribute) in attributes {
            let (ty, value) = match attribute {
                Some(Self(Value::Dynamic(known))) => (known.ty, known.value),
                Some(Self(value)) => (Type::Dynamic, value),
                None => (Type::Dynamic, Value::UNKNOWN),
            };
            types.insert(name.clone(), ty);
            values.insert(name, value);
        }
        Self::new(Type::Object(types), Value::Mapping(values))
    }

    /// The value as JSON, whatever its exact types are: lists, sets and tuples become arrays, maps and objects become
    /// objects.
    ///
    /// # Errors
    /// When a part of the value is unknown or infinite.
    pub fn to_json(&self) -> Result<Json, DynamicError> {
        to_json(&self.0, &Path::default())
    }

    /// The attributes of an object as JSON, without those of which a part is unknown or infinite.
    #[must_use]
    pub fn known_attributes(&self) -> BTreeMap<String, Json> {
        let Value::Mapping(attributes) = self.value() else {
            return BTreeMap::new();
        };
        attributes
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), to_json(value, &Path::default()).ok()?)))
            .collect()
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &Value {
        match &self.0 {
            Value::Dynamic(typed) => &typed.value,
            value => value,
        }
    }
}

fn typed(json: &Json) -> Typed {
    match json {
        Json::Null => Typed {
            ty: Type::Dynamic,
            value: Value::Null,
        },
        Json::Bool(truth) => Typed {
            ty: Type::Bool,
            value: Value::Bool(*truth),
        },
        Json::Number(number) => Typed {
            ty: Type::Number,
            value: Value::Number(exact(number)),
        },
        Json::String(text) => Typed {
            ty: Type::String,
            value: Value::String(text.clone()),
        },
        Json::Array(elements) => {
            let (types, values) = elements
                .iter()
                .map(typed)
                .map(|Typed { ty, value }| (ty, value))
                .unzip();
            Typed {
                ty: Type::Tuple(types),
                value: Value::Sequence(values),
            }
        }
        Json::Object(attributes) => {
            let (mut types, mut values) = (BTreeMap::new(), BTreeMap::new());
            for (name, json) in attributes {
                let Typed { ty, value } = typed(json);
                types.insert(name.clone(), ty);
                values.insert(name.clone(), value);
            }
            Typed {
                ty: Type::Object(types),
                value: Value::Mapping(values),
            }
        }
    }
}

/// The number that the JSON text spells: one tenth for `0.1`, as in configuration.
fn exact(number: &serde_json::Number) -> Number {
    match number.as_i64() {
        Some(integer) => integer.into(),
        None => Number::parse(&number.to_string()).unwrap_or_else(|_| 0_i64.into()),
    }
}

fn to_json(value: &Value, path: &Path) -> Result<Json, DynamicError> {
    match value {
        Value::Null => Ok(Json::Null),
        Value::Unknown(_) => Err(DynamicError::Unknown(path.clone())),
        Value::Bool(truth) => Ok(Json::Bool(*truth)),
        Value::String(text) => Ok(Json::String(text.clone())),
        Value::Number(number) => number_to_json(number).ok_or_else(|| DynamicError::Infinite(path.clone())),
        Value::Sequence(elements) => {
            let steps = (0..).map(Step::Index);
            elements
                .iter()
                .zip(steps)
                .map(|(element, step)| to_json(element, &path.clone().join(step)))
                .collect()
        }
        Value::Mapping(elements) => elements
            .iter()
            .map(|(key, element)| Ok((key.clone(), to_json(element, &path.clone().child(key))?)))
            .collect::<Result<serde_json::Map<_, _>, _>>()
            .map(Json::Object),
        Value::Dynamic(typed) => to_json(&typed.value, path),
    }
}

fn number_to_json(number: &Number) -> Option<Json> {
    if let Some(integer) = number.as_i64() {
        return Some(integer.into());
    }
    match number.to_string().parse::<u64>() {
        Ok(integer) => Some(integer.into()),
        Err(_) => serde_json::Number::from_f64(number.to_f64()).map(Json::Number),
    }
}

impl AttributeValue for Dynamic {
    const HOLDS_UNKNOWN: bool = true;
    const HOLDS: Holds = Holds {
        dynamic: true,
        ..Holds::NOTHING
    };

    fn attribute_type() -> AttributeType {
        AttributeType::Plain(Type::Dynamic)
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        if value.is_unknown() {
            Err(ModelError::unknown())
        } else {
            Ok(Self(value))
        }
    }

    fn into_value(self) -> Value {
        self.0
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::{Dynamic, DynamicError};
    use crate::path::{Path, Step};
    use crate::value::{Type, Value};

    #[test]
    fn json_round_trips() {
        let json = json!({"a": [1, 0.1, "x", null, true, 18_446_744_073_709_551_615_u64], "b": {"c": {}}});
        assert_eq!(Dynamic::from_json(&json).to_json().unwrap(), json);
    }

    #[test]
    fn attributes_that_are_not_known_are_left_out() {
        let known = Dynamic::from_json(&json!({"b": 1}));
        let object = Dynamic::object([("a".to_owned(), Some(known)), ("c".to_owned(), None)]);
        assert_eq!(
            object.known_attributes(),
            [("a".to_owned(), json!({"b": 1}))].into()
        );
        assert!(Dynamic::from_json(&json!(1)).known_attributes().is_empty());
    }

    #[test]
    fn an_unknown_part_is_named() {
        let ty = Type::Object([("a".to_owned(), Type::List(Box::new(Type::String)))].into());
        let list = Value::Sequence(vec!["x".into(), Value::UNKNOWN]);
        let dynamic = Dynamic::new(ty, Value::Mapping([("a".to_owned(), list)].into()));
        let path = Path::attribute("a").join(Step::Index(1));
        assert_eq!(dynamic.to_json(), Err(DynamicError::Unknown(path)));
    }
}

//! Terraform's types, and their JSON form on the wire.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use super::composed::composed;

/// The type of a value or of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// True or false.
    Bool,
    /// A number of any size and precision.
    Number,
    /// Unicode text.
    String,
    /// Any type, said beside each value.
    Dynamic,
    /// A sequence of one element type.
    List(Box<Type>),
    /// An unordered collection without duplicates.
    Set(Box<Type>),
    /// Keys to values of one type.
    Map(Box<Type>),
    /// Named attributes, each of its own type.
    Object(BTreeMap<String, Type>),
    /// A sequence of fixed length, each element of its own type.
    Tuple(Vec<Type>),
}

/// A type's JSON that is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError(String);

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid type constraint: {}", self.0)
    }
}

impl std::error::Error for TypeError {}

/// How deep a type may nest. Configuration never comes near; a hostile peer must not exhaust the stack.
const DEPTH_LIMIT: usize = 200;

impl Type {
    /// Reads the JSON form, for example `["list","string"]`. Names are composed, as Terraform does it.
    ///
    /// # Errors
    /// When the bytes are no JSON or spell no type, or two names of an object are the same text to Terraform.
    pub fn from_json_bytes(bytes: &[u8]) -> Result<Self, TypeError> {
        let json: Json = serde_json::from_slice(bytes).map_err(|error| TypeError(error.to_string()))?;
        Self::from_json(&json, DEPTH_LIMIT)
    }

    fn from_json(json: &Json, depth: usize) -> Result<Self, TypeError> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(TypeError(format!("nested deeper than {DEPTH_LIMIT}")));
        };
        let unknown = || TypeError(format!("{json} is not a type"));
        if let Some(name) = json.as_str() {
            return match name {
                "bool" => Ok(Self::Bool),
                "number" => Ok(Self::Number),
                "string" => Ok(Self::String),
                "dynamic" => Ok(Self::Dynamic),
                _ => Err(unknown()),
            };
        }
        let (kind, inner) = match json.as_array().map(Vec::as_slice) {
            Some([kind, inner]) => (kind.as_str(), inner),
            // An object may name its optional attributes in a third element; that matters to core alone.
            Some([kind, inner, Json::Array(_)]) if kind == "object" => (kind.as_str(), inner),
            _ => return Err(unknown()),
        };
        let element = || Self::from_json(inner, depth).map(Box::new);
        match (kind, inner) {
            (Some("list"), _) => Ok(Self::List(element()?)),
            (Some("set"), _) => Ok(Self::Set(element()?)),
            (Some("map"), _) => Ok(Self::Map(element()?)),
            // What is empty may be a null pointer in Go, and is then written as that.
            (Some("object"), Json::Null) => Ok(Self::Object(BTreeMap::new())),
            (Some("tuple"), Json::Null) => Ok(Self::Tuple(Vec::new())),
            (Some("object"), Json::Object(attributes)) => object(attributes, depth),
            (Some("tuple"), Json::Array(elements)) => elements
                .iter()
                .map(|json| Self::from_json(json, depth))
                .collect::<Result<_, _>>()
                .map(Self::Tuple),
            _ => Err(unknown()),
        }
    }

    /// The JSON form, as bytes. Names are composed, as Terraform has them.
    #[must_use]
    pub fn to_json_bytes(&self) -> Vec<u8> {
        self.to_json().to_string().into_bytes()
    }

    fn to_json(&self) -> Json {
        match self {
            Self::Bool => Json::from("bool"),
            Self::Number => Json::from("number"),
            Self::String => Json::from("string"),
            Self::Dynamic => Json::from("dynamic"),
            Self::List(element) => serde_json::json!(["list", element.to_json()]),
            Self::Set(element) => serde_json::json!(["set", element.to_json()]),
            Self::Map(element) => serde_json::json!(["map", element.to_json()]),
            Self::Object(attributes) => {
                let attributes: serde_json::Map<_, _> = attributes
                    .iter()
                    .map(|(name, ty)| (composed(name).into_owned(), ty.to_json()))
                    .collect();
                serde_json::json!(["object", attributes])
            }
            Self::Tuple(elements) => {
                let elements: Vec<_> = elements.iter().map(Self::to_json).collect();
                serde_json::json!(["tuple", elements])
            }
        }
    }

    /// Whether `self` is `constraint` with every `dynamic` in it replaced by some type.
    #[must_use]
    pub fn conforms_to(&self, constraint: &Self) -> bool {
        match (self, constraint) {
            (_, Self::Dynamic) => true,
            (Self::List(left), Self::List(right))
            | (Self::Set(left), Self::Set(right))
            | (Self::Map(left), Self::Map(right)) => left.conforms_to(right),
            (Self::Object(left), Self::Object(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .all(|((left_name, left), (right_name, right))| {
                            left_name == right_name && left.conforms_to(right)
                        })
            }
            (Self::Tuple(left), Self::Tuple(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .all(|(left, right)| left.conforms_to(right))
            }
            _ => self == constraint,
        }
    }
}

fn object(attributes: &serde_json::Map<String, Json>, depth: usize) -> Result<Type, TypeError> {
    let mut types = BTreeMap::new();
    for (name, json) in attributes {
        let name = composed(name).into_owned();
        let problem = format!("two attributes are named {name:?}");
        if types.insert(name, Type::from_json(json, depth)?).is_some() {
            return Err(TypeError(problem));
        }
    }
    Ok(Type::Object(types))
}

/// The type as configuration spells it, for example `list(string)`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::Dynamic => f.write_str("any"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Set(element) => write!(f, "set({element})"),
            Self::Map(element) => write!(f, "map({element})"),
            Self::Object(attributes) => {
                let attributes: Vec<_> = attributes
                    .iter()
                    .map(|(name, ty)| format!("{name} = {ty}"))
                    .collect();
                write!(f, "object({{{}}})", attributes.join(", "))
            }
            Self::Tuple(elements) => {
                let elements: Vec<_> = elements.iter().map(ToString::to_string).collect();
                write!(f, "tuple([{}])", elements.join(", "))
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::Type;

    #[test]
    fn json_round_trips() {
        for json in [
            r#""bool""#,
            r#"["list",["map","number"]]"#,
            r#"["object",{"a":"string","b":["tuple",["dynamic","bool"]]}]"#,
            r#"["set",["object",{}]]"#,
        ] {
            let ty = Type::from_json_bytes(json.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(ty.to_json_bytes()).unwrap(), json);
        }
        let with_optional = Type::from_json_bytes(br#"["object",{"a":"string"},["a"]]"#).unwrap();
        assert_eq!(with_optional.to_string(), "object({a = string})");
    }

    #[test]
    fn what_is_empty_may_be_null() {
        for (json, ty) in [
            (r#"["tuple",null]"#, Type::Tuple(Vec::new())),
            (r#"["object",null]"#, Type::Object([].into())),
        ] {
            assert_eq!(Type::from_json_bytes(json.as_bytes()).unwrap(), ty);
        }
    }

    /// Found by the fuzz targets `msgpack` and `json`: what was written could not be read.
    #[test]
    fn names_are_composed_when_they_are_read_and_written() {
        let composed = Type::Object([("é".to_owned(), Type::Bool)].into());
        let decomposed = Type::Object([("e\u{301}".to_owned(), Type::Bool)].into());
        assert_eq!(decomposed.to_json_bytes(), composed.to_json_bytes());
        let json = "[\"object\",{\"e\u{301}\":\"bool\"}]";
        assert_eq!(Type::from_json_bytes(json.as_bytes()).unwrap(), composed);
    }

    #[test]
    fn what_is_no_type_is_refused() {
        let deep = format!("{}\"bool\"{}", "[\"list\",".repeat(5_000), "]".repeat(5_000));
        for json in [
            "",
            "1",
            r#""strin""#,
            r#"["list"]"#,
            r#"["object",[]]"#,
            r#"["map",3]"#,
            r#"["list","string","string"]"#,
            r#"["object",{"a":"string"},"a"]"#,
            "[\"object\",{\"e\u{301}\":\"string\",\"é\":\"string\"}]",
            &deep,
        ] {
            assert!(Type::from_json_bytes(json.as_bytes()).is_err(), "{json:.40}");
        }
    }

    #[test]
    fn dynamic_accepts_any_type() {
        let constraint = Type::Object([("a".to_owned(), Type::Dynamic)].into());
        assert!(
            Type::Object([("a".to_owned(), Type::List(Box::new(Type::Bool)))].into())
                .conforms_to(&constraint)
        );
        assert!(!Type::Object([("b".to_owned(), Type::Bool)].into()).conforms_to(&constraint));
    }
}

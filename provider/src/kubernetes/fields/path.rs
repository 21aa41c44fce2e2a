//! Paths into an object, as structured-merge-diff names them.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

/// One step of a path.
///
/// Literals of keys and values are kept as JSON text, which has an order and compares as the server compares.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathElement {
    /// A field of a mapping.
    Field(String),
    /// The list item whose fields have these literals.
    Key(BTreeMap<String, String>),
    /// The item of a set that is this literal.
    Literal(String),
    /// The list item at this position.
    Index(usize),
}

impl PathElement {
    /// Reads an element such as `f:spec`, `k:{"name":"app"}`, `v:"finalizer"` or `i:0`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (kind, content) = text.split_once(':')?;
        match kind {
            "f" => Some(Self::Field(content.to_owned())),
            "k" => {
                let fields: BTreeMap<String, Value> = serde_json::from_str(content).ok()?;
                Some(Self::Key(
                    fields
                        .into_iter()
                        .map(|(name, value)| (name, literal_of(&value)))
                        .collect(),
                ))
            }
            "v" => serde_json::from_str::<Value>(content)
                .ok()
                .map(|value| Self::Literal(literal_of(&value))),
            "i" => content.parse().ok().map(Self::Index),
            _ => None,
        }
    }

    /// The text that [`Self::parse`] reads.
    pub(super) fn serialize(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, literal)| format!("{}:{literal}", Value::from(name.as_str())))
                    .collect();
                format!("k:{{{}}}", fields.join(","))
            }
            Self::Literal(literal) => format!("v:{literal}"),
            Self::Index(index) => format!("i:{index}"),
        }
    }

    /// Whether this element names `item`, which stands at `index` of a list.
    pub(super) fn selects(&self, index: usize, item: &Value) -> bool {
        match self {
            Self::Field(_) => false,
            // A key field that the item leaves out has its default value.
            Self::Key(fields) => {
                item.is_object()
                    && fields.iter().all(|(name, literal)| {
                        item.get(name).is_none_or(|value| literal_of(value) == *literal)
                    })
            }
            Self::Literal(literal) => literal_of(item) == *literal,
            Self::Index(wanted) => index == *wanted,
        }
    }
}

/// The JSON text of a scalar.
fn literal_of(value: &Value) -> String {
    value.to_string()
}

impl fmt::Display for PathElement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name)
                if name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_$".contains(&byte)) =>
            {
                write!(formatter, ".{name}")
            }
            Self::Field(name) => write!(formatter, "[{}]", Value::from(name.as_str())),
            Self::Key(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, literal)| format!("{name}={literal}"))
                    .collect();
                write!(formatter, "[{}]", fields.join(","))
            }
            Self::Literal(literal) => write!(formatter, "[={literal}]"),
            Self::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}

/// A path from the root of an object. Its display is for people:
/// `.spec.template.spec.containers[name="app"].image`, `.metadata.annotations["a.b/c"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(pub Vec<PathElement>);

impl FieldPath {
    /// The path as the server writes it into the causes of a conflict, where field names are never quoted.
    #[must_use]
    pub fn server_text(&self) -> String {
        let element_text = |element: &PathElement| match element {
            PathElement::Field(name) => format!(".{name}"),
            other => other.to_string(),
        };
        self.0.iter().map(element_text).collect()
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|element| write!(formatter, "{element}"))
    }
}

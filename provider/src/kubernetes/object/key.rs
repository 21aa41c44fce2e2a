//! The identity of an object: kind, namespace and name, as shown to users and as import identifier.

use std::{fmt, str::FromStr};

use serde_json::Value;

/// Which object is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// `v1` or `GROUP/VERSION`.
    pub api_version: String,
    /// The kind, as in a manifest.
    pub kind: String,
    /// None for an object of the cluster, or where the manifest leaves it out.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectKey {
    /// The key of an object that a server answered; none if it has no name or kind.
    #[must_use]
    pub fn of(object: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        Some(Self {
            api_version: text(&object["apiVersion"])?,
            kind: text(&object["kind"])?,
            namespace: text(&object["metadata"]["namespace"]),
            name: text(&object["metadata"]["name"])?,
        })
    }

    /// The API group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Whether this is the kind `kind` of `group`, at any version.
    #[must_use]
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind == kind && self.group() == group
    }

    /// The identifier for `terraform import`; [`FromStr`] reads it.
    #[must_use]
    pub fn import_id(&self) -> String {
        let Self {
            api_version,
            kind,
            namespace,
            name,
        } = self;
        let namespace = namespace
            .as_ref()
            .map(|namespace| format!("namespace={namespace},"))
            .unwrap_or_default();
        format!("apiVersion={api_version},kind={kind},{namespace}name={name}")
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} ", self.api_version, self.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(formatter, "{namespace}/")?;
        }
        formatter.write_str(&self.name)
    }
}

/// An import identifier that names no object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportIdError {
    /// A part is missing or empty.
    #[error("the import identifier `{id}` has no `{part}`. {EXPECTED}")]
    Missing {
        /// What was given.
        id: String,
        /// The part.
        part: &'static str,
    },
    /// A part stands twice.
    #[error("the import identifier `{id}` has `{part}` twice. {EXPECTED}")]
    Twice {
        /// What was given.
        id: String,
        /// The part.
        part: &'static str,
    },
    /// Text in front of the first part.
    #[error("the import identifier `{id}` begins with `{text}`, which is none of its parts. {EXPECTED}")]
    Unknown {
        /// What was given.
        id: String,
        /// What stands where a part is expected.
        text: String,
    },
}

const EXPECTED: &str = "It has the form `apiVersion=VERSION,kind=KIND,namespace=NAMESPACE,name=NAME`, without \
                        `namespace=` for objects of the whole cluster";

const PARTS: [&str; 4] = ["apiVersion", "kind", "namespace", "name"];

impl FromStr for ObjectKey {
    type Err = ImportIdError;

    /// Reads an import identifier, its parts in any order. Names may hold commas (those of RBAC objects do).
    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let mut values: [Option<String>; 4] = Default::default();
        let mut current = None;
        for piece in id.split(',') {
            let part = PARTS.iter().enumerate().find_map(|(index, part)| {
                let value = piece.trim_start().strip_prefix(part)?.strip_prefix('=')?;
                Some((index, value))
            });
            match (part, current) {
                (Some((index, value)), _) => {
                    if values[index].replace(value.to_owned()).is_some() {
                        return Err(ImportIdError::Twice {
                            id: id.to_owned(),
                            part: PARTS[index],
                        });
                    }
                    current = Some(index);
                }
                (None, Some(index)) => {
                    if let Some(value) = &mut values[index] {
                        value.push(',');
                        value.push_str(piece);
                    }
                }
                (None, None) => {
                    return Err(ImportIdError::Unknown {
                        id: id.to_owned(),
                        text: piece.to_owned(),
                    });
                }
            }
        }
        let [api_version, kind, namespace, name] =
            values.map(|value| value.filter(|text| !text.trim().is_empty()));
        let required = |value: Option<String>, part| {
            value.ok_or(ImportIdError::Missing {
                id: id.to_owned(),
                part,
            })
        };
        Ok(Self {
            api_version: required(api_version, "apiVersion")?,
            kind: required(kind, "kind")?,
            namespace,
            name: required(name, "name")?,
        })
    }
}

//! A manifest that was checked and freed of what only the server writes.

use serde_json::{Map, Value};

use super::{ManifestErrors, ManifestProblem, NameRule, ObjectKey, problem::type_of};

/// An object that may be sent to a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    key: ObjectKey,
    object: Value,
}

/// What the server writes under `metadata`.
const SERVER_METADATA: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

impl Manifest {
    /// Checks a manifest that a person wrote: `status` and the server's own metadata are errors unless null.
    pub fn strict(object: Value) -> Result<Self, ManifestErrors> {
        Self::check(object, true)
    }

    /// Checks a manifest that a tool exported or generated: `status` and the server's own metadata are left out.
    pub fn lenient(object: Value) -> Result<Self, ManifestErrors> {
        Self::check(object, false)
    }

    fn check(mut object: Value, strict: bool) -> Result<Self, ManifestErrors> {
        let found = type_of(&object);
        let Some(fields) = object.as_object_mut() else {
            return Err(ManifestErrors(vec![ManifestProblem::NotAnObject { found }]));
        };
        let mut problems = Vec::new();
        let api_version = required_text(fields, "apiVersion", "`v1` or `GROUP/VERSION`", &mut problems);
        let kind = required_text(fields, "kind", "the kind, such as `ConfigMap`", &mut problems);
        check_type_names(&api_version, &kind, &mut problems);
        remove_server_fields(fields, strict, &mut problems);
        let key = ObjectKey {
            api_version,
            kind,
            namespace: None,
            name: String::new(),
        };
        let key = check_metadata(fields, key, &mut problems);
        fields.values_mut().for_each(remove_null_timestamps);
        if problems.is_empty() {
            Ok(Self { key, object })
        } else {
            Err(ManifestErrors(problems))
        }
    }

    /// Which object it is.
    #[must_use]
    pub fn key(&self) -> &ObjectKey {
        &self.key
    }

    /// What it says.
    #[must_use]
    pub fn object(&self) -> &Value {
        &self.object
    }

    /// Gives the object away.
    #[must_use]
    pub fn into_object(self) -> Value {
        self.object
    }
}

/// The text at the last part of `path`; a problem and an empty text where there is none.
fn required_text(
    fields: &Map<String, Value>,
    path: &str,
    expected: &'static str,
    problems: &mut Vec<ManifestProblem>,
) -> String {
    match path.rsplit('.').next().and_then(|field| fields.get(field)) {
        Some(Value::String(text)) if !text.is_empty() => return text.clone(),
        None | Some(Value::Null | Value::String(_)) => {
            problems.push(ManifestProblem::Missing {
                path: path.to_owned(),
                expected,
            });
        }
        Some(other) => problems.push(wrong_type(path, other, "a string", Some("Put it in quotes"))),
    }
    String::new()
}

fn wrong_type(
    path: &str,
    found: &Value,
    expected: &'static str,
    hint: Option<&'static str>,
) -> ManifestProblem {
    ManifestProblem::WrongType {
        path: path.to_owned(),
        found: type_of(found),
        expected,
        hint,
    }
}

fn check_type_names(api_version: &str, kind: &str, problems: &mut Vec<ManifestProblem>) {
    let (group, version) = api_version.split_once('/').unwrap_or(("v1", api_version));
    let well_formed = NameRule::DnsSubdomain.accepts(group) && NameRule::DnsLabel.accepts(version);
    if !api_version.is_empty() && !well_formed {
        problems.push(ManifestProblem::InvalidApiVersion {
            value: api_version.to_owned(),
        });
    }
    if !kind
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        problems.push(ManifestProblem::InvalidKind {
            value: kind.to_owned(),
        });
    }
}

fn remove_server_fields(fields: &mut Map<String, Value>, strict: bool, problems: &mut Vec<ManifestProblem>) {
    let mut remove = |fields: &mut Map<String, Value>, field: &str, path: String| {
        let value = fields.remove(field);
        if strict && value.is_some_and(|value| !value.is_null()) {
            problems.push(ManifestProblem::ServerOwned { path });
        }
    };
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in SERVER_METADATA {
            remove(metadata, field, format!("metadata.{field}"));
        }
    }
    remove(fields, "status", "status".to_owned());
}

fn check_metadata(
    fields: &mut Map<String, Value>,
    key: ObjectKey,
    problems: &mut Vec<ManifestProblem>,
) -> ObjectKey {
    const NAME: &str = "the name of the object";
    let metadata = match fields.get_mut("metadata") {
        Some(Value::Object(metadata)) => metadata,
        None | Some(Value::Null) => {
            problems.push(ManifestProblem::Missing {
                path: "metadata.name".to_owned(),
                expected: NAME,
            });
            return key;
        }
        Some(other) => {
            problems.push(wrong_type("metadata", other, "a mapping", None));
            return key;
        }
    };
    let name = if metadata.get("generateName").is_some_and(|value| !value.is_null()) {
        problems.push(ManifestProblem::GenerateName);
        String::new()
    } else {
        required_text(metadata, "metadata.name", NAME, problems)
    };
    check_name(
        "metadata.name",
        &name,
        NameRule::of(key.group(), &key.kind),
        problems,
    );
    let namespace = take_namespace(metadata, problems);
    for field in ["labels", "annotations"] {
        check_text_map(metadata.get(field), field, problems);
    }
    ObjectKey {
        namespace,
        name,
        ..key
    }
}

/// The namespace. An empty one says as much as none, and is taken out.
fn take_namespace(metadata: &mut Map<String, Value>, problems: &mut Vec<ManifestProblem>) -> Option<String> {
    let value = metadata.get("namespace")?;
    if value.is_null() || value == "" {
        metadata.remove("namespace");
        return None;
    }
    let namespace = required_text(metadata, "metadata.namespace", "a namespace", problems);
    check_name("metadata.namespace", &namespace, NameRule::DnsLabel, problems);
    Some(namespace)
}

fn check_name(path: &str, value: &str, rule: NameRule, problems: &mut Vec<ManifestProblem>) {
    if !value.is_empty() && !rule.accepts(value) {
        problems.push(ManifestProblem::InvalidName {
            path: path.to_owned(),
            value: value.to_owned(),
            rule,
        });
    }
}

/// Labels and annotations are texts; `true` and `1` without quotes are a common slip.
fn check_text_map(map: Option<&Value>, field: &str, problems: &mut Vec<ManifestProblem>) {
    let entries = match map {
        None | Some(Value::Null) => return,
        Some(Value::Object(entries)) => entries,
        Some(other) => {
            problems.push(wrong_type(&format!("metadata.{field}"), other, "a mapping", None));
            return;
        }
    };
    for (name, value) in entries
        .iter()
        .filter(|(_, value)| !value.is_string() && !value.is_null())
    {
        let path = format!("metadata.{field}[\"{name}\"]");
        problems.push(wrong_type(
            &path,
            value,
            "a string",
            Some("Put the value in quotes"),
        ));
    }
}

/// Tools write `creationTimestamp: null` into the metadata of every template; it says nothing.
fn remove_null_timestamps(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Object(metadata)) = fields.get_mut("metadata")
                && metadata.get("creationTimestamp").is_some_and(Value::is_null)
            {
                metadata.remove("creationTimestamp");
            }
            fields.values_mut().for_each(remove_null_timestamps);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_null_timestamps),
        _ => {}
    }
}

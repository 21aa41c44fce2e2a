//! What the user wrote: one object, as HCL or as YAML.

use serde_json::Value as Json;
use tfplugin_sdk::model::DynamicError;
use tfplugin_sdk::value::Value;
use tfplugin_sdk::{Diagnostic, Diagnostics, Path};

use super::Manifest;
use crate::kubernetes::diagnostics;
use crate::kubernetes::object::{self, ObjectKey};
use crate::kubernetes::yaml::{expand_lists, parse_documents};

/// The object that a configuration describes, as far as it is known.
pub(super) enum Input {
    /// All of it.
    Known(object::Manifest),
    /// Not all of it.
    Unknown(PartialKey),
}

/// The parts of an object's identity that are known.
#[derive(Default)]
pub(super) struct PartialKey {
    pub(super) api_version: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) name: Option<String>,
    pub(super) namespace: PartialNamespace,
}

/// What is known about the namespace.
#[derive(Default)]
pub(super) enum PartialNamespace {
    /// Nothing.
    #[default]
    Unknown,
    /// The configuration names none.
    Unset,
    Named(String),
}

impl Manifest {
    /// The attribute that describes the object.
    pub(super) fn input_path(&self) -> Path {
        Path::attribute(if self.yaml.is_null() { "manifest" } else { "yaml" })
    }

    /// Reads the object.
    ///
    /// # Errors
    /// When it is none, with the place in the attribute.
    pub(super) fn input(&self) -> Result<Input, Diagnostics> {
        let path = self.input_path();
        let json = if let Some(text) = self.yaml.get() {
            single_document(text, &path)?
        } else if let Some(dynamic) = self.manifest.get() {
            match dynamic.to_json() {
                Ok(json) => json,
                Err(DynamicError::Unknown(_)) => return Ok(Input::Unknown(PartialKey::of(dynamic.value()))),
                Err(error) => {
                    return Err(Diagnostic::error("Invalid manifest", error.to_string())
                        .at(path)
                        .into());
                }
            }
        } else {
            return Ok(Input::Unknown(PartialKey::default()));
        };
        // A null attribute of an HCL value says that the field is not set, and so must not be sent.
        let json = if self.yaml.is_null() {
            without_nulls(json)
        } else {
            json
        };
        object::Manifest::strict(json)
            .map(Input::Known)
            .map_err(|errors| diagnostics::manifest(&errors, &path))
    }

    /// Whether the configuration gives the object in exactly one way.
    pub(super) fn check_exclusive(&self, diagnostics: &mut Diagnostics) {
        let problem = match (self.manifest.is_null(), self.yaml.is_null()) {
            (true, true) => "neither is set",
            (false, false) => "both are set",
            _ => return,
        };
        let detail = format!("Exactly one of `manifest` and `yaml` must describe the object; {problem}.");
        diagnostics.push(Diagnostic::error("Invalid combination of arguments", detail).at("manifest"));
    }
}

fn single_document(text: &str, path: &Path) -> Result<Json, Diagnostics> {
    let documents = parse_documents("yaml", text).map_err(|error| diagnostics::yaml(&error, path))?;
    let documents = expand_lists(documents).map_err(|error| diagnostics::yaml_list(&error, path))?;
    let count = documents.len();
    let mut documents = documents.into_iter();
    match (documents.next(), documents.next()) {
        (Some(document), None) => Ok(document.value),
        (None, _) => Err(Diagnostic::error(
            "The YAML holds no document",
            "One object is expected in `yaml`; there are only comments or nothing at all.",
        )
        .at(path.clone())
        .into()),
        (Some(_), Some(second)) => Err(Diagnostic::error(
            "The YAML holds more than one document",
            format!(
                "One object is expected in `yaml`, and there are {count}; the second begins on line {}. Use \
                 `mlops_manifests` for several objects in one resource, or one `mlops_manifest` for each.",
                second.line
            ),
        )
        .at(path.clone())
        .into()),
    }
}

fn without_nulls(json: Json) -> Json {
    match json {
        Json::Object(fields) => {
            let set = fields.into_iter().filter(|(_, value)| !value.is_null());
            Json::Object(set.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Json::Array(elements) => Json::Array(elements.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

impl Input {
    /// The kind, if it is known.
    pub(super) fn kind(&self) -> Option<&str> {
        match self {
            Self::Known(manifest) => Some(&manifest.key().kind),
            Self::Unknown(partial) => partial.kind.as_deref(),
        }
    }

    /// Whether the configuration means another object than the one that exists. A part of the identity that is not
    /// known yet counts as another one, as Terraform has it for every attribute that forces a replacement.
    pub(super) fn names_another_object(&self, existing: &ObjectKey) -> bool {
        let partial = match self {
            Self::Known(manifest) => &PartialKey::from(manifest.key().clone()),
            Self::Unknown(partial) => partial,
        };
        let group = |api_version: &str| api_version.split_once('/').map(|(group, _)| group.to_owned());
        let same_group = partial.api_version.as_deref().map(group) == Some(group(&existing.api_version));
        let same_namespace = match &partial.namespace {
            // The server puts an object that names no namespace into this one; objects of the cluster have none.
            PartialNamespace::Unset => existing
                .namespace
                .as_deref()
                .is_none_or(|namespace| namespace == "default"),
            PartialNamespace::Named(name) => existing.namespace.as_ref() == Some(name),
            PartialNamespace::Unknown => false,
        };
        !same_group
            || !same_namespace
            || partial.kind.as_ref() != Some(&existing.kind)
            || partial.name.as_ref() != Some(&existing.name)
    }
}

impl From<ObjectKey> for PartialKey {
    fn from(key: ObjectKey) -> Self {
        Self {
            api_version: Some(key.api_version),
            kind: Some(key.kind),
            name: Some(key.name),
            namespace: key
                .namespace
                .map_or(PartialNamespace::Unset, PartialNamespace::Named),
        }
    }
}

impl PartialKey {
    fn of(value: &Value) -> Self {
        let text = |value: &Value| {
            if let Value::String(text) = value {
                Some(text.clone())
            } else {
                None
            }
        };
        let metadata = value.attribute("metadata");
        let namespace = metadata.attribute("namespace");
        Self {
            api_version: text(value.attribute("apiVersion")),
            kind: text(value.attribute("kind")),
            name: text(metadata.attribute("name")),
            namespace: match text(namespace) {
                Some(name) => PartialNamespace::Named(name),
                None if metadata.is_unknown() || namespace.is_unknown() => PartialNamespace::Unknown,
                None => PartialNamespace::Unset,
            },
        }
    }
}

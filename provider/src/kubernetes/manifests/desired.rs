//! The objects that the configuration describes, checked and in order.

use std::collections::BTreeMap;

use tfplugin_sdk::{Diagnostic, Diagnostics, Path};

use super::Manifests;
use super::sources::{self, Source};
use crate::kubernetes::diagnostics;
use crate::kubernetes::object::{Manifest, ObjectKey};
use crate::kubernetes::yaml::{expand_lists, parse_documents};

/// One object, and where it came from.
#[derive(Clone, Debug)]
pub(super) struct Desired {
    /// Its name in `objects`.
    pub(super) name: String,
    pub(super) manifest: Manifest,
    /// The attribute that it came by.
    pub(super) path: Path,
}

/// When an object is applied. What others stand on comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Definitions of kinds, and namespaces.
    Foundation,
    /// Everything else.
    Rest,
}

impl Phase {
    pub(super) fn of(key: &ObjectKey) -> Self {
        let foundation =
            key.is("apiextensions.k8s.io", "CustomResourceDefinition") || key.is("", "Namespace");
        if foundation { Self::Foundation } else { Self::Rest }
    }
}

/// The name of an object in `objects`. It leaves the version out, so that an object keeps its name when that changes.
pub(super) fn name_of(key: &ObjectKey) -> String {
    let group = if key.group().is_empty() {
        String::new()
    } else {
        format!(".{}", key.group())
    };
    let namespace = key
        .namespace
        .as_ref()
        .map(|namespace| format!("{namespace}/"))
        .unwrap_or_default();
    format!("{}{group}/{namespace}{}", key.kind, key.name)
}

impl Manifests {
    /// Reads all objects; `None` if the configuration does not tell them yet.
    ///
    /// # Errors
    /// With everything that is wrong in any file, each with file, line and column.
    pub(super) fn desired(&self) -> Result<Option<Vec<Desired>>, Diagnostics> {
        if self.paths.is_unknown() || self.yaml.is_unknown() {
            return Ok(None);
        }
        let mut sources = match self.paths.get() {
            Some(paths) => sources::read(paths)?,
            None => Vec::new(),
        };
        if let Some(text) = self.yaml.get() {
            sources.push(Source {
                name: "yaml".to_owned(),
                text: text.clone(),
                path: Path::attribute("yaml"),
            });
        }
        let mut found = Found::default();
        for source in &sources {
            found.read(source);
        }
        found.problems.ok(Some(found.objects))
    }
}

#[derive(Default)]
struct Found {
    objects: Vec<Desired>,
    /// Where each object stands first.
    places: BTreeMap<String, String>,
    problems: Diagnostics,
}

impl Found {
    fn read(&mut self, source: &Source) {
        let documents = match parse_documents(&source.name, &source.text) {
            Ok(documents) => documents,
            Err(error) => return self.problems.append(diagnostics::yaml(&error, &source.path)),
        };
        let documents = match expand_lists(documents) {
            Ok(documents) => documents,
            Err(error) => return self.problems.append(diagnostics::yaml_list(&error, &source.path)),
        };
        for document in documents {
            let place = format!("{}:{}", source.name, document.line);
            match Manifest::lenient(document.value) {
                Ok(manifest) => self.add(manifest, place, source),
                Err(errors) => {
                    for problem in errors.problems() {
                        let detail = format!("{place}: {problem}.");
                        self.problems
                            .push(Diagnostic::error("Invalid manifest", detail).at(source.path.clone()));
                    }
                }
            }
        }
    }

    fn add(&mut self, manifest: Manifest, place: String, source: &Source) {
        let name = name_of(manifest.key());
        if let Some(first) = self.places.get(&name) {
            let detail = format!(
                "{} stands at {first} and again at {place}. Keep one of them.",
                manifest.key()
            );
            self.problems
                .push(Diagnostic::error("An object stands twice", detail).at(source.path.clone()));
            return;
        }
        self.places.insert(name.clone(), place);
        self.objects.push(Desired {
            name,
            manifest,
            path: source.path.clone(),
        });
    }
}

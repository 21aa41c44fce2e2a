//! What goes wrong with objects, as messages to the user.

use tfplugin_sdk::{Diagnostic, Diagnostics, Path};

use super::error::{ApiError, FieldConflict, Subject};
use super::fields::entries;
use super::object::{ManifestErrors, ObjectKey};
use super::wait::WaitError;
use super::yaml::{ListError, YamlError};

/// A request that failed on behalf of the object `key`.
pub(super) fn api(error: &ApiError, key: &ObjectKey, path: &Path) -> Diagnostics {
    let summary = match error.subject() {
        Subject::Object(_) => error.summary(),
        Subject::Other(_) => format!("{key}: {}", error.summary()),
    };
    Diagnostic::error(summary, sentence(&error.detail()))
        .at(path.clone())
        .into()
}

/// A wait that failed.
pub(super) fn wait(error: &WaitError, path: &Path) -> Diagnostic {
    Diagnostic::error(error.summary(), error.detail()).at(path.clone())
}

/// A manifest that may not be sent.
pub(super) fn manifest(errors: &ManifestErrors, path: &Path) -> Diagnostics {
    let problems = errors.problems().iter();
    problems
        .map(|problem| Diagnostic::error("Invalid manifest", sentence(&problem.to_string())).at(path.clone()))
        .collect()
}

/// YAML that cannot be read.
pub(super) fn yaml(error: &YamlError, path: &Path) -> Diagnostics {
    Diagnostic::error("Invalid YAML", error.to_string())
        .at(path.clone())
        .into()
}

/// A `List` that holds no list.
pub(super) fn yaml_list(error: &ListError, path: &Path) -> Diagnostics {
    Diagnostic::error("Invalid YAML", sentence(&error.to_string()))
        .at(path.clone())
        .into()
}

/// The user interrupted before anything was written.
pub(super) fn interrupted(key: &ObjectKey) -> Diagnostic {
    Diagnostic::error(
        format!("{key}: interrupted"),
        "The operation was interrupted before it changed anything. Run it again.",
    )
}

/// A field that somebody else changed, and that the apply takes back.
pub(super) fn taken_back(field: &FieldConflict, key: &ObjectKey) -> Diagnostic {
    Diagnostic::warning(
        format!("{key}: {:?} changed {}", field.manager, field.field),
        format!(
            "This resource set the field, and the field manager {:?} has changed it since. The apply will set it back. \
             If the other should own it, for example an autoscaler, remove the field from the configuration.",
            field.manager
        ),
    )
}

/// An object of which two dry runs said different things.
pub(super) fn unsteady(key: &ObjectKey, fields: &[String]) -> Diagnostic {
    Diagnostic::warning(
        format!("{key}: the API server does not say the same twice"),
        format!(
            "Two dry runs of the same apply differ in: {}. An admission webhook sets something else each time. `object` is \
             known after the apply.",
            fields.join(", ")
        ),
    )
}

/// An object that became another one than the dry run of the plan had said.
pub(super) fn broken_promise(key: &ObjectKey, fields: &[String]) -> Diagnostic {
    Diagnostic::warning(
        format!("{key}: the API server stored something else than it had said"),
        format!(
            "The dry run of the plan and the apply differ in: {}. An admission webhook may treat dry runs in another way, \
             or somebody changed the object at once. The state holds what was planned until the next plan reads what is \
             there.",
            fields.join(", ")
        ),
    )
}

/// An object that is there before it is created.
pub(super) fn exists(live: &serde_json::Value, key: &ObjectKey) -> Diagnostic {
    let mut managers: Vec<_> = entries(live)
        .unwrap_or_default()
        .into_iter()
        .map(|entry| format!("{:?}", entry.manager))
        .collect();
    managers.sort();
    managers.dedup();
    let owners = match managers.as_slice() {
        [] => "Nobody is recorded as the owner of its fields.".to_owned(),
        managers => format!("Its fields are owned by: {}.", managers.join(", ")),
    };
    let id = ObjectKey::of(live).unwrap_or_else(|| key.clone()).import_id();
    Diagnostic::error(
        format!("{key}: the object exists already"),
        format!(
            "This resource would create it, and it will not take over what it did not make. {owners}\n\nTo manage the \
             existing object, import it:\n\n  terraform import ADDRESS '{id}'\n\nor write an `import` block with that id. \
             Otherwise choose another name, or delete the object."
        ),
    )
}

/// Text of an error as a sentence.
fn sentence(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

//! `mlops_manifest`: one Kubernetes object.

mod identity;
mod import;
mod input;
mod plan;
mod resource;

use std::collections::BTreeMap;

use tfplugin_sdk::model::{
    Block, Computed, Dynamic, Optional, OptionalComputed, Sensitive, Timeouts, WriteOnly,
};
use tfplugin_sdk::{Resource, validators};

use super::options::{DEFAULT_FIELD_MANAGER, Wait};

/// One Kubernetes object, applied by server-side apply.
///
/// The object is written as an HCL value (`manifest`) or as YAML (`yaml`). What the server would store is asked of the
/// server itself while planning, so that defaults and admission webhooks show in the plan. Only fields that this
/// resource sets are watched for changes: what others set on the same object is theirs. A field that somebody else
/// changed is shown in the plan and taken back by the apply; a field that somebody else owned before is a conflict,
/// and an error that names the owner.
#[derive(Clone, Resource)]
#[resource(name = "manifest")]
pub struct Manifest {
    /// The object as an HCL value, in the form of a manifest: `apiVersion`, `kind`, `metadata` and the rest. Exactly
    /// one of `manifest` and `yaml` is required. A change of the kind, the name or the namespace replaces the object,
    /// and so does a change of a field that Kubernetes does not let change.
    pub manifest: Optional<Dynamic>,
    /// The object as YAML of one document, read as kubectl reads it.
    pub yaml: Optional<String>,
    /// Contents of a Secret, by key, that reach neither plan nor state. They are sent when `data_wo_version` changes,
    /// and on creation.
    pub data_wo: WriteOnly<BTreeMap<String, Sensitive<String>>>,
    /// Version of `data_wo`. Raise it whenever the contents change.
    pub data_wo_version: Optional<i64>,
    /// Name under which the fields of the object are owned.
    #[attr(default = DEFAULT_FIELD_MANAGER.to_owned(), validate = validators::length(1, 128))]
    pub field_manager: OptionalComputed<String>,
    /// What happens on deletion to the objects that this object owns.
    #[attr(validate = validators::one_of(&["Background", "Foreground", "Orphan"]))]
    #[attr(default = "Background".to_owned())]
    pub propagation_policy: OptionalComputed<String>,
    /// What to wait for after the object is applied.
    pub wait: Optional<Wait>,
    /// The part of the object that this resource owns, as the server stores it. The contents of a Secret are left
    /// out, and the schemas of a CustomResourceDefinition are shown as their sha256.
    pub object: Computed<Dynamic>,
    /// How long operations may take. The default is `10m` each.
    pub timeouts: Block<Timeouts>,
}

//! `mlops_manifests`: many objects from files of YAML, ordered and pruned.

mod apply;
mod desired;
mod plan;
mod resource;
mod sources;
mod stored;

use tfplugin_sdk::model::{Block, Computed, Dynamic, Optional, OptionalComputed, Timeouts};
use tfplugin_sdk::{Resource, validators};

use super::options::{DEFAULT_FIELD_MANAGER, Wait};

/// Kubernetes objects from files, folders and patterns of YAML, as one resource.
///
/// Definitions of kinds and namespaces are applied first, and the rest when these are established. An object that is
/// no longer in the files is deleted. The plan shows each object by itself, as the server would store it. Fields that
/// only a server writes (`status`, `metadata.uid` and the like), which exported files hold, are left out.
#[derive(Clone, Resource)]
#[resource(name = "manifests")]
pub struct Manifests {
    /// Files, folders and patterns. Of a folder the files that end in `.yaml`, `.yml` or `.json` are read, not those
    /// of the folders in it; a pattern such as `manifests/**/*.yaml` names these. Relative paths start where Terraform
    /// runs: write `${path.module}/manifests`.
    #[attr(validate = validators::length(1, usize::MAX))]
    pub paths: Optional<Vec<String>>,
    /// Objects as YAML of any number of documents, for example the result of `templatefile`.
    pub yaml: Optional<String>,
    /// Name under which the fields of the objects are owned.
    #[attr(default = DEFAULT_FIELD_MANAGER.to_owned(), validate = validators::length(1, 128))]
    pub field_manager: OptionalComputed<String>,
    /// What happens on deletion to the objects that these objects own.
    #[attr(validate = validators::one_of(&["Background", "Foreground", "Orphan"]))]
    #[attr(default = "Background".to_owned())]
    pub propagation_policy: OptionalComputed<String>,
    /// What to wait for after the objects are applied. Conditions and fields apply to every object.
    pub wait: Optional<Wait>,
    /// The objects by kind, namespace and name, for example `Deployment.apps/shop/web`: of each the part that this
    /// resource owns, as the server stores it. The contents of Secrets are left out, and the schemas of
    /// CustomResourceDefinitions are shown as their sha256.
    pub objects: Computed<Dynamic>,
    /// How long operations may take, all objects together. The default is `10m` each.
    pub timeouts: Block<Timeouts>,
}

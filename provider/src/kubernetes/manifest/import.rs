//! Taking over an object that exists.

use serde_json::json;
use tfplugin_sdk::model::{Block, Computed, Dynamic, Optional, WriteOnly};
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Import};

use super::Manifest;
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::object::{ImportIdError, ObjectKey};
use crate::kubernetes::options::DEFAULT_FIELD_MANAGER;

impl Import for Manifest {
    async fn import(_: &mut Context<Cluster>, id: &str) -> Result<Self, Diagnostics> {
        let invalid = |error: ImportIdError| Diagnostic::error("Invalid import id", format!("{error}."));
        Ok(Self::of(id.parse().map_err(invalid)?))
    }
}

impl Manifest {
    /// The state of an object of which no more is known than which one it is.
    pub(super) fn of(key: ObjectKey) -> Self {
        let mut object =
            json!({"apiVersion": key.api_version, "kind": key.kind, "metadata": {"name": key.name}});
        if let Some(namespace) = key.namespace {
            object["metadata"]["namespace"] = namespace.into();
        }
        Self {
            manifest: Optional::null(),
            yaml: Optional::null(),
            data_wo: WriteOnly::null(),
            data_wo_version: Optional::null(),
            field_manager: DEFAULT_FIELD_MANAGER.into(),
            propagation_policy: "Background".into(),
            wait: Optional::null(),
            object: Computed::known(Dynamic::from_json(&object)),
            timeouts: Block(None),
        }
    }
}

//! What tells an object from all others of its cluster.

use tfplugin_sdk::model::{Field, ModelError, Optional, Required};
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Identify, Identity};

use super::Manifest;
use super::input::{Input, PartialKey, PartialNamespace};
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::object::ObjectKey;

/// One object of a cluster.
#[derive(Clone, Identity)]
pub struct ObjectIdentity {
    /// Version of the API, such as `v1` or `apps/v1`.
    api_version: Required<String>,
    /// Kind of the object, such as `Deployment`.
    kind: Required<String>,
    /// Namespace of the object. An object of the cluster has none.
    namespace: Optional<String>,
    /// Name of the object.
    name: Required<String>,
}

impl Identify for Manifest {
    type Identity = ObjectIdentity;

    /// An object stays what it is when it is asked for by another version of its API.
    const MUTABLE: bool = true;

    fn identity(&self) -> Result<ObjectIdentity, ModelError> {
        let object = self.object.get().and_then(|object| object.to_json().ok());
        if let Some(key) = object.as_ref().and_then(ObjectKey::of) {
            return Ok(key.into());
        }
        Ok(match self.input() {
            Ok(Input::Known(desired)) => PartialKey::from(desired.key().clone()).into(),
            Ok(Input::Unknown(partial)) => partial.into(),
            // Validation has told the user.
            Err(_) => PartialKey::default().into(),
        })
    }

    async fn import_by_identity(
        _: &mut Context<Cluster>,
        identity: ObjectIdentity,
    ) -> Result<Self, Diagnostics> {
        let given = |field: &'static str, value: &Required<String>| {
            let text = value.require()?;
            if text.is_empty() {
                let detail = format!("`{field}` is empty, and an object has one.");
                return Err(Diagnostics::from(Diagnostic::error(
                    "Invalid import identity",
                    detail,
                )));
            }
            Ok(text.clone())
        };
        Ok(Self::of(ObjectKey {
            api_version: given("api_version", &identity.api_version)?,
            kind: given("kind", &identity.kind)?,
            name: given("name", &identity.name)?,
            namespace: identity
                .namespace
                .into_option()
                .filter(|namespace| !namespace.is_empty()),
        }))
    }
}

/// Of an object that is there.
impl From<ObjectKey> for ObjectIdentity {
    fn from(key: ObjectKey) -> Self {
        Self {
            api_version: key.api_version.into(),
            kind: key.kind.into(),
            namespace: key.namespace.into(),
            name: key.name.into(),
        }
    }
}

/// Of an object that is planned. Where the configuration names no namespace, the server decides whether there is one.
impl From<PartialKey> for ObjectIdentity {
    fn from(key: PartialKey) -> Self {
        fn known_or_not<U>(text: Option<String>) -> Field<String, U> {
            text.map_or_else(Field::unknown, Field::known)
        }
        Self {
            api_version: known_or_not(key.api_version),
            kind: known_or_not(key.kind),
            namespace: match key.namespace {
                PartialNamespace::Named(name) => name.into(),
                PartialNamespace::Unknown | PartialNamespace::Unset => Optional::unknown(),
            },
            name: known_or_not(key.name),
        }
    }
}

//! What tells one thing from another: users import by it, lists name things by it, and it never changes.

use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Attributes, Members, ModelError};
use crate::resource::Resource;

/// The values by which one thing of a kind is told from all others. Implemented by the derive of the same name.
///
/// Its fields are [`Required`](crate::model::Required) where an import must give them, and
/// [`Optional`](crate::model::Optional) where it may. They hold text, numbers, truth values, or lists of these.
pub trait Identity: Members {
    /// The version of its schema.
    const VERSION: i64;
}

/// A resource whose things have an identity.
///
/// Where the identity's fields are attributes of the resource as well, by the same names and types, nothing needs to be
/// written: `impl Identify for Card { type Identity = CardIdentity; }`.
pub trait Identify: Resource {
    /// The identity.
    type Identity: Identity;

    /// Whether an update may change the identity. Terraform takes a change for a mistake where it is not said.
    const MUTABLE: bool = false;

    /// The identity of a thing in this state. What is unknown in the state may be unknown here.
    ///
    /// # Errors
    /// When the state does not hold it.
    fn identity(&self) -> Result<Self::Identity, ModelError> {
        Self::Identity::from_attributes(Attributes::of(self.clone().into_value())?)
    }

    /// The state that [`Resource::read`] needs to read the rest. Fill in what an import may leave out: the identity that
    /// is read afterwards must be the one of this state.
    fn import_by_identity(
        _context: &mut Context<Self::Client>,
        identity: Self::Identity,
    ) -> impl Future<Output = Result<Self, Diagnostics>> + Send {
        let state = Self::from_attributes(Attributes::known(identity.into_attributes()));
        std::future::ready(state.map_err(|error| Diagnostic::from(error).into()))
    }
}

/// A resource whose identity has changed its form since it was first published.
pub trait UpgradeIdentity: Identify {
    /// Brings an identity that was stored by version `version` of its schema into the form of the current one.
    ///
    /// # Errors
    /// When the identity is not what that version stored.
    fn upgrade_identity(version: i64, identity: serde_json::Value) -> Result<serde_json::Value, Diagnostics>;
}

//! What tells files apart, and how one that is there already is taken over: by its path, as an id or as an identity.

use tfplugin_sdk::model::Required;
use tfplugin_sdk::{Context, Diagnostics, Identify, Identity, Import};

use super::{Root, TextFile};

/// What tells files apart.
#[derive(Clone, Identity)]
pub(crate) struct FileIdentity {
    /// Where it is: relative to the provider's `root`, or absolute and inside of it.
    path: Required<String>,
}

/// The field is an attribute of the resource by the same name, so that nothing needs to be written.
impl Identify for TextFile {
    type Identity = FileIdentity;
}

/// Reading fills in the rest, and says whether there is a file.
impl Import for TextFile {
    async fn import(_: &mut Context<Root>, id: &str) -> Result<Self, Diagnostics> {
        Ok(Self::at(id))
    }
}

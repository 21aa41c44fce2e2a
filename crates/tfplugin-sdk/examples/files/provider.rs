//! The provider: its configuration, and the list of what it offers.

use std::path;

use tfplugin_sdk::model::Required;
use tfplugin_sdk::{Diagnostic, Diagnostics, Offer, Provider, validators};

use super::copy::CopyFiles;
use super::directory::Directory;
use super::entries::Entries;
use super::file::{TextFile, TextFiles};
use super::functions::{Checksum, JoinPath};
use super::root::Root;
use super::states::States;
use super::temporary::TemporaryFile;

/// Manages files and directories below one directory.
#[derive(Clone, Provider)]
#[provider(name = "files")]
pub(crate) struct Files {
    /// The directory that everything is in. Nothing outside of it is read or written.
    #[attr(validate = validators::length(1, 4096))]
    root: Required<String>,
}

impl Provider for Files {
    type Client = Root;

    async fn configure(self) -> Result<Root, Diagnostics> {
        // While planning it may not be known yet, and nothing is looked up before it is needed.
        let Some(root) = self.root.into_option() else {
            return Ok(Root::unknown());
        };
        let absolute = path::absolute(&root).map_err(|error| {
            Diagnostic::error(
                "The root is no path",
                format!("{root:?} has no absolute form: {error}."),
            )
            .at("root")
        })?;
        Ok(Root::at(absolute))
    }

    fn offer(offer: &mut Offer<Root>) {
        let file = offer.resource::<TextFile>();
        file.plan().import().identify().upgrade().take_over();
        offer.resource::<Directory>().plan().import().identify();
        offer.data_source::<Entries>();
        offer.ephemeral_resource::<TemporaryFile>().close();
        offer.function::<Checksum>();
        offer.function::<JoinPath>();
        offer.list_resource::<TextFiles>();
        offer.action::<CopyFiles>().plan();
        offer.state_store::<States>().lock();
    }
}

//! The data source `files_directory`: what is in a directory.

use tfplugin_sdk::model::{Computed, Optional};
use tfplugin_sdk::{Context, DataSource, Deferral, Diagnostics};

use super::disk::{self, failed};
use super::root::{Root, inner_path};

/// The files in a directory.
#[derive(Clone, DataSource)]
#[data_source(name = "directory")]
pub(crate) struct Entries {
    /// The directory, relative to the provider's `root`. Default: the root itself.
    #[attr(validate = inner_path())]
    path: Optional<String>,
    /// What their names end in, for example `.txt`.
    suffix: Optional<String>,
    /// Their names, in alphabetical order.
    names: Computed<Vec<String>>,
}

impl DataSource for Entries {
    type Client = Root;

    async fn read(context: &mut Context<Root>, mut config: Self) -> Result<Self, Diagnostics> {
        if !context.client().is_known() && context.can_defer() {
            context.defer(Deferral::ProviderConfigUnknown);
            config.names = Computed::unknown();
            return Ok(config);
        }
        let path = context.client().directory("path", &config.path)?;
        let suffix = config.suffix.get().map_or("", String::as_str);
        let names = disk::names(&path, suffix).map_err(|error| failed("list", &path)(error).at("path"))?;
        config.names = names.into();
        Ok(config)
    }
}

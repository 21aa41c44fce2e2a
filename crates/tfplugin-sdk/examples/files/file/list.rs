//! Files that are there, whether Terraform manages them or not: `list "files_file"` of `terraform query`.

use tfplugin_sdk::model::Optional;
use tfplugin_sdk::{Context, Diagnostics, ListResource, Listing, Resource as _};

use super::{Root, TextFile, disk, failed, inner_path};

/// Finds the files in a directory.
#[derive(Clone, ListResource)]
pub(crate) struct TextFiles {
    /// The directory, relative to the provider's `root`. Default: the root itself.
    #[attr(validate = inner_path())]
    directory: Optional<String>,
    /// What their names end in, for example `.txt`.
    suffix: Optional<String>,
}

impl ListResource for TextFiles {
    type Resource = TextFile;

    async fn list(
        context: &mut Context<Root>,
        query: Self,
        listing: &Listing<TextFile>,
    ) -> Result<(), Diagnostics> {
        let place = context.client().directory("directory", &query.directory)?;
        let suffix = query.suffix.into_option().unwrap_or_default();
        let names = disk::names(&place, &suffix).map_err(failed("list", &place))?;
        for name in names {
            let mut file = TextFile::at(match query.directory.get() {
                Some(directory) => format!("{}/{name}", directory.trim_end_matches('/')),
                None => name.clone(),
            });
            if listing.with_resource() {
                // One that has gone in the meantime is not found.
                let Some(read) = TextFile::read(context, file).await? else {
                    continue;
                };
                file = read;
            }
            if listing.add(name, file).await.is_break() {
                break;
            }
        }
        Ok(())
    }
}

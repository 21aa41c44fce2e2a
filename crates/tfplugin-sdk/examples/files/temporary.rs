//! The ephemeral resource `files_temporary_file`: a file for a program that takes a secret in no other way.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tfplugin_sdk::model::{Computed, Required, Sensitive};
use tfplugin_sdk::{Close, Context, Diagnostic, Diagnostics, EphemeralResource, Opened};

use super::disk::{self, failed};
use super::root::Root;

/// A file outside of the provider's `root` that only its owner can read. It is there while Terraform needs it, and neither
/// its place nor its content is stored.
#[derive(Clone, EphemeralResource)]
#[ephemeral_resource(name = "temporary_file")]
pub(crate) struct TemporaryFile {
    /// What is in it.
    content: Required<Sensitive<String>>,
    /// Where it is.
    path: Computed<String>,
}

impl EphemeralResource for TemporaryFile {
    type Client = Root;

    async fn open(context: &mut Context<Root>, mut config: Self) -> Result<Opened<Self>, Diagnostics> {
        let path = write(config.content.require()?.expose()).map_err(|error| {
            let detail = format!("The operating system says: {error}.");
            Diagnostic::error("Failed to write a temporary file", detail)
        })?;
        let path = path.to_string_lossy().into_owned();
        // Nothing else of it is there any more when it is closed.
        context.private.set("path", path.as_str());
        config.path = path.into();
        Ok(config.into())
    }
}

impl Close for TemporaryFile {
    async fn close(context: &mut Context<Root>) -> Result<(), Diagnostics> {
        let path = context.private.text("path").map(Path::new);
        if let Some(path) = path {
            disk::remove(path).map_err(failed("remove", path))?;
        }
        Ok(())
    }
}

/// A file that is removed again if it cannot be written.
fn write(content: &str) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new().prefix("files-").tempfile()?;
    file.write_all(content.as_bytes())?;
    let (_, path) = file.keep()?;
    Ok(path)
}

//! The resource `files_directory`.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use tfplugin_sdk::model::Required;
use tfplugin_sdk::{
    Change, Context, Diagnostics, Failure, Identify, Identity, Import, Plan, Planned, Resource,
};

use super::disk::failed;
use super::root::{Root, inner_path};

/// A directory. Only an empty one is deleted.
#[derive(Clone, Debug, Resource)]
#[resource(name = "directory")]
pub(crate) struct Directory {
    /// Where it is, relative to the provider's `root`. Changing it makes a new directory.
    #[attr(replace, validate = inner_path())]
    path: Required<String>,
}

impl Resource for Directory {
    type Client = Root;

    async fn create(context: &mut Context<Root>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        let path = context.client().resolve("path", &planned.path)?;
        fs::create_dir(&path).map_err(|error| failed("create", &path)(error).at("path"))?;
        Ok(planned)
    }

    async fn read(context: &mut Context<Root>, state: Self) -> Result<Option<Self>, Diagnostics> {
        let path = context.client().resolve("path", &state.path)?;
        let exists = exists(&path).map_err(failed("look at", &path))?;
        Ok(exists.then_some(state))
    }

    /// Never called: the only attribute replaces the directory.
    async fn update(_: &mut Context<Root>, _: Self, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned)
    }

    async fn delete(context: &mut Context<Root>, state: Self) -> Result<(), Failure<Self>> {
        let path = context.client().resolve("path", &state.path)?;
        match fs::remove_dir(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => Ok(removed.map_err(failed("remove", &path))?),
        }
    }
}

fn exists(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Ok(metadata) if !metadata.is_dir() => Err(io::Error::other("it is not a directory")),
        metadata => metadata.map(|_| true),
    }
}

impl Plan for Directory {
    async fn plan(context: &mut Context<Root>, change: Change<Self>) -> Result<Planned<Self>, Diagnostics> {
        context.client().check("path", &change.proposed.path)?;
        Ok(change.proposed.into())
    }
}

/// What tells directories apart.
#[derive(Clone, Identity)]
pub(crate) struct DirectoryIdentity {
    /// Where it is, relative to the provider's `root`.
    path: Required<String>,
}

impl Identify for Directory {
    type Identity = DirectoryIdentity;
}

impl Import for Directory {
    async fn import(_: &mut Context<Root>, id: &str) -> Result<Self, Diagnostics> {
        Ok(Self { path: id.into() })
    }
}

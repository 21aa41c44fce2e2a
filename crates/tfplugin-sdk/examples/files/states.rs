//! The state store `files_directory`: the state of each workspace is a file, and its lock is another one.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tfplugin_sdk::model::Required;
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, LockStates, Locking, StateLock, StateStore};

use super::disk::{self, Write, failed};
use super::root::{Root, inner_path};

/// What only its owner may read: states hold secrets.
const MODE: u32 = 0o600;

/// Keeps the states of Terraform in a directory.
#[derive(Clone, StateStore)]
#[state_store(name = "directory")]
pub(crate) struct States {
    /// The directory, relative to the provider's `root`. It must exist.
    #[attr(validate = inner_path())]
    path: Required<String>,
}

/// The directory of an open store.
#[derive(Debug)]
pub(crate) struct Place(PathBuf);

impl Place {
    /// The file of a workspace, whose name must not lead anywhere else.
    fn file(&self, id: &str, extension: &str) -> Result<PathBuf, Diagnostic> {
        let harmless = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        if id.is_empty() || !id.chars().all(harmless) {
            let detail =
                format!("A workspace named {id:?} cannot be a file. Use letters, digits, `-` and `_`.");
            return Err(Diagnostic::error("Invalid name of a workspace", detail));
        }
        Ok(self.0.join(format!("{id}.{extension}")))
    }
}

impl StateStore for States {
    type Client = Root;
    type Store = Place;

    async fn open(context: &mut Context<Root>, config: Self) -> Result<Place, Diagnostics> {
        let path = context.client().directory("path", &config.path)?;
        if !path.is_dir() {
            let detail = format!("{} is no directory. Create it first.", path.display());
            return Err(Diagnostic::error("There is no such directory", detail)
                .at("path")
                .into());
        }
        Ok(Place(path))
    }

    async fn read(context: &mut Context<Place>, id: &str) -> Result<Option<Vec<u8>>, Diagnostics> {
        let path = context.client().file(id, "tfstate")?;
        match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            state => Ok(Some(state.map_err(failed("read", &path))?)),
        }
    }

    async fn write(context: &mut Context<Place>, id: &str, state: Vec<u8>) -> Result<(), Diagnostics> {
        let path = context.client().file(id, "tfstate")?;
        disk::write(&path, &state, MODE, Write::Replace).map_err(failed("write", &path))?;
        Ok(())
    }

    async fn list(context: &mut Context<Place>) -> Result<Vec<String>, Diagnostics> {
        let place = &context.client().0;
        let names = disk::names(place, ".tfstate").map_err(failed("list", place))?;
        let ids = names.iter().filter_map(|name| name.strip_suffix(".tfstate"));
        Ok(ids.map(str::to_owned).collect())
    }

    async fn delete(context: &mut Context<Place>, id: &str) -> Result<(), Diagnostics> {
        let path = context.client().file(id, "tfstate")?;
        Ok(fs::remove_file(&path).map_err(failed("remove", &path))?)
    }
}

impl LockStates for States {
    async fn lock(context: &mut Context<Place>, id: &str, lock: StateLock) -> Result<Locking, Diagnostics> {
        let path = context.client().file(id, "lock")?;
        let text = serde_json::to_vec(&lock).map_err(|error| Diagnostic::bug(error.to_string()))?;
        // It appears whole or not at all, and never in place of another's.
        match disk::write(&path, &text, MODE, Write::New) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Locking::HeldBy(held(&path)?)),
            written => {
                written.map_err(failed("write", &path))?;
                Ok(Locking::Taken(lock.id))
            }
        }
    }

    async fn unlock(context: &mut Context<Place>, id: &str, lock_id: &str) -> Result<(), Diagnostics> {
        let path = context.client().file(id, "lock")?;
        let held = held(&path)?;
        if held.id != lock_id {
            let detail = format!("The lock of {id:?} is {}, and not {lock_id}.", held.id);
            return Err(Diagnostic::error("Another lock is held", detail).into());
        }
        Ok(disk::remove(&path).map_err(failed("remove", &path))?)
    }
}

fn held(path: &Path) -> Result<StateLock, Diagnostic> {
    let read = || serde_json::from_slice(&fs::read(path)?).map_err(io::Error::from);
    read().map_err(failed("read", path))
}

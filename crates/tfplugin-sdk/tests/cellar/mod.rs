//! A provider that keeps states as files in a folder: written in one step, and locked by files that must not exist yet.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tfplugin_sdk::model::{Optional, Required};
use tfplugin_sdk::{
    Context, Diagnostic, Diagnostics, LockStates, Locking, Offer, Provider, StateLock, StateStore, validators,
};

/// Keeps things.
#[derive(Clone, Provider)]
#[provider(name = "cellar")]
pub(crate) struct Cellar {}

impl Provider for Cellar {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.state_store::<Folder>().lock();
        offer.state_store::<Careless>().lock();
    }
}

/// A folder of states.
#[derive(Clone, StateStore)]
#[state_store(name = "folder")]
pub(crate) struct Folder {
    /// Its path. The folder must exist.
    #[attr(validate = validators::length(1, 4096))]
    path: Required<String>,
}

/// An open folder.
pub(crate) struct Shelf(PathBuf);

impl Shelf {
    /// The file of a state. An id is part of a path here, and must not lead out of the folder.
    fn file(&self, id: &str, extension: &str) -> Result<PathBuf, Diagnostics> {
        let harmless = |character: char| character.is_ascii_alphanumeric() || "-_%~+=@".contains(character);
        if id.is_empty() || !id.chars().all(harmless) {
            let detail = format!("A workspace named {id:?} cannot be a file. Use letters, digits, - and _.");
            return Err(Diagnostic::error("Invalid name of a state", detail).into());
        }
        Ok(self.0.join(format!("{id}.{extension}")))
    }

    fn held(path: &Path) -> Result<StateLock, Diagnostics> {
        let text = fs::read(path).map_err(failed("read", path))?;
        let lock = serde_json::from_slice(&text);
        lock.map_err(|error| failed("read", path)(error.into()))
    }
}

fn failed(action: &'static str, path: &Path) -> impl Fn(io::Error) -> Diagnostics + use<> {
    let path = path.to_owned();
    move |error| {
        let detail = format!("Failed to {action} {}: {error}.", path.display());
        Diagnostic::error("The state store is in trouble", detail).into()
    }
}

impl StateStore for Folder {
    type Client = ();
    type Store = Shelf;

    fn validate(config: &Self, diagnostics: &mut Diagnostics) {
        if config.path.get().is_some_and(|path| !path.starts_with('/')) {
            let detail = "A relative path depends on where Terraform is started.";
            diagnostics.push(Diagnostic::error("The path is not absolute", detail).at("path"));
        }
    }

    async fn open(context: &mut Context<()>, config: Self) -> Result<Shelf, Diagnostics> {
        let path = PathBuf::from(config.path.into_option().unwrap_or_default());
        if !path.is_dir() {
            let detail = format!("{} is no folder. Make it first.", path.display());
            return Err(Diagnostic::error("There is no such folder", detail)
                .at("path")
                .into());
        }
        if path.join("damp").exists() {
            context.warn(Diagnostic::warning(
                "It is damp",
                "Do not keep anything here for long.",
            ));
        }
        Ok(Shelf(path))
    }

    async fn read(context: &mut Context<Shelf>, id: &str) -> Result<Option<Vec<u8>>, Diagnostics> {
        let path = context.client().file(id, "tfstate")?;
        match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            state => state.map(Some).map_err(failed("read", &path)),
        }
    }

    async fn write(context: &mut Context<Shelf>, id: &str, state: Vec<u8>) -> Result<(), Diagnostics> {
        let (path, new) = (
            context.client().file(id, "tfstate")?,
            context.client().file(id, "new")?,
        );
        let store = || {
            let mut file = File::create(&new)?;
            file.write_all(&state)?;
            file.sync_all()?;
            fs::rename(&new, &path)
        };
        store().map_err(failed("write", &path))
    }

    async fn list(context: &mut Context<Shelf>) -> Result<Vec<String>, Diagnostics> {
        let folder = &context.client().0;
        let mut ids = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
            let name = entry.map_err(failed("read", folder))?.file_name();
            let name = name.to_string_lossy();
            ids.extend(name.strip_suffix(".tfstate").map(str::to_owned));
        }
        ids.sort();
        Ok(ids)
    }

    async fn delete(context: &mut Context<Shelf>, id: &str) -> Result<(), Diagnostics> {
        let path = context.client().file(id, "tfstate")?;
        fs::remove_file(&path).map_err(failed("remove", &path))
    }
}

impl LockStates for Folder {
    async fn lock(context: &mut Context<Shelf>, id: &str, lock: StateLock) -> Result<Locking, Diagnostics> {
        let path = context.client().file(id, "lock")?;
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => {
                serde_json::to_writer(file, &lock).map_err(|error| failed("write", &path)(error.into()))?;
                Ok(Locking::Taken(lock.id))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Shelf::held(&path).map(Locking::HeldBy),
            Err(error) => Err(failed("write", &path)(error)),
        }
    }

    async fn unlock(context: &mut Context<Shelf>, id: &str, lock_id: &str) -> Result<(), Diagnostics> {
        let path = context.client().file(id, "lock")?;
        let held = Shelf::held(&path)?;
        if held.id != lock_id {
            let detail = format!("The lock of {id:?} is {}, and not {lock_id}.", held.id);
            return Err(Diagnostic::error("Another lock is held", detail).into());
        }
        fs::remove_file(&path).map_err(failed("remove", &path))
    }
}

/// A store that makes mistakes: what it does is in the id of the state.
#[derive(Clone, StateStore)]
#[state_store(name = "careless")]
pub(crate) struct Careless {
    /// What it does wrong when it is opened.
    fault: Optional<String>,
}

impl StateStore for Careless {
    type Client = ();
    type Store = ();

    async fn open(_: &mut Context<()>, config: Self) -> Result<(), Diagnostics> {
        match config.fault.get().map(String::as_str) {
            Some("panic") => unreachable!("it fell over"),
            Some(_) => Err(Diagnostic::error("It does not open", "It is stuck.").into()),
            None => Ok(()),
        }
    }

    async fn read(context: &mut Context<()>, id: &str) -> Result<Option<Vec<u8>>, Diagnostics> {
        match id {
            "panic" => unreachable!("it fell over"),
            "huge" => Ok(Some(vec![7; (256 << 20) + 1])),
            "hollow" => {
                context.warn(Diagnostic::warning("It is hollow", "There is nothing in it."));
                Ok(None)
            }
            _ => {
                context.warn(Diagnostic::warning("It rattles", "Something is loose."));
                Ok(Some(b"rattle".to_vec()))
            }
        }
    }

    async fn write(_: &mut Context<()>, id: &str, _: Vec<u8>) -> Result<(), Diagnostics> {
        Err(Diagnostic::error("It is full", format!("There is no room for {id}.")).into())
    }

    async fn list(_: &mut Context<()>) -> Result<Vec<String>, Diagnostics> {
        Err(Diagnostic::error("It is dark", "Nothing can be seen.").into())
    }

    async fn delete(_: &mut Context<()>, id: &str) -> Result<(), Diagnostics> {
        Err(Diagnostic::error("It is stuck", format!("{id} cannot be moved.")).into())
    }
}

impl LockStates for Careless {
    async fn lock(_: &mut Context<()>, _: &str, _: StateLock) -> Result<Locking, Diagnostics> {
        Ok(Locking::Taken(String::new()))
    }

    async fn unlock(_: &mut Context<()>, _: &str, _: &str) -> Result<(), Diagnostics> {
        Err(Diagnostic::error("It is jammed", "The key does not turn.").into())
    }
}

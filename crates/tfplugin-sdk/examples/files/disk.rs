//! What is done on disk, and how its failures are told. Nothing in here knows Terraform's values.
//!
//! Files are small and local, so that these calls are made directly; what takes longer belongs into `spawn_blocking`.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tfplugin_sdk::Diagnostic;

/// What the names of files begin with that are still being written.
const UNFINISHED: &str = ".files-";

/// Whether there may be a file already.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Write {
    New,
    Replace,
}

/// A file that is there.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) mode: u32,
    /// Another one after every change.
    pub(crate) stamp: String,
}

/// Writes a file in one step: whoever reads meanwhile finds the old content or the new one, and never half of it.
pub(crate) fn write(path: &Path, content: &[u8], mode: u32, how: Write) -> io::Result<Found> {
    let directory = path.parent().unwrap_or(path);
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(directory)?;
    file.write_all(content)?;
    file.as_file().set_permissions(Permissions::from_mode(mode))?;
    file.as_file().sync_all()?;
    let file = match how {
        Write::New => file.persist_noclobber(path)?,
        Write::Replace => file.persist(path)?,
    };
    Ok(found(&file.metadata()?))
}

/// Copies a file in one step.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mode = fs::metadata(from)?.mode();
    write(to, &fs::read(from)?, mode, Write::Replace).map(drop)
}

/// Looks at a file; `None` if there is none.
pub(crate) fn look(path: &Path) -> io::Result<Option<Found>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        metadata => Ok(Some(found(&metadata?))),
    }
}

/// Sets the permissions of a file.
pub(crate) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Removes a file. That it is gone already is as good.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// The names of the files in a directory that end in `suffix`, in order, so that they are the same each time.
pub(crate) fn names(directory: &Path, suffix: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        // No configuration can spell what is not Unicode.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if entry.file_type()?.is_file() && name.ends_with(suffix) && !name.starts_with(UNFINISHED) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The SHA-256 of a text in hexadecimal digits.
pub(crate) fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// What the user reads when something failed.
pub(crate) fn failed<'a>(action: &'a str, path: &'a Path) -> impl Fn(io::Error) -> Diagnostic + use<'a> {
    move |error| {
        let advice = match error.kind() {
            ErrorKind::NotFound => {
                "\n\nThe directory that it is in must exist: manage it as a `files_directory`."
            }
            ErrorKind::AlreadyExists => "\n\nTo manage what is there, import it.",
            ErrorKind::PermissionDenied => "\n\nWhoever runs Terraform needs the permission to do that.",
            _ => "",
        };
        Diagnostic::error(
            format!("Failed to {action} {}", path.display()),
            format!("The operating system says: {error}.{advice}"),
        )
    }
}

fn found(metadata: &fs::Metadata) -> Found {
    Found {
        mode: metadata.mode() & 0o7777,
        stamp: format!(
            "{}.{:09} {}",
            metadata.mtime(),
            metadata.mtime_nsec(),
            metadata.ino()
        ),
    }
}

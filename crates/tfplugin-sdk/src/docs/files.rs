//! Files read and folders listed, with errors that name them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::error::DocsError;

/// The text of a file, `None` if there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<String>, DocsError> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        text => text.map(Some).map_err(failed("read", path)),
    }
}

/// The names of a folder's files with that extension, none if there is no such folder. They are sorted, since a folder
/// has no order of its own.
pub(super) fn names(folder: &Path, extension: &str) -> Result<Vec<String>, DocsError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed("read", folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed("read", folder))?.file_name();
        if Path::new(&name)
            .extension()
            .is_some_and(|found| found == extension)
        {
            names.extend(name.into_string());
        }
    }
    names.sort();
    Ok(names)
}

/// The error of an action on `path`.
pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DocsError + use<> {
    let path = PathBuf::from(path);
    move |source| DocsError::File { action, path, source }
}

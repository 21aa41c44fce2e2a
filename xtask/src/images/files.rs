//! The files of a folder of the checkout, as git lists them.
//!
//! Everything is read once and kept: what is hashed is what is built, even if somebody saves a file in between.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// Tests are no part of an image: a changed one builds nothing.
const TESTS: &str = "tests";

/// Tracked files and new ones that are not ignored, in the order of paths, without those in folders of tests.
#[derive(Debug)]
pub(super) struct Files(Vec<File>);

#[derive(Debug)]
struct File {
    path: String,
    is_executable: bool,
    content: Vec<u8>,
}

impl Files {
    pub(super) fn read(directory: &Path) -> Result<Self> {
        let mut command = Command::new("git");
        command
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(directory);
        let output = command.output().context("failed to start git")?;
        ensure!(
            output.status.success(),
            "`git ls-files` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        let names = String::from_utf8(output.stdout).context("a file's name is no UTF-8")?;
        let mut names: Vec<&str> = names.split('\0').collect();
        names.retain(|name| !name.is_empty() && !is_test(name));
        names.sort_unstable();
        names.dedup();
        let files = names.into_iter().map(|name| file(directory, name));
        Ok(Self(files.filter_map(Result::transpose).collect::<Result<_>>()?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn content(&self, path: &str) -> Option<&[u8]> {
        let file = self.0.iter().find(|file| file.path == path)?;
        Some(&file.content)
    }

    /// Gives `add` all that makes them what they are.
    pub(super) fn hash(&self, add: &mut impl FnMut(&[u8])) {
        for file in &self.0 {
            add(file.path.as_bytes());
            add(&[u8::from(file.is_executable)]);
            add(&file.content);
        }
    }

    /// Writes them into `folder`, with the same modes on every machine.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        for file in &self.0 {
            let path = folder.join(&file.path);
            let failed = || format!("failed to write {}", path.display());
            let parent = path.parent().unwrap_or(folder);
            for directory in [parent].into_iter().chain(parent.ancestors().skip(1)) {
                if directory == folder || !directory.starts_with(folder) {
                    break;
                }
                fs::create_dir_all(directory).with_context(failed)?;
                set_mode(directory, 0o755)?;
            }
            fs::write(&path, &file.content).with_context(failed)?;
            set_mode(&path, if file.is_executable { 0o755 } else { 0o644 })?;
        }
        Ok(())
    }
}

fn is_test(path: &str) -> bool {
    path.rsplit('/').skip(1).any(|folder| folder == TESTS)
}

/// None if it was deleted and that is not committed yet.
fn file(directory: &Path, name: &str) -> Result<Option<File>> {
    let path = directory.join(name);
    let failed = || format!("failed to read {}", path.display());
    let metadata = match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata.with_context(failed)?,
    };
    ensure!(
        metadata.is_file(),
        "{} is no plain file, and images are made of plain files",
        path.display()
    );
    Ok(Some(File {
        path: name.to_owned(),
        is_executable: metadata.permissions().mode() & 0o100 != 0,
        content: fs::read(&path).with_context(failed)?,
    }))
}

pub(super) fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("failed to set the mode of {}", path.display()))
}

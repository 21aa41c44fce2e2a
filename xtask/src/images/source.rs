//! What an image is made of: the files of its folder, and the images that it starts from.
//!
//! Everything is read once and kept: what is hashed is what is built, even if somebody saves a file in between.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use super::containerfile;

/// Changes when images are built in another way from the same files.
const RECIPE: &str = "1";
/// How an image of ours is named on the machine that builds it, and in a `FROM`.
pub(super) const OURS: &str = "localhost/mlops/";
const CONTAINERFILE: &str = "Containerfile";
/// Tests are no part of an image: a changed one builds nothing.
const TESTS: &str = "tests/";
/// Digits of the hash in a tag.
const TAG_LENGTH: usize = 16;

/// An image as the checkout describes it.
#[derive(Debug)]
pub(super) struct Source {
    /// The folder's name.
    pub(super) name: String,
    /// The hash of all its inputs.
    pub(super) tag: String,
    /// Images of ours that it starts from.
    pub(super) parents: Vec<String>,
    /// Other images that it starts from.
    pub(super) outside: Vec<String>,
    files: Vec<SourceFile>,
}

#[derive(Debug)]
struct SourceFile {
    path: String,
    is_executable: bool,
    content: Vec<u8>,
}

impl Source {
    /// The images in `folder`, each after those that it starts from.
    pub(super) fn all(folder: &Path) -> Result<Vec<Self>> {
        let failed = || format!("failed to read the folder {}", folder.display());
        let mut waiting = Vec::new();
        for entry in fs::read_dir(folder).with_context(failed)? {
            let directory = entry.with_context(failed)?.path();
            if directory.join(CONTAINERFILE).is_file() {
                let read = Self::read(&directory);
                waiting.push(read.with_context(|| format!("in {}", directory.display()))?);
            }
        }
        waiting.sort_by(|one, other| one.name.cmp(&other.name));
        order(waiting)
    }

    fn read(directory: &Path) -> Result<Self> {
        let name = directory.file_name().context("a folder without a name")?;
        let mut source = Self {
            name: name.to_string_lossy().into_owned(),
            tag: String::new(),
            parents: Vec::new(),
            outside: Vec::new(),
            files: files(directory)?,
        };
        let containerfile = source.files.iter().find(|file| file.path == CONTAINERFILE);
        let containerfile = containerfile.context("git ignores the Containerfile")?;
        let text = str::from_utf8(&containerfile.content).context("the Containerfile is no text")?;
        for base in containerfile::bases(text)? {
            match base.strip_prefix(OURS) {
                Some(parent) => source.parents.push(parent.to_owned()),
                None => source.outside.push(base),
            }
        }
        Ok(source)
    }

    /// Its name where it is built.
    pub(super) fn local_name(&self) -> String {
        format!("{OURS}{}:{}", self.name, self.tag)
    }

    /// Writes its files into `folder`, with the same modes on every machine.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        for file in &self.files {
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

    /// `parents` have theirs already.
    fn hash(&self, parents: &[Self]) -> String {
        let mut hasher = Sha256::new();
        // The length before the content: no two lists of inputs are the same bytes.
        let mut add = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        add(RECIPE.as_bytes());
        for parent in parents
            .iter()
            .filter(|parent| self.parents.contains(&parent.name))
        {
            add(parent.name.as_bytes());
            add(parent.tag.as_bytes());
        }
        for file in &self.files {
            add(file.path.as_bytes());
            add(&[u8::from(file.is_executable)]);
            add(&file.content);
        }
        let mut tag = format!("{:x}", HexBytes(&hasher.finalize()));
        tag.truncate(TAG_LENGTH);
        tag
    }
}

struct HexBytes<'a>(&'a [u8]);

impl std::fmt::LowerHex for HexBytes<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Parents first; this is also the order in which hashes can be known.
fn order(mut waiting: Vec<Source>) -> Result<Vec<Source>> {
    let mut ordered: Vec<Source> = Vec::new();
    while !waiting.is_empty() {
        let is_known = |parent: &String| ordered.iter().any(|known| known.name == *parent);
        let next = waiting
            .iter()
            .position(|source| source.parents.iter().all(is_known));
        let Some(next) = next else {
            let stuck = waiting
                .iter()
                .map(|source| format!("{} from {}", source.name, source.parents.join(" and ")));
            bail!(
                "these images start from each other, or from one that has no folder with a Containerfile: {}",
                stuck.collect::<Vec<_>>().join(", ")
            );
        };
        let mut source = waiting.remove(next);
        source.tag = source.hash(&ordered);
        ordered.push(source);
    }
    Ok(ordered)
}

/// Tracked files and new ones that are not ignored, in the order of paths.
fn files(directory: &Path) -> Result<Vec<SourceFile>> {
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
    names.retain(|name| !name.is_empty() && !name.starts_with(TESTS));
    names.sort_unstable();
    names.dedup();
    let files = names.into_iter().map(|name| file(directory, name));
    files.filter_map(Result::transpose).collect()
}

/// None if it was deleted and that is not committed yet.
fn file(directory: &Path, name: &str) -> Result<Option<SourceFile>> {
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
    Ok(Some(SourceFile {
        path: name.to_owned(),
        is_executable: metadata.permissions().mode() & 0o100 != 0,
        content: fs::read(&path).with_context(failed)?,
    }))
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("failed to set the mode of {}", path.display()))
}

#[cfg(test)]
mod tests;

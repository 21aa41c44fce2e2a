//! What an image is made of: the files of its folder, the images that it starts from, and what it copies from elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use super::containerfile;
use super::context::Context;
use super::files::Files;

/// Changes when images are built in another way from the same files.
const RECIPE: &str = "1";
/// How an image of ours is named on the machine that builds it, and in a `FROM`.
pub(super) const OURS: &str = "localhost/mlops/";
const CONTAINERFILE: &str = "Containerfile";
/// Where images are that anybody may use.
const SHARED: &str = "images";
/// Where each example has those of its own, which are named after it.
const EXAMPLES: &str = "examples";
/// Digits of the hash in a tag.
const TAG_LENGTH: usize = 16;

/// An image as the checkout describes it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: String,
    /// The hash of all its inputs.
    pub(super) tag: String,
    /// Images of ours that it starts from.
    pub(super) parents: Vec<String>,
    /// Other images that it starts from.
    pub(super) outside: Vec<String>,
    /// What it copies that is neither its own nor an image's.
    pub(super) contexts: Vec<Context>,
    files: Files,
}

impl Source {
    /// The images of `checkout`, each after those that it starts from.
    pub(super) fn all(checkout: &Path) -> Result<Vec<Self>> {
        let mut folders = folders(&checkout.join(SHARED))?;
        for (example, path) in self::folders(&checkout.join(EXAMPLES))? {
            let own = self::folders(&path)?.into_iter();
            folders.extend(own.map(|(name, path)| (format!("{example}-{name}"), path)));
        }
        let mut waiting: Vec<Self> = Vec::new();
        for (name, path) in folders {
            if path.join(CONTAINERFILE).is_file() {
                let failed = || format!("in {}", path.display());
                ensure!(
                    waiting.iter().all(|other| other.name != name),
                    "two folders are the image {name}: {} is one of them",
                    path.display()
                );
                waiting.push(Self::read(name, &path, checkout).with_context(failed)?);
            }
        }
        waiting.sort_by(|one, other| one.name.cmp(&other.name));
        order(waiting)
    }

    fn read(name: String, directory: &Path, checkout: &Path) -> Result<Self> {
        let mut source = Self {
            name,
            tag: String::new(),
            parents: Vec::new(),
            outside: Vec::new(),
            contexts: Vec::new(),
            files: Files::read(directory)?,
        };
        let containerfile = source.files.content(CONTAINERFILE);
        let containerfile = containerfile.context("git ignores the Containerfile")?;
        let text = str::from_utf8(containerfile).context("the Containerfile is no text")?;
        for base in containerfile::bases(text)? {
            if let Some(parent) = base.strip_prefix(OURS) {
                source.parents.push(parent.to_owned());
            } else if let Some(context) = Context::find(&base, checkout)? {
                source.contexts.push(context);
            } else {
                source.outside.push(base);
            }
        }
        Ok(source)
    }

    /// Its name where it is built.
    pub(super) fn local_name(&self) -> String {
        format!("{OURS}{}:{}", self.name, self.tag)
    }

    /// Writes the files of its own folder into `folder`.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        self.files.write(folder)
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
        self.files.hash(&mut add);
        for context in &self.contexts {
            context.hash(&mut add);
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

/// The folders in `folder` with their names; none if there is no such folder.
fn folders(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let failed = || format!("failed to read the folder {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(failed)?,
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.with_context(failed)?;
        if entry.path().is_dir() {
            folders.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    Ok(folders)
}

/// The images whose names `is_wanted` tells, and all that they start from. `sources` have parents first, and so has this.
pub(super) fn with_parents(sources: &[Source], is_wanted: impl Fn(&str) -> bool) -> Vec<&Source> {
    let mut parents = BTreeSet::new();
    let mut wanted = Vec::new();
    for source in sources.iter().rev() {
        if is_wanted(&source.name) || parents.contains(&source.name) {
            parents.extend(&source.parents);
            wanted.push(source);
        }
    }
    wanted.reverse();
    wanted
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

#[cfg(test)]
mod tests;

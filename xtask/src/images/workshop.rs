//! From sources to images in a registry: each is built only if the registry does not have it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::bench::Bench;
use super::registry::{self, Registry};
use super::settings::Environment;
use super::size::{self, Layer};
use super::source::{self, Source};
use crate::{directories, lock, project};

/// How folders begin that are gone when a build ends.
const TEMPORARY: &str = "building-";

/// Where images are made: sources, buildah's store, and what builds are given of the user's environment.
pub struct Workshop {
    checkout: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) environment: Environment,
}

/// An image that is in the registry now.
#[derive(Clone, Debug)]
pub struct Built {
    /// That of its folder, after that of the example which it belongs to.
    pub name: String,
    /// What a pod's specification says.
    pub reference: String,
    /// Whether it had to be built; if not, the registry had it.
    pub is_new: bool,
    /// How long all of it took.
    pub elapsed: Duration,
    pub(super) layers: Vec<Layer>,
}

impl Built {
    /// Bytes in the registry, which keeps layers packed.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        size::bytes(self.layers.iter())
    }
}

impl Workshop {
    /// The project's own, with all of this process's environment.
    pub fn of_the_project() -> Result<Self> {
        let variables = std::env::vars_os();
        let text =
            variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(Self::new(
            &project::root(),
            &directories::cache()?.join("images/workshop"),
            text.collect(),
        ))
    }

    /// One that makes the images of `checkout`, and keeps what buildah needs in `folder`.
    #[must_use]
    pub fn new(checkout: &Path, folder: &Path, environment: Environment) -> Self {
        Self {
            checkout: checkout.to_path_buf(),
            folder: folder.to_path_buf(),
            environment,
        }
    }

    /// Brings all images into `registry`, and removes what newer ones have replaced.
    pub fn build(&self, registry: &Registry) -> Result<Vec<Built>> {
        self.build_if(registry, |_| true)
    }

    /// Brings the images `names`, and what they start from, into `registry`.
    pub fn build_only(&self, registry: &Registry, names: &[&str]) -> Result<Vec<Built>> {
        self.build_if(registry, |name| names.contains(&name))
    }

    fn build_if(&self, registry: &Registry, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Built>> {
        let sources = Source::all(&self.checkout)?;
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("failed to create {}", self.folder.display()))?;
        let _alone = lock::hold(&self.folder.join("lock"), "build of images")?;
        let mut bench = None;
        let mut built = Vec::new();
        for source in source::with_parents(&sources, is_wanted) {
            let started = Instant::now();
            let known = registry.layers(&source.name, &source.tag)?;
            let is_new = known.is_none();
            let layers = if let Some(layers) = known {
                layers
            } else {
                let bench = match &mut bench {
                    Some(bench) => bench,
                    none => none.insert(Bench::open(self, registry, &sources)?),
                };
                bench
                    .make(source)
                    .with_context(|| format!("failed to build the image {}", source.name))?
            };
            built.push(Built {
                name: source.name.clone(),
                reference: registry::reference(&source.name, &source.tag),
                is_new,
                elapsed: started.elapsed(),
                layers,
            });
        }
        if let Some(bench) = bench {
            bench.clean()?;
        }
        Ok(built)
    }

    /// A build that was killed could not remove its folders. The lock is ours, so no other build is under way.
    pub(super) fn remove_leftovers(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                fs::remove_dir_all(entry.path())
                    .with_context(|| format!("failed to remove {}", entry.path().display()))?;
            }
        }
        Ok(())
    }

    /// A folder that goes with what is returned.
    pub(super) fn folder(&self) -> Result<TempDir> {
        let made = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(&self.folder);
        made.with_context(|| format!("failed to create a folder in {}", self.folder.display()))
    }
}

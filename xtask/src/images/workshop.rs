//! From sources to images in a registry: each is built only if the registry does not have it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::buildah::{Build, Buildah};
use super::registry::{self, Registry};
use super::settings::{self, Environment};
use super::size::{self, Layer};
use super::source::{OURS, Source};
use super::{debian, verify};
use crate::programs::system;
use crate::progress::Activity;
use crate::{directories, interrupt, lock, project};

/// How folders begin that are gone when a build ends.
const TEMPORARY: &str = "building-";

/// Where images are made: sources, buildah's store, and what builds are given of the user's environment.
pub struct Workshop {
    sources: PathBuf,
    folder: PathBuf,
    environment: Environment,
}

/// An image that is in the registry now.
#[derive(Clone, Debug)]
pub struct Built {
    /// The name of its folder.
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

/// What one run has open once something must be built.
struct Bench<'a> {
    workshop: &'a Workshop,
    registry: &'a Registry,
    sources: &'a [Source],
    buildah: Buildah,
}

impl Workshop {
    /// The project's own, with all of this process's environment.
    pub fn of_the_project() -> Result<Self> {
        let variables = std::env::vars_os();
        let text =
            variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(Self::new(
            &project::root().join("images"),
            &directories::cache()?.join("images/workshop"),
            text.collect(),
        ))
    }

    /// One that makes the images in the folder `sources`, and keeps what buildah needs in `folder`.
    #[must_use]
    pub fn new(sources: &Path, folder: &Path, environment: Environment) -> Self {
        Self {
            sources: sources.to_path_buf(),
            folder: folder.to_path_buf(),
            environment,
        }
    }

    /// Brings all images into `registry`, and removes what newer ones have replaced.
    pub fn build(&self, registry: &Registry) -> Result<Vec<Built>> {
        let sources = Source::all(&self.sources)?;
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("failed to create {}", self.folder.display()))?;
        let _alone = lock::hold(&self.folder.join("lock"), "build of images")?;
        let mut bench = None;
        let mut built = Vec::new();
        for source in &sources {
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
    fn remove_leftovers(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                fs::remove_dir_all(entry.path())
                    .with_context(|| format!("failed to remove {}", entry.path().display()))?;
            }
        }
        Ok(())
    }

    /// A folder that goes with what is returned.
    fn folder(&self) -> Result<TempDir> {
        let made = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(&self.folder);
        made.with_context(|| format!("failed to create a folder in {}", self.folder.display()))
    }
}

impl<'a> Bench<'a> {
    fn open(workshop: &'a Workshop, registry: &'a Registry, sources: &'a [Source]) -> Result<Self> {
        system::ensure_all(system::IMAGES)?;
        workshop.remove_leftovers()?;
        Ok(Self {
            workshop,
            registry,
            sources,
            buildah: Buildah::open(
                &workshop.folder.join("store"),
                workshop.folder()?,
                &workshop.environment,
            )?,
        })
    }

    fn make(&self, source: &Source) -> Result<Vec<Layer>> {
        let work = self.workshop.folder()?;
        let (context, settings) = (work.path().join("context"), work.path().join("settings"));
        for folder in [&context, &settings] {
            fs::create_dir(folder).with_context(|| format!("failed to create {}", folder.display()))?;
        }
        source.write(&context)?;
        settings::write(&self.workshop.environment, &settings)?;
        let substitutes = self.substitutes(source, work.path())?;
        let name = source.local_name();
        let mut activity = Activity::start(format!("building the image {}", source.name));
        self.buildah.build(
            &Build {
                context: &context,
                name: &name,
                substitutes: &substitutes,
                mount: (&settings, settings::MOUNTED_AT),
            },
            &mut activity,
        )?;
        activity.note("trying it");
        verify::verify(&name, &self.buildah, &self.workshop.environment)?;
        activity.note("pushing it");
        self.buildah
            .push(&name, &self.registry.remote(&source.name, &source.tag))?;
        activity.finish(&format!("built the image {}", source.name));
        let layers = self.registry.layers(&source.name, &source.tag)?;
        layers.context("the registry does not have what was pushed to it")
    }

    /// The images of buildah's store that stand for those in `source`'s Containerfile.
    fn substitutes(&self, source: &Source, work: &Path) -> Result<Vec<(String, String)>> {
        let mut substitutes = Vec::new();
        for parent in self
            .sources
            .iter()
            .filter(|other| source.parents.contains(&other.name))
        {
            let name = parent.local_name();
            if !self.buildah.has(&name)? {
                self.buildah
                    .pull(&self.registry.remote(&parent.name, &parent.tag), &name)?;
            }
            substitutes.push((format!("{OURS}{}", parent.name), name));
        }
        for image in &source.outside {
            let Err(error) = self.buildah.reach(image) else {
                continue;
            };
            interrupt::check()?;
            let release = debian::release(image).with_context(|| {
                format!("{image} is out of reach, and can be had from nowhere else: {error:#}")
            })?;
            let name = format!("{OURS}debian:{release}");
            debian::make(release, &name, &self.buildah, &self.workshop.environment, work)?;
            substitutes.push((image.clone(), name));
        }
        Ok(substitutes)
    }

    /// Keeps what the next build starts from, and the image before in the registry.
    fn clean(&self) -> Result<()> {
        let current: Vec<String> = self.sources.iter().map(Source::local_name).collect();
        for name in self.buildah.names()? {
            if !current.contains(&name) {
                self.buildah.remove(&name)?;
            }
        }
        self.buildah.prune()?;
        let mut was_removed = false;
        for source in self.sources {
            was_removed |= self.registry.remove_old(&source.name, &source.tag)?;
        }
        if was_removed {
            self.registry.collect_garbage()?;
        }
        Ok(())
    }
}

//! One run of builds: buildah's store, opened once something must be built, and an image after the other.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::buildah::{Build, Buildah};
use super::registry::Registry;
use super::size::Layer;
use super::source::{OURS, Source};
use super::workshop::Workshop;
use super::{debian, settings, verify};
use crate::interrupt;
use crate::programs::system;
use crate::progress::Activity;

/// What one run has open once something must be built.
pub(super) struct Bench<'a> {
    workshop: &'a Workshop,
    registry: &'a Registry,
    sources: &'a [Source],
    buildah: Buildah,
}

impl<'a> Bench<'a> {
    pub(super) fn open(
        workshop: &'a Workshop,
        registry: &'a Registry,
        sources: &'a [Source],
    ) -> Result<Self> {
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

    pub(super) fn make(&self, source: &Source) -> Result<Vec<Layer>> {
        let work = self.workshop.folder()?;
        let (context, settings) = (work.path().join("context"), work.path().join("settings"));
        for folder in [&context, &settings] {
            fs::create_dir(folder).with_context(|| format!("failed to create {}", folder.display()))?;
        }
        source.write(&context)?;
        settings::write(&self.workshop.environment, &settings)?;
        let contexts = self.contexts(source, work.path())?;
        let name = source.local_name();
        let mut activity = Activity::start(format!("building the image {}", source.name));
        self.buildah.build(
            &Build {
                context: &context,
                name: &name,
                contexts: &contexts,
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

    /// What stands for the names in `source`'s Containerfile that are not its own.
    fn contexts(&self, source: &Source, work: &Path) -> Result<Vec<(String, String)>> {
        let mut contexts = self.parents(source)?;
        contexts.extend(self.outside(source, work)?);
        for (number, context) in source.contexts.iter().enumerate() {
            let folder = work.join(format!("context-{number}"));
            fs::create_dir(&folder).with_context(|| format!("failed to create {}", folder.display()))?;
            context.write(&folder)?;
            contexts.push((context.name.clone(), folder.to_string_lossy().into_owned()));
        }
        Ok(contexts)
    }

    fn parents(&self, source: &Source) -> Result<Vec<(String, String)>> {
        let mut parents = Vec::new();
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
            parents.push((format!("{OURS}{}", parent.name), Buildah::in_store(&name)));
        }
        Ok(parents)
    }

    /// What stands for images of others that are out of reach.
    fn outside(&self, source: &Source, work: &Path) -> Result<Vec<(String, String)>> {
        let mut substitutes = Vec::new();
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
            substitutes.push((image.clone(), Buildah::in_store(&name)));
        }
        Ok(substitutes)
    }

    /// Keeps what the next build starts from, and the image before in the registry.
    pub(super) fn clean(&self) -> Result<()> {
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

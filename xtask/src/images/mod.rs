//! The project's container images, built by buildah into the local registry: those that anybody may use from
//! `images/*/Containerfile`, those of the examples from `examples/*/*/Containerfile`.
//!
//! An image's tag is the hash of all that it is made of. So what a tag names never changes, a reference is known before
//! the image is built, and one question to the registry tells that there is nothing to build.

mod bench;
mod buildah;
mod command;
mod containerfile;
mod context;
mod debian;
mod files;
mod registry;
mod settings;
mod size;
mod source;
mod verify;
mod workshop;

use std::collections::BTreeMap;

use anyhow::Result;

pub use command::Images;
pub use registry::{PORT, Registry, storage};
pub use settings::Environment;
pub use workshop::{Built, Workshop};

use crate::project;

/// For each image of the project what a pod's specification says, whether or not it is built. Asks nobody.
pub fn references() -> Result<BTreeMap<String, String>> {
    let sources = source::Source::all(&project::root())?;
    let references = sources.into_iter().map(|source| {
        let reference = registry::reference(&source.name, &source.tag);
        (source.name, reference)
    });
    Ok(references.collect())
}

/// Brings all images of the project into `registry`: a fraction of a second if none has changed, else minutes.
pub fn build(registry: &Registry) -> Result<Vec<Built>> {
    Workshop::of_the_project()?.build(registry)
}

/// Brings the images `names` of the project, and what they start from, into `registry`.
pub fn build_only(registry: &Registry, names: &[&str]) -> Result<Vec<Built>> {
    Workshop::of_the_project()?.build_only(registry, names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_of_the_project_has_a_reference() -> Result<()> {
        let references = references()?;
        for name in ["base", "digits-app", "digits-training"] {
            let reference = references.get(name).map(String::as_str).unwrap_or_default();
            let tag = reference.strip_prefix(&format!("localhost:5000/mlops/{name}:"));
            assert!(tag.is_some_and(|tag| tag.len() == 16), "{references:?}");
        }
        Ok(())
    }
}

//! The image of the process that holds a pod's namespaces, made on this machine: nodes pull nothing from outside.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::kubernetes::image_archive::{self, Image};
use crate::kubernetes::tool::run;

/// A change of the program wants another number: archives are kept.
pub(super) const NAME: &str = "localhost/mlops/pause:1";

const SOURCE: &str = include_str!("pause.c");

/// The archive in the user's cache, made first if it is not there.
pub(super) fn archive() -> Result<PathBuf> {
    image_archive::cached("pause-1", |work| {
        let root = work.join("root");
        fs::create_dir(&root).context("failed to create a folder for an image")?;
        compile(work, &root.join("pause"))?;
        let image = Image {
            name: NAME,
            config: serde_json::json!({ "Entrypoint": ["/pause"] }),
        };
        image_archive::pack(work, &root, &image)
    })
}

/// Without any library that would have to be in the image, too.
fn compile(work: &Path, program: &Path) -> Result<()> {
    let source = work.join("pause.c");
    fs::write(&source, SOURCE).context("failed to write a program's source")?;
    let [source, program] = [&source, program].map(|path| path.to_string_lossy());
    run("cc", &["-static", "-Os", "-s", "-o", &program, &source]).map(drop)
}

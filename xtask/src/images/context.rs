//! What `COPY --from=` may name beside images: a folder of the checkout, and a program that is built from source.

use std::fs;
use std::path::{Component, Path};

use anyhow::{Context as _, Result, anyhow, ensure};
use clap::ValueEnum as _;

use super::files::{Files, set_mode};
use crate::programs::{Program, install};

/// A named build context.
#[derive(Debug)]
pub(super) struct Context {
    /// As the Containerfile has it.
    pub(super) name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// `checkout/<path>`: the files below that path, so that images share a package without a copy of it.
    Checkout(Files),
    /// `program/<name>`: its binaries. Only its version is known before it is built.
    Program { program: Program, version: String },
}

impl Context {
    /// None if `name` is not that of a context, and hence an image's.
    pub(super) fn find(name: &str, checkout: &Path) -> Result<Option<Self>> {
        let content = match name.split_once('/') {
            Some(("checkout", path)) => folder(path, checkout).map(Content::Checkout),
            Some(("program", program)) => self::program(program),
            _ => return Ok(None),
        };
        Ok(Some(Self {
            name: name.to_owned(),
            content: content.with_context(|| format!("in `COPY --from={name}`"))?,
        }))
    }

    /// Gives `add` all that the context is made of.
    pub(super) fn hash(&self, add: &mut impl FnMut(&[u8])) {
        add(self.name.as_bytes());
        match &self.content {
            Content::Checkout(files) => files.hash(add),
            Content::Program { version, .. } => add(version.as_bytes()),
        }
    }

    /// Writes it into `folder`. A program that is not in the cache is built first, which takes minutes.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let program = match &self.content {
            Content::Checkout(files) => return files.write(folder),
            Content::Program { program, .. } => *program,
        };
        let installed = install(program)?;
        for name in program.binaries() {
            let path = folder.join(name);
            fs::copy(installed.binary(name), &path)
                .with_context(|| format!("failed to copy {name} to {}", path.display()))?;
            set_mode(&path, 0o755)?;
        }
        Ok(())
    }
}

fn folder(path: &str, checkout: &Path) -> Result<Files> {
    let mut parts = Path::new(path).components().peekable();
    ensure!(
        parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_))),
        "{path:?} is no path from the root of the checkout downwards"
    );
    let directory = checkout.join(path);
    ensure!(directory.is_dir(), "the checkout has no folder {path}");
    let files = Files::read(&directory)?;
    ensure!(!files.is_empty(), "git lists no file in the folder {path}");
    Ok(files)
}

fn program(name: &str) -> Result<Content> {
    let program = Program::from_str(name, false)
        .map_err(|_| anyhow!("there is no program {name}: `cargo xtask programs --help` lists them"))?;
    let version = program.version()?;
    Ok(Content::Program { program, version })
}

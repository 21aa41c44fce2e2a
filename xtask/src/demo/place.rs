//! Where the examples' working copies lie, and the provider that they use.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::ValueEnum as _;

use super::example::Example;
use crate::cli::{Cli, Mirror, Workspace};
use crate::kubernetes::ControlPlane;
use crate::{project, report, working_copy};

/// The parts of the folder beside the examples. Only these are ever removed.
const MIRROR: &str = "mirror";
/// Where an example looks for them: two folders up from its own.
const MODULES: &str = "modules";
const EXAMPLES: &str = "examples";

/// A folder for working copies.
pub(crate) struct Place {
    directory: PathBuf,
}

impl Place {
    /// The folder that was chosen, or the demo's.
    pub(crate) fn new(chosen: Option<&Path>) -> Self {
        let directory = chosen.map_or_else(|| project::target().join("demo"), Path::to_owned);
        Self { directory }
    }

    /// The page of an example as a browser showed it.
    pub(super) fn picture(&self, example: Example) -> PathBuf {
        self.directory.join(format!("{}-laptop.png", example.name()))
    }

    /// A working copy of an example, made anew from its sources and with what its configuration is told.
    pub(crate) fn workspace(
        &self,
        example: Example,
        cli: &Cli,
        provider: &Path,
        cluster: &ControlPlane,
    ) -> Result<Workspace> {
        let copy = self.copy_of(example);
        working_copy::make(&example.sources(), &copy)?;
        working_copy::make(&project::root().join(MODULES), &self.directory.join(MODULES))?;
        let mirror = Mirror::prepare(&self.directory.join(MIRROR), provider, project::VERSION)?;
        let mut workspace = Workspace::new(&copy, cli, &mirror)?;
        report::say(format!("in {}", copy.display()));
        for (name, value) in example.variables(cluster)? {
            workspace.set_variable(name, value)?;
        }
        Ok(workspace)
    }

    /// The working copy that is there, as it is.
    pub(super) fn existing(&self, example: Example, cli: &Cli) -> Result<Workspace> {
        let mirror = Mirror::at(&self.directory.join(MIRROR))?;
        Workspace::new(&self.copy_of(example), cli, &mirror)
    }

    /// Forgets an example's working copy and its state; says whether there was one.
    pub(super) fn forget(&self, example: Example) -> Result<bool> {
        remove(&self.copy_of(example))
    }

    /// Removes all that was ever put here; says whether there was anything.
    pub(super) fn clear(&self) -> Result<bool> {
        let mut found = false;
        for example in Example::value_variants() {
            found |= self.forget(*example)?;
            // Where no browser is, there is none.
            let _ = fs::remove_file(self.picture(*example));
        }
        for part in [MIRROR, MODULES] {
            found |= remove(&self.directory.join(part))?;
        }
        // What else is in them is not ours.
        let _ = fs::remove_dir(self.directory.join(EXAMPLES));
        let _ = fs::remove_dir(&self.directory);
        Ok(found)
    }

    fn copy_of(&self, example: Example) -> PathBuf {
        self.directory.join(EXAMPLES).join(example.name())
    }
}

/// Removes a folder and says whether it was there.
fn remove(folder: &Path) -> Result<bool> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("failed to remove {}", folder.display())),
    }
}

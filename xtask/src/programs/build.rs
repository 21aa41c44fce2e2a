//! Building a program into the cache: one process at a time, and never half of it in sight.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::manifest::Manifest;
use super::{Program, system};
use crate::process::{self, Output, Tail};
use crate::progress::Activity;
use crate::{directories, lock};

/// What the cache remembers of how a program was built; another go.mod, other flags or another source of ours build it
/// anew.
const STAMP: &str = "built-from.txt";

/// A program in the cache.
#[derive(Clone, Debug)]
pub struct Installed {
    /// Its version, as its go.mod names it: `v1.35.4`.
    pub version: String,
    directory: PathBuf,
}

impl Installed {
    /// The path of one of its binaries.
    #[must_use]
    pub fn binary(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// The program from the cache, built first if it is not there yet: seconds to minutes, once.
pub fn install(program: Program) -> Result<Installed> {
    let cache = directories::cache()?.join("programs");
    let plan = Plan::read(program, &cache)?;
    if !plan.is_built() {
        fs::create_dir_all(&cache).with_context(|| format!("failed to create {}", cache.display()))?;
        let _alone = lock::hold(&plan.beside(".lock"), &format!("build of {}", program.name()))?;
        // Whoever held the lock has probably built it.
        if !plan.is_built() {
            plan.build()
                .with_context(|| format!("failed to build {} {}", program.name(), plan.version))?;
        }
    }
    Ok(Installed {
        version: plan.version,
        directory: plan.directory,
    })
}

/// The Go files beside the go.mod, in the order of their names: most programs have none, because they are a module's own.
fn own_sources(folder: &Path) -> Result<String> {
    let read =
        |path: &Path| fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()));
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|go| go == "go"))
        .collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// Everything about a build that is known before it.
struct Plan {
    program: Program,
    version: String,
    go: String,
    stamp: String,
    cache: PathBuf,
    directory: PathBuf,
}

impl Plan {
    fn read(program: Program, cache: &Path) -> Result<Self> {
        let Manifest { text, version, go } = Manifest::read(program)?;
        let directory = cache.join(format!("{}-{version}", program.name()));
        let sources = own_sources(&program.source())?;
        let stamp = format!("{}\n\n{text}{sources}", program.link_flags(&version));
        Ok(Self {
            program,
            version,
            go,
            stamp,
            cache: cache.into(),
            directory,
        })
    }

    fn is_built(&self) -> bool {
        fs::read_to_string(self.directory.join(STAMP)).is_ok_and(|stamp| stamp == self.stamp)
    }

    fn beside(&self, extension: &str) -> PathBuf {
        let mut path = OsString::from(&self.directory);
        path.push(extension);
        path.into()
    }

    fn build(&self) -> Result<()> {
        system::require_go(&self.program.source(), &self.go)?;
        let prefix = format!(".building-{}-", self.program.name());
        self.remove_leftovers(&prefix)?;
        let fresh = tempfile::Builder::new().prefix(&prefix).tempdir_in(&self.cache);
        let fresh =
            fresh.with_context(|| format!("failed to create a folder in {}", self.cache.display()))?;
        self.compile(fresh.path())?;
        self.name_binaries(fresh.path())?;
        fs::write(fresh.path().join(STAMP), &self.stamp).context("failed to write the build's stamp")?;
        self.put_in_place(fresh)
    }

    /// A build that was killed could not remove its folder. The lock is ours, so no other build is under way.
    fn remove_leftovers(&self, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(&self.cache)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(prefix) {
                fs::remove_dir_all(entry.path())
                    .with_context(|| format!("failed to remove {}", entry.path().display()))?;
            }
        }
        Ok(())
    }

    fn compile(&self, into: &Path) -> Result<()> {
        let log_path = self.beside(".log");
        let log =
            File::create(&log_path).with_context(|| format!("failed to create {}", log_path.display()))?;
        let mut log = BufWriter::new(log);
        let title = format!("building {} {} from source", self.program.name(), self.version);
        let mut activity = Activity::start(&title);
        let mut tail = Tail::new(15);
        let mut packages = 0_u32;
        let mut command = self.command(into);
        let status = process::stream(&mut command, Output::Stderr, |line| {
            // A full disk shows in the build itself; the log is only for reading.
            let _ = writeln!(log, "{line}");
            tail.push(line);
            if line.starts_with("go: downloading") {
                activity.note("downloading modules");
            } else {
                packages += 1;
                activity.note(&format!("{packages} packages compiled"));
            }
        })?;
        log.flush()
            .with_context(|| format!("failed to write {}", log_path.display()))?;
        if !status.success() {
            let command = process::describe(&command);
            bail!(
                "`{command}` ended with {status}; its last lines, all of them in {}:\n{tail}",
                log_path.display()
            );
        }
        activity.finish(&format!("built {} {}", self.program.name(), self.version));
        Ok(())
    }

    fn command(&self, into: &Path) -> Command {
        let mut command = Command::new("go");
        command
            .current_dir(self.program.source())
            .args(["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags"])
            .arg(self.program.link_flags(&self.version))
            .arg("-o")
            .arg(into.join(""))
            .arg("tool")
            // A go.work above the checkout would take the place of our go.mod.
            .envs([("CGO_ENABLED", "0"), ("GOWORK", "off")]);
        command
    }

    fn name_binaries(&self, directory: &Path) -> Result<()> {
        let built: Vec<PathBuf> = fs::read_dir(directory)?
            .flatten()
            .map(|entry| entry.path())
            .collect();
        if let ([name], [path]) = (self.program.binaries(), built.as_slice()) {
            fs::rename(path, directory.join(name)).context("failed to rename the binary")?;
        }
        let missing = self
            .program
            .binaries()
            .iter()
            .find(|name| !directory.join(name).is_file());
        match missing {
            Some(name) => {
                bail!("the build left no {name}, but {built:?}: is it among the `tool` lines of the go.mod?")
            }
            None => Ok(()),
        }
    }

    fn put_in_place(&self, fresh: TempDir) -> Result<()> {
        let failed = || format!("failed to put the build into {}", self.directory.display());
        if self.directory.exists() {
            // Processes that run an old binary keep it until they end.
            fs::remove_dir_all(&self.directory).with_context(failed)?;
        }
        fs::rename(fresh.keep(), &self.directory).with_context(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_ours_is_built_anew_when_its_source_changes() -> Result<()> {
        let directory = tempfile::tempdir()?;
        assert_eq!(own_sources(directory.path())?, "");
        for (name, text) in [("b.go", "second"), ("a.go", "first "), ("go.sum", "no source")] {
            fs::write(directory.path().join(name), text)?;
        }
        assert_eq!(own_sources(directory.path())?, "first second");
        Ok(())
    }
}

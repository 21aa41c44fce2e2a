//! The project's Python packages, checked as strictly as the Rust: format, lints, types, tests.
//!
//! Each package names everything that its check runs, tools included, in `requirements-dev.lock`. Whoever has checked
//! it before has an environment with exactly that in the cache. A package that must work with several versions of
//! something has a `requirements-dev-VERSION.lock` for each further one, in whose environment its tests run as well.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::progress::Activity;
use crate::{directories, lock, process, project};

/// Folders that hold packages.
const FOLDERS: [&str; 2] = ["images", "python"];
/// The folder of examples, which may hold packages each.
const EXAMPLES: &str = "examples";
/// All that a package's check needs, with the hashes of the files.
const LOCK: &str = "requirements-dev.lock";
/// What the names of further locks are put together of, around what they vary in.
const FURTHER_LOCK: (&str, &str) = ("requirements-dev-", ".lock");
/// In an environment: it is whole. The last file to be written.
const STAMP: &str = "complete";
/// What is run once for each package, in its folder and by the Python of its first environment.
const CHECKS: [&[&str]; 3] = [
    &["-m", "ruff", "format", "--check", "--diff", "."],
    &["-m", "ruff", "check", "."],
    &["-m", "mypy", "src", "tests"],
];
/// What is run in each environment of a package.
const TESTS: &[&str] = &["-m", "pytest", "-p", "no:cacheprovider"];
/// How long one of them may take: a hundred times what it takes.
const PATIENCE: Duration = Duration::from_mins(10);
/// A first installation is a few hundred megabytes of downloads.
const PATIENCE_TO_INSTALL: Duration = Duration::from_mins(20);

/// A folder with a `pyproject.toml`.
pub(super) struct Package {
    directory: PathBuf,
    name: String,
}

/// Every package of the project, in the order of names. Those of an example have its name before theirs.
pub(super) fn packages() -> Result<Vec<Package>> {
    let mut packages = Vec::new();
    for folder in FOLDERS.map(|folder| project::root().join(folder)) {
        if folder.is_dir() {
            packages.extend(packages_in(&folder, "")?);
        }
    }
    for example in entries(&project::root().join(EXAMPLES))? {
        if example.is_dir() {
            packages.extend(packages_in(&example, &format!("{}-", name_of(&example)))?);
        }
    }
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

fn packages_in(folder: &Path, prefix: &str) -> Result<Vec<Package>> {
    let directories = entries(folder)?.into_iter();
    let packages = directories.filter(|directory| directory.join("pyproject.toml").is_file());
    Ok(packages
        .map(|directory| Package {
            name: format!("{prefix}{}", name_of(&directory)),
            directory,
        })
        .collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || format!("failed to read the folder {}", folder.display());
    let entries = fs::read_dir(folder).with_context(failed)?;
    entries
        .map(|entry| Ok(entry.with_context(failed)?.path()))
        .collect()
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

impl Package {
    /// The name of its check.
    pub(super) fn title(&self) -> String {
        format!("python {}", self.name)
    }

    /// Checks it, and shows what a check that fails has printed.
    pub(super) fn check(&self) -> Result<()> {
        let caches = directories::cache()?.join("python");
        let first = self.environment(&caches, "")?;
        for arguments in CHECKS {
            self.run(&first, arguments)?;
        }
        self.run(&first, TESTS)?;
        for variant in self.variants()? {
            let environment = self.environment(&caches, &variant)?;
            self.run(&environment, TESTS)
                .with_context(|| format!("with {}", lock_of(&variant)))?;
        }
        Ok(())
    }

    fn run(&self, environment: &Path, arguments: &[&str]) -> Result<()> {
        let mut python = Command::new(environment.join("bin/python"));
        python.args(arguments).current_dir(&self.directory);
        // Nothing of it belongs among the sources.
        python
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("RUFF_CACHE_DIR", environment.join("cache/ruff"))
            .env("MYPY_CACHE_DIR", environment.join("cache/mypy"));
        must_succeed(&mut python, PATIENCE)
    }

    /// What the further locks vary in, in the order of names.
    fn variants(&self) -> Result<Vec<String>> {
        let failed = || format!("failed to read the folder {}", self.directory.display());
        let mut variants = Vec::new();
        for entry in fs::read_dir(&self.directory).with_context(failed)? {
            let name = entry.with_context(failed)?.file_name();
            let (before, after) = FURTHER_LOCK;
            variants.extend(
                name.to_str()
                    .and_then(|name| name.strip_prefix(before)?.strip_suffix(after))
                    .map(str::to_owned),
            );
        }
        variants.sort();
        Ok(variants)
    }

    /// The folder of a virtual environment with what a lock says, made first if there is none.
    fn environment(&self, caches: &Path, variant: &str) -> Result<PathBuf> {
        let path = self.directory.join(lock_of(variant));
        let lock = fs::read(&path)
            .with_context(|| format!("failed to read {}: every package needs one", path.display()))?;
        let prefix = self.prefix(variant);
        let environment = caches.join(format!("{prefix}{}", key(&python_version()?, &lock)));
        if !environment.join(STAMP).is_file() {
            fs::create_dir_all(caches).with_context(|| format!("failed to create {}", caches.display()))?;
            let _alone = lock::hold(
                &caches.join(format!("{}.lock", self.name)),
                &format!("check of {}", self.name),
            )?;
            // Whoever held the lock has probably made it.
            if !environment.join(STAMP).is_file() {
                self.install(&environment, &prefix, &path)?;
            }
        }
        Ok(environment)
    }

    /// What the names of a lock's environments begin with. No package's name has a plus sign in it.
    fn prefix(&self, variant: &str) -> String {
        if variant.is_empty() {
            format!("{}-", self.name)
        } else {
            format!("{}+{variant}-", self.name)
        }
    }

    fn install(&self, environment: &Path, prefix: &str, lock: &Path) -> Result<()> {
        let activity = Activity::start(format!("installing what the check of {} needs", self.name));
        remove_environments(environment, prefix)?;
        let mut venv = Command::new("python3");
        must_succeed(venv.args(["-m", "venv"]).arg(environment), PATIENCE).context(
            "failed to make a virtual environment: is the package `python3-venv` of Debian installed?",
        )?;
        let mut pip = Command::new(environment.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--requirement",
        ]);
        must_succeed(pip.arg(lock), PATIENCE_TO_INSTALL)?;
        fs::write(environment.join(STAMP), "").context("failed to write the environment's stamp")?;
        activity.finish(&format!("installed what the check of {} needs", self.name));
        Ok(())
    }
}

/// The file's name.
fn lock_of(variant: &str) -> String {
    let (before, after) = FURTHER_LOCK;
    if variant.is_empty() {
        LOCK.to_owned()
    } else {
        format!("{before}{variant}{after}")
    }
}

/// Removes those of earlier contents of the same lock, and one whose installation did not come to its end.
fn remove_environments(environment: &Path, prefix: &str) -> Result<()> {
    let caches = environment.parent().context("an environment has no folder")?;
    for entry in fs::read_dir(caches)?.flatten() {
        let name = entry.file_name();
        let key = name.to_str().and_then(|name| name.strip_prefix(prefix));
        if key.is_some_and(|key| key.len() == KEY_LENGTH) {
            fs::remove_dir_all(entry.path())
                .with_context(|| format!("failed to remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

const KEY_LENGTH: usize = 16;

/// What two environments with the same contents have in common.
fn key(python: &str, lock: &[u8]) -> String {
    let digest = Sha256::new()
        .chain_update(python)
        .chain_update([0])
        .chain_update(lock)
        .finalize();
    let mut key = digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    key.truncate(KEY_LENGTH);
    key
}

fn python_version() -> Result<String> {
    let captured = process::capture(Command::new("python3").arg("--version"), PATIENCE)
        .context("the checks of Python packages need python3 on PATH")?;
    Ok(captured.stdout)
}

fn must_succeed(command: &mut Command, patience: Duration) -> Result<()> {
    let captured = process::capture(command, patience)?;
    if !captured.status.success() {
        bail!(
            "`{}` ended with {}:\n{}{}",
            process::describe(command),
            captured.status,
            captured.stdout,
            captured.stderr
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_folders_with_a_pyproject() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for name in ["package", "other"] {
            fs::create_dir(folder.path().join(name))?;
        }
        fs::write(folder.path().join("package/pyproject.toml"), "")?;
        let found = packages_in(folder.path(), "")?;
        let titles: Vec<String> = found.iter().map(Package::title).collect();
        assert_eq!(titles, ["python package"]);
        Ok(())
    }

    #[test]
    fn the_projects_own_packages_are_found() -> Result<()> {
        let titles: Vec<String> = packages()?.iter().map(Package::title).collect();
        for title in ["python digits-app", "python digits-training"] {
            assert!(titles.iter().any(|found| found == title), "{titles:?}");
        }
        Ok(())
    }

    #[test]
    fn the_key_follows_the_lock_and_the_python() {
        let one = key("Python 3.11.7", b"a==1");
        assert_eq!(one, key("Python 3.11.7", b"a==1"));
        assert_ne!(one, key("Python 3.13.1", b"a==1"));
        assert_ne!(one, key("Python 3.11.7", b"a==2"));
        assert_eq!(one.len(), KEY_LENGTH);
    }

    fn package(name: &str, directory: &Path) -> Package {
        Package {
            directory: directory.to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn only_environments_of_the_same_lock_are_removed() -> Result<()> {
        let caches = tempfile::tempdir()?;
        let (old, new) = ("a".repeat(KEY_LENGTH), "b".repeat(KEY_LENGTH));
        let others = [
            format!("app-two-{old}"),
            format!("app+two-{old}"),
            "app.lock".to_owned(),
        ];
        for name in others.iter().chain([&format!("app-{old}")]) {
            fs::create_dir(caches.path().join(name))?;
        }
        let prefix = package("app", caches.path()).prefix("");
        remove_environments(&caches.path().join(format!("{prefix}{new}")), &prefix)?;
        assert!(!caches.path().join(format!("app-{old}")).exists());
        for name in others {
            assert!(caches.path().join(&name).exists(), "{name}");
        }
        Ok(())
    }

    #[test]
    fn every_further_lock_is_an_environment() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let package = package("app", folder.path());
        assert_eq!(package.variants()?, Vec::<String>::new());
        for name in [
            LOCK,
            "requirements.lock",
            "requirements-dev-three.lock",
            "requirements-dev-2.0.lock",
            "requirements-dev-2.0.txt",
        ] {
            fs::write(folder.path().join(name), "")?;
        }
        let variants = package.variants()?;
        assert_eq!(variants, ["2.0", "three"]);
        assert_eq!(lock_of(""), LOCK);
        assert_eq!(lock_of(&variants[0]), "requirements-dev-2.0.lock");
        assert_eq!(package.prefix(&variants[0]), "app+2.0-");
        Ok(())
    }

    #[test]
    fn a_failure_shows_what_was_printed() {
        let mut command = Command::new("sh");
        let failed = must_succeed(
            command.args(["-c", "echo here; echo there >&2; exit 3"]),
            PATIENCE,
        );
        let message = failed
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default();
        assert!(
            message.contains("exit status: 3") && message.contains("here\nthere\n"),
            "{message}"
        );
    }
}

//! Clusters that have a name and outlive the command that started them, several side by side.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{ControlPlane, Options, Shape};
use crate::directories;

/// What [`up`] found and did.
#[derive(Debug, Eq, PartialEq)]
pub enum Up {
    /// There was none of that name.
    Started,
    /// It was up already.
    AlreadyRunning,
    /// These components had ended, and were started again.
    Repaired(Vec<String>),
}

/// Brings the cluster called `name` up if it is not, and lets it run on. One that is there must have that shape.
pub fn up(name: &str, shape: Shape) -> Result<(ControlPlane, Up)> {
    let directory = directory(name)?;
    let _lock = lock()?;
    if let Some(mut cluster) = ControlPlane::open(&directory)? {
        require_shape(&cluster, shape)?;
        let repaired = cluster.repair().with_context(|| {
            format!(
                "cluster {name} cannot be repaired: `cargo xtask kubernetes down --name {name}` removes it"
            )
        })?;
        let outcome = if repaired.is_empty() {
            Up::AlreadyRunning
        } else {
            Up::Repaired(repaired)
        };
        return Ok((cluster, outcome));
    }
    remove_leftover(&directory)?;
    let options = Options {
        shape,
        ..Options::new(name, &directory)
    };
    ControlPlane::start(&options)?.detach();
    let cluster = open(name)?.context("a cluster vanished as soon as it was started")?;
    Ok((cluster, Up::Started))
}

/// Stops the cluster called `name` and removes all of it. Says whether there was one.
pub fn down(name: &str) -> Result<bool> {
    let directory = directory(name)?;
    let found = {
        let _lock = lock()?;
        let cluster = ControlPlane::open(&directory)?;
        let found = cluster.is_some();
        match cluster {
            Some(cluster) => cluster.stop()?,
            None => remove_leftover(&directory)?,
        }
        found
    };
    // Leaves no empty folders behind; those that hold something stay.
    let parents = directory.ancestors().skip(1).take(2);
    let _ = parents.map(fs::remove_dir).take_while(Result::is_ok).count();
    Ok(found)
}

/// The cluster called `name`, if there is one.
pub fn open(name: &str) -> Result<Option<ControlPlane>> {
    ControlPlane::open(&directory(name)?)
}

/// All clusters that have a name, in its order.
pub fn all() -> Result<Vec<ControlPlane>> {
    let Ok(entries) = fs::read_dir(clusters()?) else {
        return Ok(Vec::new());
    };
    let mut directories: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    directories.sort();
    directories
        .iter()
        .filter_map(|directory| ControlPlane::open(directory).transpose())
        .collect()
}

fn require_shape(cluster: &ControlPlane, wanted: Shape) -> Result<()> {
    let (has, advice) = match cluster.shape() {
        Shape::WithNode => ("has a node", "leave --control-plane-only out"),
        Shape::ControlPlaneOnly => ("has no node", "add --control-plane-only"),
    };
    if cluster.shape() != wanted {
        let name = cluster.name();
        bail!(
            "cluster {name} is there already and {has}: {advice}, choose another --name, or remove it first with \
             `cargo xtask kubernetes down --name {name}`"
        );
    }
    Ok(())
}

/// Removes what a start left that was killed before it had made anything but folders.
fn remove_leftover(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("failed to remove {}", directory.display()))
        }
        _ => Ok(()),
    }
}

fn clusters() -> Result<PathBuf> {
    Ok(directories::state()?.join("clusters"))
}

fn directory(name: &str) -> Result<PathBuf> {
    check_name(name)?;
    Ok(clusters()?.join(name))
}

/// The name becomes a folder and stands unquoted in kubeconfigs.
fn check_name(name: &str) -> Result<()> {
    let allowed =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if name.len() > 63
        || !name.starts_with(|first: char| first.is_ascii_lowercase())
        || !name.chars().all(allowed)
    {
        bail!(
            "{name:?} is no name for a cluster: it must begin with a letter from a to z, go on with such letters, \
             digits and hyphens, and be no longer than 63 characters"
        );
    }
    Ok(())
}

/// One command at a time changes the clusters of a user. Held until the returned file is dropped.
fn lock() -> Result<File> {
    let path = clusters()?;
    let failed = || format!("failed to lock {}", path.display());
    loop {
        fs::create_dir_all(&path).with_context(failed)?;
        let folder = File::open(&path).with_context(failed)?;
        folder.lock().with_context(failed)?;
        // Whoever held the lock may have removed the folder.
        if is_same(&folder, &path) {
            return Ok(folder);
        }
    }
}

fn is_same(file: &File, path: &Path) -> bool {
    let (Ok(held), Ok(named)) = (file.metadata(), path.metadata()) else {
        return false;
    };
    (held.dev(), held.ino()) == (named.dev(), named.ino())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in ["", ".", "..", "a/b", "A", "1a", "-a", "a_b", &"a".repeat(64)] {
            assert!(check_name(name).is_err(), "{name}");
        }
        for name in ["demo", "a", "test-2"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
    }
}

//! A working copy of configurations, so that state and locks never land among the sources.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Makes `copy` hold the sources of `original` and nothing else but what Terraform itself has put there.
pub fn make(original: &Path, copy: &Path) -> Result<()> {
    let failed = || format!("failed to copy {} to {}", original.display(), copy.display());
    if copy.exists() {
        for entry in fs::read_dir(copy).with_context(failed)? {
            let entry = entry.with_context(failed)?;
            // A file that is no longer in the example would still be part of the configuration.
            if !is_own(&entry.file_name().to_string_lossy()) {
                remove(&entry.path()).with_context(failed)?;
            }
        }
    }
    copy_sources(original, copy).with_context(failed)
}

/// State, locks, installed providers, and our own CLI configuration.
fn is_own(name: &str) -> bool {
    name.starts_with('.') || name.contains(".tfstate")
}

fn remove(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    }
}

fn copy_sources(original: &Path, copy: &Path) -> std::io::Result<()> {
    fs::create_dir_all(copy)?;
    for entry in fs::read_dir(original)? {
        let entry = entry?;
        let name = entry.file_name();
        if is_own(&name.to_string_lossy()) {
            continue;
        }
        if entry.path().is_dir() {
            copy_sources(&entry.path(), &copy.join(name))?;
        } else {
            fs::copy(entry.path(), copy.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_replaced_and_state_is_kept() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let (original, working) = (directory.path().join("original"), directory.path().join("copy"));
        fs::create_dir_all(original.join("folder"))?;
        fs::create_dir_all(original.join(".terraform"))?;
        fs::create_dir_all(working.join("old-folder"))?;
        fs::write(original.join("main.tf"), "new")?;
        fs::write(original.join("folder/a.yaml"), "a")?;
        fs::write(original.join("terraform.tfstate"), "not for the copy")?;
        fs::write(working.join("main.tf"), "old")?;
        fs::write(working.join("gone.tf"), "old")?;
        fs::write(working.join("terraform.tfstate"), "state")?;

        make(&original, &working)?;

        assert_eq!(fs::read_to_string(working.join("main.tf"))?, "new");
        assert_eq!(fs::read_to_string(working.join("folder/a.yaml"))?, "a");
        assert_eq!(fs::read_to_string(working.join("terraform.tfstate"))?, "state");
        for gone in ["gone.tf", "old-folder", ".terraform"] {
            assert!(!working.join(gone).exists(), "{gone}");
        }
        Ok(())
    }
}

//! Where things lie in a cluster's folder.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

/// A cluster's folder. Only its owner may look into it: it holds private keys.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(super) fn new(root: &Path) -> Result<Self> {
        let root =
            std::path::absolute(root).with_context(|| format!("no absolute path for {}", root.display()))?;
        Ok(Self { root })
    }

    /// Makes the folders. A folder that holds anything is refused, because a cluster's end removes its folder.
    pub(super) fn create(&self) -> Result<()> {
        let failed = |path: &Path| format!("failed to create {}", path.display());
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(&self.root).with_context(|| failed(&self.root))?;
        let mut entries = fs::read_dir(&self.root).with_context(|| failed(&self.root))?;
        if entries.next().is_some() {
            bail!(
                "{} is not empty: a new cluster wants a folder of its own",
                self.root.display()
            );
        }
        for folder in ["certificates", "clients", "etcd", "logs"] {
            let path = self.root.join(folder);
            builder.create(&path).with_context(|| failed(&path))?;
        }
        Ok(())
    }

    /// Removes the folder with all that is in it.
    pub(super) fn remove(&self) -> Result<()> {
        match fs::remove_dir_all(&self.root) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("failed to remove {}", self.root.display()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn record(&self) -> PathBuf {
        self.root.join("cluster.json")
    }

    pub(super) fn kubeconfig(&self) -> PathBuf {
        self.root.join("kubeconfig")
    }

    /// The kubeconfig of a component of the cluster itself.
    pub(super) fn component_kubeconfig(&self, component: &str) -> PathBuf {
        self.root
            .join("certificates")
            .join(format!("{component}.kubeconfig"))
    }

    pub(super) fn clients(&self) -> PathBuf {
        self.root.join("clients")
    }

    pub(super) fn certificate(&self, name: &str) -> PathBuf {
        self.root.join("certificates").join(format!("{name}.crt"))
    }

    pub(super) fn key(&self, name: &str) -> PathBuf {
        self.root.join("certificates").join(format!("{name}.key"))
    }

    pub(super) fn public_key(&self, name: &str) -> PathBuf {
        self.root.join("certificates").join(format!("{name}.pub"))
    }

    pub(super) fn audit_policy(&self) -> PathBuf {
        self.root.join("audit-policy.yaml")
    }

    pub(super) fn etcd_data(&self) -> PathBuf {
        self.root.join("etcd")
    }

    pub(super) fn log(&self, component: &str) -> PathBuf {
        self.root.join("logs").join(format!("{component}.log"))
    }
}

/// Writes a file that only its owner may read, in one step: a reader sees the old content or the new.
pub(super) fn write_private(path: &Path, content: &str) -> Result<()> {
    let failed = || format!("failed to write {}", path.display());
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .with_context(failed)?;
    file.write_all(content.as_bytes()).with_context(failed)?;
    fs::rename(&fresh, path).with_context(failed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn folders_and_files_are_private() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let layout = Layout::new(&directory.path().join("cluster"))?;
        layout.create()?;
        write_private(&layout.kubeconfig(), "secret")?;
        assert_eq!(fs::metadata(layout.root())?.permissions().mode() & 0o777, 0o700);
        assert_eq!(
            fs::metadata(layout.kubeconfig())?.permissions().mode() & 0o777,
            0o600
        );
        Ok(())
    }

    #[test]
    fn a_folder_with_content_is_refused_and_kept() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let precious = directory.path().join("precious");
        fs::write(&precious, "")?;
        let refused = Layout::new(directory.path())?.create();
        assert!(refused.is_err_and(|error| error.to_string().contains("not empty")));
        assert!(precious.exists());
        Ok(())
    }

    #[test]
    fn removing_what_is_gone_is_no_error() -> Result<()> {
        let directory = tempfile::tempdir()?;
        Layout::new(&directory.path().join("never-made"))?.remove()
    }
}

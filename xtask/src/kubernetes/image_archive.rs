//! Images that are made on this machine, as archives that `ctr images import` reads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::tool;
use crate::directories;

/// What is said of an image beside the files that it holds.
pub(super) struct Image {
    /// What it is called on the node.
    pub(super) name: &'static str,
    /// How its containers are started.
    pub(super) config: Value,
}

/// The archive called `name` in the user's cache. If it is not there, `make` makes it in a folder that it is given.
pub(super) fn cached(name: &str, make: impl FnOnce(&Path) -> Result<PathBuf>) -> Result<PathBuf> {
    let folder = directories::cache()?.join("images");
    let archive = folder.join(format!("{name}.tar"));
    if !archive.exists() {
        fs::create_dir_all(&folder).with_context(|| format!("failed to create {}", folder.display()))?;
        let work = tempfile::tempdir_in(&folder).context("failed to create a folder for an image")?;
        let finished = make(work.path()).with_context(|| format!("failed to make the image {name}"))?;
        // In one step: another command may be making it, too.
        fs::rename(finished, &archive).with_context(|| format!("failed to write {}", archive.display()))?;
    }
    Ok(archive)
}

/// An archive of `image` in `work`, in the layout of OCI, with one layer that holds what is in `root`.
pub(super) fn pack(work: &Path, root: &Path, image: &Image) -> Result<PathBuf> {
    let layout = work.join("layout");
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    let layer = work.join("layer.tar");
    tar(&layer, root)?;
    let kind = |name: &str| format!("application/vnd.oci.image.{name}");
    let layer = store(&blobs, &kind("layer.v1.tar"), &fs::read(layer)?)?;
    let architecture = tool::output(Command::new("dpkg").arg("--print-architecture"))?;
    let config = json!({
        "architecture": architecture.trim(),
        "os": "linux",
        "config": image.config,
        "rootfs": { "type": "layers", "diff_ids": [layer["digest"]] },
    });
    let config = store(&blobs, &kind("config.v1+json"), config.to_string().as_bytes())?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": kind("manifest.v1+json"),
        "config": config,
        "layers": [layer],
    });
    let mut manifest = store(&blobs, &kind("manifest.v1+json"), manifest.to_string().as_bytes())?;
    manifest["annotations"] = json!({ "io.containerd.image.name": image.name });
    let index = json!({ "schemaVersion": 2, "manifests": [manifest] });
    fs::write(layout.join("index.json"), index.to_string())?;
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
    let archive = work.join("archive.tar");
    tar(&archive, &layout)?;
    Ok(archive)
}

/// Everything in `folder`, as root's and without times, so that the same content has the same digest.
fn tar(archive: &Path, folder: &Path) -> Result<()> {
    let mut command = Command::new("tar");
    command.args([
        "--create",
        "--sort=name",
        "--mtime=@0",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--mode=a+rX",
    ]);
    command
        .arg("--file")
        .arg(archive)
        .arg("--directory")
        .arg(folder)
        .arg(".");
    tool::output(&mut command).map(drop)
}

/// Writes a blob under its digest, and returns its descriptor.
fn store(blobs: &Path, media_type: &str, content: &[u8]) -> Result<Value> {
    use std::fmt::Write as _;
    let digest = Sha256::digest(content)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
    fs::write(blobs.join(&digest), content)?;
    Ok(json!({ "mediaType": media_type, "digest": format!("sha256:{digest}"), "size": content.len() }))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn an_archive_has_the_same_digests_each_time_and_every_user_may_read_it() -> Result<()> {
        let image = Image {
            name: "localhost/mlops/test:1",
            config: json!({}),
        };
        let mut indexes = Vec::new();
        for _ in 0..2 {
            let work = tempfile::tempdir()?;
            let root = work.path().join("root");
            fs::create_dir_all(&root)?;
            fs::write(root.join("file"), "content")?;
            fs::set_permissions(&root, fs::Permissions::from_mode(0o700))?;
            let archive = pack(work.path(), &root, &image)?;
            let listing = tool::output(
                Command::new("tar")
                    .args(["--list", "--verbose", "--file"])
                    .arg(work.path().join("layer.tar")),
            )?;
            assert!(listing.starts_with("drwxr-xr-x 0/0 "), "{listing}");
            let index = tool::output(
                Command::new("tar")
                    .args(["--extract", "--to-stdout", "--file"])
                    .arg(archive)
                    .arg("./index.json"),
            )?;
            assert!(index.contains(image.name), "{index}");
            indexes.push(index);
        }
        assert_eq!(indexes[0], indexes[1]);
        Ok(())
    }
}

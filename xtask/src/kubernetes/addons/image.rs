//! An image with a shell, made on this machine: nodes pull nothing from outside.
//!
//! It is Debian's busybox-static and nothing else. The package is unpacked, not installed: it would take the place of
//! the machine's own busybox.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{directories, process};

/// What the image is called on the node. Pods that use it must never pull it.
pub(in super::super) const SHELL: &str = "localhost/mlops/shell:1";

/// Ten times what the slowest step takes, which fetches 1 MB.
const PATIENCE: Duration = Duration::from_mins(1);

/// The archive of the image in the user's cache, made first if it is not there; `ctr images import` reads it.
pub(in super::super) fn shell_archive() -> Result<PathBuf> {
    let folder = directories::cache()?.join("images");
    let archive = folder.join("shell-1.tar");
    if !archive.exists() {
        fs::create_dir_all(&folder).with_context(|| format!("failed to create {}", folder.display()))?;
        let work = tempfile::tempdir_in(&folder).context("failed to create a folder for an image")?;
        let made = make(work.path()).context("failed to make the image with a shell")?;
        // In one step: another command may be making it, too.
        fs::rename(made, &archive).with_context(|| format!("failed to write {}", archive.display()))?;
    }
    Ok(archive)
}

fn make(work: &Path) -> Result<PathBuf> {
    let root = work.join("root");
    fs::create_dir_all(root.join("bin"))?;
    fs::create_dir(root.join("tmp"))?;
    fs::set_permissions(root.join("tmp"), fs::Permissions::from_mode(0o1777))?;
    let busybox = root.join("bin/busybox");
    fs::copy(unpack_busybox(work)?, &busybox).context("the package busybox-static has no bin/busybox")?;
    for applet in run(Command::new(&busybox).arg("--list"))?.lines() {
        if applet != "busybox" {
            symlink("busybox", root.join("bin").join(applet))?;
        }
    }
    pack(work, &root)
}

/// Debian's package from its own servers, into `work`.
fn unpack_busybox(work: &Path) -> Result<PathBuf> {
    // apt warns of a folder that its own user may not write to, and goes on as root.
    run(Command::new("apt-get")
        .current_dir(work)
        .args(["download", "busybox-static"]))
    .context("`apt-get update` may be due")?;
    let package = fs::read_dir(work)?.flatten().map(|entry| entry.path());
    let package = package
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "deb"));
    let package = package.context("apt-get left no package")?;
    let unpacked = work.join("unpacked");
    run(Command::new("dpkg-deb")
        .arg("--extract")
        .args([&package, &unpacked]))?;
    let candidates = ["bin/busybox", "usr/bin/busybox"].map(|path| unpacked.join(path));
    let busybox = candidates.into_iter().find(|path| path.is_file());
    busybox.context("the package busybox-static has no busybox")
}

/// An archive in the layout of OCI, with one layer that holds what is in `root`.
fn pack(work: &Path, root: &Path) -> Result<PathBuf> {
    let layout = work.join("layout");
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    let layer = work.join("layer.tar");
    tar(&layer, root)?;
    let kind = |name: &str| format!("application/vnd.oci.image.{name}");
    let layer = store(&blobs, &kind("layer.v1.tar"), &fs::read(layer)?)?;
    let architecture = run(Command::new("dpkg").arg("--print-architecture"))?;
    let config = json!({
        "architecture": architecture.trim(),
        "os": "linux",
        "config": { "Env": ["PATH=/bin"], "Cmd": ["/bin/sh"] },
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
    manifest["annotations"] = json!({ "io.containerd.image.name": SHELL });
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
    run(&mut command).map(drop)
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

fn run(command: &mut Command) -> Result<String> {
    let done = process::capture(command, PATIENCE)?;
    let (command, status) = (process::describe(command), done.status);
    ensure!(
        status.success(),
        "`{command}` ended with {status}: {}",
        done.stderr
    );
    Ok(done.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_the_same_digests_each_time_and_every_user_may_read_it() -> Result<()> {
        let mut indexes = Vec::new();
        for _ in 0..2 {
            let work = tempfile::tempdir()?;
            let root = work.path().join("root");
            fs::create_dir_all(&root)?;
            fs::write(root.join("file"), "content")?;
            fs::set_permissions(&root, fs::Permissions::from_mode(0o700))?;
            let archive = pack(work.path(), &root)?;
            let listing = run(Command::new("tar")
                .args(["--list", "--verbose", "--file"])
                .arg(work.path().join("layer.tar")))?;
            assert!(listing.starts_with("drwxr-xr-x 0/0 "), "{listing}");
            let index = run(Command::new("tar")
                .args(["--extract", "--to-stdout", "--file"])
                .arg(archive)
                .arg("./index.json"))?;
            assert!(index.contains(SHELL), "{index}");
            indexes.push(index);
        }
        assert_eq!(indexes[0], indexes[1]);
        Ok(())
    }
}

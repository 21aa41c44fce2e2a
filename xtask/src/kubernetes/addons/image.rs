//! An image with a shell, made on this machine: nodes pull nothing from outside.
//!
//! It is Debian's busybox-static and nothing else. The package is unpacked, not installed: it would take the place of
//! the machine's own busybox.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::kubernetes::image_archive::{self, Image};
use crate::kubernetes::tool;

/// What the image is called on the node. Pods that use it must never pull it.
pub(in super::super) const SHELL: &str = "localhost/mlops/shell:1";

/// The archive of the image in the user's cache, made first if it is not there; `ctr images import` reads it.
pub(in super::super) fn shell_archive() -> Result<PathBuf> {
    image_archive::cached("shell-1", make)
}

fn make(work: &Path) -> Result<PathBuf> {
    let root = work.join("root");
    for folder in ["bin", "etc", "tmp"] {
        fs::create_dir_all(root.join(folder))?;
    }
    fs::set_permissions(root.join("tmp"), fs::Permissions::from_mode(0o1777))?;
    // Without it, DNS is asked for `localhost`, and believed.
    fs::write(root.join("etc/nsswitch.conf"), "hosts: files dns\n")?;
    let busybox = root.join("bin/busybox");
    fs::copy(unpack_busybox(work)?, &busybox)?;
    for applet in tool::output(Command::new(&busybox).arg("--list"))?.lines() {
        if applet != "busybox" {
            symlink("busybox", root.join("bin").join(applet))?;
        }
    }
    let image = Image {
        name: SHELL,
        config: json!({ "Env": ["PATH=/bin"], "Cmd": ["/bin/sh"] }),
    };
    image_archive::pack(work, &root, &image)
}

/// The package from Debian's servers, unpacked in `work`.
fn unpack_busybox(work: &Path) -> Result<PathBuf> {
    tool::output(
        Command::new("apt-get")
            .current_dir(work)
            .args(["download", "busybox-static"]),
    )
    .context("`apt-get update` may be due")?;
    let mut entries = fs::read_dir(work)?.flatten().map(|entry| entry.path());
    let package = entries.find(|path| path.extension().is_some_and(|end| end == "deb"));
    let package = package.context("apt-get left no package")?;
    let unpacked = work.join("unpacked");
    tool::output(
        Command::new("dpkg-deb")
            .arg("--extract")
            .args([&package, &unpacked]),
    )?;
    let candidates = ["bin/busybox", "usr/bin/busybox"].map(|path| unpacked.join(path));
    let busybox = candidates.into_iter().find(|path| path.is_file());
    busybox.context("the package busybox-static holds no such program")
}

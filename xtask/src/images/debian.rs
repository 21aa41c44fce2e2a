//! Debian as its archive has it, for machines that reach no registry with Debian's image.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::buildah::{Buildah, TIMESTAMP};
use super::settings::Environment;
use crate::process::{self, Output, Tail};
use crate::programs::system;
use crate::progress::Activity;

/// The release in a name such as `docker.io/library/debian:bookworm-slim`.
pub(super) fn release(image: &str) -> Option<&str> {
    image
        .strip_prefix("docker.io/library/debian:")?
        .strip_suffix("-slim")
}

/// Makes the smallest Debian of that release, under `name` in buildah's store.
pub(super) fn make(
    release: &str,
    name: &str,
    buildah: &Buildah,
    environment: &Environment,
    folder: &Path,
) -> Result<()> {
    system::ensure_all(system::DEBIAN)?;
    let archive = folder.join("root.tar");
    let mut activity = Activity::start(format!("making a root file system of Debian {release}"));
    let mut command = Command::new("mmdebstrap");
    command
        .env_clear()
        .envs(environment)
        .env("SOURCE_DATE_EPOCH", TIMESTAMP)
        .env("TMPDIR", folder)
        .args(["--variant=minbase", "--format=tar"])
        // As in Debian's own slim image.
        .args(
            ["man", "info", "doc", "locale"]
                .map(|kind| format!("--dpkgopt=path-exclude=/usr/share/{kind}/*")),
        )
        .arg("--dpkgopt=path-include=/usr/share/doc/*/copyright")
        // It copies this machine's.
        .arg(r#"--customize-hook=rm -f "$1/etc/resolv.conf" "$1/etc/hostname""#)
        .arg(release)
        .arg(&archive);
    let mut tail = Tail::new(25);
    let status = process::stream(&mut command, Output::Both, |line| {
        activity.note(line);
        tail.push(line);
    })?;
    if !status.success() {
        bail!("mmdebstrap ended with {status}; its last lines:\n{tail}");
    }
    buildah.import(&archive, name)?;
    activity.finish(&format!("made a root file system of Debian {release}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_debians_slim_image_can_be_made_of_its_archive() {
        assert_eq!(
            release("docker.io/library/debian:bookworm-slim"),
            Some("bookworm")
        );
        for other in [
            "docker.io/library/debian:bookworm",
            "docker.io/library/alpine:3-slim",
            "example.org/debian:bookworm-slim",
        ] {
            assert_eq!(release(other), None);
        }
    }
}

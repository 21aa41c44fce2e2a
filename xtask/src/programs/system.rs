//! What must be on the machine before anything can be built, and how to get it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use nix::unistd::Uid;

use crate::process::{self, Output, Tail};
use crate::progress::Activity;

/// A command, what it is for, and the Debian packages that bring it.
pub struct Requirement {
    command: &'static str,
    purpose: &'static str,
    packages: &'static [&'static str],
}

/// cargo itself needs no check: it runs this program.
const REQUIREMENTS: [Requirement; 2] = [
    Requirement {
        command: "cc",
        purpose: "compiles the C in the TLS library",
        packages: &["gcc", "libc6-dev"],
    },
    Requirement {
        command: "git",
        purpose: "lists the project's files",
        packages: &["git"],
    },
];

/// What builds images.
pub const IMAGES: &[Requirement] = &[Requirement {
    command: "buildah",
    purpose: "builds images",
    packages: &["buildah"],
}];

/// What makes a Debian of its archive.
pub const DEBIAN: &[Requirement] = &[Requirement {
    command: "mmdebstrap",
    purpose: "makes root file systems of Debian, where its image is out of reach",
    packages: &["mmdebstrap", "debian-archive-keyring"],
}];

/// What a visitor of a web page needs.
pub const BROWSER: &[Requirement] = &[
    Requirement {
        command: "chromium",
        purpose: "shows web pages",
        packages: &["chromium", "fonts-dejavu-core"],
    },
    Requirement {
        command: "chromedriver",
        purpose: "lets a test use it",
        packages: &["chromium-driver"],
    },
];

/// Where Debian's plugins for the networks of containers are.
pub const NETWORK_PLUGINS: &str = "/usr/lib/cni";

/// What a cluster with a node needs.
pub const NODE: &[Requirement] = &[
    Requirement {
        command: "containerd",
        purpose: "runs the containers of a cluster's node",
        packages: &["containerd"],
    },
    Requirement {
        command: "runc",
        purpose: "starts each of them",
        packages: &["runc"],
    },
    Requirement {
        // The others come with it. A path is found without `PATH`.
        command: "/usr/lib/cni/ptp",
        purpose: "connects them",
        packages: &["containernetworking-plugins"],
    },
    Requirement {
        command: "iptables",
        purpose: "gives Services their addresses",
        packages: &["iptables"],
    },
    Requirement {
        command: "conntrack",
        purpose: "forgets connections to pods that are gone",
        packages: &["conntrack"],
    },
    Requirement {
        command: "ip",
        purpose: "makes network devices",
        packages: &["iproute2"],
    },
];

/// What every chore needs: see [`ensure_all`].
pub fn ensure() -> Result<()> {
    ensure_all(&REQUIREMENTS)
}

/// Installs what is missing where that is possible without asking, else fails with the command to run.
pub fn ensure_all(requirements: &[Requirement]) -> Result<()> {
    let missing: Vec<&Requirement> = requirements
        .iter()
        .filter(|needed| find(needed.command).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|needed| needed.packages)
        .copied()
        .collect();
    let reasons: Vec<String> = missing
        .iter()
        .map(|needed| format!("{} ({})", needed.command, needed.purpose))
        .collect();
    let reasons = reasons.join(", ");
    if find("apt-get").is_none() {
        bail!("this machine lacks {reasons}: install it with the system's package manager, then try again");
    }
    if !Uid::effective().is_root() {
        let packages = packages.join(" ");
        bail!(
            "this machine lacks {reasons}: run `sudo apt-get update && sudo apt-get install -y {packages}`"
        );
    }
    install(&packages).with_context(|| format!("this machine lacks {reasons}"))
}

fn install(packages: &[&str]) -> Result<()> {
    let mut activity = Activity::start(format!("installing {}", packages.join(", ")));
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    for arguments in [vec!["update"], install] {
        let mut command = Command::new("apt-get");
        command
            .args(&arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null());
        let mut tail = Tail::new(10);
        let status = process::stream(&mut command, Output::Stderr, |line| {
            activity.note(line);
            tail.push(line);
        })?;
        if !status.success() {
            bail!("`{}` ended with {status}:\n{tail}", process::describe(&command));
        }
    }
    activity.finish(&format!("installed {}", packages.join(", ")));
    Ok(())
}

/// Fails unless the Go on `PATH` can build what `source`'s go.mod, which asks for Go `wanted`, describes.
pub(super) fn require_go(source: &Path, wanted: &str) -> Result<()> {
    let advice = format!(
        "install Go {wanted} or newer from https://go.dev/dl/ and put its `bin` folder on PATH \
         (Debian 12's own package `golang` is Go 1.19, which is too old)"
    );
    if find("go").is_none() {
        bail!(
            "there is no `go` on PATH, and Kubernetes, etcd and OpenTofu are built from source with it: {advice}"
        );
    }
    // Asked in the folder of the go.mod: a Go that may fetch a newer one of itself does so here, or says why not.
    let output = Command::new("go")
        .arg("version")
        .current_dir(source)
        .env("GOWORK", "off")
        .output();
    let output = output.context("failed to start `go version`")?;
    if !output.status.success() {
        bail!(
            "`go version` failed: {}; {advice}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let answer = String::from_utf8_lossy(&output.stdout);
    let found = answer
        .split_whitespace()
        .find_map(|word| word.strip_prefix("go1."))
        .map(|rest| format!("1.{rest}"));
    match found {
        Some(found) if numbers(&found) >= numbers(wanted) => Ok(()),
        Some(found) => bail!("the `go` on PATH is Go {found}: {advice}"),
        None => bail!("`go version` answered {answer:?}, which is no version: {advice}"),
    }
}

/// `1.26.8` as numbers; what follows them (`rc1`, `-custom`) does not count.
fn numbers(version: &str) -> Vec<u32> {
    let digits = |part: &str| {
        part.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .ok()
    };
    version.split('.').map_while(digits).collect()
}

/// The absolute path of a command on `PATH`, or in the folders for root's commands, which `su` leaves out there.
#[must_use]
pub fn find(command: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    let candidates = folders.map(|folder| folder.join(command));
    candidates
        .filter(|candidate| candidate.is_absolute())
        .find(|candidate| is_executable(candidate))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(numbers("1.26.8") >= numbers("1.26.6"));
        assert!(numbers("1.26.10") > numbers("1.26.9"));
        assert!(numbers("1.26") < numbers("1.26.6"));
        assert!(numbers("1.19.8") < numbers("1.26"));
        assert_eq!(numbers("1.27rc1"), [1, 27]);
    }

    #[test]
    fn a_command_on_the_path_is_found_as_an_absolute_path() {
        assert!(find("sh").is_some_and(|path| path.is_absolute()));
        assert_eq!(find("no-such-command"), None);
    }
}

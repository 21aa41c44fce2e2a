//! Buildah with a store of its own: the user's other images are neither seen nor touched.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use super::settings::Environment;
use crate::process::{self, Output, Tail};
use crate::progress::Activity;

/// How long a step may take that moves an image of gigabytes: ten times what it takes.
const PATIENCE: Duration = Duration::from_mins(10);
/// How long a registry outside may take to answer before it counts as out of reach.
const REACH: Duration = Duration::from_secs(10);
/// What buildah says of the manifest of a single image, which it has then seen.
const NO_LIST: &str = "not a list type";
/// The variable that names the user's list of registries and their mirrors.
const REGISTRIES: &str = "CONTAINERS_REGISTRIES_CONF";
/// Times in an image: the same in each build, and the first that a zip archive can hold.
pub(super) const TIMESTAMP: &str = "315532800";

pub(super) struct Buildah {
    store: PathBuf,
    /// What a store knows of mounts must not outlive them.
    run: TempDir,
    environment: Environment,
}

/// What a build is given.
pub(super) struct Build<'a> {
    pub(super) context: &'a Path,
    pub(super) name: &'a str,
    /// Names in `FROM` and `COPY --from`, and what stands for them: the path of a folder, or what [`Buildah::in_store`]
    /// says.
    pub(super) contexts: &'a [(String, String)],
    /// A folder of the machine, and where the build sees it.
    pub(super) mount: (&'a Path, &'a str),
}

impl Buildah {
    /// With the images in the folder `store`, where only one at a time may work.
    pub(super) fn open(store: &Path, run: TempDir, environment: &Environment) -> Result<Self> {
        let buildah = Self {
            store: store.to_path_buf(),
            run,
            environment: environment.clone(),
        };
        // What an interrupted build left would keep its images from being removed.
        buildah.ask(&["rm", "--all"], PATIENCE)?;
        Ok(buildah)
    }

    /// How an image of the store is named as a context.
    pub(super) fn in_store(image: &str) -> String {
        format!("docker-image://{image}")
    }

    pub(super) fn has(&self, image: &str) -> Result<bool> {
        Ok(self.names()?.iter().any(|name| name == image))
    }

    /// The names of all images.
    pub(super) fn names(&self) -> Result<Vec<String>> {
        let images = json(&self.ask(&["images", "--json"], PATIENCE)?)?;
        let images = images.as_array().into_iter().flatten();
        let names = images.flat_map(|image| image["names"].as_array().into_iter().flatten());
        Ok(names.filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Why the registry of `image` does not show it, if it does not.
    pub(super) fn reach(&self, image: &str) -> Result<()> {
        match self.ask(&["manifest", "inspect", image], REACH) {
            // It was shown an image, and wants a list of such for several platforms.
            Err(error) if error.to_string().contains(NO_LIST) => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// Builds an image, or finds the layers that it would have.
    pub(super) fn build(&self, build: &Build<'_>, activity: &mut Activity) -> Result<()> {
        let (folder, inside) = build.mount;
        let mut command = self.command(&["build", "--isolation", "chroot", "--network", "host"]);
        command.args(["--layers", "--pull=false", "--identity-label=false"]);
        command.args(["--timestamp", TIMESTAMP, "--tag", build.name]);
        command.arg(format!("--volume={}:{inside}:ro", folder.display()));
        for (name, content) in build.contexts {
            command.arg(format!("--build-context={name}={content}"));
        }
        command.arg(build.context);
        let mut tail = Tail::new(25);
        let status = process::stream(&mut command, Output::Both, |line| {
            activity.note(line);
            tail.push(line);
        })?;
        if !status.success() {
            bail!("`buildah build` ended with {status}; its last lines:\n{tail}");
        }
        Ok(())
    }

    /// An image of one layer, which is what the archive `root` holds.
    pub(super) fn import(&self, root: &Path, name: &str) -> Result<()> {
        let container = self.ask(&["from", "scratch"], PATIENCE)?;
        let container = container.trim();
        let root = root.to_string_lossy();
        self.ask(&["add", container, &root, "/"], PATIENCE)?;
        let commit = [
            "commit",
            "--rm",
            "--quiet",
            "--identity-label=false",
            "--timestamp",
            TIMESTAMP,
        ];
        self.ask(&[&commit[..], &[container, name]].concat(), PATIENCE)
            .map(drop)
    }

    pub(super) fn pull(&self, remote: &str, name: &str) -> Result<()> {
        let image = self.ask(&["pull", "--quiet", "--tls-verify=false", remote], PATIENCE)?;
        self.ask(&["tag", image.trim(), name], PATIENCE).map(drop)
    }

    /// zstd is packed faster than gzip and unpacked several times as fast.
    pub(super) fn push(&self, name: &str, remote: &str) -> Result<()> {
        let zstd = ["--format", "oci", "--compression-format", "zstd"];
        let push = ["push", "--quiet", "--tls-verify=false"];
        self.ask(&[&push[..], &zstd, &[name, remote]].concat(), PATIENCE)
            .map(drop)
    }

    /// Takes a name from an image, and removes what no other name needs.
    pub(super) fn remove(&self, name: &str) -> Result<()> {
        self.ask(&["rmi", name], PATIENCE).map(drop)
    }

    /// Removes layers that no image with a name has.
    pub(super) fn prune(&self) -> Result<()> {
        self.ask(&["rmi", "--prune"], PATIENCE).map(drop)
    }

    /// The image's configuration and history, as OCI defines them.
    pub(super) fn configuration(&self, name: &str) -> Result<Value> {
        let mut answer = json(&self.ask(&["inspect", "--type", "image", name], PATIENCE)?)?;
        Ok(answer["OCIv1"].take())
    }

    /// What `command` prints in a container of `image` as `user`, a number of a user and one of a group.
    pub(super) fn run(&self, image: &str, user: &str, command: &[&str]) -> Result<String> {
        let container = self.ask(&["from", "--pull=false", image], PATIENCE)?;
        let container = container.trim();
        let run = ["run", "--isolation", "chroot", "--user", user, container, "--"];
        let answer = self.ask(&[&run[..], command].concat(), PATIENCE);
        self.ask(&["rm", container], PATIENCE)?;
        answer
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("buildah");
        command
            .env_clear()
            .envs(&self.environment)
            .arg("--root")
            .arg(&self.store)
            .arg("--runroot")
            .arg(self.run.path());
        // `manifest inspect` does not look at the variable itself, and the other commands do.
        if let Some(registries) = self.environment.get(REGISTRIES) {
            command.arg(format!("--registries-conf={registries}"));
        }
        command.args(arguments);
        command
    }

    fn ask(&self, arguments: &[&str], limit: Duration) -> Result<String> {
        let mut command = self.command(arguments);
        let done = process::capture(&mut command, limit)?;
        if !done.status.success() {
            let arguments = arguments.join(" ");
            bail!(
                "`buildah {arguments}` ended with {}: {}",
                done.status,
                done.stderr.trim()
            );
        }
        Ok(done.stdout)
    }
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).context("buildah printed no JSON")
}

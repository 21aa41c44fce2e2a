//! The registry of this user's images, while images are pushed to it.
//!
//! Its storage outlives every cluster, and each cluster's registry serves it. So a registry of our own is started to
//! push to, for as long as that takes: whether a cluster is up does not matter, and what was pushed is in all of them.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use super::size::Layer;
use crate::process::Tail;
use crate::programs::{Installed, Program, install};
use crate::{directories, interrupt, process};

/// The port that a node pulls from, on its own machine. Images are named by it, so it is the same in every cluster.
pub const PORT: u16 = 5000;
/// Ten times what a start takes.
const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(10);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// What a manifest may be.
const MANIFEST: &str =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
/// How many images of a name are kept: what runs may have to go back to the one before.
const KEPT: usize = 2;

/// The folder that every cluster's registry serves.
pub fn storage() -> Result<PathBuf> {
    Ok(directories::cache()?.join("registry"))
}

/// The reference of an image of ours in the specification of a pod.
#[must_use]
pub(super) fn reference(name: &str, tag: &str) -> String {
    format!("localhost:{PORT}/mlops/{name}:{tag}")
}

/// A registry on a loopback port. It ends when it is dropped.
pub struct Registry {
    process: Child,
    address: SocketAddr,
    storage: PathBuf,
    program: Installed,
    /// Its configuration and its log.
    work: TempDir,
    http: Agent,
}

impl Registry {
    /// Over this user's storage, which every cluster on this machine serves.
    pub fn of_this_user() -> Result<Self> {
        Self::start(&storage()?)
    }

    /// Over a storage of any user's, such as a test's.
    pub fn start(storage: &Path) -> Result<Self> {
        let program = install(Program::Registry)?;
        let work = tempfile::tempdir().context("failed to create a folder for a registry")?;
        let configuration = json!({
            "version": "0.1",
            "log": { "level": "info" },
            "storage": { "filesystem": { "rootdirectory": storage }, "delete": { "enabled": true } },
            "http": { "addr": "127.0.0.1:0" },
        });
        let path = configuration_in(&work);
        fs::write(&path, configuration.to_string())
            .with_context(|| format!("failed to write {}", path.display()))?;
        let log = log_in(&work);
        let log = File::create(&log).with_context(|| format!("failed to create {}", log.display()))?;
        let mut command = command(&program);
        command.arg("serve").arg(path).stdout(Stdio::null()).stderr(log);
        let mut registry = Self {
            process: process::spawn(&mut command)?,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            storage: storage.to_path_buf(),
            program,
            work,
            http: Agent::config_builder()
                // The user's proxy is not for 127.0.0.1.
                .proxy(None)
                .timeout_global(Some(ANSWER))
                .http_status_as_error(false)
                .build()
                .into(),
        };
        registry.address = registry.wait_until_it_listens()?;
        Ok(registry)
    }

    /// Where it listens, on 127.0.0.1.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The reference of an image here, as buildah wants it.
    pub(super) fn remote(&self, name: &str, tag: &str) -> String {
        format!("docker://{}/mlops/{name}:{tag}", self.address)
    }

    /// The layers of an image, or none if it is not here.
    pub(super) fn layers(&self, name: &str, tag: &str) -> Result<Option<Vec<Layer>>> {
        let url = self.url(name, tag);
        let asked = self.http.get(&url).header("Accept", MANIFEST).call();
        let mut answer = asked.with_context(|| format!("failed to ask {url}"))?;
        if answer.status() == 404 {
            return Ok(None);
        }
        ensure!(answer.status().is_success(), "{url} answered {}", answer.status());
        let body = answer.body_mut().read_to_string();
        let body = body.with_context(|| format!("failed to read the answer of {url}"))?;
        let manifest: Value =
            serde_json::from_str(&body).with_context(|| format!("{url} answered no JSON"))?;
        Ok(Some(Layer::all_of(&manifest)))
    }

    /// Removes all but the newest images of that name, and never the one of `current`; says whether any was removed.
    pub(super) fn remove_old(&self, name: &str, current: &str) -> Result<bool> {
        let old = old_tags(&self.tags(name), current);
        for tag in &old {
            let url = self.url(name, tag);
            let answer = self.http.delete(&url).call();
            let status = answer.with_context(|| format!("failed to ask {url}"))?.status();
            // A tag that is gone was to go.
            ensure!(
                status.is_success() || status == 404,
                "to remove {url} was answered by {status}"
            );
        }
        Ok(!old.is_empty())
    }

    /// Removes layers that no image has any more. Nobody else may push meanwhile: a layer comes before its image.
    pub(super) fn collect_garbage(&self) -> Result<()> {
        let mut command = command(&self.program);
        command
            .args(["garbage-collect", "--delete-untagged", "--quiet"])
            .arg(configuration_in(&self.work));
        let done = process::capture(&mut command, ANSWER)?;
        if !done.status.success() {
            bail!(
                "to collect the garbage of the registry in {} ended with {}:\n{}",
                self.storage.display(),
                done.status,
                Tail::of(&done.stderr, 10)
            );
        }
        Ok(())
    }

    /// Each tag with the time when it was last pushed, which a registry does not tell: its storage does.
    fn tags(&self, name: &str) -> Vec<(String, SystemTime)> {
        let folder = format!("docker/registry/v2/repositories/mlops/{name}/_manifests/tags");
        let entries = fs::read_dir(self.storage.join(folder));
        let entries = entries.into_iter().flatten().flatten();
        let tag = |entry: fs::DirEntry| {
            let pushed = entry.metadata().and_then(|metadata| metadata.modified());
            Some((entry.file_name().into_string().ok()?, pushed.ok()?))
        };
        entries.filter_map(tag).collect()
    }

    fn url(&self, name: &str, tag: &str) -> String {
        format!("http://{}/v2/mlops/{name}/manifests/{tag}", self.address)
    }

    fn wait_until_it_listens(&mut self) -> Result<SocketAddr> {
        let started = Instant::now();
        loop {
            let log = fs::read_to_string(log_in(&self.work)).unwrap_or_default();
            if let Some(address) = listens_at(&log) {
                return Ok(address);
            }
            let ended = self
                .process
                .try_wait()
                .context("failed to wait for the registry")?;
            let why = match ended {
                Some(status) => format!("ended with {status}"),
                None if started.elapsed() > PATIENCE => "does not listen".to_owned(),
                None => {
                    interrupt::check()?;
                    thread::sleep(POLL);
                    continue;
                }
            };
            bail!("the registry {why}; its last lines:\n{}", Tail::of(&log, 10));
        }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // It writes nothing unless somebody pushes. One that has ended already is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configuration_in(work: &TempDir) -> PathBuf {
    work.path().join("registry.json")
}

fn log_in(work: &TempDir) -> PathBuf {
    work.path().join("registry.log")
}

fn command(program: &Installed) -> Command {
    let mut command = Command::new(program.binary("registry"));
    // Else it sends traces to a collector that is not there.
    command
        .env_clear()
        .env("OTEL_TRACES_EXPORTER", "none")
        .stdin(Stdio::null());
    command
}

fn listens_at(log: &str) -> Option<SocketAddr> {
    let (_, rest) = log.split_once("listening on ")?;
    let (address, _) = rest.split_once('"')?;
    address.parse().ok()
}

fn old_tags(tags: &[(String, SystemTime)], current: &str) -> Vec<String> {
    let mut others: Vec<_> = tags.iter().filter(|(tag, _)| tag != current).collect();
    others.sort_by_key(|(_, pushed)| std::cmp::Reverse(*pushed));
    others
        .into_iter()
        .skip(KEPT - 1)
        .map(|(tag, _)| tag.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_once_it_is_whole() {
        let whole = "time=… level=info msg=\"listening on 127.0.0.1:39211\" go.version=go1.26";
        assert_eq!(listens_at(whole), "127.0.0.1:39211".parse().ok());
        assert_eq!(listens_at("msg=\"listening on 127.0.0.1:39"), None);
        assert_eq!(listens_at("msg=\"redis not configured\""), None);
    }

    #[test]
    fn the_current_tag_and_the_newest_other_one_are_kept() {
        let pushed = |tag: &str, second| {
            (
                tag.to_owned(),
                SystemTime::UNIX_EPOCH + Duration::from_secs(second),
            )
        };
        let tags = [pushed("a", 1), pushed("b", 3), pushed("c", 2), pushed("d", 4)];
        assert_eq!(old_tags(&tags, "d"), ["c", "a"]);
        assert_eq!(old_tags(&tags, "a"), ["b", "c"]);
        assert_eq!(old_tags(&tags[..2], "a"), Vec::<String>::new());
    }
}

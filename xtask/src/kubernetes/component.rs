//! One program of a cluster: how it is started, and when it is ready.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::node;
use super::os_process::OsProcess;
use crate::process::{self, Tail};

/// On the same machine a connection is made at once or refused.
const CONNECT_PATIENCE: Duration = Duration::from_secs(1);

/// What must hold before the next component may start.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Readiness {
    /// It runs. Whoever needs it waits for it.
    Started,
    /// The API server answers this path with success: its own health, or an object that the component makes.
    Answers(String),
    /// It accepts connections at this address.
    Accepts(SocketAddr),
    /// It accepts connections at this socket.
    Listens(PathBuf),
}

impl Readiness {
    /// An error says what is still missing.
    pub(super) fn check(&self, api: &Api) -> Result<()> {
        match self {
            Self::Started => Ok(()),
            Self::Answers(path) => api.get(path).map(drop),
            Self::Accepts(address) => TcpStream::connect_timeout(address, CONNECT_PATIENCE)
                .map(drop)
                .with_context(|| format!("{address} accepts no connection")),
            Self::Listens(socket) => UnixStream::connect(socket)
                .map(drop)
                .with_context(|| format!("{} accepts no connection", socket.display())),
        }
    }
}

/// A component as the cluster's record keeps it, with all that is needed to start it again.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) program: PathBuf,
    arguments: Vec<String>,
    #[serde(default)]
    environment: Vec<(String, String)>,
    /// The cgroup of the node that it and all that it starts belong to.
    #[serde(default)]
    cgroup: Option<String>,
    pub(super) log: PathBuf,
    pub(super) readiness: Readiness,
    pub(super) process: Option<OsProcess>,
}

impl Component {
    pub(super) fn new(name: &str, program: PathBuf, log: PathBuf, readiness: Readiness) -> Self {
        Self {
            name: name.into(),
            program,
            arguments: Vec::new(),
            environment: Vec::new(),
            cgroup: None,
            log,
            readiness,
            process: None,
        }
    }

    /// Adds `--name=value`.
    pub(super) fn flag(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.arguments.push(format!("--{name}={}", value.as_ref()));
        self
    }

    /// Adds `--name=path`.
    pub(super) fn path(self, name: &str, value: &Path) -> Self {
        let value = value.to_string_lossy().into_owned();
        self.flag(name, value)
    }

    /// The value of `--name=value`.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let prefix = format!("--{name}=");
        self.arguments
            .iter()
            .find_map(|argument| argument.strip_prefix(&prefix))
    }

    /// Adds arguments as they are.
    pub(super) fn arguments(mut self, arguments: &[String]) -> Self {
        self.arguments.extend_from_slice(arguments);
        self
    }

    /// Sets a variable of its environment, which is empty without.
    pub(super) fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets it run in a cgroup, which must be there when it is started.
    pub(super) fn in_cgroup(mut self, name: &str) -> Self {
        self.cgroup = Some(name.to_owned());
        self
    }

    pub(super) fn is_alive(&self) -> bool {
        self.process.is_some_and(OsProcess::is_alive)
    }

    /// Starts it in a process group of its own, so that Ctrl-C in a terminal does not reach it, and with nothing of
    /// our environment.
    pub(super) fn start(&mut self, directory: &Path) -> Result<()> {
        let log = File::options().create(true).append(true).open(&self.log);
        let log = log.with_context(|| format!("failed to open {}", self.log.display()))?;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(
                log.try_clone()
                    .context("failed to share a log between two outputs")?,
            )
            .stderr(log)
            .process_group(0);
        let child = process::spawn(&mut command)?;
        let process = OsProcess::of(child.id())?;
        self.process = Some(process);
        match &self.cgroup {
            // Before it has started anything itself: it first reads its configuration.
            Some(cgroup) => node::enter_cgroup(cgroup, process.id),
            None => Ok(()),
        }
    }

    /// Why it ended, as far as its log says.
    pub(super) fn last_words(&self) -> String {
        format!("{} has ended; its last lines:\n{}", self.name, self.log_tail())
    }

    /// The end of its log. A failed start removes the log, so the message must hold what matters.
    pub(super) fn log_tail(&self) -> Tail {
        Tail::of(&fs::read_to_string(&self.log).unwrap_or_default(), 20)
    }
}

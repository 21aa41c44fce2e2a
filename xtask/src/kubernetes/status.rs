//! How a cluster is.

use anyhow::{Context as _, Result};

use super::control_plane::ControlPlane;

/// The state of a cluster as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum State {
    /// Every component runs and the API server is ready.
    Running,
    /// Every component runs, but the API server or the node is not ready, for this reason.
    NotReady(String),
    /// These components have ended.
    Degraded(Vec<String>),
    /// Every component has ended: the machine was restarted.
    Stopped,
}

impl std::fmt::Display for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Running => formatter.write_str("running"),
            Self::NotReady(reason) => write!(formatter, "not ready: {reason}"),
            Self::Degraded(ended) => write!(formatter, "degraded: {} ended", ended.join(", ")),
            Self::Stopped => formatter.write_str("stopped"),
        }
    }
}

/// One component of a cluster.
#[derive(Clone, Debug)]
pub struct ComponentStatus {
    /// The program's name.
    pub name: String,
    /// Its process, if it runs.
    pub process: Option<i32>,
    /// Resident memory in bytes.
    pub memory: u64,
}

/// A cluster and its components.
#[derive(Clone, Debug)]
pub struct Status {
    /// The state as a whole.
    pub state: State,
    /// In the order of their start.
    pub components: Vec<ComponentStatus>,
}

impl Status {
    pub(super) fn of(cluster: &ControlPlane) -> Self {
        let components: Vec<ComponentStatus> = cluster
            .components()
            .iter()
            .map(|component| {
                let process = component.process.filter(|process| process.is_alive());
                let memory = process.map_or(0, super::os_process::OsProcess::resident_memory);
                ComponentStatus {
                    name: component.name.clone(),
                    process: process.map(|process| process.id),
                    memory,
                }
            })
            .collect();
        let ended = components.iter().filter(|component| component.process.is_none());
        let ended: Vec<String> = ended.map(|component| component.name.clone()).collect();
        let state = if ended.len() == components.len() {
            State::Stopped
        } else if ended.is_empty() {
            match check_ready(cluster) {
                Ok(()) => State::Running,
                Err(error) => State::NotReady(format!("{error:#}")),
            }
        } else {
            State::Degraded(ended)
        };
        Self { state, components }
    }

    /// Resident memory of all components in bytes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.components.iter().map(|component| component.memory).sum()
    }
}

fn check_ready(cluster: &ControlPlane) -> Result<()> {
    let api = cluster.api()?;
    api.get("/readyz")?;
    match cluster.node() {
        Some(node) => node
            .check_ready(&api)
            .with_context(|| format!("node {}", node.name)),
        None => Ok(()),
    }
}

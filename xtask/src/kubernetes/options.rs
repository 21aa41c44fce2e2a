//! What is said of a cluster before it is started.

use std::path::PathBuf;

/// What a cluster consists of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// The API server with its store and controllers: objects, but no running pods. It needs no rights, and any number
    /// of them live side by side.
    ControlPlaneOnly,
    /// Also a node that runs pods, with DNS, a registry, metrics and volumes. Only root can start it, and a network
    /// namespace holds one.
    WithNode,
}

/// How a control plane is to be started.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the cluster is called in kubeconfigs and messages; also the name of its node.
    pub name: String,
    /// A folder of its own, empty or not there yet; removed when the cluster is stopped.
    pub directory: PathBuf,
    /// Whether it has a node.
    pub shape: Shape,
    /// Where the API server writes one JSON line a request (audit level `Metadata`).
    pub audit_log: Option<PathBuf>,
    /// Further flags of kube-apiserver, such as `--v=2`.
    pub api_server_flags: Vec<String>,
}

impl Options {
    /// A control plane called `name` in `directory`, without node, audit log or further flags.
    #[must_use]
    pub fn new(name: impl Into<String>, directory: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            directory: directory.into(),
            shape: Shape::ControlPlaneOnly,
            audit_log: None,
            api_server_flags: Vec::new(),
        }
    }
}

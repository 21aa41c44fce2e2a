//! A real Kubernetes on this machine: etcd, kube-apiserver, kube-controller-manager and kube-scheduler as ordinary,
//! unprivileged processes that listen on 127.0.0.1 alone; on request, and for root, also a node that runs pods.
//!
//! A cluster is a folder. It holds the certificates, the logs, etcd's data, the kubeconfigs and a record of every
//! component: its command line and its process. So any later program can ask how the cluster is, bring back what has
//! ended, issue a client certificate, or take it all down and leave nothing behind.

mod addons;
mod api;
mod certificates;
mod command;
mod component;
mod components;
mod control_plane;
mod image_archive;
mod kubeconfig;
mod layout;
mod named;
mod node;
mod options;
mod os_process;
mod ports;
mod record;
mod smoke;
mod socket;
mod status;
mod tool;

pub use api::Api;
pub use command::Kubernetes;
pub use control_plane::ControlPlane;
pub use named::{Up, all, down, open, up};
pub use node::ADDRESS as NODE_ADDRESS;
pub use options::{Options, Shape};
pub use smoke::check;
pub use socket::Executed;
pub use status::{ComponentStatus, State, Status};

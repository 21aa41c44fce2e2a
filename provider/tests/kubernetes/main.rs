//! The Kubernetes layer against a real API server, named by the environment variable `MLOPS_TEST_KUBECONFIG`.
//!
//! The server has its controllers and a scheduler, and no nodes: what a kubelet would report, the tests write into the
//! status of Pods. Each test has a namespace of its own and removes it.

mod credentials;
mod deletions;
mod fixture;
mod immutable;
mod kinds;
mod objects;
mod troubles;
mod waits;

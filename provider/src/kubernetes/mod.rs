//! The Kubernetes layer: objects, connection, operations and waits, which know no Terraform; and on top of them what is
//! managed, in Terraform's terms: `manifest`, `manifests`, `data_object` and what these share.

pub mod api;
pub mod cluster;
mod concurrent;
pub mod connection;
pub mod data_object;
mod diagnostics;
pub mod discovery;
pub mod error;
pub mod fields;
pub mod managed;
pub mod manifest;
pub mod manifests;
pub mod object;
pub mod options;
#[cfg(test)]
mod test_server;
pub mod wait;
pub mod yaml;

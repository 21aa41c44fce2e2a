//! The Kubernetes layer: objects, connection, operations and waits. It knows no Terraform.

pub mod api;
pub mod connection;
pub mod discovery;
pub mod error;
pub mod fields;
pub mod object;
#[cfg(test)]
mod test_server;
pub mod wait;
pub mod yaml;

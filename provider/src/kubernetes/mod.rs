//! The Kubernetes layer: objects, connection, operations and waits. It knows no Terraform.

pub mod fields;
pub mod object;
pub mod yaml;

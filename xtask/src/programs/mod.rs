//! Outside programs, built from source once per user and machine.
//!
//! No package registry carries binaries of Kubernetes, etcd or OpenTofu, but the Go module proxy carries their source.
//! `acceptance-tests/tools/<program>/go.mod` pins what is built; the result lies in the user's cache, so that every
//! checkout and every run shares it.

mod build;
mod command;
mod manifest;
mod recipe;
pub mod system;

pub use build::{Installed, install};
pub use command::Programs;
pub use recipe::Program;

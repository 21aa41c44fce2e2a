//! Terraform and OpenTofu with the provider against a Kubernetes whose pods run.
//!
//! Run by `cargo xtask test node [AREA]`; an area is a module here.

mod load;
mod page;
mod pipeline;
mod quickstart;
mod trouble;
mod turn;

//! Terraform and OpenTofu with the provider against a real API server.
//!
//! Run by `cargo xtask test control-plane [AREA]`; an area is a module here.

mod bad_input;
mod drift;
mod example;
mod faults;
mod import;
mod interrupt;
mod manifest;
mod manifests;
mod object;
mod planning;
mod properties;
mod refresh;
mod rules;
mod secret;
mod values;
mod waiting;
mod webhooks;

//! Every chore of the project as a library: `main.rs` is only the command line over it.
//!
//! `acceptance-tests` builds on the same code: [`kubernetes`] gives it a real API server, [`cli`] runs Terraform and
//! OpenTofu with nothing of the user's environment, [`test_bed`] is how the test runner tells it where both are.
#![forbid(unsafe_code)]

pub mod bench;
pub mod browser;
pub mod cli;
pub mod demo;
pub mod directories;
pub mod docs;
mod figures;
pub mod images;
pub mod interrupt;
pub mod kubernetes;
pub mod lock;
pub mod network_namespace;
pub mod network_policies;
pub mod process;
pub mod programs;
pub mod progress;
pub mod project;
pub mod report;
pub mod test;
pub mod test_bed;
pub mod working_copy;

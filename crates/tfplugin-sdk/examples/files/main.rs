//! A complete provider, of files and directories on disk, with one of everything that a provider can offer. The tutorial in
//! the crate's documentation builds it step by step, and its tests and those of the real programs run it.
//!
//! Each capability is in a file of its own. What is no Terraform is in `disk` and `root`. It runs on Unix.

mod copy;
mod directory;
mod disk;
mod entries;
mod file;
mod functions;
mod mode;
mod provider;
mod root;
mod states;
mod temporary;

use std::process::ExitCode;

pub(crate) use self::provider::Files;

fn main() -> ExitCode {
    tfplugin_sdk::serve::<Files>("registry.terraform.io/example/files")
}

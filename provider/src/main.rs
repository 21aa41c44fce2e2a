//! The plugin process that Terraform and OpenTofu start.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use terraform_provider_mlops::{ADDRESS, Mlops};

fn main() -> ExitCode {
    tfplugin_sdk::serve::<Mlops>(ADDRESS)
}

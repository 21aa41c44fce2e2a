//! The process: handshake, transport security, and the services that Terraform calls.

mod end;
#[cfg(fuzzing)]
pub mod fuzzing;
mod handshake;
mod listener;
mod log;
mod memory;
mod panic;
mod process;
mod service;
mod side;
#[cfg(unix)]
mod socket;
mod tls;

#[cfg(feature = "testing")]
pub(crate) use self::{handshake::COOKIE, process::MESSAGE_LIMIT, service::Service};

use std::process::ExitCode;

use crate::provider::Provider;

/// Runs a provider until Terraform ends it. `address` is its source address, such as
/// `registry.terraform.io/example/greeting`.
///
/// Started by hand, it explains itself and exits with 1. With `--debug` it prints what to set so that Terraform uses
/// this process, and runs until it is interrupted.
#[must_use]
pub fn serve<P: Provider>(address: &str) -> ExitCode {
    process::run::<P>(address)
}

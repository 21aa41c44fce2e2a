//! The system's own commands, run to their end.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process;

/// Debian's programs are here, and root's own `PATH` lacks half of it after `su`.
pub(super) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// They do one thing to the kernel, or to files of a few megabytes.
const PATIENCE: Duration = Duration::from_mins(1);

/// What one of the system's programs printed; an error if it failed.
pub(super) fn run(program: &str, arguments: &[&str]) -> Result<String> {
    output(Command::new(program).args(arguments).env("PATH", PATH))
}

/// What a command printed; an error if it failed.
pub(super) fn output(command: &mut Command) -> Result<String> {
    let done = process::capture(command, PATIENCE)?;
    if !done.status.success() {
        let (command, status) = (process::describe(command), done.status);
        bail!("`{command}` ended with {status}: {}", done.stderr.trim());
    }
    Ok(done.stdout)
}

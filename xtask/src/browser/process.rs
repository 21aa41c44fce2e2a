//! The process of chromedriver: it listens on a port of its own choice, and ends with its group.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, anyhow};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::process;
use crate::programs::system;

const DRIVER: &str = "chromedriver";

/// Whether the machine has Chromium and its driver (Debian: `chromium`, `chromium-driver`).
#[must_use]
pub fn is_installed() -> bool {
    system::find(DRIVER).is_some()
}

/// A running chromedriver. It and every process of its browser end when this is dropped.
pub(super) struct DriverProcess {
    child: Child,
    pub(super) port: u16,
}

impl DriverProcess {
    /// Starts it; it and the browser leave their files in `scratch`.
    pub(super) fn start(scratch: &Path) -> Result<Self> {
        let program = system::find(DRIVER).with_context(|| {
            format!("there is no {DRIVER} on PATH: on Debian, `apt-get install chromium chromium-driver` brings it")
        })?;
        let mut command = Command::new(program);
        command
            .arg("--port=0")
            .env("TMPDIR", scratch)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Of its own, so that all that it starts can be ended by one number.
            .process_group(0);
        let mut child = process::spawn(&mut command)?;
        let output = child.stdout.take();
        let mut driver = Self { child, port: 0 };
        let output = output.ok_or_else(|| anyhow!("{DRIVER} has no output"))?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| port_in(&line));
        driver.port = port.with_context(|| format!("{DRIVER} ended without naming its port"))?;
        Ok(driver)
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            // Its group is empty if the browser was closed properly, and then there is nothing to end.
            let _ = killpg(Pid::from_raw(id), Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}

/// The port in `ChromeDriver was started successfully on port 12345.`
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.rsplit_once("on port ")?;
    line.contains("started successfully")
        .then(|| rest.trim_end_matches('.').parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_line_that_says_success() {
        let line = "ChromeDriver was started successfully on port 39531.";
        assert_eq!(port_in(line), Some(39531));
        assert_eq!(port_in("Starting ChromeDriver 150.0 (abc) on port 0"), None);
        assert_eq!(port_in("Only local connections are allowed."), None);
    }
}

//! A provider's process, started as Terraform starts it, and what can be measured of it from outside.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P521_SHA512};
use tempfile::TempDir;

use super::handshake::Handshake;
use super::schema::Schema;
use crate::process;

/// By which a provider knows that Terraform starts it, and not a person.
const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);
/// A provider that has not said anything by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running provider; it ends with this value.
pub(super) struct Plugin {
    child: Child,
    /// Kept open: a provider that finds nobody behind it may end.
    _stdout: BufReader<ChildStdout>,
    /// Where it puts its socket.
    directory: TempDir,
    handshake: Handshake,
    /// From just before the process is made to the end of its handshake line.
    pub(super) handshake_time: Duration,
}

impl Plugin {
    /// Starts `binary`. With a client's certificate, it also makes its own one, as it does for Terraform.
    pub(super) fn start(binary: &Path, client_certificate: Option<&str>) -> Result<Self> {
        let directory = tempfile::tempdir().context("failed to create a folder for a provider's socket")?;
        let mut command = Command::new(binary);
        command
            .env_clear()
            .env(COOKIE.0, COOKIE.1)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_UNIX_SOCKET_DIR", directory.path())
            .env("TMPDIR", directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(certificate) = client_certificate {
            command.env("PLUGIN_CLIENT_CERT", certificate);
        }
        let started = Instant::now();
        let mut child = process::spawn(&mut command)?;
        let line = child.stdout.take().map(first_line);
        let line = line.unwrap_or_else(|| Err(anyhow!("it has no standard output")));
        let result = line.and_then(|line| Ok((Handshake::parse(&line.text)?, line)));
        match result {
            Ok((handshake, line)) => Ok(Self {
                child,
                _stdout: line.rest,
                directory,
                handshake,
                handshake_time: line.arrived.duration_since(started),
            }),
            Err(error) => {
                end(&mut child);
                Err(error).with_context(|| format!("{} did not start as a provider", binary.display()))
            }
        }
    }

    /// The proportional share of memory in MiB: pages that several processes have are divided among them.
    pub(super) fn proportional_memory(&self) -> Result<f64> {
        proportional_memory(self.child.id())
    }

    /// Asks for the schema.
    pub(super) fn fetch_schema(&self) -> Result<Schema> {
        Schema::fetch(&self.handshake, self.directory.path())
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// A certificate as Terraform makes one for each provider that it starts.
pub(super) fn client_certificate() -> Result<String> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).context("failed to make a key")?;
    let parameters = CertificateParams::new(["localhost".to_owned()]);
    let certificate = parameters.and_then(|parameters| parameters.self_signed(&key));
    Ok(certificate.context("failed to sign a certificate")?.pem())
}

fn end(child: &mut Child) {
    // It may have ended by itself, and then there is nothing to end.
    let _ = child.kill();
    let _ = child.wait();
}

struct Line {
    text: String,
    arrived: Instant,
    rest: BufReader<ChildStdout>,
}

/// Read by a thread of its own, so that the time is taken at once and a provider that stays silent holds nobody up.
fn first_line(stdout: ChildStdout) -> Result<Line> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut rest = BufReader::new(stdout);
        let mut text = String::new();
        let read = rest.read_line(&mut text);
        let arrived = Instant::now();
        // Nobody receives any more once patience is at its end.
        let _ = sender.send(read.map(|_| Line { text, arrived, rest }));
    });
    let line = receiver.recv_timeout(PATIENCE);
    line.with_context(|| format!("it said nothing for {} s", PATIENCE.as_secs()))?
        .context("its handshake could not be read")
}

/// The proportional share of memory of a process, in MiB: pages that several have are divided among them.
pub(super) fn proportional_memory(process: u32) -> Result<f64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {path}"))?;
    proportional_share(&text).with_context(|| format!("{path} has no line `Pss: … kB`"))
}

fn proportional_share(smaps_rollup: &str) -> Option<f64> {
    let line = smaps_rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_sum_and_not_from_a_part() {
        let text =
            "55d0-7ffe ---p 00000000 00:00 0  [rollup]\nRss:  5000 kB\nPss_Anon: 1024 kB\nPss:    2560 kB\n";
        assert_eq!(proportional_share(text), Some(2.5));
        assert_eq!(proportional_share("Rss: 1 kB"), None);
    }

    #[test]
    fn a_program_that_is_no_provider_is_named() {
        let error = Plugin::start(Path::new("/bin/true"), None).map(|_| ());
        let error = error
            .map_err(|error| format!("{error:#}"))
            .err()
            .unwrap_or_default();
        assert!(
            error.contains("/bin/true did not start as a provider") && error.contains("\"\""),
            "{error}"
        );
    }

    #[test]
    fn the_certificate_is_one() -> Result<()> {
        assert!(client_certificate()?.starts_with("-----BEGIN CERTIFICATE-----"));
        Ok(())
    }
}

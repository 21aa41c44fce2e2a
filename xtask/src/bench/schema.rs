//! A provider's schema, asked for by curl: a gRPC call is one HTTP/2 request, and this one has nothing to say and an
//! answer that is only counted. So no client of the protocol is needed, and its start is not part of the time.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use super::handshake::Handshake;
use crate::process;

/// No provider on the same machine takes longer, unless it is stuck.
const PATIENCE: Duration = Duration::from_secs(30);
/// A message of no bytes: not compressed, and its length in four bytes.
const EMPTY_MESSAGE: [u8; 5] = [0; 5];

/// What is known of a schema.
#[derive(Debug)]
pub(super) struct Schema {
    /// From the connection's start to the answer's end.
    pub(super) time: Duration,
    /// Of the answer's messages.
    pub(super) bytes: f64,
}

impl Schema {
    /// Asks the provider that said `handshake`; `directory` is for files on the way.
    pub(super) fn fetch(handshake: &Handshake, directory: &Path) -> Result<Self> {
        let (request, headers) = (directory.join("request"), directory.join("headers"));
        fs::write(&request, EMPTY_MESSAGE).context("failed to write a request")?;
        let mut command = Command::new("curl");
        command
            .args(["--disable", "--silent", "--show-error", "--noproxy", "*"])
            .args([
                "--http2-prior-knowledge",
                "--header",
                "content-type: application/grpc",
            ])
            .args(["--header", "te: trailers", "--output", "/dev/null"])
            .args(["--write-out", "%{time_total} %{size_download}"])
            .arg("--data-binary")
            .arg(format!("@{}", request.display()))
            .arg("--dump-header")
            .arg(&headers);
        if let Some(socket) = handshake.socket() {
            command.args(["--unix-socket", socket]);
        }
        command.arg(handshake.schema_url());
        let captured = process::capture(&mut command, PATIENCE)?;
        // What came of the call stands in the trailers, which follow the answer.
        let trailers = fs::read_to_string(&headers).unwrap_or_default();
        if !captured.status.success() || !trailers.lines().any(|line| line.trim() == "grpc-status: 0") {
            let command = process::describe(&command);
            bail!("`{command}` got no schema: {}{trailers}", captured.stderr);
        }
        Self::parse(&captured.stdout)
    }

    /// What curl wrote: seconds, a blank, bytes.
    fn parse(text: &str) -> Result<Self> {
        let odd = || format!("curl wrote {text:?}");
        let (seconds, bytes) = text.split_once(' ').with_context(odd)?;
        let bytes: f64 = bytes.trim().parse().with_context(odd)?;
        ensure!(bytes > 5.0, "the schema is empty");
        let time = Duration::try_from_secs_f64(seconds.parse().with_context(odd)?).with_context(odd)?;
        Ok(Self { time, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_timed_in_seconds() -> Result<()> {
        let schema = Schema::parse("0.024577 4606")?;
        assert_eq!(
            (schema.time, schema.bytes),
            (Duration::from_micros(24_577), 4606.0)
        );
        assert!(Schema::parse("0.02 0").is_err());
        assert!(Schema::parse("nonsense").is_err());
        Ok(())
    }
}

//! `cargo xtask bench startup`: how fast a provider's process starts, and what memory it takes.
//!
//! Terraform starts each provider several times in every command, once for each alias, so both count.

use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::contender::{Contender, PeerArguments};
use super::plugin::{self, Plugin};
use crate::figures::{Pair, Report, Row, Samples, in_turns};
use crate::programs::system;
use crate::progress::Activity;
use crate::{interrupt, report};

/// After so long a provider has done what it does by itself after its start.
const IDLE: Duration = Duration::from_secs(1);
const HANDSHAKE_WANTED: f64 = 1.0 / 5.0;
const MEMORY_WANTED: f64 = 1.0 / 3.0;

/// How fast a provider's process starts, and what memory it takes.
#[derive(Args, Debug)]
pub struct Startup {
    #[command(flatten)]
    peer: PeerArguments,
    /// How often each provider is started in each way
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
}

impl Startup {
    pub(super) fn run(&self) -> Result<()> {
        ensure_curl()?;
        let contenders = Pair {
            peer: self.peer.contender()?,
            ours: Contender::ours()?,
        };
        let activity = Activity::start("starting the providers");
        let measured = Measured::take(&contenders, self.runs.into(), activity)?;
        let [ours, peer] = [&contenders.ours, &contenders.peer].map(|side| side.source.as_str());
        report::heading(&format!(
            "start of a provider's process: {ours} (ours) and {peer} (peer)"
        ));
        Report::new("startup", measured.rows()?).publish()
    }
}

/// Without it no schema is asked for.
pub(super) fn ensure_curl() -> Result<()> {
    if system::find("curl").is_none() {
        bail!("there is no `curl` on PATH, and the schema is asked for with it: install curl with HTTP/2");
    }
    Ok(())
}

/// What is measured of processes that do nothing but start and send their schema.
#[derive(Default)]
pub(super) struct Measured {
    pub(super) encrypted_handshake: Samples,
    pub(super) handshake: Samples,
    /// From the start of the process.
    schema: Samples,
    /// From the start of the connection.
    pub(super) schema_call: Samples,
    pub(super) schema_bytes: Samples,
    pub(super) idle_memory: Samples,
    pub(super) memory_after_schema: Samples,
}

impl Measured {
    pub(super) fn take(contenders: &Pair<Contender>, runs: usize, mut activity: Activity) -> Result<Self> {
        let certificate = plugin::client_certificate()?;
        // What is read from the disk is read once, and not part of any figure.
        in_turns(1, |_, side| {
            Plugin::start(&contenders.get(side).binary, None).map(drop)
        })?;
        let mut measured = Self::default();
        in_turns(runs, |run, side| {
            interrupt::check()?;
            let contender = contenders.get(side);
            activity.note(&format!("run {} of {runs}: {}", run + 1, contender.name()));
            let encrypted = Plugin::start(&contender.binary, Some(&certificate))?;
            measured
                .encrypted_handshake
                .push(side, milliseconds(encrypted.handshake_time));
            drop(encrypted);
            let plugin = Plugin::start(&contender.binary, None)?;
            thread::sleep(IDLE);
            measured.idle_memory.push(side, plugin.proportional_memory()?);
            let schema = plugin.fetch_schema()?;
            thread::sleep(IDLE);
            measured
                .memory_after_schema
                .push(side, plugin.proportional_memory()?);
            measured.handshake.push(side, milliseconds(plugin.handshake_time));
            measured
                .schema
                .push(side, milliseconds(plugin.handshake_time + schema.time));
            measured.schema_call.push(side, milliseconds(schema.time));
            measured.schema_bytes.push(side, schema.bytes);
            Ok(())
        })?;
        activity.finish("started the providers");
        Ok(measured)
    }

    fn rows(&self) -> Result<Vec<Row>> {
        Ok(vec![
            Row::compare("exec to handshake line", "ms", &self.handshake)?.at_most(HANDSHAKE_WANTED),
            Row::compare(
                "exec to handshake line, with mutual TLS",
                "ms",
                &self.encrypted_handshake,
            )?
            .at_most(HANDSHAKE_WANTED),
            Row::compare(
                "exec to schema: handshake, then one request timed by curl",
                "ms",
                &self.schema,
            )?,
            Row::compare("schema, as sent", "bytes", &self.schema_bytes)?,
            Row::compare("PSS idle, 1 s after the handshake", "MiB", &self.idle_memory)?
                .at_most(MEMORY_WANTED),
            Row::compare(
                "PSS 1 s after the schema was sent",
                "MiB",
                &self.memory_after_schema,
            )?,
        ])
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

//! `cargo xtask bench sdk`: the provider `catalog`, written with our SDK and with HashiCorp's terraform-plugin-framework.
//!
//! It has 200 resources with some 20 attributes each, and one with a state of 10,000. What speaks with both is the SDK's
//! bench `measure`, in a process of its own: it says where they do not answer the same, for then no ratio means anything,
//! and how long each takes for the large state.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use serde::de::DeserializeOwned;

use super::build;
use super::contender::Contender;
use super::startup::{Measured, ensure_curl};
use crate::figures::{Pair, Report, Row, Samples, Side, in_turns};
use crate::progress::Activity;
use crate::{interrupt, process, report};

const TIME_WANTED: f64 = 1.0 / 3.0;
const MEMORY_WANTED: f64 = 1.0 / 4.0;
const PEAK_WANTED: f64 = 1.0 / 3.0;
const SIZE_WANTED: f64 = 1.0 / 3.0;
/// No sample takes longer, unless it is stuck.
const PATIENCE: Duration = Duration::from_mins(5);
const BYTES_IN_MIB: f64 = 1024.0 * 1024.0;

/// What is measured of a large state: the name that `measure` gives the figure, what it is, its unit and what is wanted.
const LARGE: [(&str, &str, &str, f64); 7] = [
    (
        "plan_create",
        "plan of a creation with 10,000 attributes",
        "ms",
        TIME_WANTED,
    ),
    ("apply_create", "apply of it", "ms", TIME_WANTED),
    ("read", "read of it", "ms", TIME_WANTED),
    (
        "plan_update",
        "plan of a change of 100 attributes of it",
        "ms",
        TIME_WANTED,
    ),
    ("apply_update", "apply of that", "ms", TIME_WANTED),
    ("memory", "PSS 1 s after these calls", "MiB", MEMORY_WANTED),
    (
        "peak_memory",
        "peak of resident memory during these calls",
        "MiB",
        PEAK_WANTED,
    ),
];

/// The SDK against HashiCorp's framework.
#[derive(Args, Debug)]
pub struct Sdk {
    /// How often each provider is started in each way
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
}

impl Sdk {
    pub(super) fn run(&self) -> Result<()> {
        ensure_curl()?;
        let contenders = Pair {
            peer: Contender::framework_catalog()?,
            ours: Contender::catalog()?,
        };
        let measure = Measure(build::sdk_bench("measure", &["testing"])?);
        measure.ensure_same(&contenders)?;
        let runs = self.runs.into();
        let started = Measured::take(&contenders, runs, Activity::start("starting the providers"))?;
        let large = measure.take(&contenders, runs)?;
        report::heading(&format!(
            "the same provider with tfplugin-sdk {} (ours) and terraform-plugin-framework {} (peer)",
            contenders.ours.version, contenders.peer.version
        ));
        let mut rows = start_rows(&started)?;
        for (name, metric, unit, wanted) in LARGE {
            let samples = large
                .get(name)
                .with_context(|| format!("there is no figure {name:?}"))?;
            rows.push(Row::compare(metric, unit, samples)?.at_most(wanted));
        }
        rows.push(
            Row::compare("size of the stripped binary", "MiB", &sizes(&contenders)?)?.at_most(SIZE_WANTED),
        );
        Report::new("sdk", rows).publish()
    }
}

fn start_rows(started: &Measured) -> Result<Vec<Row>> {
    let Measured {
        encrypted_handshake,
        handshake,
        schema_call,
        schema_bytes,
        idle_memory,
        memory_after_schema,
        ..
    } = started;
    Ok(vec![
        Row::compare(
            "exec to handshake line, with mutual TLS",
            "ms",
            encrypted_handshake,
        )?
        .at_most(TIME_WANTED),
        Row::compare("exec to handshake line", "ms", handshake)?,
        Row::compare("schema of 201 resources, timed by curl", "ms", schema_call)?.at_most(TIME_WANTED),
        Row::compare("schema, as sent", "bytes", schema_bytes)?,
        Row::compare("PSS idle, 1 s after the handshake", "MiB", idle_memory)?.at_most(MEMORY_WANTED),
        Row::compare("PSS 1 s after the schema was sent", "MiB", memory_after_schema)?.at_most(MEMORY_WANTED),
    ])
}

fn sizes(contenders: &Pair<Contender>) -> Result<Samples> {
    let size = |side| {
        let path = &contenders.get(side).binary;
        let metadata = fs::metadata(path).with_context(|| format!("failed to look at {}", path.display()))?;
        #[expect(clippy::cast_precision_loss, reason = "no binary is that large")]
        let mebibytes = metadata.len() as f64 / BYTES_IN_MIB;
        Ok(vec![mebibytes])
    };
    Pair::try_new(size)
}

/// The program that speaks with providers.
struct Measure(PathBuf);

impl Measure {
    /// Refuses two providers that do not answer the same.
    fn ensure_same(&self, contenders: &Pair<Contender>) -> Result<()> {
        let mut activity = Activity::start("comparing the answers of both providers");
        activity.note("schemas, plans and states");
        let binaries = [&contenders.ours.binary, &contenders.peer.binary].map(PathBuf::as_path);
        let differences: Vec<String> = self.ask("differences", &binaries)?;
        ensure!(
            differences.is_empty(),
            "the two providers do not answer the same, so that no ratio means anything:\n{}",
            differences.join("\n")
        );
        activity.finish("both providers answer the same");
        Ok(())
    }

    fn take(&self, contenders: &Pair<Contender>, runs: usize) -> Result<BTreeMap<String, Samples>> {
        let mut activity = Activity::start("planning and applying the large state");
        let mut figures: BTreeMap<String, Samples> = BTreeMap::new();
        in_turns(runs, |run, side: Side| {
            interrupt::check()?;
            let contender = contenders.get(side);
            activity.note(&format!("run {} of {runs}: {}", run + 1, contender.name()));
            let sample: BTreeMap<String, f64> = self.ask("sample", &[&contender.binary])?;
            for (name, figure) in sample {
                figures.entry(name).or_default().push(side, figure);
            }
            Ok(())
        })?;
        activity.finish("planned and applied the large state");
        Ok(figures)
    }

    fn ask<T: DeserializeOwned>(&self, what: &str, binaries: &[&Path]) -> Result<T> {
        let mut command = Command::new(&self.0);
        command.arg(what).args(binaries);
        let captured = process::capture(&mut command, PATIENCE)?;
        if !captured.status.success() {
            bail!(
                "`{}` ended with {}: {}",
                process::describe(&command),
                captured.status,
                captured.stderr
            );
        }
        serde_json::from_str(&captured.stdout)
            .with_context(|| format!("`{}` wrote {:?}", process::describe(&command), captured.stdout))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_shown_with_what_it_says() {
        let answer = Measure("/bin/false".into()).ask::<Vec<String>>("differences", &[]);
        let error = answer
            .map_err(|error| format!("{error:#}"))
            .err()
            .unwrap_or_default();
        assert!(error.contains("/bin/false differences"), "{error}");
    }

    #[test]
    fn what_is_no_answer_is_shown() {
        let answer = Measure("/bin/echo".into()).ask::<Vec<String>>("sample", &[]);
        let error = answer
            .map_err(|error| format!("{error:#}"))
            .err()
            .unwrap_or_default();
        assert!(error.contains(r#"wrote "sample\n""#), "{error}");
    }
}

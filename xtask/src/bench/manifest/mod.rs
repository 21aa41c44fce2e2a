//! `cargo xtask bench manifest`: what it costs to keep objects by Terraform, on one real API server for both providers.

mod arena;
mod audit;
mod configuration;
mod lifecycle;
mod wait;

use anyhow::Result;
use clap::Args;

use self::arena::Arena;
use self::configuration::Dialect;
use super::contender::PeerArguments;
use super::report::{Report, Row};
use super::sample::Pair;
use crate::report;

/// A wait takes seconds, most of them the bench's own.
const WAITS: u16 = 5;

/// Many objects created, planned again and destroyed; and how fast a wait ends.
#[derive(Args, Debug)]
pub struct Manifest {
    #[command(flatten)]
    peer: PeerArguments,
    /// Numbers of ConfigMaps
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000], value_parser = clap::value_parser!(u32).range(1..))]
    objects: Vec<u32>,
    /// How often everything is measured [default: 3 times, once from 500 objects on, and 5 waits]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    runs: Option<u16>,
}

impl Manifest {
    pub(super) fn run(&self) -> Result<()> {
        let contenders = self.peer.contenders()?;
        let dialect = Dialect::of_peer(&contenders.peer)?;
        let dialects = Pair {
            ours: Dialect::of_ours(dialect),
            peer: dialect,
        };
        let mut arena = Arena::start(contenders)?;
        let rows = self.measure(&mut arena, &dialects)?;
        let [ours, peer] = [&arena.contenders.ours, &arena.contenders.peer].map(|side| side.source.as_str());
        report::heading(&format!(
            "objects under {}: {ours} (ours) and {peer} (peer)",
            arena.cli
        ));
        Report::new("manifest", rows).publish()
    }

    fn measure(&self, arena: &mut Arena, dialects: &Pair<Dialect>) -> Result<Vec<Row>> {
        let mut rows = wait::measure(arena, dialects, self.runs.unwrap_or(WAITS).into())?;
        for &objects in &self.objects {
            let runs = self.runs.unwrap_or(if objects < 500 { 3 } else { 1 });
            rows.extend(lifecycle::measure(arena, dialects, objects, runs.into())?);
        }
        Ok(rows)
    }
}

//! `cargo xtask bench manifest`: what it costs to keep objects by Terraform, on one real API server for both providers.

mod arena;
mod audit;
mod configuration;
mod lifecycle;
mod wait;

use anyhow::Result;
use clap::Args;

use self::arena::Arena;
use self::configuration::{Dialect, State};
use super::contender::{Contender, PeerArguments};
use crate::figures::{Pair, Report, Row};
use crate::report;

/// Many objects created, planned again and destroyed; and how fast a wait ends.
#[derive(Args, Debug)]
pub struct Manifest {
    #[command(flatten)]
    peer: PeerArguments,
    /// Numbers of ConfigMaps
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000], value_parser = clap::value_parser!(u32).range(1..))]
    objects: Vec<u32>,
    /// How often everything is measured
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Where Terraform keeps its state; in a file, 1000 objects take minutes of Terraform's own time
    #[arg(long, value_enum, default_value_t = State::Cluster)]
    state: State,
}

impl Manifest {
    pub(super) fn run(&self) -> Result<()> {
        let peer = self.peer.contender()?;
        let dialect = Dialect::of_peer(&peer)?;
        let dialects = Pair {
            ours: Dialect::of_ours(dialect),
            peer: dialect,
        };
        let contenders = Pair {
            ours: Contender::ours()?,
            peer,
        };
        let mut arena = Arena::start(contenders, self.state)?;
        let rows = self.measure(&mut arena, &dialects)?;
        let [ours, peer] = [&arena.contenders.ours, &arena.contenders.peer].map(|side| side.source.as_str());
        report::heading(&format!(
            "objects under {}: {ours} (ours) and {peer} (peer)",
            arena.cli
        ));
        Report::new("manifest", rows).publish()
    }

    fn measure(&self, arena: &mut Arena, dialects: &Pair<Dialect>) -> Result<Vec<Row>> {
        let runs = self.runs.into();
        let mut rows = wait::measure(arena, dialects, runs)?;
        for &objects in &self.objects {
            rows.extend(lifecycle::measure(arena, dialects, objects, runs)?);
        }
        Ok(rows)
    }
}

//! `cargo xtask bench …`: our provider and another one, measured side by side in the same run on the same machine.
//!
//! A figure alone says little on a machine that others use too; a ratio of two that were taken in turns says more. So
//! every bench with a peer takes its samples [in turns](crate::figures::in_turns), and its
//! [report](crate::figures::Report) holds medians and ratios. A figure that misses what is wanted is marked, but is no
//! failure: only a bench that could not measure is.

mod build;
mod contender;
mod handshake;
mod manifest;
mod pipeline;
mod plugin;
mod schema;
mod sdk;
mod startup;

use anyhow::Result;
use clap::Subcommand;

/// Our provider, and the SDK, measured against others.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// How fast a provider's process starts, and what memory it takes
    Startup(startup::Startup),
    /// Many objects created, planned again and destroyed; and how fast a wait ends
    Manifest(manifest::Manifest),
    /// The SDK: one provider written with it, and the same one with terraform-plugin-framework
    Sdk(sdk::Sdk),
    /// The whole pipeline: from nothing to healthy, from an upload to the model that answers, and its memory; needs root
    Pipeline(pipeline::Pipeline),
}

impl Bench {
    /// Carries the command out.
    pub fn run(&self) -> Result<()> {
        match self {
            Self::Startup(bench) => bench.run(),
            Self::Manifest(bench) => bench.run(),
            Self::Sdk(bench) => bench.run(),
            Self::Pipeline(bench) => bench.run(),
        }
    }
}

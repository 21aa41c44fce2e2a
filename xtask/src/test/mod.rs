//! `cargo xtask test [TIER [AREA]] [--full]`: the project's tests in tiers, each with more of the real thing.

mod hcl;
mod node;
mod python;
mod run;
mod tidy;
mod tiers;
mod totals;

use std::time::Instant;

use anyhow::Result;
use clap::{Args, ValueEnum};

use self::run::Run;
pub(crate) use self::run::{cargo, must_succeed};
use crate::{interrupt, progress, report};

/// What to test.
#[derive(Args, Debug)]
pub struct Test {
    /// All of them, in this order, if none is given
    tier: Option<Tier>,
    /// Only the tests whose path contains this
    area: Option<String>,
    /// Every matrix, fault and scenario in place of the selection that CI runs
    #[arg(long)]
    full: bool,
}

/// How much is real.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Tier {
    /// Format, lints, house rules, and tests of nothing outside the process
    Unit,
    /// The built provider over the plugin protocol, and Terraform and OpenTofu themselves
    Protocol,
    /// Terraform and OpenTofu with the provider against a real API server
    ControlPlane,
    /// The same against a Kubernetes whose pods run: images, nodes, the quickstart and its page; needs root
    Node,
}

impl Test {
    /// Runs the tests and says whether all passed. The last line that it prints is the sum.
    pub fn run(&self) -> Result<bool> {
        let mut run = Run::new(self.area.clone(), self.full);
        let tiers = self
            .tier
            .map_or_else(|| Tier::value_variants().to_vec(), |tier| vec![tier]);
        for tier in tiers {
            let started = Instant::now();
            report::heading(&format!("tier {}", tier.name()));
            tier.run(&mut run);
            interrupt::check()?;
            report::say(format!(
                "tier {}: {}",
                tier.name(),
                progress::duration(started.elapsed())
            ));
        }
        Ok(run.finish())
    }
}

impl Tier {
    fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Protocol => "protocol",
            Self::ControlPlane => "control-plane",
            Self::Node => "node",
        }
    }

    fn run(self, run: &mut Run) {
        match self {
            Self::Unit => tiers::unit(run),
            Self::Protocol => tiers::protocol(run),
            Self::ControlPlane => tiers::control_plane(run),
            Self::Node => node::node(run),
        }
    }
}

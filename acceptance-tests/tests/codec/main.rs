//! The SDK's codec against go-cty, the library in which Terraform keeps its values: random values, in both directions
//! and both forms, must stay what they are.
//!
//! Run by `cargo xtask test protocol`; with `--full` there are 100,000 cases. A failure names the seed of its case and
//! shows it made small. `MLOPS_CODEC_SEED=SEED` runs the case of that seed alone.
#![expect(clippy::unwrap_used, reason = "tests")]

mod choices;
mod compare;
mod core;
mod generate;
mod numbers;
mod peer;
mod text;
mod tree;
mod values;

use anyhow::{Result, ensure};
use xtask::test_bed::TestBed;

use self::choices::numbers as numbers_of;
use self::compare::{Case, compare};

fn count() -> Result<u64> {
    Ok(if TestBed::from_environment()?.full {
        100_000
    } else {
        5_000
    })
}

#[test]
fn values_stay_what_they_are() -> Result<()> {
    compare::<values::Values>("values", count()?)
}

#[test]
fn numbers_are_those_that_are_spelled() -> Result<()> {
    compare::<numbers::Numbers>("numbers", count()? / 5)
}

#[test]
fn seeds_make_different_cases() -> Result<()> {
    let shown = |seed| values::Values::generate(&numbers_of(seed)).show();
    let all: std::collections::BTreeSet<String> = (0..200).map(shown).collect();
    ensure!(all.len() > 100, "only {} of 200 cases differ", all.len());
    ensure!(shown(7) == shown(7), "a seed makes its case again");
    Ok(())
}

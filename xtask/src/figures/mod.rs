//! Figures: samples of one or two sides, their medians and ratios, and the table of them.

mod report;
mod sample;

pub(crate) use self::report::{Report, Row};
pub(crate) use self::sample::{Pair, Samples, Side, in_turns};

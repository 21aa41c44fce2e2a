//! What a bench found: a table for people, and a list in JSON for whoever compares runs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use console::style;
use serde::Serialize;

use super::sample::{Samples, median};
use crate::{project, report};

/// The median of one metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Row {
    metric: String,
    unit: &'static str,
    ours: f64,
    peer: Option<f64>,
    /// `ours` ÷ `peer`.
    ratio: Option<f64>,
    /// The largest acceptable ratio; where there is no peer, the largest acceptable figure.
    wanted: Option<f64>,
    /// How many samples of each side the medians are of.
    runs: usize,
}

impl Row {
    /// Both sides' medians, and their ratio.
    pub(crate) fn compare(metric: impl Into<String>, unit: &'static str, samples: &Samples) -> Result<Self> {
        let mut row = Self::alone(metric, unit, &samples.ours)?;
        let peer =
            median(&samples.peer).with_context(|| format!("the peer has no sample of: {}", row.metric))?;
        row.peer = Some(peer);
        row.ratio = Some(row.ours / peer).filter(|ratio| ratio.is_finite());
        row.runs = row.runs.min(samples.peer.len());
        Ok(row)
    }

    /// A figure without a peer.
    pub(crate) fn alone(metric: impl Into<String>, unit: &'static str, samples: &[f64]) -> Result<Self> {
        let metric = metric.into();
        let ours = median(samples).with_context(|| format!("there is no sample of: {metric}"))?;
        Ok(Self {
            metric,
            unit,
            ours,
            peer: None,
            ratio: None,
            wanted: None,
            runs: samples.len(),
        })
    }

    /// Wants the ratio, or the figure where there is no peer, to be no more than `limit`.
    pub(crate) fn at_most(self, limit: f64) -> Self {
        Self {
            wanted: Some(limit),
            ..self
        }
    }

    /// Whether it is as wanted; `None` where nothing is wanted.
    fn is_met(&self) -> Option<bool> {
        let limited = if self.peer.is_some() {
            self.ratio
        } else {
            Some(self.ours)
        };
        self.wanted
            .map(|wanted| limited.is_some_and(|value| value <= wanted))
    }

    fn cells(&self) -> Vec<String> {
        let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), figure);
        let wanted = match (self.wanted, self.peer) {
            (None, _) => "-".to_owned(),
            (Some(limit), Some(_)) => format!("ratio ≤ {}", figure(limit)),
            (Some(limit), None) => format!("≤ {} {}", figure(limit), self.unit),
        };
        let verdict = match self.is_met() {
            None => String::new(),
            Some(true) => style("ok").green().to_string(),
            Some(false) => style("MISSED").red().bold().to_string(),
        };
        vec![
            self.metric.clone(),
            self.unit.to_owned(),
            figure(self.ours),
            optional(self.peer),
            optional(self.ratio),
            wanted,
            self.runs.to_string(),
            verdict,
        ]
    }

    /// As it is written: more digits than were measured only get in the way of a comparison.
    fn rounded(&self) -> Self {
        let round = |value: f64| (value * 10_000.0).round() / 10_000.0;
        Self {
            ours: round(self.ours),
            peer: self.peer.map(round),
            ratio: self.ratio.map(round),
            ..self.clone()
        }
    }
}

/// Everything that one bench found.
#[derive(Debug)]
pub(crate) struct Report {
    name: &'static str,
    rows: Vec<Row>,
}

impl Report {
    pub(crate) fn new(name: &'static str, rows: Vec<Row>) -> Self {
        Self { name, rows }
    }

    /// Prints the table and writes `target/bench/NAME.json`.
    pub(crate) fn publish(&self) -> Result<()> {
        report::say(self.table());
        let path = self.write(&project::target().join("bench"))?;
        report::say(format!("\nwritten to {}", path.display()));
        Ok(())
    }

    fn table(&self) -> String {
        let header = ["METRIC", "UNIT", "OURS", "PEER", "RATIO", "WANTED", "RUNS", ""];
        let header = header.map(str::to_owned).to_vec();
        let rows: Vec<_> = std::iter::once(header)
            .chain(self.rows.iter().map(Row::cells))
            .collect();
        report::table(&rows)
    }

    fn write(&self, directory: &Path) -> Result<PathBuf> {
        let path = directory.join(format!("{}.json", self.name));
        let rows: Vec<Row> = self.rows.iter().map(Row::rounded).collect();
        let text = serde_json::to_string_pretty(&rows).context("failed to encode a report")?;
        fs::create_dir_all(directory)
            .and_then(|()| fs::write(&path, text + "\n"))
            .with_context(|| format!("failed to write {}", path.display()))?;
        Ok(path)
    }
}

/// Three digits, or all of a whole number's in groups of three.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || size.fract() == 0.0 => grouped(&format!("{value:.0}")),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        size if size >= 0.1 => format!("{value:.3}"),
        _ => format!("{value:.4}"),
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(ours: &[f64], peer: &[f64]) -> Samples {
        Samples {
            ours: ours.to_vec(),
            peer: peer.to_vec(),
        }
    }

    #[test]
    fn a_comparison_is_of_medians() -> Result<()> {
        let row = Row::compare(
            "start",
            "ms",
            &samples(&[9.0, 8.0, 1.0], &[80.0, 10.0, 50.0, 30.0]),
        )?;
        assert_eq!(
            (row.ours, row.peer, row.ratio, row.runs),
            (8.0, Some(40.0), Some(0.2), 3)
        );
        assert_eq!(row.is_met(), None);
        assert_eq!(row.clone().at_most(0.2).is_met(), Some(true));
        assert_eq!(row.at_most(0.19).is_met(), Some(false));
        Ok(())
    }

    #[test]
    fn a_limit_is_of_the_figure_where_there_is_no_peer() -> Result<()> {
        let row = Row::alone("latency", "ms", &[150.0])?.at_most(200.0);
        assert_eq!(row.is_met(), Some(true));
        assert!(row.cells().contains(&"≤ 200 ms".to_owned()));
        Ok(())
    }

    #[test]
    fn what_cannot_be_divided_is_not_met() -> Result<()> {
        let row = Row::compare("requests", "requests", &samples(&[3.0], &[0.0]))?.at_most(1.0);
        assert_eq!((row.ratio, row.is_met()), (None, Some(false)));
        Ok(())
    }

    #[test]
    fn a_side_without_samples_is_an_error_that_names_the_metric() {
        for samples in [samples(&[], &[1.0]), samples(&[1.0], &[])] {
            let error = Row::compare("start", "ms", &samples).map_err(|error| error.to_string());
            assert!(error.is_err_and(|error| error.contains("start")));
        }
    }

    #[test]
    fn the_file_is_a_list_with_the_agreed_names() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let rows = vec![
            Row::compare("start", "ms", &samples(&[1.0], &[3.0]))?.at_most(0.2),
            Row::alone("latency", "ms", &[150.0])?,
        ];
        let path = Report::new("example", rows).write(&directory.path().join("bench"))?;
        let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        let expected = serde_json::json!([
            {"metric": "start", "unit": "ms", "ours": 1.0, "peer": 3.0, "ratio": 0.3333, "wanted": 0.2, "runs": 1},
            {"metric": "latency", "unit": "ms", "ours": 150.0, "peer": null, "ratio": null, "wanted": null, "runs": 1},
        ]);
        assert_eq!(json, expected);
        Ok(())
    }

    #[test]
    fn the_table_marks_what_is_missed() -> Result<()> {
        let row = Row::compare("start", "ms", &samples(&[1.0], &[2.0]))?;
        let table = |row| console::strip_ansi_codes(&Report::new("example", vec![row]).table()).into_owned();
        assert!(!table(row.clone()).contains("MISSED"));
        assert!(table(row.clone().at_most(0.4)).contains("ratio ≤ 0.400  1     MISSED"));
        assert!(table(row.at_most(0.5)).ends_with("ok"));
        Ok(())
    }

    #[test]
    fn figures_have_three_digits_or_are_whole() {
        let cases = [
            (0.0, "0"),
            (22.0, "22"),
            (0.0123, "0.0123"),
            (0.502, "0.502"),
            (7.654, "7.65"),
            (43.21, "43.2"),
            (200.4, "200"),
            (1_234_567.0, "1,234,567"),
        ];
        for (value, text) in cases {
            assert_eq!(figure(value), text);
        }
    }
}

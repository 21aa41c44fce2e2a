//! The whole pipeline on real engines: uploads become a data set, the data set a model, and a visitor asks the model.

mod airflow;
mod deployment;
mod faults;
mod flows;
mod ray;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use acceptance_tests::{Scenario, scenarios};
use anyhow::{Context as _, Result, ensure};
use xtask::demo::Batch;
use xtask::project;

use self::deployment::{Journey, Pipeline};
use self::faults::Fault;
use super::page::{PIPELINE, Page};
use super::turn;

/// A seven, drawn by hand: across, and down to the left.
const SEVEN: [(i32, i32); 6] = [(-45, -80), (0, -82), (45, -80), (20, -20), (0, 30), (-15, 85)];
/// How many of the twenty samples the model may take for something else.
const MOST_WRONG: usize = 1;
/// Share of the pictures held out that a model must know which was trained with enough of them.
const ACCURACY: f64 = 0.95;
/// What each further tab shows when it shows what it is for.
const TABS: [(&str, &str); 3] = [
    ("Batches", "table.batches"),
    ("Runs", "ul.runs li"),
    ("Model", "[data-testid=stMetric]"),
];
/// What must become of 200 files of which 40 are faulty, in the order of `Files::counts`.
const COUNTS: [(&str, u32); 4] = [
    ("accepted", 160),
    ("quarantined", 21),
    ("rejected", 10),
    ("resized", 9),
];
/// Why, of each file that was not accepted as it was, and of each annotation that is none of a file's.
const REASONS: [(&str, u32); 13] = [
    ("conflicting-annotation", 3),
    ("corrupt", 4),
    ("duplicate", 2),
    ("malformed-annotation", 1),
    ("missing-annotation", 3),
    ("not-square", 6),
    ("orphan-annotation", 1),
    ("too-large", 6),
    ("too-many-bytes", 2),
    ("too-small", 6),
    ("unknown-label", 3),
    ("wrong-mode", 3),
    ("zero-byte", 2),
];

fn batch(name: &str, images: u32, faults: u32) -> Batch {
    Batch {
        name: name.to_owned(),
        images,
        faults,
    }
}

/// Uploads the batch of a version, loses a part on its way, and sees it arrive as if nothing had happened.
fn upload(pipeline: &Pipeline, scenario: &Scenario, version: u32, fault: Fault) -> Result<Journey> {
    // The second one is large, for a model that is good.
    let batch = if version == 2 {
        batch("batch-2", 1300, 0)
    } else {
        batch(&format!("batch-{version}"), 200, 40)
    };
    let journey = pipeline.follow(&batch, |event| fault.strike(event, pipeline, scenario))?;
    ensure!(journey.report == journey.expected, "{:?}", differences(&journey));
    if batch.faults > 0 {
        expect_exact(&journey)?;
    }
    ensure!(
        journey.version == version && journey.training.nodes.len() >= 2,
        "{journey:?}"
    );
    pipeline.ray()?.expect_one(&journey.training.submission_id)?;
    Ok(journey)
}

/// The sums are those that are known.
fn expect_exact(journey: &Journey) -> Result<()> {
    let known = |pairs: &[(&str, u32)]| -> BTreeMap<String, u32> {
        pairs
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    };
    ensure!(
        journey.report.counts == known(&COUNTS),
        "{:?}",
        journey.report.counts
    );
    ensure!(
        journey.report.reasons == known(&REASONS),
        "{:?}",
        journey.report.reasons
    );
    Ok(())
}

fn differences(journey: &Journey) -> Vec<String> {
    let pairs = journey.report.files.iter().zip(&journey.expected.files);
    let different = pairs.filter(|(found, expected)| found != expected);
    different
        .map(|(found, expected)| format!("{found:?} should be {expected:?}"))
        .collect()
}

/// How often a fault may come too late.
const ATTEMPTS: u32 = 3;

/// Held-out digits, which no model was trained with; the name of each file begins with the digit.
fn samples() -> Result<Vec<PathBuf>> {
    let folder = project::root().join("examples/quickstart/samples");
    let mut samples: Vec<PathBuf> = fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    samples.sort();
    ensure!(samples.len() == 20, "there are {} samples", samples.len());
    Ok(samples)
}

/// A visitor draws a digit and uploads those that no model has seen.
fn visit(pipeline: &Pipeline) -> Result<()> {
    let _turn = turn::VISIT.take();
    let url = pipeline.url("url")?;
    let page = Page::open(&url, PIPELINE)?;
    let mut wrong = Vec::new();
    for sample in samples()? {
        let answer = page.upload(&sample)?;
        let name = sample
            .file_name()
            .context("a file without a name")?
            .to_string_lossy();
        if !name.starts_with(&answer) {
            wrong.push(format!("{name} is taken for {answer}"));
        }
    }
    ensure!(wrong.len() <= MOST_WRONG, "{wrong:?}");
    let drawn = page.draw(&SEVEN)?;
    ensure!(drawn == "7", "a seven is taken for {drawn}");
    let folder = project::target().join("demo");
    fs::create_dir_all(&folder)?;
    page.photograph(&folder, "pipeline-predict")?;
    for (tab, shown) in TABS {
        page.go(&format!("{url}/?tab={tab}"), shown)?;
        page.photograph(&folder, &format!("pipeline-{}", tab.to_lowercase()))?;
    }
    pipeline
        .airflow()?
        .photograph_grid("train_on_ray", &folder.join("airflow-grid.png"))
}

scenarios! {
    fn from_uploads_to_predictions(scenario) {
        let mut pipeline = Pipeline::prepare(scenario)?;
        if scenario.workspace.cli().name() == "tofu" && !scenario.bed.full {
            // The minutes of a second run buy little: the whole way with OpenTofu is part of `--full`.
            let plan = scenario.workspace.plan()?.ok()?;
            ensure!(plan.stdout.contains("Plan: ") && plan.stdout.contains(" 0 to change, 0 to destroy"), "{}", plan.text());
            return Ok(());
        }
        if scenario.bed.full {
            pipeline.apply_and_be_killed(scenario)?;
        }
        pipeline.apply(scenario)?;
        flows::check(&pipeline)?;
        let faults = if scenario.bed.full { &Fault::ALL[..] } else { &Fault::SELECTION };
        let mut version = 0;
        for fault in faults {
            for attempt in 1.. {
                version += 1;
                let journey = upload(&pipeline, scenario, version, *fault).with_context(|| format!("with the loss of {fault:?}"))?;
                // The first batch alone makes a model that is good enough to begin with.
                ensure!(version == 1 || journey.accuracy >= ACCURACY, "{journey:?}");
                if fault.has_fallen(&journey)? {
                    break;
                }
                ensure!(attempt < ATTEMPTS, "{fault:?} never fell in the midst of a training: {journey:?}");
                xtask::report::say(format!("{fault:?} fell too late: once more"));
            }
        }
        pipeline.airflow()?.expect_success("train_on_ray", usize::try_from(version)?)?;
        visit(&pipeline)?;
        scenario.expect_no_changes()?;
        scenario.workspace.destroy()?.ok()?;
        pipeline.expect_nothing_left()?;
    }
}

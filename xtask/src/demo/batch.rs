//! `cargo xtask demo batch`: uploads on their way through the pipeline, told as they go.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::Value;

use super::example::Example;
use super::uploader::{Batch, Event, Files, Uploader};
use super::{Place, choose_cli};
use crate::kubernetes::{self, ControlPlane};
use crate::progress::Activity;
use crate::{images, report};

/// The image that uploads.
const IMAGE: &str = "image-classification-uploads";
/// Enough for a model that knows nineteen of twenty digits.
const FIRST_IMAGES: u32 = 1500;
const FIRST_FAULTS: u32 = 60;

/// Another batch.
#[derive(Args, Debug)]
pub(super) struct AnotherBatch {
    /// Its name, unlike that of any other [default: made from the time]
    #[arg(long)]
    name: Option<String>,
    /// Number of its files
    #[arg(long, default_value_t = 200)]
    images: u32,
    /// How many of them are faulty
    #[arg(long, default_value_t = 40)]
    faults: u32,
    /// Where the demo's working copies lie [default: target/demo]
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

impl AnotherBatch {
    pub(super) fn run(&self) -> Result<()> {
        let example = Example::ImageClassification;
        let there_is_none = "there is no pipeline to upload to: run `cargo xtask demo` first";
        let cluster = kubernetes::open(example.name())?.context(there_is_none)?;
        let workspace = Place::new(self.directory.as_deref()).existing(example, &choose_cli()?)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let batch = Batch {
            name: self.name.clone().unwrap_or_else(|| format!("batch-{now}")),
            images: self.images,
            faults: self.faults,
        };
        upload(&cluster, &workspace.output_json()?, &batch)
    }
}

/// Uploads the batch from which the first model comes. Where it is there already, that changes nothing.
pub(super) fn upload_first(cluster: &ControlPlane, outputs: &Value) -> Result<()> {
    let batch = Batch {
        name: "first".to_owned(),
        images: FIRST_IMAGES,
        faults: FIRST_FAULTS,
    };
    upload(cluster, outputs, &batch)
}

/// Uploads a batch and tells how it gets on.
fn upload(cluster: &ControlPlane, outputs: &Value, batch: &Batch) -> Result<()> {
    let references = images::references()?;
    let image = references
        .get(IMAGE)
        .with_context(|| format!("there is no image {IMAGE}"))?;
    let uploader = Uploader::new(cluster, outputs, image)?;
    let mut told = Told {
        activity: Some(Activity::start(format!("uploading {} pictures", batch.images))),
        expected: None,
    };
    uploader.run(batch, |event| {
        told.hear(event, batch);
        Ok(())
    })
}

/// How far the story is.
struct Told {
    activity: Option<Activity>,
    expected: Option<Files>,
}

impl Told {
    fn hear(&mut self, event: &Event, batch: &Batch) {
        let (outcome, next) = match event {
            Event::Uploaded { expected } => {
                self.expected = Some(expected.clone());
                let Batch {
                    name, images, faults, ..
                } = batch;
                (
                    format!("uploaded {images} pictures as {name}, {faults} of them faulty"),
                    Some("Airflow looks at them"),
                )
            }
            Event::Report { report, .. } => {
                let as_expected = self.expected.as_ref() == Some(report);
                let judged = if as_expected {
                    "as they should be"
                } else {
                    "NOT as they should be"
                };
                (
                    format!("Airflow has judged them, {judged}: {}", counts(report)),
                    Some("Ray trains a model, which must be no worse than the champion"),
                )
            }
            Event::Champion {
                version, accuracy, ..
            } => (
                format!(
                    "version {version} is the champion: it knows {:.1} % of the pictures held out",
                    accuracy * 100.0
                ),
                Some("Ray Serve takes it"),
            ),
            Event::Served { version, seconds } => (
                format!("version {version} answers, {seconds:.0} s after the upload"),
                None,
            ),
        };
        if let Some(activity) = self.activity.take() {
            activity.finish(&outcome);
        }
        if let Event::Report { report, .. } = event {
            say_reasons(report);
        }
        self.activity = next.map(Activity::start);
    }
}

fn counts(report: &Files) -> String {
    let counts = report
        .counts
        .iter()
        .map(|(outcome, count)| format!("{count} {outcome}"));
    counts.collect::<Vec<_>>().join(", ")
}

fn say_reasons(report: &Files) {
    let rows = report
        .reasons
        .iter()
        .map(|(reason, count)| vec![format!("  {count:>4}"), reason.clone()]);
    report::say(report::table(&rows.collect::<Vec<_>>()));
}

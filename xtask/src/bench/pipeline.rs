//! `cargo xtask bench pipeline`: the example `image-classification` on a cluster of its own, with all images built.
//!
//! There is no peer: nothing else does all of this. The figures are limits that a user would notice.

use std::fs;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Args;

use super::build;
use super::plugin::proportional_memory;
use crate::cli::Workspace;
use crate::demo::{Batch, Event, Example, Place, Uploader, build_images, choose_cli};
use crate::figures::{Report, Row};
use crate::images;
use crate::kubernetes::{self, ControlPlane};
use crate::programs::system;
use crate::progress::Activity;

const EXAMPLE: Example = Example::ImageClassification;
const HEALTHY_WANTED_SECONDS: f64 = 360.0;
const MODEL_WANTED_SECONDS: f64 = 240.0;
const PLAN_WANTED_SECONDS: f64 = 10.0;
const MEMORY_WANTED_GIB: f64 = 6.0;
const MIB_IN_GIB: f64 = 1024.0;

/// The whole pipeline.
#[derive(Args, Debug)]
pub struct Pipeline {
    /// How many batches are followed to their models, and how many plans are made
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    runs: u8,
}

/// The cluster of the bench. It goes away with it.
struct Stage {
    cluster: ControlPlane,
}

impl Stage {
    fn up() -> Result<Self> {
        let name = EXAMPLE.name();
        ensure!(
            kubernetes::open(name)?.is_none(),
            "a demo is up, and two would disturb each other: `cargo xtask demo --down` takes it away"
        );
        let (cluster, _) = kubernetes::up(name, EXAMPLE.shape())?;
        Ok(Self { cluster })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What failed before is what the reader is to see.
        let _ = kubernetes::down(EXAMPLE.name());
    }
}

/// Seconds, but for the memory.
#[derive(Default)]
struct Figures {
    apply: Vec<f64>,
    plan: Vec<f64>,
    report: Vec<f64>,
    champion: Vec<f64>,
    served: Vec<f64>,
    memory_gib: Vec<f64>,
    destroy: Vec<f64>,
}

impl Pipeline {
    pub(super) fn run(&self) -> Result<()> {
        system::ensure()?;
        let provider = build::release()?;
        let cli = choose_cli()?;
        build_images(EXAMPLE.images())?;
        let folder = tempfile::tempdir()?;
        let stage = Stage::up()?;
        let workspace =
            Place::new(Some(folder.path())).workspace(EXAMPLE, &cli, &provider, &stage.cluster)?;
        let mut figures = Figures::default();
        workspace.init()?.ok()?;
        figures.apply.push(timed("applying the pipeline", || {
            workspace.apply()?.ok().map(drop)
        })?);
        self.upload(&stage, &workspace, &mut figures)?;
        figures.memory_gib.push(memory_of_pods()? / MIB_IN_GIB);
        for _ in 0..self.runs {
            figures.plan.push(timed("planning again", || {
                let plan = workspace.plan()?.ok()?;
                ensure!(!plan.has_changes(), "the plan has changes:\n{}", plan.stdout);
                Ok(())
            })?);
        }
        figures
            .destroy
            .push(timed("destroying it", || workspace.destroy()?.ok().map(drop))?);
        figures.publish()
    }

    /// Follows batches to their models. The first one makes the data set, and is not counted.
    fn upload(&self, stage: &Stage, workspace: &Workspace, figures: &mut Figures) -> Result<()> {
        let references = images::references()?;
        let image = &references["image-classification-uploads"];
        let uploader = Uploader::new(&stage.cluster, &workspace.output_json()?, image)?;
        for run in 0..=self.runs {
            let batch = Batch {
                name: format!("bench-{run}"),
                images: 200,
                faults: 40,
            };
            timed(&format!("following {} to its model", batch.name), || {
                uploader.run(&batch, |event| {
                    match event {
                        _ if run == 0 => {}
                        Event::Uploaded { .. } => {}
                        Event::Report { seconds, .. } => figures.report.push(*seconds),
                        Event::Champion { seconds, .. } => figures.champion.push(*seconds),
                        Event::Served { seconds, .. } => figures.served.push(*seconds),
                    }
                    Ok(())
                })
            })?;
        }
        Ok(())
    }
}

impl Figures {
    fn publish(&self) -> Result<()> {
        let rows = vec![
            Row::alone("from apply to all healthy", "s", &self.apply)?.at_most(HEALTHY_WANTED_SECONDS),
            Row::alone("from 200 uploads to their report", "s", &self.report)?,
            Row::alone("from 200 uploads to the new champion", "s", &self.champion)?,
            Row::alone("from 200 uploads to the new champion's answer", "s", &self.served)?
                .at_most(MODEL_WANTED_SECONDS),
            Row::alone("memory of all engines (PSS)", "GiB", &self.memory_gib)?.at_most(MEMORY_WANTED_GIB),
            Row::alone("plan without changes", "s", &self.plan)?.at_most(PLAN_WANTED_SECONDS),
            Row::alone("destroy", "s", &self.destroy)?,
        ];
        Report::new("pipeline", rows).publish()
    }
}

/// Does the work and says how many seconds it took.
fn timed(title: &str, work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let activity = Activity::start(title);
    let begun = Instant::now();
    work()?;
    let seconds = begun.elapsed().as_secs_f64();
    activity.finish(&format!("{title}: done"));
    Ok(seconds)
}

/// The memory of all processes in pods, in MiB.
fn memory_of_pods() -> Result<f64> {
    let mut sum = 0.0;
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let cgroup = fs::read_to_string(entry.path().join("cgroup")).unwrap_or_default();
        if cgroup.contains("kubepods") {
            // Who has just ended takes none.
            sum += proportional_memory(process).unwrap_or(0.0);
        }
    }
    ensure!(sum > 0.0, "no process runs in a pod");
    Ok(sum)
}

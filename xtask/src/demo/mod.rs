//! `cargo xtask demo`: from a fresh checkout to an applied configuration on a real API server, in one command.

mod batch;
mod example;
mod page;
mod place;
mod steps;
mod tour;
mod uploader;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use clap::{Args, Subcommand, ValueEnum as _};

use self::batch::AnotherBatch;
pub(crate) use self::example::Example;
pub use self::example::pipeline_images;
pub(crate) use self::place::Place;
use self::steps::Steps;
use self::tour::Tour;
pub use self::uploader::{Batch, Event, File, Files, Training, Uploader};
use crate::cli::{Cli, Workspace};
use crate::figures::{Report, Row};
use crate::kubernetes::{self, ControlPlane, Shape, Up};
use crate::programs::system;
use crate::test::{cargo, must_succeed};
use crate::{images, project, report};

/// The longest that a cluster may take until its node is Ready, in seconds.
const WANTED_NODE_SECONDS: f64 = 20.0;
/// The longest that a browser may show nothing, in seconds.
const WANTED_PAINT_SECONDS: f64 = 2.0;

/// What the demo is to do.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Demo {
    #[command(subcommand)]
    more: Option<More>,
    #[command(flatten)]
    options: Options,
}

/// What can be done with a demo that is there.
#[derive(Debug, Subcommand)]
enum More {
    /// Upload another batch of digits and follow it to the new model
    Batch(AnotherBatch),
}

#[derive(Args, Debug)]
struct Options {
    /// What to show
    #[arg(value_enum, default_value_t = Example::ImageClassification)]
    example: Example,
    /// The shortest way through: the same as `quickstart`
    #[arg(long, conflicts_with = "example")]
    quick: bool,
    /// Take everything away again, of all examples
    #[arg(long)]
    down: bool,
    /// A provider binary to use, in place of building one
    #[arg(long, value_name = "PATH")]
    provider: Option<PathBuf>,
    /// Where the working copy of the example and the provider mirror lie [default: target/demo]
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

/// A cluster, and how long it took to start; `None` if it was there.
struct Started {
    cluster: ControlPlane,
    took: Option<Duration>,
}

impl Demo {
    /// Runs the demo, goes on with it, or takes it away.
    pub fn run(&self) -> Result<()> {
        match &self.more {
            Some(More::Batch(batch)) => batch.run(),
            None if self.options.down => self.options.take_away(),
            None => self.options.show(),
        }
    }
}

impl Options {
    fn example(&self) -> Example {
        if self.quick {
            Example::Quickstart
        } else {
            self.example
        }
    }

    fn place(&self) -> Place {
        Place::new(self.directory.as_deref())
    }

    fn show(&self) -> Result<()> {
        let begun = Instant::now();
        let example = self.example();
        let with_node = example.shape() == Shape::WithNode;
        let mut steps = Steps::of(match example {
            Example::FirstApply => 7,
            Example::Quickstart => 9,
            Example::ImageClassification => 10,
        });
        steps.next("what this machine needs", system::ensure)?;
        let provider = steps.next("the provider", || self.provider())?;
        let cli = steps.next("Terraform or OpenTofu", choose_cli)?;
        if with_node {
            steps.next("images", || build_images(example.images()))?;
        }
        let what = if with_node {
            "a Kubernetes with a node"
        } else {
            "a Kubernetes API server"
        };
        let Started { cluster, took } = steps.next(&format!("{what} on this machine"), || self.cluster())?;
        let source = format!("a working copy of examples/{}", example.name());
        let workspace = steps.next(&source, || {
            self.place().workspace(example, &cli, &provider, &cluster)
        })?;
        steps.next(&format!("{cli} init and {cli} apply"), || apply(&workspace))?;
        let outputs = workspace.output_json()?;
        if let Some(url) = outputs["url"]["value"].as_str() {
            steps.next("the page", || self.page(url, begun, took))?;
        }
        if example == Example::ImageClassification {
            steps.next("the first uploads, on their way to a model", || {
                batch::upload_first(&cluster, &outputs)
            })?;
        }
        steps.next(&format!("{cli} plan again"), || plan_again(&workspace))?;
        let tour = Tour {
            example,
            workspace: &workspace,
            cluster: &cluster,
            outputs: &outputs,
            directory: self.directory.as_deref(),
        };
        tour.say();
        Ok(())
    }

    fn provider(&self) -> Result<PathBuf> {
        if let Some(binary) = &self.provider {
            ensure!(binary.is_file(), "there is no file {}", binary.display());
            return Ok(binary.clone());
        }
        let package = "terraform-provider-mlops";
        must_succeed(cargo("build").args(["--release", "--package", package]))?;
        Ok(project::provider_binary("release"))
    }

    fn cluster(&self) -> Result<Started> {
        let begun = Instant::now();
        let (cluster, outcome) = kubernetes::up(self.example().name(), self.example().shape())?;
        let took = (outcome == Up::Started).then(|| begun.elapsed());
        if took.is_some() {
            // What an earlier demo remembers were objects of a cluster that is gone.
            self.place().forget(self.example())?;
        }
        report::say(format!(
            "Kubernetes {} at {}",
            cluster.version(),
            cluster.server()
        ));
        Ok(Started { cluster, took })
    }

    /// Waits for the page, and keeps how long everything took if it began with nothing.
    fn page(&self, url: &str, begun: Instant, cluster: Option<Duration>) -> Result<()> {
        page::wait_until_it_answers(url)?;
        let total = begun.elapsed().as_secs_f64();
        let mut rows = Vec::new();
        if let Some(cluster) = cluster {
            let node = Row::alone(
                "demo: from nothing to a node that is Ready",
                "s",
                &[cluster.as_secs_f64()],
            )?;
            rows.push(node.at_most(WANTED_NODE_SECONDS));
            let metric = "demo: from nothing running to the page's answer";
            rows.push(Row::alone(metric, "s", &[total])?.at_most(self.example().wanted_seconds()));
        }
        let picture = self.place().picture(self.example());
        if let Some(paint) = page::first_paint(url, &picture)? {
            let paint = Row::alone("the page's first paint", "s", &[paint.as_secs_f64()])?;
            rows.push(paint.at_most(WANTED_PAINT_SECONDS));
            report::say(format!("as a browser shows it: {}", picture.display()));
        }
        if rows.is_empty() {
            return Ok(());
        }
        Report::new("demo", rows).publish()
    }

    fn take_away(&self) -> Result<()> {
        let mut found = false;
        for example in Example::value_variants() {
            found |= kubernetes::down(example.name())?;
        }
        found |= self.place().clear()?;
        report::say(if found {
            "the demo is gone: cluster, working copy and mirror"
        } else {
            "there is no demo"
        });
        Ok(())
    }
}

pub(crate) fn build_images(names: &[&str]) -> Result<()> {
    let built = images::build_only(&images::Registry::of_this_user()?, names)?;
    for image in built {
        report::say(format!(
            "{} {}",
            if image.is_new { "built" } else { "unchanged" },
            image.reference
        ));
    }
    Ok(())
}

/// Terraform where the machine has one that is new enough, else OpenTofu.
pub(crate) fn choose_cli() -> Result<Cli> {
    let cli = match Cli::terraform() {
        Some(terraform) if terraform.is_supported()? => terraform,
        Some(terraform) => {
            report::warn(format!(
                "{} is too old: the demo runs with OpenTofu",
                terraform.path.display()
            ));
            Cli::tofu()?
        }
        None => Cli::tofu()?,
    };
    report::say(format!("{} {}", cli.path.display(), cli.version()?));
    Ok(cli)
}

fn apply(workspace: &Workspace) -> Result<()> {
    workspace.forget_lock()?;
    let color = (!console::colors_enabled()).then_some("-no-color");
    for arguments in [
        ["init", "-input=false"].as_slice(),
        &["apply", "-input=false", "-auto-approve"],
    ] {
        let status = workspace.show(arguments.iter().copied().chain(color))?;
        if !status.success() {
            bail!(
                "`{} {}` ended with {status}: its message is above",
                workspace.cli(),
                arguments[0]
            );
        }
    }
    Ok(())
}

fn plan_again(workspace: &Workspace) -> Result<()> {
    let plan = workspace.plan()?.ok()?;
    if plan.has_changes() {
        bail!(
            "the plan right after the apply has changes, which it must not have:\n{}",
            plan.stdout
        );
    }
    report::say("no changes: the cluster is as the configuration says");
    Ok(())
}

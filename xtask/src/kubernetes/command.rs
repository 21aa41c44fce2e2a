//! `cargo xtask kubernetes …`.

use std::fs;

use anyhow::{Context as _, Result};
use clap::Subcommand;

use super::named::{self, Up};
use super::{ControlPlane, Shape, Status, smoke};
use crate::progress::Activity;
use crate::report;

/// The cluster's name where none is given.
const DEFAULT_NAME: &str = "mlops";

/// A real Kubernetes on this machine.
#[derive(Debug, Subcommand)]
pub enum Kubernetes {
    /// Start a cluster, or bring back what has ended of it; with its node it runs pods, and only root can start it
    Up {
        /// Several clusters run side by side under different names
        #[arg(long, default_value = DEFAULT_NAME)]
        name: String,
        /// The API server with its store and controllers, without nodes: objects, but no running pods
        #[arg(long)]
        control_plane_only: bool,
    },
    /// Stop a cluster and remove all of it
    Down {
        /// The cluster's name
        #[arg(long, default_value = DEFAULT_NAME)]
        name: String,
    },
    /// Try everything that a cluster with a node offers, and say what does not work, and why
    Check {
        /// The cluster's name
        #[arg(long, default_value = DEFAULT_NAME)]
        name: String,
    },
    /// List the clusters of this user
    Status,
    /// Print the path of a cluster's kubeconfig
    Kubeconfig {
        /// The cluster's name
        #[arg(long, default_value = DEFAULT_NAME)]
        name: String,
        /// Print what is in the file, private key included
        #[arg(long)]
        raw: bool,
    },
}

impl Kubernetes {
    /// Carries the command out.
    pub fn run(&self) -> Result<()> {
        match self {
            Self::Up {
                name,
                control_plane_only: true,
            } => up(name, Shape::ControlPlaneOnly),
            Self::Up { name, .. } => up(name, Shape::WithNode),
            Self::Down { name } => down(name),
            Self::Check { name } => smoke::check(&existing(name)?),
            Self::Status => status(),
            Self::Kubeconfig { name, raw } => kubeconfig(name, *raw),
        }
    }
}

fn up(name: &str, shape: Shape) -> Result<()> {
    let what = match shape {
        Shape::WithNode => "cluster",
        Shape::ControlPlaneOnly => "control plane",
    };
    let activity = Activity::start(format!("starting the {what} {name}"));
    let (cluster, outcome) = named::up(name, shape)?;
    let summary = match outcome {
        Up::Started => format!("the {what} {name} is up"),
        Up::AlreadyRunning => format!("the {what} {name} was up already"),
        Up::Repaired(components) => {
            format!("the {what} {name} is up again: started {}", components.join(", "))
        }
    };
    activity.finish(&summary);
    report::say(format!(
        "server      {} (Kubernetes {})",
        cluster.server(),
        cluster.version()
    ));
    report::say(format!("kubeconfig  {}", cluster.kubeconfig_path().display()));
    if shape == Shape::WithNode && behind_proxy() {
        report::warn(
            "a proxy is set in the environment: add 198.18.0.0/15 to NO_PROXY, or clients will look for the cluster there",
        );
    }
    Ok(())
}

/// Programs leave 127.0.0.1 out of what they send to a proxy, but not the addresses of a cluster with a node.
fn behind_proxy() -> bool {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let exempt = |name: &str| std::env::var(name).is_ok_and(|value| value.contains("198.18."));
    let either = |name: &str, holds: &dyn Fn(&str) -> bool| holds(name) || holds(&name.to_lowercase());
    (either("HTTPS_PROXY", &set) || either("ALL_PROXY", &set)) && !either("NO_PROXY", &exempt)
}

fn down(name: &str) -> Result<()> {
    let found = named::down(name)?;
    report::say(if found {
        format!("cluster {name} is gone")
    } else {
        format!("there is no cluster {name}")
    });
    Ok(())
}

fn status() -> Result<()> {
    let clusters = named::all()?;
    if clusters.is_empty() {
        report::say("no cluster is up; `cargo xtask kubernetes up` starts one");
        return Ok(());
    }
    let header = [
        "NAME",
        "STATE",
        "NODE",
        "SERVER",
        "VERSION",
        "PROCESSES",
        "MEMORY",
    ]
    .map(str::to_owned)
    .to_vec();
    let rows = clusters.iter().map(|cluster| row(cluster, &cluster.status()));
    report::say(report::table(&[vec![header], rows.collect()].concat()));
    Ok(())
}

fn row(cluster: &ControlPlane, status: &Status) -> Vec<String> {
    let processes = status.components.iter().filter_map(|component| component.process);
    let processes: Vec<String> = processes.map(|process| process.to_string()).collect();
    vec![
        cluster.name().to_owned(),
        status.state.to_string(),
        cluster.node().map_or("-", |node| &node.name).to_owned(),
        cluster.server().to_owned(),
        cluster.version().to_owned(),
        if processes.is_empty() {
            "-".to_owned()
        } else {
            processes.join(" ")
        },
        format!("{} MiB", status.memory() / (1024 * 1024)),
    ]
}

fn existing(name: &str) -> Result<ControlPlane> {
    named::open(name)?.with_context(|| {
        format!("there is no cluster {name}: `cargo xtask kubernetes up --name {name}` starts it")
    })
}

fn kubeconfig(name: &str, raw: bool) -> Result<()> {
    let cluster = existing(name)?;
    let path = cluster.kubeconfig_path();
    if raw {
        let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        report::say(text.trim_end());
    } else {
        report::say(path.display().to_string());
    }
    Ok(())
}

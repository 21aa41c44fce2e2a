//! The tier whose pods run.
//!
//! Its cluster lives in a network namespace of its own, so that it disturbs no cluster of the user's, and nothing in it
//! reaches anything outside. What needs the outside, the images, is built before.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::run::{Run, cargo, must_succeed};
use super::tiers::test_bed;
use crate::network_namespace::NetworkNamespace;
use crate::programs::system;
use crate::test_bed::{Cluster, TestBed};
use crate::{images, process};

/// Test targets that make clusters, images or browsers of their own.
pub(super) const ON_THE_MACHINE: [&str; 4] = ["browser", "images", "local_node", "quickstart_demo"];
/// Test targets that run in the tier's cluster.
pub(super) const IN_A_CLUSTER: [&str; 1] = ["node"];
const CLUSTER: &str = "test-node";

pub(super) fn node(run: &mut Run) {
    if !NetworkNamespace::is_allowed() {
        run.skip(
            "tier node",
            "a node makes network devices and mounts, which takes root",
        );
        return;
    }
    let Some(bed) = test_bed(run) else { return };
    let prepared = run.prepare("browser and images", || {
        system::ensure_all(system::BROWSER)?;
        images::build(&images::Registry::of_this_user()?)?;
        // Compiled outside: the namespace reaches no registry of crates.
        let targets = ON_THE_MACHINE
            .iter()
            .chain(&IN_A_CLUSTER)
            .flat_map(|target| ["--test", target]);
        must_succeed(cargo("test").args(["--workspace", "--no-run"]).args(targets))
    });
    if prepared.is_none() {
        return;
    }
    run.cargo_test("node", &[], &ON_THE_MACHINE, &bed);
    let Some(home) = run.prepare("cluster with a node", Home::start) else {
        return;
    };
    let bed = TestBed {
        cluster: Some(home.cluster()),
        ..bed
    };
    run.cargo_test_in(&home.namespace, "node", &IN_A_CLUSTER, &bed);
    run.prepare("end of the cluster", || home.stop());
}

/// The tier's cluster, and where it lives.
struct Home {
    namespace: NetworkNamespace,
    state: TempDir,
    is_up: bool,
}

impl Home {
    fn start() -> Result<Self> {
        let home = Self {
            is_up: true,
            namespace: NetworkNamespace::create("test")?,
            state: tempfile::tempdir().context("failed to create a folder for the cluster")?,
        };
        // An error drops the value, and with it what there is of the cluster.
        home.kubernetes("up")?;
        Ok(home)
    }

    fn cluster(&self) -> Cluster {
        let directory = self.state.path().join("mlops/clusters").join(CLUSTER);
        Cluster {
            kubeconfig: directory.join("kubeconfig"),
            directory,
        }
    }

    fn stop(mut self) -> Result<()> {
        self.is_up = false;
        self.kubernetes("down")
    }

    /// By this very program, in the namespace.
    fn kubernetes(&self, action: &str) -> Result<()> {
        // Not by its path: the tests' build may have put a newer one there.
        let program = format!("/proc/{}/exe", std::process::id());
        let state: &Path = self.state.path();
        let mut command = self.namespace.command(program);
        command
            .args(["kubernetes", action, "--name", CLUSTER])
            .env("XDG_STATE_HOME", state);
        if action == "up" {
            return must_succeed(&mut command);
        }
        // Whoever interrupts the tests wants nothing left behind.
        let status = process::run_to_the_end(&mut command)?;
        ensure!(
            status.success(),
            "`{}` ended with {status}",
            process::describe(&command)
        );
        Ok(())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.is_up {
            // What failed before is what the reader is to see.
            let _ = self.kubernetes("down");
        }
    }
}

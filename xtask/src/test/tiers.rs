//! What each tier needs and runs.
//!
//! Cargo is always given the whole workspace, and the wanted targets of it by name: to name single packages would
//! unite other features, and everything would be compiled once more for each choice.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::run::{Run, cargo, must_succeed};
use super::{hcl, node, python, tidy};
use crate::cli::Cli;
use crate::kubernetes::{ControlPlane, Options};
use crate::programs::{self, Program, system};
use crate::test_bed::{Cluster, TestBed};
use crate::{docs, process, project, report};

/// Test targets that need the provider's binary, Terraform or OpenTofu, or the library of values that these have.
const PROTOCOL: [&str; 5] = ["codec", "example", "protocol", "sdk", "workspace"];
/// Test targets that need an API server.
const CONTROL_PLANE: [&str; 4] = ["control_plane", "demo", "kubernetes", "local_kubernetes"];

pub(super) fn unit(run: &mut Run) {
    run.check("system", system::ensure);
    run.check("format", || must_succeed(cargo("fmt").args(["--all", "--check"])));
    run.check("lints", || {
        must_succeed(cargo("clippy").args(["--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
    run.check("tidy", tidy::check);
    let packages = run
        .prepare("list of Python packages", python::packages)
        .unwrap_or_default();
    let checks = packages
        .iter()
        .map(|package| (package.title(), || package.check()));
    run.checks(checks.collect());
    build_examples(run);
    let Some(targets) = run.prepare("list of tests", unit_targets) else {
        return;
    };
    let bed = TestBed {
        full: run.full,
        ..TestBed::default()
    };
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    run.cargo_test("unit", &["--lib", "--bins"], &targets, &bed);
    run.cargo_test("examples in documentation", &["--doc"], &[], &bed);
}

/// Tests start them as processes, and cargo builds no examples where targets are named.
fn build_examples(run: &mut Run) {
    run.prepare("example providers", || {
        must_succeed(cargo("build").args(["--workspace", "--examples"]))
    });
}

pub(super) fn protocol(run: &mut Run) {
    let Some(bed) = test_bed(run) else { return };
    build_examples(run);
    run.prepare("go-cty", || programs::install(Program::Cty));
    run.check("format of HCL", || hcl::check_format(&bed));
    run.check("tests of HCL", || hcl::test(&bed));
    run.check("flows of the pipeline", || hcl::check_flows(&bed));
    run.check("READMEs of modules", docs::check_modules);
    run.cargo_test("protocol", &[], &PROTOCOL, &bed);
}

pub(super) fn control_plane(run: &mut Run) {
    let Some(mut bed) = test_bed(run) else { return };
    let started = run.prepare("control plane", || {
        let directory = tempfile::tempdir().context("failed to create a folder for the cluster")?;
        let cluster = ControlPlane::start(&Options::new("test", directory.path().join("cluster")))?;
        Ok((directory, cluster))
    });
    let Some((_directory, cluster)) = started else {
        return;
    };
    bed.cluster = Some(Cluster {
        directory: cluster.directory().to_path_buf(),
        kubeconfig: cluster.kubeconfig_path(),
    });
    run.cargo_test("control-plane", &[], &CONTROL_PLANE, &bed);
    run.prepare("end of the control plane", || cluster.stop());
}

/// The provider built, and both programs found or built.
pub(super) fn test_bed(run: &mut Run) -> Option<TestBed> {
    let built = run.prepare("the provider's build", || {
        must_succeed(cargo("build").args(["--workspace", "--bin", "terraform-provider-mlops"]))
    });
    let tofu = run.prepare("OpenTofu", Cli::tofu);
    let terraform = Cli::terraform().map(|cli| cli.path);
    if terraform.is_none() {
        report::warn(
            "there is no terraform on PATH, and no package registry carries it: the tests run with OpenTofu only, \
             and their other half counts as skipped",
        );
    }
    built?;
    let provider = project::provider_binary("debug");
    Some(TestBed {
        provider,
        terraform,
        tofu: Some(tofu?.path),
        cluster: None,
        full: run.full,
    })
}

/// Every test target that no other tier claims: a new one is run without being listed anywhere.
fn unit_targets() -> Result<Vec<String>> {
    let mut command = cargo("metadata");
    command.args(["--no-deps", "--format-version", "1"]);
    let output = command.output().context("failed to start cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("`{}` printed no JSON", process::describe(&command)))?;
    let claimed = |name: &&str| {
        let tiers: [&[&str]; 4] = [
            &PROTOCOL,
            &CONTROL_PLANE,
            &node::ON_THE_MACHINE,
            &node::IN_A_CLUSTER,
        ];
        tiers.iter().any(|targets| targets.contains(name))
    };
    Ok(test_targets(&metadata)
        .filter(|name| !claimed(name))
        .map(str::to_owned)
        .collect())
}

fn test_targets(metadata: &Value) -> impl Iterator<Item = &str> {
    let targets = elements(&metadata["packages"]).flat_map(|package| elements(&package["targets"]));
    let tests = targets.filter(|target| elements(&target["kind"]).any(|kind| kind == "test"));
    tests.filter_map(|target| target["name"].as_str())
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_targets_are_found_among_the_others() {
        let metadata = serde_json::json!({"packages": [
            {"targets": [{"kind": ["lib"], "name": "a"}, {"kind": ["test"], "name": "first"}]},
            {"targets": [{"kind": ["test"], "name": "second"}, {"kind": ["bench"], "name": "b"}]},
        ]});
        assert_eq!(test_targets(&metadata).collect::<Vec<_>>(), ["first", "second"]);
    }

    #[test]
    fn every_target_of_the_workspace_that_is_not_claimed_is_a_unit_target() -> Result<()> {
        let targets = unit_targets()?;
        assert!(targets.iter().any(|target| target == "docs"), "{targets:?}");
        assert!(
            !targets.iter().any(|target| target == "control_plane"),
            "{targets:?}"
        );
        Ok(())
    }
}

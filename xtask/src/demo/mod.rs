//! `cargo xtask demo`: from a fresh checkout to an applied configuration on a real API server, in one command.

mod example;
mod steps;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use self::steps::Steps;
use crate::cli::{Cli, Mirror, Workspace};
use crate::kubernetes::{self, ControlPlane, Shape, Up};
use crate::programs::system;
use crate::test::{cargo, must_succeed};
use crate::{project, report};

/// The name of the demo's cluster.
const CLUSTER: &str = "demo";
/// The parts of the demo's folder. Only these are ever removed.
const EXAMPLE: &str = "first-apply";
const MIRROR: &str = "mirror";

/// What the demo is to do.
#[derive(Args, Debug)]
pub struct Demo {
    /// Build the provider without optimisation, which takes less time
    #[arg(long)]
    quick: bool,
    /// Take everything away again
    #[arg(long)]
    down: bool,
    /// A provider binary to use, in place of building one
    #[arg(long, value_name = "PATH")]
    provider: Option<PathBuf>,
    /// Where the working copy of the example and the provider mirror lie [default: target/demo]
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

impl Demo {
    /// Runs the demo, or takes it away.
    pub fn run(&self) -> Result<()> {
        if self.down { self.take_away() } else { self.show() }
    }

    fn directory(&self) -> PathBuf {
        self.directory
            .clone()
            .unwrap_or_else(|| project::target().join("demo"))
    }

    fn show(&self) -> Result<()> {
        let mut steps = Steps::of(7);
        steps.next("what this machine needs", system::ensure)?;
        let provider = steps.next("the provider", || self.provider())?;
        let cli = steps.next("Terraform or OpenTofu", choose_cli)?;
        let cluster = steps.next("a Kubernetes API server on this machine", || self.cluster())?;
        let workspace = steps.next("a working copy of examples/first-apply", || {
            self.workspace(&cli, &provider, &cluster)
        })?;
        steps.next(&format!("{cli} init and {cli} apply"), || apply(&workspace))?;
        steps.next(&format!("{cli} plan again"), || plan_again(&workspace))?;
        self.say_what_next(&workspace, &cluster);
        Ok(())
    }

    fn provider(&self) -> Result<PathBuf> {
        if let Some(binary) = &self.provider {
            ensure!(binary.is_file(), "there is no file {}", binary.display());
            return Ok(binary.clone());
        }
        let binary = "terraform-provider-mlops";
        let (selection, profile) = if self.quick {
            // The same selection as the tests', so that nothing is compiled twice.
            (vec!["--workspace", "--bin", binary], "debug")
        } else {
            (vec!["--release", "--package", binary], "release")
        };
        must_succeed(cargo("build").args(selection))?;
        Ok(project::provider_binary(profile))
    }

    fn cluster(&self) -> Result<ControlPlane> {
        let (cluster, outcome) = kubernetes::up(CLUSTER, Shape::ControlPlaneOnly)?;
        if outcome == Up::Started {
            // What an earlier demo remembers were objects of a cluster that is gone.
            self.forget_example()?;
        }
        report::say(format!(
            "Kubernetes {} at {}",
            cluster.version(),
            cluster.server()
        ));
        Ok(cluster)
    }

    fn workspace(&self, cli: &Cli, provider: &Path, cluster: &ControlPlane) -> Result<Workspace> {
        let directory = self.directory();
        let copy = directory.join(EXAMPLE);
        example::copy(&project::root().join("examples").join(EXAMPLE), &copy)?;
        let mirror = Mirror::prepare(&directory.join(MIRROR), provider, project::VERSION)?;
        let mut workspace = Workspace::new(&copy, cli, &mirror)?;
        let kubeconfig = cluster.kubeconfig_path();
        workspace.set_variable("kubeconfig", kubeconfig.to_string_lossy().into_owned())?;
        report::say(format!("in {}", copy.display()));
        if let Some(definitions) = genuine_definitions() {
            report::say(format!(
                "with the definitions of KubeRay and OpenShift in {}",
                definitions.display()
            ));
            workspace.set_variable("crds_directory", definitions.to_string_lossy().into_owned())?;
        }
        Ok(workspace)
    }

    fn say_what_next(&self, workspace: &Workspace, cluster: &ControlPlane) {
        let (folder, cli) = (workspace.directory().display(), workspace.cli());
        let kubeconfig = cluster.kubeconfig_path();
        let kubeconfig = kubeconfig.display();
        let options = self
            .directory
            .as_ref()
            .map(|directory| format!(" --directory {}", directory.display()));
        let options = options.unwrap_or_default();
        report::heading("what to try next");
        report::say(format!(
            "  change something     edit a file of examples/{EXAMPLE} and run `cargo xtask demo{options}` again\n  \
             look around          kubectl --kubeconfig {kubeconfig} -n first-apply get all,secret,configmap\n  \
             cause drift          kubectl --kubeconfig {kubeconfig} -n first-apply scale deployment predictor --replicas 5\n  \
             and see it           cd {folder} && TF_CLI_CONFIG_FILE=.cli/cli.tfrc {} plan\n  \
             and undo it          the same with `apply` in place of `plan`\n  \
             take it all away     cargo xtask demo --down{options}",
            cli.path.display(),
        ));
    }

    fn take_away(&self) -> Result<()> {
        let had_cluster = kubernetes::down(CLUSTER)?;
        let had_example = self.forget_example()?;
        let had_mirror = remove(&self.directory().join(MIRROR))?;
        // What else is in it is not ours.
        let _ = fs::remove_dir(self.directory());
        let found = had_cluster || had_example || had_mirror;
        report::say(if found {
            "the demo is gone: cluster, working copy and mirror"
        } else {
            "there is no demo"
        });
        Ok(())
    }

    fn forget_example(&self) -> Result<bool> {
        remove(&self.directory().join(EXAMPLE))
    }
}

/// Removes a folder and says whether it was there.
fn remove(folder: &Path) -> Result<bool> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("failed to remove {}", folder.display())),
    }
}

/// Terraform where the machine has one that is new enough, else OpenTofu.
fn choose_cli() -> Result<Cli> {
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

/// Genuine definitions of kinds, where somebody has put some: `MLOPS_CRDS`, or beside the checkout.
fn genuine_definitions() -> Option<PathBuf> {
    let named = std::env::var_os("MLOPS_CRDS").map(PathBuf::from);
    let beside = project::root().parent().map(|parent| parent.join("shared/crds"));
    named
        .into_iter()
        .chain(beside)
        .find(|folder| folder.join("kuberay").is_dir() && folder.join("openshift").is_dir())
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

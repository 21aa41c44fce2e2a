//! What the test runner tells the tests of the real thing: written by `cargo xtask test`, read by `acceptance-tests`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::cli::{Cli, Program};
use crate::kubernetes::ControlPlane;

const PROVIDER: &str = "MLOPS_TEST_PROVIDER";
const TERRAFORM: &str = "MLOPS_TEST_TERRAFORM";
const TOFU: &str = "MLOPS_TEST_TOFU";
const KUBECONFIG: &str = "MLOPS_TEST_KUBECONFIG";
const CLUSTER: &str = "MLOPS_TEST_CLUSTER_DIR";
const FULL: &str = "MLOPS_TEST_FULL";

/// Where the things under test are.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TestBed {
    /// The provider's binary.
    pub provider: PathBuf,
    /// Terraform, where the machine has it.
    pub terraform: Option<PathBuf>,
    /// OpenTofu, as this project builds it.
    pub tofu: Option<PathBuf>,
    /// The tier's cluster: its folder and the administrator's kubeconfig. None in the tier `protocol`.
    pub cluster: Option<Cluster>,
    /// Every matrix and scenario in place of the usual selection.
    pub full: bool,
}

/// The cluster that a whole tier shares.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cluster {
    /// What [`ControlPlane::open`] takes.
    pub directory: PathBuf,
    /// The administrator's.
    pub kubeconfig: PathBuf,
}

impl TestBed {
    /// What the runner passed to this process.
    pub fn from_environment() -> Result<Self> {
        Self::read(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    /// Passes it on to the process that `command` starts.
    pub fn pass_to(&self, command: &mut Command) {
        command.envs(self.variables());
    }

    /// The programs to test with: every test of the real thing runs with each.
    #[must_use]
    pub fn clis(&self) -> Vec<Cli> {
        let both = [(Program::Terraform, &self.terraform), (Program::Tofu, &self.tofu)];
        both.into_iter()
            .filter_map(|(program, path)| {
                Some(Cli {
                    program,
                    path: path.clone()?,
                })
            })
            .collect()
    }

    /// The tier's cluster, for issuing certificates and asking for figures. It is the runner's to stop.
    pub fn control_plane(&self) -> Result<ControlPlane> {
        let cluster = self
            .cluster
            .as_ref()
            .context(format!("{CLUSTER} is not set: this tier has no cluster"))?;
        let found = ControlPlane::open(&cluster.directory)?;
        found.with_context(|| format!("there is no cluster in {}", cluster.directory.display()))
    }

    fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let path = |name| variable(name).map(PathBuf::from);
        let provider = path(PROVIDER);
        let provider = provider.with_context(|| {
            format!("{PROVIDER} is not set: these tests are run by `cargo xtask test`, which builds what they need")
        })?;
        let cluster = path(CLUSTER).zip(path(KUBECONFIG));
        let cluster = cluster.map(|(directory, kubeconfig)| Cluster {
            directory,
            kubeconfig,
        });
        let full = variable(FULL).is_some();
        Ok(Self {
            provider,
            terraform: path(TERRAFORM),
            tofu: path(TOFU),
            cluster,
            full,
        })
    }

    fn variables(&self) -> Vec<(&'static str, OsString)> {
        let cluster = self.cluster.as_ref();
        let paths = [
            (PROVIDER, Some(&self.provider)),
            (TERRAFORM, self.terraform.as_ref()),
            (TOFU, self.tofu.as_ref()),
            (CLUSTER, cluster.map(|cluster| &cluster.directory)),
            (KUBECONFIG, cluster.map(|cluster| &cluster.kubeconfig)),
        ];
        let set = paths
            .into_iter()
            .filter_map(|(name, path)| Some((name, path?.clone().into_os_string())));
        set.chain(self.full.then(|| (FULL, "1".into()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_is_what_is_read() -> Result<()> {
        let cluster = Cluster {
            directory: "/cluster".into(),
            kubeconfig: "/cluster/kubeconfig".into(),
        };
        let small = TestBed {
            provider: "/provider".into(),
            ..TestBed::default()
        };
        let large = TestBed {
            terraform: Some("/t".into()),
            cluster: Some(cluster),
            full: true,
            ..small.clone()
        };
        for bed in [small, large] {
            let variables = bed.variables();
            let find = |wanted: &str| {
                variables
                    .iter()
                    .find(|(name, _)| *name == wanted)
                    .map(|(_, value)| value.clone())
            };
            assert_eq!(TestBed::read(find)?, bed);
        }
        Ok(())
    }

    #[test]
    fn a_test_that_was_started_by_hand_is_told_how_to_start_it() {
        let error = TestBed::read(|_| None)
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default();
        assert!(error.contains("cargo xtask test"), "{error}");
    }
}

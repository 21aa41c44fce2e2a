//! Which programs there are, and how each one wants to be linked.

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;

use super::manifest::Manifest;
use crate::project;

/// A program that is built from `acceptance-tests/tools/<name>/go.mod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Program {
    /// kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and kube-proxy.
    Kubernetes,
    /// The store under the API server.
    Etcd,
    /// The cluster's DNS.
    #[value(name = "coredns")]
    CoreDns,
    /// Where the cluster pulls its images from.
    Registry,
    /// What nodes and pods use.
    MetricsServer,
    /// Makes volumes out of folders on the node.
    LocalPathProvisioner,
    /// `tofu`, for machines without Terraform and for testing with both.
    #[value(name = "opentofu")]
    OpenTofu,
    /// The provider that `cargo xtask bench` compares ours with.
    KubectlProvider,
    /// The provider that `cargo xtask bench sdk` compares with: written here, with HashiCorp's framework.
    FrameworkProvider,
    /// Keeps objects by the protocol of S3 in a folder.
    #[value(name = "versitygw")]
    VersityGateway,
    /// Writes the inputs and outputs of modules into their READMEs.
    TerraformDocs,
    /// Terraform's own library of values, which the SDK's codec is compared with.
    Cty,
}

impl Program {
    /// The folder's name, and how a person calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Etcd => "etcd",
            Self::CoreDns => "coredns",
            Self::Registry => "registry",
            Self::MetricsServer => "metrics-server",
            Self::LocalPathProvisioner => "local-path-provisioner",
            Self::OpenTofu => "opentofu",
            Self::KubectlProvider => "kubectl-provider",
            Self::FrameworkProvider => "framework-provider",
            Self::VersityGateway => "versitygw",
            Self::TerraformDocs => "terraform-docs",
            Self::Cty => "cty",
        }
    }

    /// What its go.mod pins, whether or not it is built.
    pub fn version(self) -> Result<String> {
        Ok(Manifest::read(self)?.version)
    }

    /// The Go module whose version is the program's version, or that of what it is written with.
    pub(super) fn module(self) -> &'static str {
        match self {
            Self::Kubernetes => "k8s.io/kubernetes",
            Self::Etcd => "go.etcd.io/etcd/server/v3",
            Self::CoreDns => "github.com/coredns/coredns",
            Self::Registry => "github.com/distribution/distribution/v3",
            Self::MetricsServer => "sigs.k8s.io/metrics-server",
            Self::LocalPathProvisioner => "github.com/rancher/local-path-provisioner",
            Self::OpenTofu => "github.com/opentofu/opentofu",
            Self::KubectlProvider => "github.com/gavinbunney/terraform-provider-kubectl",
            Self::FrameworkProvider => "github.com/hashicorp/terraform-plugin-framework",
            Self::VersityGateway => "github.com/versity/versitygw",
            Self::TerraformDocs => "github.com/terraform-docs/terraform-docs",
            Self::Cty => "github.com/zclconf/go-cty",
        }
    }

    /// The binaries that a build must leave. A single one is renamed to this, because Go names a binary after the
    /// last element of its package's path: etcd's would be called `server`.
    #[must_use]
    pub fn binaries(self) -> &'static [&'static str] {
        match self {
            Self::Kubernetes => &[
                "kube-apiserver",
                "kube-controller-manager",
                "kube-scheduler",
                "kubelet",
                "kube-proxy",
            ],
            Self::Etcd => &["etcd"],
            Self::CoreDns => &["coredns"],
            Self::Registry => &["registry"],
            Self::MetricsServer => &["metrics-server"],
            Self::LocalPathProvisioner => &["local-path-provisioner"],
            Self::OpenTofu => &["tofu"],
            Self::KubectlProvider => &["terraform-provider-kubectl"],
            Self::FrameworkProvider => &["framework-provider"],
            Self::VersityGateway => &["versitygw"],
            Self::TerraformDocs => &["terraform-docs"],
            Self::Cty => &["cty"],
        }
    }

    /// The value of `-ldflags`: no symbol tables, and what the program's own release build stamps in.
    pub(super) fn link_flags(self, version: &str) -> String {
        let stamps = match self {
            Self::Kubernetes => kubernetes_stamps(version),
            Self::OpenTofu => vec!["github.com/opentofu/opentofu/version.dev=no".to_owned()],
            Self::VersityGateway => vec![format!("main.Version={version}")],
            Self::Etcd
            | Self::CoreDns
            | Self::Registry
            | Self::MetricsServer
            | Self::LocalPathProvisioner
            | Self::KubectlProvider
            | Self::FrameworkProvider
            | Self::TerraformDocs
            | Self::Cty => Vec::new(),
        };
        stamps
            .iter()
            .fold("-s -w".to_owned(), |flags, stamp| format!("{flags} -X {stamp}"))
    }

    /// The folder of its go.mod.
    pub(super) fn source(self) -> PathBuf {
        project::root().join("acceptance-tests/tools").join(self.name())
    }
}

/// Without them the server calls itself `v0.0.0-master`, and every chart's kubeVersion check fails.
fn kubernetes_stamps(version: &str) -> Vec<String> {
    let mut numbers = version.trim_start_matches('v').split('.');
    let major = numbers.next().unwrap_or_default();
    let minor = numbers.next().unwrap_or_default();
    let packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
    let stamps = |package| {
        [
            format!("{package}.gitVersion={version}"),
            format!("{package}.gitMajor={major}"),
            format!("{package}.gitMinor={minor}"),
        ]
    };
    packages.into_iter().flat_map(stamps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kubernetes_is_stamped_with_its_version() {
        let flags = Program::Kubernetes.link_flags("v1.35.4");
        assert!(
            flags.starts_with("-s -w -X k8s.io/component-base/version.gitVersion=v1.35.4 "),
            "{flags}"
        );
        assert!(
            flags.ends_with("-X k8s.io/client-go/pkg/version.gitMinor=35"),
            "{flags}"
        );
        assert_eq!(flags.matches("-X ").count(), 6);
    }

    #[test]
    fn a_program_without_stamps_is_only_stripped() {
        assert_eq!(Program::Etcd.link_flags("v3.6.5"), "-s -w");
    }
}

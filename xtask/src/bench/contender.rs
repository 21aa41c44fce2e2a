//! The two providers that are measured.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;

use super::build;
use crate::programs::{self, Program};
use crate::project;

/// Which provider to compare with.
#[derive(Args, Debug)]
pub(super) struct PeerArguments {
    /// Binary of the provider to compare with [default: gavinbunney/kubectl, built from its source]
    #[arg(long, value_name = "PATH", requires = "peer_source")]
    peer: Option<PathBuf>,
    /// Source address of that provider, for example hashicorp/kubernetes
    #[arg(long, value_name = "NAMESPACE/NAME", requires = "peer", value_parser = parse_source)]
    peer_source: Option<String>,
}

/// A provider's binary, and what configurations call it.
#[derive(Clone, Debug)]
pub(super) struct Contender {
    /// `NAMESPACE/NAME`.
    pub(super) source: String,
    pub(super) version: String,
    pub(super) binary: PathBuf,
}

impl Contender {
    /// Our provider, as it is released.
    pub(super) fn ours() -> Result<Self> {
        Ok(Self {
            source: "mlops/mlops".to_owned(),
            version: project::VERSION.to_owned(),
            binary: build::release()?,
        })
    }

    /// The SDK's provider `catalog`, which has a twin.
    pub(super) fn catalog() -> Result<Self> {
        Ok(Self {
            source: "example/catalog".to_owned(),
            version: project::VERSION.to_owned(),
            binary: build::sdk_bench("catalog", &[])?,
        })
    }

    /// The twin, with HashiCorp's framework.
    pub(super) fn framework_catalog() -> Result<Self> {
        let installed = programs::install(Program::FrameworkProvider)?;
        Ok(Self {
            source: "example/framework-catalog".to_owned(),
            version: installed.version.trim_start_matches('v').to_owned(),
            binary: installed.binary("framework-provider"),
        })
    }

    /// The last part of its source, with which the names of its resources begin.
    pub(super) fn name(&self) -> &str {
        self.source.rsplit('/').next().unwrap_or_default()
    }
}

impl PeerArguments {
    /// The provider to compare with, built first if need be.
    pub(super) fn contender(&self) -> Result<Contender> {
        let (Some(binary), Some(source)) = (&self.peer, &self.peer_source) else {
            let installed = programs::install(Program::KubectlProvider)?;
            return Ok(Contender {
                source: "gavinbunney/kubectl".to_owned(),
                version: installed.version.trim_start_matches('v').to_owned(),
                binary: installed.binary("terraform-provider-kubectl"),
            });
        };
        ensure!(
            binary.is_file(),
            "--peer {}: there is no such file",
            binary.display()
        );
        Ok(Contender {
            source: source.clone(),
            // A binary does not tell its version, and a mirror can give it any.
            version: "0.0.1".to_owned(),
            binary: std::path::absolute(binary)?,
        })
    }
}

fn parse_source(text: &str) -> Result<String, String> {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [namespace, name] if !namespace.is_empty() && !name.is_empty() => Ok(text.to_owned()),
        _ => Err("a source address without a host is wanted, such as hashicorp/kubernetes".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct CommandLine {
        #[command(flatten)]
        peer: PeerArguments,
    }

    #[test]
    fn a_peer_is_given_with_its_source_or_not_at_all() {
        let parse = |arguments: &[&str]| CommandLine::try_parse_from([&["bench"], arguments].concat());
        assert!(parse(&[]).is_ok());
        assert!(parse(&["--peer", "p", "--peer-source", "a/b"]).is_ok());
        for refused in [&["--peer", "p"][..], &["--peer-source", "a/b"]] {
            assert!(parse(refused).is_err(), "{refused:?}");
        }
        for source in ["kubectl", "/b", "a/", "registry.example/a/b"] {
            assert!(
                parse(&["--peer", "p", "--peer-source", source]).is_err(),
                "{source}"
            );
        }
    }

    #[test]
    fn a_binary_that_is_not_there_is_named() {
        let arguments = PeerArguments {
            peer: Some("/no/such/provider".into()),
            peer_source: Some("a/b".into()),
        };
        let error = arguments.contender().map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.contains("/no/such/provider")));
    }
}

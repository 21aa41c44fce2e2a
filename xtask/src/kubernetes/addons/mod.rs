//! What a cluster with a node needs beside the node: DNS, a registry, metrics and volumes.
//!
//! All four are ordinary processes on the machine, like the control plane: no image has to be found for them, and they
//! end with the cluster. Each has a user of its own with the rights that it needs and no others.
//!
//! The order of a start: [`prepare`] when the certificates are there, [`objects`] when the API server is ready, then
//! [`components`] when the node's device has its address.

mod apply;
mod dns;
mod image;
mod metrics;
mod rbac;
mod registry;
mod storage;

use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::certificates::Authority;
use super::component::Component;
use super::layout::{Layout, write_private};
use crate::programs::{Installed, Program, install};

pub(super) use apply::apply;
pub(super) use image::{SHELL as SHELL_IMAGE, shell_archive};
pub(super) use metrics::with_aggregation;
pub(super) use registry::PORT as REGISTRY_PORT;
pub(super) use storage::NAMESPACE as VOLUMES_NAMESPACE;

/// The components that call the API server, each with its user.
pub(super) const CLIENTS: [(&str, &str); 3] = [
    (dns::NAME, dns::USER),
    (metrics::NAME, metrics::USER),
    (storage::NAME, storage::USER),
];

/// Where the add-ons of one cluster are, and what they need to know of it.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) layout: &'a Layout,
    /// The machine's address on the cluster's own device: nobody outside the machine reaches it.
    pub(super) address: Ipv4Addr,
}

impl Site<'_> {
    /// A file of an add-on's configuration.
    fn configuration(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn folder(&self) -> PathBuf {
        self.layout.root().join("addons")
    }
}

/// The programs of the add-ons.
pub(super) struct Programs {
    dns: Installed,
    registry: Installed,
    metrics: Installed,
    storage: Installed,
}

impl Programs {
    /// Builds what is not in the cache yet.
    pub(super) fn install() -> Result<Self> {
        Ok(Self {
            dns: install(Program::CoreDns)?,
            registry: install(Program::Registry)?,
            metrics: install(Program::MetricsServer)?,
            storage: install(Program::LocalPathProvisioner)?,
        })
    }
}

/// Writes the configurations, and the certificates of metrics-server and of the API server as its caller.
pub(super) fn prepare(site: Site<'_>, authority: &Authority) -> Result<()> {
    let folder = site.folder();
    let mut builder = fs::DirBuilder::new();
    builder
        .mode(0o700)
        .create(&folder)
        .with_context(|| format!("failed to create {}", folder.display()))?;
    write_private(&site.configuration(dns::FILE), &dns::configuration(site))?;
    write_private(
        &site.configuration(registry::FILE),
        &registry::configuration(site)?.to_string(),
    )?;
    write_private(
        &site.configuration(storage::FILE),
        &storage::configuration(site).to_string(),
    )?;
    write_private(
        &site.configuration(storage::HELPER_FILE),
        &storage::helper_pod().to_string(),
    )?;
    metrics::write_certificates(site, authority)
}

/// The objects that must be there before the components start: rights, and what stands for the processes in the API.
pub(super) fn objects(site: Site<'_>, authority: &Authority) -> Vec<Value> {
    [
        dns::objects(),
        metrics::objects(site, &authority.certificate),
        storage::objects(),
    ]
    .concat()
}

/// The processes, in the order of their start.
pub(super) fn components(site: Site<'_>, programs: &Programs) -> Vec<Component> {
    vec![
        registry::component(site, &programs.registry),
        dns::component(site, &programs.dns),
        metrics::component(site, &programs.metrics),
        storage::component(site, &programs.storage),
    ]
}

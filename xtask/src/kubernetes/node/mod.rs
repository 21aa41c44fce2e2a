//! The one node of a cluster: a device with an address, containerd, kubelet and kube-proxy.
//!
//! A network namespace can have one such node, because its addresses, its ports and the names of firewall chains are
//! the same in each cluster. All that it needs on the machine carries the name of one cluster, so that
//! [`Node::remove`] finds it whatever happened in between: a kill in the middle of the start, or a restart.

mod cgroup;
mod containerd;
mod firewall;
mod kernel_settings;
mod kubelet;
mod leftovers;
mod mounts;
mod network;
mod proxy;
mod sandbox_image;

use std::fmt::Write as _;
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use nix::unistd::Uid;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::addons;
use super::api::Api;
use super::certificates::{Authority, CLUSTER, Identity};
use super::component::Component;
use super::layout::Layout;
use super::os_process;
use crate::programs::{Installed, system};
use kernel_settings::KernelSettings;

pub(super) use cgroup::enter as enter_cgroup;

/// The machine's address on the cluster's own device.
///
/// All addresses come from 198.18.0.0/15, which is reserved for benchmarks: no network that a machine is in uses it.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
/// Where the API server listens there.
pub(super) const SERVER_PORT: u16 = 6443;
pub(super) const SERVICES: &str = "198.18.128.0/20";
const PODS: &str = "198.18.64.0/20";
/// Everything that is the cluster's own: the machine's address, pods and Services.
const RANGE: &str = "198.18.0.0/15";

/// What a node has on the machine beside its processes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Node {
    /// What the API server calls it: like the cluster.
    pub(super) name: String,
    /// Unique on the machine, and part of every name that the machine knows of the node.
    id: String,
    /// The cluster's folder.
    cluster: PathBuf,
    /// Data and configuration, in the cluster's folder.
    folder: PathBuf,
    /// Sockets, and what must not outlive a restart. Paths of sockets are at most 107 bytes long, and nobody knows how
    /// long those in the cluster's folder are.
    run: PathBuf,
    kernel_settings: KernelSettings,
}

impl Node {
    /// The node of the cluster called `name`; nothing is made yet.
    pub(super) fn new(name: &str, layout: &Layout) -> Self {
        let digest = Sha256::digest(layout.root().as_os_str().as_encoded_bytes());
        let mut id = format!("mlops-{name}-");
        for byte in &digest[..4] {
            // Writing to a string cannot fail.
            let _ = write!(id, "{byte:02x}");
        }
        Self {
            name: name.to_owned(),
            cluster: layout.root().to_path_buf(),
            folder: layout.root().join("node"),
            run: Path::new("/run").join(&id),
            kernel_settings: KernelSettings::read(),
            id,
        }
    }

    /// Writes the configurations and certificates.
    pub(super) fn write_files(&self, layout: &Layout, authority: &Authority) -> Result<()> {
        make_folder(&self.folder)?;
        let address = ADDRESS.to_string();
        let hosts = [self.name.as_str(), &address];
        authority.sign_to_files(layout, kubelet::NAME, &Identity::server(&self.name, &hosts))?;
        let server = Identity::client("kube-apiserver", Some("system:masters"));
        authority.sign_to_files(layout, kubelet::CLIENT, &server)?;
        containerd::write_configuration(self)?;
        kubelet::write_configuration(self, layout)?;
        proxy::write_configuration(self, layout)
    }

    /// The components that call the API server, each with its user and the group of that user.
    pub(super) fn clients(&self) -> [(&'static str, String, Option<&'static str>); 2] {
        [
            // Members of this group may do what nodes need, each for itself.
            (
                kubelet::NAME,
                format!("system:node:{}", self.name),
                Some("system:nodes"),
            ),
            (proxy::NAME, "system:kube-proxy".to_owned(), None),
        ]
    }

    /// Makes what the processes expect to find on the machine, as far as it is not there.
    pub(super) fn set_up(&self) -> Result<()> {
        network::create(self)?;
        make_folder(&self.run)?;
        cgroup::create(&self.id)?;
        firewall::create(&self.run)
    }

    /// What needs nobody else.
    pub(super) fn container_runtime(&self, layout: &Layout) -> Component {
        containerd::component(self, layout)
    }

    /// What needs the API server and the container runtime.
    pub(super) fn components(&self, layout: &Layout, kubernetes: &Installed) -> Vec<Component> {
        vec![
            kubelet::component(self, layout, kubernetes),
            proxy::component(self, layout, kubernetes),
        ]
    }

    /// Brings the images to the node that nobody can pull from anywhere.
    pub(super) fn import_images(&self) -> Result<()> {
        [sandbox_image::archive()?, addons::shell_archive()?]
            .iter()
            .try_for_each(|archive| containerd::import(self, archive))
    }

    /// Whether the API server believes that pods can run here; the error says why not.
    pub(super) fn check_ready(&self, api: &Api) -> Result<()> {
        let path = format!("/api/v1/nodes/{}", self.name);
        let node: Value = serde_json::from_str(&api.get(&path)?).context("a node that is no JSON")?;
        let mut conditions = node["status"]["conditions"].as_array().into_iter().flatten();
        let ready = conditions.find(|condition| condition["type"] == "Ready");
        let ready = ready.context("kubelet has not reported yet")?;
        if ready["status"] == "True" {
            return Ok(());
        }
        let text = |name: &str| ready[name].as_str().unwrap_or_default();
        bail!("{}: {}", text("reason"), text("message"))
    }

    /// Ends what still runs, and takes back everything from the machine. What is gone already is no error.
    pub(super) fn remove(&self) -> Result<()> {
        os_process::end(&containerd::left_commands(self))?;
        cgroup::end_processes(&self.id)?;
        leftovers::remove(self)?;
        mounts::unmount_below(&[&self.run, &self.folder])?;
        cgroup::remove(&self.id)?;
        network::remove(self)?;
        self.kernel_settings.restore();
        remove_folder(&self.run)
    }
}

/// Fails, with what to do about it, where no node can be.
pub(super) fn require_machine() -> Result<()> {
    if !Uid::effective().is_root() {
        bail!(
            "only root can start a cluster with a node, because it makes a network device, mounts and cgroups: \
             add --control-plane-only for a cluster without a node, or run the command as root"
        );
    }
    system::ensure_all(system::NODE)?;
    network::require_free()?;
    firewall::require_free()
}

/// Makes the images that are not in the user's cache yet.
pub(super) fn prepare_images() -> Result<()> {
    sandbox_image::archive()?;
    addons::shell_archive().map(drop)
}

/// The flags by which kube-apiserver serves nodes.
pub(super) fn with_node(server: Component, layout: &Layout) -> Component {
    server
        .flag("enable-admission-plugins", "NodeRestriction")
        .path("kubelet-certificate-authority", &layout.certificate(CLUSTER))
        .path("kubelet-client-certificate", &layout.certificate(kubelet::CLIENT))
        .path("kubelet-client-key", &layout.key(kubelet::CLIENT))
        .flag("kubelet-preferred-address-types", "InternalIP")
}

fn make_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("failed to create {}", path.display()))
}

fn remove_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("failed to remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

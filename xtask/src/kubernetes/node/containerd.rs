//! containerd: what runs containers, with everything that it keeps in the node's own folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use nix::sys::statfs::{OVERLAYFS_SUPER_MAGIC, statfs};
use serde_json::{Value, json};

use super::{ADDRESS, Node, PODS, make_folder, sandbox_image};
use crate::kubernetes::addons::REGISTRY_PORT;
use crate::kubernetes::component::{Component, Readiness};
use crate::kubernetes::layout::{Layout, write_private};
use crate::kubernetes::os_process::{OsProcess, running_in};
use crate::kubernetes::tool::{PATH, output};
use crate::programs::system::NETWORK_PLUGINS;

const NAME: &str = "containerd";
/// What commands it.
const CLIENT: &str = "/usr/bin/ctr";
/// The namespace in which kubelet's containers and images are.
const NAMESPACE: &str = "k8s.io";

pub(super) fn component(node: &Node, layout: &Layout) -> Component {
    let program = PathBuf::from("/usr/bin").join(NAME);
    let ready = Readiness::Listens(socket(node));
    Component::new(NAME, program, layout.log(NAME), ready)
        .path("config", &folder(node).join("config.toml"))
        .environment("PATH", PATH)
        .in_cgroup(&node.id)
}

/// Where kubelet reaches it.
pub(super) fn socket(node: &Node) -> PathBuf {
    node.run.join("containerd.sock")
}

/// What it knows of running containers, in a folder for each.
pub(super) fn containers(node: &Node) -> PathBuf {
    state(node).join("io.containerd.runtime.v2.task").join(NAMESPACE)
}

/// The identifiers of all pods that it has ever started.
pub(super) fn sandboxes(node: &Node) -> Vec<String> {
    let entries = fs::read_dir(data(node).join("io.containerd.grpc.v1.cri/sandboxes"));
    let names = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// Makes the image in `archive` known to the node.
pub(super) fn import(node: &Node, archive: &Path) -> Result<()> {
    let mut command = Command::new(CLIENT);
    command
        .arg("--address")
        .arg(socket(node))
        .args(["--namespace", NAMESPACE, "images", "import"])
        .arg(archive)
        // By which it is found if who waits for it is killed.
        .current_dir(folder(node));
    output(&mut command).map(drop)
}

/// The commands that somebody waited for who was killed.
pub(super) fn left_commands(node: &Node) -> Vec<OsProcess> {
    running_in(&folder(node), &[Path::new(CLIENT)])
}

pub(super) fn write_configuration(node: &Node) -> Result<()> {
    let networks = folder(node).join("networks");
    // The name of the folder is what images of the cluster's own registry begin with.
    let registry = folder(node).join(format!("registries/localhost:{REGISTRY_PORT}"));
    make_folder(&networks)?;
    make_folder(&registry)?;
    write_private(&folder(node).join("config.toml"), &configuration(node)?)?;
    write_private(&networks.join("pods.conflist"), &network(node).to_string())?;
    write_private(
        &registry.join("hosts.toml"),
        &format!("[host.\"http://{ADDRESS}:{REGISTRY_PORT}\"]\ncapabilities = [\"pull\", \"resolve\"]\n"),
    )
}

/// What is left out has the program's own default.
fn configuration(node: &Node) -> Result<String> {
    // The strings of JSON are those of TOML.
    let quote = |path: &Path| Value::from(path.to_string_lossy()).to_string();
    Ok(format!(
        "version = 2
root = {data}
state = {state}
# Its folder would be /opt/containerd, and nothing of it is used.
disabled_plugins = [\"io.containerd.internal.v1.opt\"]

[grpc]
address = {socket}

[plugins.\"io.containerd.grpc.v1.cri\"]
sandbox_image = \"{sandbox}\"
# Else every container fails where root may not raise its own score.
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
# A profile that is loaded into the kernel would stay there.
disable_apparmor = true

[plugins.\"io.containerd.grpc.v1.cri\".cni]
bin_dir = \"{NETWORK_PLUGINS}\"
conf_dir = {networks}

[plugins.\"io.containerd.grpc.v1.cri\".registry]
config_path = {registries}

[plugins.\"io.containerd.grpc.v1.cri\".containerd]
snapshotter = \"{snapshotter}\"

[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]
runtime_type = \"io.containerd.runc.v2\"

[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]
Root = {runc}
",
        data = quote(&data(node)),
        state = quote(&state(node)),
        socket = quote(&socket(node)),
        sandbox = sandbox_image::NAME,
        networks = quote(&folder(node).join("networks")),
        registries = quote(&folder(node).join("registries")),
        snapshotter = snapshotter(&node.folder)?,
        runc = quote(&node.run.join("runc")),
    ))
}

/// Layers cannot be laid over each other on a file system that itself consists of layers: there they are copied.
fn snapshotter(folder: &Path) -> Result<&'static str> {
    let system =
        statfs(folder).with_context(|| format!("failed to ask what {} lies on", folder.display()))?;
    Ok(if system.filesystem_type() == OVERLAYFS_SUPER_MAGIC {
        "native"
    } else {
        "overlayfs"
    })
}

/// A pair of devices for each pod, and routes between them. Pods that share a bridge would answer each other past the
/// firewall, which must see the answers to translate the addresses of Services back.
fn network(node: &Node) -> Value {
    json!({
        "cniVersion": "0.4.0",
        "name": node.id,
        "plugins": [
            {
                "type": "ptp",
                "ipam": {
                    "type": "host-local",
                    "dataDir": node.run.join("addresses"),
                    "ranges": [[{ "subnet": PODS }]],
                    "routes": [{ "dst": "0.0.0.0/0" }],
                },
            },
            { "type": "portmap", "capabilities": { "portMappings": true } },
        ],
    })
}

fn folder(node: &Node) -> PathBuf {
    node.folder.join(NAME)
}

/// Images, and what containers have written.
fn data(node: &Node) -> PathBuf {
    folder(node).join("data")
}

fn state(node: &Node) -> PathBuf {
    node.run.join("containerd")
}

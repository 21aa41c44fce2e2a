//! Files in folders of the system that no setting of the programs moves elsewhere.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{Node, containerd, kubelet};

/// Removes those of this node, and the folders if nothing is left in them.
pub(super) fn remove(node: &Node) -> Result<()> {
    remove_shim_sockets(node)?;
    remove_network_results(node)?;
    remove_log_links(node)?;
    remove_device_plugins()
}

/// Each pod's shim listens in /run/containerd/s, and notes where in the pod's folder.
fn remove_shim_sockets(node: &Node) -> Result<()> {
    let pods = containerd::containers(node);
    for pod in entries(&pods) {
        let address = fs::read_to_string(pod.join("address")).unwrap_or_default();
        if let Some(socket) = address.trim().strip_prefix("unix://") {
            remove_file(Path::new(socket))?;
        }
    }
    remove_empty(&["/run/containerd/s", "/run/containerd"]);
    Ok(())
}

/// The network plugins' answers, one for each of a pod's devices.
fn remove_network_results(node: &Node) -> Result<()> {
    let pods = containerd::sandboxes(node);
    for result in entries(Path::new("/var/lib/cni/results")) {
        let name = result.to_string_lossy();
        if pods.iter().any(|pod| name.contains(pod)) {
            remove_file(&result)?;
        }
    }
    remove_empty(&["/var/lib/cni/results", "/var/lib/cni"]);
    Ok(())
}

/// kubelet links every log once more under a name with the pod's.
fn remove_log_links(node: &Node) -> Result<()> {
    for link in entries(Path::new("/var/log/containers")) {
        if fs::read_link(&link).is_ok_and(|target| target.starts_with(kubelet::pod_logs(node))) {
            remove_file(&link)?;
        }
    }
    remove_empty(&["/var/log/containers"]);
    Ok(())
}

/// kubelet waits there for programs that offer devices. Another one may do so, too, and then the files are its own.
fn remove_device_plugins() -> Result<()> {
    let folder = Path::new("/var/lib/kubelet/device-plugins");
    let socket = folder.join("kubelet.sock");
    if socket.exists() && UnixStream::connect(&socket).is_err() {
        remove_file(&socket)?;
        remove_file(&folder.join("kubelet_internal_checkpoint"))?;
    }
    remove_empty(&["/var/lib/kubelet/device-plugins", "/var/lib/kubelet"]);
    Ok(())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("failed to remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Inner ones first; one that holds something stays.
fn remove_empty(folders: &[&str]) {
    let _ = folders
        .iter()
        .map(fs::remove_dir)
        .take_while(Result::is_ok)
        .count();
}

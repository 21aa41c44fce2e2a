//! Settings of the kernel that kubelet, kube-proxy and the network plugins change, kept so that they can be put back.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// kubelet insists on those of memory and of panics, and pods are forwarded to.
const CHANGED: [&str; 7] = [
    "kernel/keys/root_maxbytes",
    "kernel/keys/root_maxkeys",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
    "vm/overcommit_memory",
    "vm/panic_on_oom",
];

/// The settings as they were found.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct KernelSettings(BTreeMap<String, String>);

impl KernelSettings {
    pub(super) fn read() -> Self {
        let values = CHANGED
            .iter()
            .filter_map(|name| Some((name.to_string(), fs::read_to_string(path(name)).ok()?)));
        Self(values.collect())
    }

    /// Puts back those that differ.
    pub(super) fn restore(&self) {
        for (name, value) in &self.0 {
            if fs::read_to_string(path(name)).is_ok_and(|current| current != *value) {
                // What may not be written back could not be changed either.
                let _ = fs::write(path(name), value);
            }
        }
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from("/proc/sys").join(name)
}

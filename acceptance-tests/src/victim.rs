//! Ending the provider's process, or interrupting Terraform as a terminal does.

use std::fs;
use std::path::Path;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

/// How a run is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// SIGINT to the whole process group, which is Ctrl-C.
    Interrupt,
    /// SIGKILL to the provider.
    Kill,
}

impl Blow {
    /// Strikes the run whose leader, in a process group of its own, is `leader`.
    pub fn strike(self, leader: u32) {
        let Ok(leader) = i32::try_from(leader) else { return };
        // That the process has just ended by itself is no failure.
        match self {
            Self::Interrupt => {
                let _ = killpg(Pid::from_raw(leader), Signal::SIGINT);
            }
            Self::Kill => {
                for provider in children(leader) {
                    let _ = kill(Pid::from_raw(provider), Signal::SIGKILL);
                }
            }
        }
    }
}

/// The processes whose parent is `parent` and which are plugins.
fn children(parent: i32) -> Vec<i32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| is_plugin_of(*pid, parent)).collect()
}

fn is_plugin_of(pid: i32, parent: i32) -> bool {
    let folder = format!("/proc/{pid}");
    let Ok(stat) = fs::read_to_string(Path::new(&folder).join("stat")) else {
        return false;
    };
    // The name stands in parentheses and may hold anything; the state and the parent follow it.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let is_child = after_name.split_whitespace().nth(1) == Some(&parent.to_string());
    let command = fs::read_to_string(Path::new(&folder).join("cmdline")).unwrap_or_default();
    is_child && command.contains("terraform-provider-mlops")
}

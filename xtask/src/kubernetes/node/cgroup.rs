//! The group of all processes of a node: whatever a pod has started is found and ended by it.
//!
//! Version 1 has a tree for each kind of resource, version 2 a single one. The group is made in all trees.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const POLL: Duration = Duration::from_millis(10);
const LIMIT: Duration = Duration::from_secs(30);
/// The node's own processes. Those of pods are in groups that kubelet makes beside it.
const SYSTEM: &str = "system";
/// What kubelet counts and limits.
const CONTROLLERS: [&str; 6] = ["cpu", "cpuset", "hugetlb", "io", "memory", "pids"];

/// Makes the group called `name`.
pub(super) fn create(name: &str) -> Result<()> {
    for tree in trees()? {
        let system = tree.join(name).join(SYSTEM);
        fs::create_dir_all(&system).with_context(|| format!("failed to create {}", system.display()))?;
        for controller in CONTROLLERS {
            // Version 1 has no such file, and a version 2 may lack one or the other kind: kubelet says which it misses.
            let _ = fs::write(tree.join("cgroup.subtree_control"), format!("+{controller}"));
        }
    }
    Ok(())
}

/// Puts a process, and all that it will start, into the group called `name`.
pub(in super::super) fn enter(name: &str, process: i32) -> Result<()> {
    let files = trees()?
        .into_iter()
        .map(|tree| tree.join(name).join(SYSTEM).join("cgroup.procs"));
    // A new group of version 1 has no processors yet, so that one tree refuses everybody. One that takes it is enough.
    let entered = files.filter(|file| fs::write(file, process.to_string()).is_ok());
    if entered.count() == 0 {
        bail!("process {process} could not be put into the cgroup {name}");
    }
    Ok(())
}

/// Ends every process of the group called `name`, and returns when none is left.
pub(super) fn end_processes(name: &str) -> Result<()> {
    let started = Instant::now();
    loop {
        let processes: Vec<i32> = groups(name)?.iter().flat_map(|group| processes(group)).collect();
        if processes.is_empty() {
            return Ok(());
        }
        for process in &processes {
            // It may have ended since the file was read.
            let _ = kill(Pid::from_raw(*process), Signal::SIGKILL);
        }
        if started.elapsed() > LIMIT {
            bail!(
                "processes {processes:?} outlived SIGKILL by {} s: end them by hand",
                LIMIT.as_secs()
            );
        }
        thread::sleep(POLL);
    }
}

/// Removes the group called `name`, which has no processes any more.
pub(super) fn remove(name: &str) -> Result<()> {
    let started = Instant::now();
    for group in groups(name)? {
        while let Err(error) = fs::remove_dir(&group) {
            if error.kind() == ErrorKind::NotFound {
                break;
            }
            // The kernel still counts processes that have just ended.
            if started.elapsed() > LIMIT {
                return Err(error).with_context(|| format!("failed to remove {}", group.display()));
            }
            thread::sleep(POLL);
        }
    }
    Ok(())
}

fn processes(group: &Path) -> Vec<i32> {
    let text = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    // Zero stands for one that lives in a place we cannot see.
    text.lines()
        .filter_map(|line| line.parse().ok())
        .filter(|id| *id > 0)
        .collect()
}

/// The group called `name` in all trees, with all below it, the deepest first.
fn groups(name: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for tree in trees()? {
        collect(&tree.join(name), &mut found);
    }
    Ok(found)
}

fn collect(group: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(group) else { return };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), found);
        }
    }
    found.push(group.to_path_buf());
}

fn trees() -> Result<Vec<PathBuf>> {
    let table = fs::read_to_string("/proc/self/mountinfo").context("failed to read the list of mounts")?;
    let trees = parse_trees(&table);
    if trees.is_empty() {
        bail!("no cgroups are mounted on this machine, and kubelet needs them");
    }
    Ok(trees)
}

fn parse_trees(table: &str) -> Vec<PathBuf> {
    let trees = table.lines().filter_map(|line| {
        let (mount, source) = line.split_once(" - ")?;
        matches!(source.split(' ').next()?, "cgroup" | "cgroup2").then_some(())?;
        mount.split(' ').nth(4).map(PathBuf::from)
    });
    trees.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_are_found_among_the_mounts() {
        let table = "\
20 1 0:1 / / rw - ext4 /dev/a rw
30 20 0:2 / /sys/fs/cgroup rw - tmpfs tmpfs rw
31 30 0:3 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
32 30 0:4 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
";
        assert_eq!(
            parse_trees(table),
            [
                Path::new("/sys/fs/cgroup/memory"),
                Path::new("/sys/fs/cgroup/unified")
            ]
        );
    }
}

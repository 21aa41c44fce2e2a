//! A cluster with a node from the outside: pods run, what ends is brought back, and nothing is left on the machine.
//!
//! Each test has a network namespace of its own, because one can hold one such cluster.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use xtask::kubernetes::ControlPlane;

/// Longer than any of the programs takes to end or to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// A network namespace, and a home for clusters that nobody else's command sees.
struct Machine {
    directory: TempDir,
    name: String,
}

impl Machine {
    /// None, loudly, where no node can be.
    fn new(test: &str) -> Result<Option<Self>> {
        let name = format!("{test}-{}", std::process::id());
        let made = Command::new("ip").args(["netns", "add", &name]).output();
        if !made.is_ok_and(|made| made.status.success()) {
            // Written past the test harness, which hides what a passing test prints.
            let notice = format!("SKIPPED: {test}: only root can make a network namespace for a node.\n");
            std::io::stderr().write_all(notice.as_bytes())?;
            return Ok(None);
        }
        let machine = Self {
            directory: tempfile::tempdir()?,
            name,
        };
        machine.inside("ip", &["link", "set", "lo", "up"])?;
        Ok(Some(machine))
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net=/run/netns/{}", self.name))
            .arg(program)
            .args(arguments)
            .env("XDG_STATE_HOME", self.directory.path());
        command
    }

    /// What a program printed in the namespace; an error if it failed.
    fn inside(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let output = self.command(program, arguments).output()?;
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        ensure!(
            output.status.success(),
            "{program} {arguments:?}: {stdout}{stderr}"
        );
        Ok(stdout)
    }

    fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_xtask"), &["kubernetes"]);
        command.args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output> {
        self.xtask(arguments).output().context("failed to start xtask")
    }

    fn ok(&self, arguments: &[&str]) -> Result<String> {
        let output = self.run(arguments)?;
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        ensure!(output.status.success(), "{arguments:?}: {stdout}{stderr}");
        Ok(stdout)
    }

    fn down(&self) -> Result<String> {
        self.ok(&["down", "--name", &self.name])
    }

    fn cluster(&self) -> PathBuf {
        self.directory.path().join("mlops/clusters").join(&self.name)
    }

    /// Ends the processes of these components without warning, or of all.
    fn kill(&self, components: &[&str]) -> Result<()> {
        let cluster = ControlPlane::open(&self.cluster())?.context("no cluster")?;
        for component in cluster.status().components {
            if components.is_empty() || components.contains(&component.name.as_str()) {
                let process = component.process.context("it has ended already")?;
                Command::new("kill").args(["-9", &process.to_string()]).status()?;
            }
        }
        Ok(())
    }

    /// Waits until `status` says `expected`: a signal is sent before its process has ended.
    fn expect_status(&self, expected: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            let status = self.ok(&["status"])?;
            if status.contains(expected) {
                return Ok(());
            }
            ensure!(
                started.elapsed() < PATIENCE,
                "expected {expected:?}, observed:\n{status}"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Everything on the machine that has to do with this cluster, and all there is in its network namespace. `pods`
    /// are the names of files that say nothing else of whose they are.
    fn traces(&self, pods: &[String]) -> Result<BTreeSet<String>> {
        let mut traces = BTreeSet::new();
        let folder = self.directory.path().to_string_lossy().into_owned();
        let id = format!("mlops-{}-", self.name);
        let ours = |text: &str| {
            text.contains(&id) || text.contains(&folder) || pods.iter().any(|pod| text.contains(pod.as_str()))
        };
        let mounts = fs::read_to_string("/proc/self/mountinfo")?;
        traces.extend(mounts.lines().filter(|line| ours(line)).map(str::to_owned));
        for process in entries(Path::new("/proc")) {
            let command_line = fs::read_to_string(process.join("cmdline")).unwrap_or_default();
            traces.extend(ours(&command_line).then_some(command_line));
        }
        let mut folders = cgroup_trees(&mounts);
        folders.extend(
            [
                "/run",
                "/run/netns",
                "/var/lib/cni/results",
                "/var/log/containers",
            ]
            .map(PathBuf::from),
        );
        for folder in folders {
            for entry in entries(&folder) {
                let target = fs::read_link(&entry).unwrap_or_default();
                let both = format!("{} {}", entry.display(), target.display());
                traces.extend(ours(&both).then_some(both));
            }
        }
        for arguments in [["address", "show"], ["route", "show"]] {
            traces.extend(
                self.inside("ip", &[&["-oneline"], &arguments[..]].concat())?
                    .lines()
                    .map(str::to_owned),
            );
        }
        for family in ["iptables-save", "ip6tables-save"] {
            let rules = self.inside(family, &[])?;
            // A table is made by whoever first looks into it, and its own chains are no rules.
            let rules = rules
                .lines()
                .filter(|line| line.starts_with("-A") || line.contains(" - ["));
            traces.extend(rules.map(str::to_owned));
        }
        traces.insert(self.inside("cat", &["/proc/sys/net/ipv4/ip_forward"])?);
        Ok(traces)
    }

    /// The identifiers of all pods that the node has ever started.
    fn pods(&self) -> Vec<String> {
        let sandboxes = "node/containerd/data/io.containerd.grpc.v1.cri/sandboxes";
        let sandboxes = entries(&self.cluster().join(sandboxes)).into_iter();
        sandboxes
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect()
    }
}

/// A test that fails half-way leaves nothing either.
impl Drop for Machine {
    fn drop(&mut self) {
        // There is nobody to tell: the test has its own failure to report.
        let _ = self.down();
        let _ = Command::new("ip").args(["netns", "delete", &self.name]).status();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn cgroup_trees(mounts: &str) -> Vec<PathBuf> {
    let trees = mounts.lines().filter(|line| line.contains(" - cgroup"));
    trees
        .filter_map(|line| line.split(' ').nth(4).map(PathBuf::from))
        .collect()
}

#[test]
fn a_node_runs_pods_is_brought_back_and_leaves_nothing() -> Result<()> {
    let Some(machine) = Machine::new("node")? else {
        return Ok(());
    };
    let name = machine.name.as_str();
    let before = machine.traces(&[])?;
    machine.ok(&["up", "--name", name])?;
    machine.ok(&["check", "--name", name])?;

    let second = machine.run(&["up", "--name", "second"])?;
    let reason = text(&second.stderr);
    assert!(
        !second.status.success() && reason.contains(&format!("cluster {name} in ")),
        "{reason}"
    );
    machine.expect_status("running")?;

    machine.kill(&["containerd", "kubelet"])?;
    machine.expect_status("degraded: containerd, kubelet ended")?;
    machine.ok(&["up", "--name", name])?;
    machine.ok(&["check", "--name", name])?;

    let pods = machine.pods();
    assert!(!pods.is_empty());
    machine.down()?;
    assert_eq!(machine.traces(&pods)?, before);
    assert!(!machine.cluster().exists());
    Ok(())
}

#[test]
fn a_node_whose_components_are_all_gone_leaves_nothing() -> Result<()> {
    let Some(machine) = Machine::new("gone")? else {
        return Ok(());
    };
    let before = machine.traces(&[])?;
    machine.ok(&["up", "--name", &machine.name])?;
    machine.kill(&[])?;
    machine.expect_status("stopped")?;
    let pods = machine.pods();
    machine.down()?;
    assert_eq!(machine.traces(&pods)?, before);
    Ok(())
}

#[test]
fn a_start_that_is_killed_leaves_nothing_behind_its_down() -> Result<()> {
    let Some(machine) = Machine::new("killed")? else {
        return Ok(());
    };
    let before = machine.traces(&[])?;
    // From before the first folder to after the last component.
    for milliseconds in [20, 100, 200, 400, 1_000, 2_000, 4_000, 6_000, 8_000] {
        let mut up = machine
            .xtask(&["up", "--name", &machine.name])
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        thread::sleep(Duration::from_millis(milliseconds));
        up.kill()?;
        up.wait()?;
        machine.down()?;
        assert_eq!(machine.traces(&[])?, before, "killed after {milliseconds} ms");
        assert!(!machine.cluster().exists());
    }
    Ok(())
}

#[test]
fn who_is_not_root_is_told_what_can_be_had() -> Result<()> {
    let Some(machine) = Machine::new("plain")? else {
        return Ok(());
    };
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    fs::set_permissions(machine.directory.path(), everybody)?;
    let program = machine.directory.path().join("xtask");
    fs::copy(env!("CARGO_BIN_EXE_xtask"), &program)?;
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let arguments = [
        program.to_string_lossy().into_owned(),
        "kubernetes".into(),
        "up".into(),
    ];
    let output = Command::new("setpriv")
        .args(nobody)
        .args(arguments)
        .env("XDG_STATE_HOME", machine.directory.path())
        .output()?;
    let reason = text(&output.stderr);
    assert!(!output.status.success());
    assert!(
        reason.contains("only root") && reason.contains("--control-plane-only"),
        "{reason}"
    );
    Ok(())
}

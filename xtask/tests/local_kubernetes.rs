//! The local control plane from the outside: what a person sees who brings clusters up and takes them down.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use xtask::kubernetes::{ControlPlane, Options, State};

/// A home for clusters that nobody else's command sees, with the chores' real command line.
struct Home {
    directory: TempDir,
}

impl Home {
    fn new() -> Result<Self> {
        Ok(Self {
            directory: tempfile::tempdir()?,
        })
    }

    fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("kubernetes")
            .args(arguments)
            .env("XDG_STATE_HOME", self.directory.path());
        command.output().context("failed to start xtask")
    }

    /// Runs a command that must succeed, and returns what it printed.
    fn ok(&self, arguments: &[&str]) -> Result<String> {
        let output = self.run(arguments)?;
        ensure!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    fn up(&self, name: &str) -> Result<String> {
        self.ok(&["up", "--control-plane-only", "--name", name])
    }

    /// Waits until `status` says `text`: a signal is sent before its process has ended.
    fn expect_status(&self, text: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            let status = self.ok(&["status"])?;
            if status.contains(text) {
                return Ok(());
            }
            ensure!(
                started.elapsed() < Duration::from_secs(10),
                "expected {text:?}, observed:\n{status}"
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn cluster(&self, name: &str) -> PathBuf {
        self.directory.path().join("mlops/clusters").join(name)
    }

    fn processes(&self, name: &str) -> Result<Vec<i32>> {
        let cluster = ControlPlane::open(&self.cluster(name))?.context("no cluster")?;
        Ok(cluster
            .status()
            .components
            .into_iter()
            .filter_map(|component| component.process)
            .collect())
    }
}

/// A test that fails half-way leaves nothing either.
impl Drop for Home {
    fn drop(&mut self) {
        for name in ["first", "second"] {
            // There is nobody to tell: the test has its own failure to report.
            let _ = self.run(&["down", "--name", name]);
        }
    }
}

/// The processes whose command line names something in `directory`.
fn processes_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let command_lines = entries.filter_map(|entry| fs::read_to_string(entry.path().join("cmdline")).ok());
    let wanted = directory.to_string_lossy().into_owned();
    command_lines
        .filter(|command_line| command_line.contains(&wanted))
        .collect()
}

fn end_process(process: i32) -> Result<()> {
    let status = Command::new("kill").args(["-9", &process.to_string()]).status()?;
    ensure!(status.success(), "kill ended with {status}");
    Ok(())
}

#[test]
fn two_clusters_live_side_by_side_and_leave_nothing() -> Result<()> {
    let home = Home::new()?;
    home.up("first")?;
    home.up("second")?;
    let first = home.processes("first")?;
    assert_eq!(first.len(), 4);

    home.up("first")?;
    assert_eq!(home.processes("first")?, first, "a second `up` starts nothing");

    let status = home.ok(&["status"])?;
    let running = status
        .lines()
        .filter(|line| line.contains("running") && line.contains("v1."));
    assert_eq!(running.count(), 2, "{status}");

    let path = home.ok(&["kubeconfig", "--name", "first"])?;
    assert_eq!(Path::new(path.trim()), home.cluster("first").join("kubeconfig"));
    let raw = home.ok(&["kubeconfig", "--name", "first", "--raw"])?;
    assert_eq!(raw, fs::read_to_string(path.trim())?);

    home.ok(&["down", "--name", "first"])?;
    assert_eq!(processes_in(&home.cluster("first")), Vec::<String>::new());
    assert!(!home.cluster("first").exists());
    assert_eq!(home.processes("second")?.len(), 4, "the other one is left alone");

    home.ok(&["down", "--name", "second"])?;
    assert_eq!(processes_in(home.directory.path()), Vec::<String>::new());
    assert_eq!(
        fs::read_dir(home.directory.path())?.count(),
        0,
        "not even an empty folder is left"
    );
    assert!(
        home.ok(&["down", "--name", "second"])?
            .contains("there is no cluster second")
    );
    Ok(())
}

#[test]
fn a_component_that_was_killed_is_reported_and_brought_back() -> Result<()> {
    let home = Home::new()?;
    home.up("first")?;
    let before = home.processes("first")?;
    let scheduler = before.last().context("no scheduler")?;
    end_process(*scheduler)?;
    home.expect_status("degraded: kube-scheduler ended")?;

    home.up("first")?;
    let after = home.processes("first")?;
    assert_eq!(after[..3], before[..3], "what ran was left alone");
    assert_eq!(after.len(), 4);

    // As after a restart of the machine: the folder is there, the processes are not.
    for process in after {
        end_process(process)?;
    }
    home.expect_status("stopped")?;
    home.up("first")?;
    home.expect_status("running")?;
    home.ok(&["down", "--name", "first"])?;
    assert_eq!(processes_in(home.directory.path()), Vec::<String>::new());
    Ok(())
}

#[test]
fn a_test_that_panics_leaves_nothing() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let folder = directory.path().join("cluster");
    let panicked = catch_unwind(AssertUnwindSafe(|| -> Result<()> {
        let cluster = ControlPlane::start(&Options::new("panic", &folder))?;
        assert_eq!(processes_in(&folder).len(), 4);
        assert_eq!(
            cluster.status().state,
            State::Stopped,
            "this is where the test fails"
        );
        Ok(())
    }));
    assert!(panicked.is_err());
    assert_eq!(processes_in(&folder), Vec::<String>::new());
    assert!(!folder.exists());
    Ok(())
}

#[test]
fn a_start_that_fails_says_why_and_leaves_nothing() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let folder = directory.path().join("cluster");
    let mut options = Options::new("wrong", &folder);
    options.api_server_flags.push("--no-such-flag".into());
    let error = ControlPlane::start(&options).err().context("it started")?;
    let error = format!("{error:#}");
    assert!(
        error.contains("kube-apiserver has ended") && error.contains("unknown flag: --no-such-flag"),
        "{error}"
    );
    assert_eq!(processes_in(&folder), Vec::<String>::new());
    assert!(!folder.exists());
    Ok(())
}

#[test]
fn requests_are_in_the_audit_log_and_figures_can_be_read() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let audit_log = directory.path().join("audit.log");
    let mut options = Options::new("audited", directory.path().join("cluster"));
    options.audit_log = Some(audit_log.clone());
    let cluster = ControlPlane::start(&options)?;
    let api = cluster.api()?;
    api.get("/api/v1/namespaces/default")?;
    assert!(api.get("/metrics")?.contains("apiserver_response_sizes"));
    let audit = fs::read_to_string(&audit_log)?;
    let ours = audit
        .lines()
        .filter(|line| line.contains("mlops-administrator") && line.contains("namespaces/default\""));
    assert_eq!(ours.count(), 1);
    cluster.stop()
}

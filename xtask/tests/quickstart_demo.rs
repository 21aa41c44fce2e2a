//! The demo as a newcomer runs it, with a home and a network namespace of its own: once, again, and away.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use xtask::network_namespace::NetworkNamespace;
use xtask::test_bed::TestBed;

/// A state directory and a demo directory that nobody else uses.
struct Newcomer {
    bed: TestBed,
    folder: TempDir,
    namespace: NetworkNamespace,
}

impl Newcomer {
    fn new() -> Result<Self> {
        Ok(Self {
            bed: TestBed::from_environment()?,
            folder: tempfile::tempdir()?,
            namespace: NetworkNamespace::create("demo")?,
        })
    }

    fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = self.namespace.command(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("demo")
            .args(arguments)
            .arg("--directory")
            .arg(self.folder.path().join("demo"))
            .env("XDG_STATE_HOME", self.folder.path().join("state"));
        command.output().context("failed to start xtask")
    }

    fn demo(&self) -> Result<String> {
        let provider = self.bed.provider.to_string_lossy();
        let output = self.run(&["--quick", "--provider", &provider])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{text}{error}");
        Ok(text)
    }

    /// What is on the machine that a demo could leave there.
    fn traces(&self) -> Result<BTreeSet<String>> {
        let mut traces = BTreeSet::new();
        let folder = self.folder.path().to_string_lossy().into_owned();
        let mounts = fs::read_to_string("/proc/self/mountinfo")?;
        traces.extend(
            mounts
                .lines()
                .filter(|line| line.contains(&folder))
                .map(str::to_owned),
        );
        for entry in fs::read_dir("/proc")?.flatten() {
            let command_line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let command_line = String::from_utf8_lossy(&command_line).replace('\0', " ");
            if command_line.contains(&folder) {
                traces.insert(command_line);
            }
        }
        for program in ["iptables-save", "ip6tables-save"] {
            let rules = lines(&mut self.namespace.command(program))?;
            traces.extend(rules.into_iter().filter(|rule| rule.starts_with("-A")));
        }
        traces.extend(lines(self.namespace.command("ip").args(["-brief", "link"]))?);
        traces.extend(lines(Command::new("find").args([
            "/sys/fs/cgroup",
            "-name",
            "*quickstart*",
        ]))?);
        Ok(traces)
    }
}

fn lines(command: &mut Command) -> Result<Vec<String>> {
    let output = command.output().context("failed to look at the machine")?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().map(str::to_owned).collect())
}

impl Drop for Newcomer {
    fn drop(&mut self) {
        // A test that failed has its own failure to report.
        let _ = self.run(&["--down"]);
    }
}

#[test]
fn it_trains_and_serves_once_changes_nothing_again_and_leaves_no_trace() -> Result<()> {
    let newcomer = Newcomer::new()?;
    let before = newcomer.traces()?;

    let first = newcomer.demo()?;
    assert!(
        first.contains("Apply complete!") && first.contains("accuracy"),
        "{first}"
    );
    assert!(
        first.contains("no changes: the cluster is as the configuration says"),
        "{first}"
    );
    assert!(
        first.contains("from nothing running to the page's answer"),
        "{first}"
    );
    assert!(first.contains("http://198.18.0.1:30080"), "{first}");
    assert_ne!(
        newcomer.traces()?,
        before,
        "the traces are looked for in the wrong places"
    );

    let second = newcomer.demo()?;
    assert!(second.contains("0 added, 0 changed, 0 destroyed"), "{second}");

    let output = newcomer.run(&["--down"])?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(newcomer.traces()?, before);
    let left: Vec<PathBuf> = fs::read_dir(newcomer.folder.path().join("state"))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!newcomer.folder.path().join("demo").exists());
    Ok(())
}

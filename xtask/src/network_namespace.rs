//! A network namespace of its own: what runs in it sees none of the machine's devices, addresses and firewall rules,
//! and reaches nothing outside. A namespace has room for one cluster with a node, so a test that has one of its own
//! disturbs no cluster of the user's.

use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use nix::unistd::Uid;

use crate::process;

/// A namespace with nothing but a loopback device. It goes when this is dropped.
#[derive(Debug)]
pub struct NetworkNamespace {
    name: String,
}

impl NetworkNamespace {
    /// Whether this user may make one.
    #[must_use]
    pub fn is_allowed() -> bool {
        Uid::effective().is_root()
    }

    /// Makes it. The name tells a reader of `ip netns` whose it is; the process's number makes it unique.
    pub fn create(purpose: &str) -> Result<Self> {
        let name = format!("mlops-{purpose}-{}", std::process::id());
        run(Command::new("ip").args(["netns", "add", &name]))?;
        let namespace = Self { name };
        run(namespace.command("ip").args(["link", "set", "lo", "up"]))?;
        Ok(namespace)
    }

    /// A command that will run in it. Unlike `ip netns exec`, it keeps the machine's mounts, cgroups among them.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net=/run/netns/{}", self.name))
            .arg(program);
        command
    }
}

impl Drop for NetworkNamespace {
    fn drop(&mut self) {
        let _ = run(Command::new("ip").args(["netns", "delete", &self.name]));
    }
}

fn run(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("failed to start `{}`", process::describe(command)))?;
    let error = String::from_utf8_lossy(&output.stderr);
    let described = process::describe(command);
    ensure!(
        output.status.success(),
        "`{described}` ended with {}: {error}",
        output.status
    );
    Ok(())
}

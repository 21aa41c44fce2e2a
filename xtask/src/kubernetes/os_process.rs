//! One process of the operating system, told apart from a later one that got the same number.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

const POLL: Duration = Duration::from_millis(10);
/// How long a component may take to close its files before it is killed. Its data is removed right after.
const GRACE: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(30);

/// A process number, and when that process began, in clock ticks since the machine's start.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct OsProcess {
    pub(super) id: i32,
    started: u64,
}

impl OsProcess {
    /// The process that has this number now.
    pub(super) fn of(id: u32) -> Result<Self> {
        let id = i32::try_from(id).context("a process number that is none")?;
        let stat = stat(id).with_context(|| format!("process {id} ended as soon as it was started"))?;
        Ok(Self {
            id,
            started: stat.started,
        })
    }

    /// Whether it still runs. One that has ended but that nobody has waited for does not.
    pub(super) fn is_alive(self) -> bool {
        self.reap();
        stat(self.id).is_some_and(|stat| stat.started == self.started && !stat.ended)
    }

    /// The memory it holds, in bytes.
    pub(super) fn resident_memory(self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1024
    }

    /// Names its network namespace; nothing if it has ended.
    pub(super) fn network(self) -> Option<PathBuf> {
        fs::read_link(format!("/proc/{}/ns/net", self.id)).ok()
    }

    fn signal(self, signal: Signal) {
        if self.is_alive() {
            // It may end between the two calls, and then there is nothing to signal.
            let _ = kill(Pid::from_raw(self.id), signal);
        }
    }

    /// Takes the exit status if it was a child of ours; else it is its parent's to take.
    fn reap(self) {
        let _ = waitpid(Pid::from_raw(self.id), Some(WaitPidFlag::WNOHANG));
    }
}

/// The processes that run one of `programs` in `directory`: those that were started there by somebody who was killed
/// before it could record them.
pub(super) fn running_in(directory: &Path, programs: &[&Path]) -> Vec<OsProcess> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let link = |name: &str| fs::read_link(format!("/proc/{id}/{name}")).unwrap_or_default();
        link("cwd") == directory && programs.contains(&link("exe").as_path())
    })
    .filter_map(|id| OsProcess::of(id).ok())
    .collect()
}

/// Ends all `processes` and returns when none is left.
pub(super) fn end(processes: &[OsProcess]) -> Result<()> {
    let started = Instant::now();
    signal_all(processes, Signal::SIGTERM);
    let mut killed = false;
    while processes.iter().any(|process| process.is_alive()) {
        if started.elapsed() > GRACE && !killed {
            killed = true;
            signal_all(processes, Signal::SIGKILL);
        }
        if started.elapsed() > LIMIT {
            let left: Vec<i32> = processes
                .iter()
                .filter(|left| left.is_alive())
                .map(|left| left.id)
                .collect();
            bail!(
                "processes {left:?} outlived SIGKILL by {} s: end them by hand",
                LIMIT.as_secs()
            );
        }
        thread::sleep(POLL);
    }
    Ok(())
}

fn signal_all(processes: &[OsProcess], signal: Signal) {
    for process in processes {
        process.signal(signal);
    }
}

struct Stat {
    started: u64,
    ended: bool,
}

fn stat(id: i32) -> Option<Stat> {
    parse_stat(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
}

/// The command's name may hold blanks and brackets, so the fields are counted from its closing bracket.
fn parse_stat(text: &str) -> Option<Stat> {
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let [state, threads, started] = [0, 17, 19].map(|index| fields.get(index).copied());
    // The first thread may have ended before the others, and while one is left, files and ports are held.
    let ended = matches!(state?, "Z" | "X") && threads?.parse::<u32>().ok()? <= 1;
    Some(Stat {
        started: started?.parse().ok()?,
        ended,
    })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_name_of_a_command_does_not_shift_the_fields() {
        let parse = |state: &str, threads: u32| {
            parse_stat(&format!(
                "42 (a ) b (c) {state} 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 {threads} 18 4711 20"
            ))
        };
        assert!(parse("S", 1).is_some_and(|stat| stat.started == 4711 && !stat.ended));
        assert!(parse("Z", 1).is_some_and(|stat| stat.started == 4711 && stat.ended));
        assert!(
            parse("Z", 2).is_some_and(|stat| !stat.ended),
            "another thread is still running"
        );
        assert!(parse_stat("nonsense").is_none());
    }

    #[test]
    fn a_number_that_was_given_out_again_is_not_the_same_process() -> Result<()> {
        let own = OsProcess::of(std::process::id())?;
        assert!(own.is_alive());
        assert!(own.resident_memory() > 0);
        let later = OsProcess {
            started: own.started + 1,
            ..own
        };
        assert!(!later.is_alive());
        // Were it taken for the same process, this test would end itself.
        end(&[later])
    }

    #[test]
    fn processes_are_found_by_their_program_and_folder() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let sleep = fs::canonicalize("/bin/sleep")?;
        let child = Command::new(&sleep)
            .arg("60")
            .current_dir(directory.path())
            .spawn()?;
        let expected = OsProcess::of(child.id())?;
        let found = running_in(directory.path(), &[&sleep]);
        let none = running_in(directory.path(), &[Path::new("/bin/other")]);
        end(&[expected])?;
        assert_eq!((found, none), (vec![expected], vec![]));
        Ok(())
    }

    #[test]
    fn ended_processes_are_gone_also_those_that_ignore_the_first_signal() -> Result<()> {
        let mut processes = Vec::new();
        for script in ["exec sleep 60", "trap '' TERM; while :; do sleep 0.05; done"] {
            let child = Command::new("sh").args(["-c", script]).spawn()?;
            processes.push(OsProcess::of(child.id())?);
        }
        end(&processes)?;
        assert!(processes.iter().all(|process| !process.is_alive()));
        assert!(
            processes.iter().all(|process| stat(process.id).is_none()),
            "waited for, so no zombie is left"
        );
        Ok(())
    }
}

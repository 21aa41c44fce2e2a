//! Running an outside program to its end while its output is read, and ending it when this program is asked to end.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::interrupt;

const POLL: Duration = Duration::from_millis(10);
/// How long a program that was asked to end may take: Terraform first waits for what its providers are about.
const GRACE: Duration = Duration::from_secs(30);

/// Which of a program's outputs to read; the other one goes where ours goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// Both as one, in the order in which they were written.
    Both,
}

/// Runs `command` and hands over each line of one output as it comes.
pub fn stream(
    command: &mut Command,
    output: Output,
    mut on_line: impl FnMut(&str) + Send,
) -> Result<ExitStatus> {
    let (pipe, writer) = io::pipe().context("failed to make a pipe")?;
    let shared = || writer.try_clone().context("failed to share a pipe");
    command.stdin(Stdio::null());
    if output != Output::Stderr {
        command.stdout(shared()?);
    }
    if output != Output::Stdout {
        command.stderr(shared()?);
    }
    drop(writer);
    let child = spawn(command);
    // The command holds the pipe's other end as well, and would keep it open.
    if output != Output::Stderr {
        command.stdout(Stdio::inherit());
    }
    if output != Output::Stdout {
        command.stderr(Stdio::inherit());
    }
    let mut child = child?;
    thread::scope(|scope| {
        // Bytes that are no UTF-8 are shown replaced: a program's output is for reading, not for keeping.
        let reader = scope.spawn(move || {
            let mut lines = BufReader::new(pipe).split(b'\n');
            while let Some(Ok(line)) = lines.next() {
                on_line(String::from_utf8_lossy(&line).trim_end_matches('\r'));
            }
        });
        let status = wait(&mut child)?;
        reader
            .join()
            .map_err(|_| anyhow!("the reader of {} failed", describe(command)))?;
        Ok(status)
    })
}

/// What a program printed, and how it ended.
pub struct Captured {
    /// How it ended.
    pub status: ExitStatus,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
}

/// Runs `command` and keeps what it prints. One that is not done within `limit` is asked to end, and then ended.
pub fn capture(command: &mut Command, limit: Duration) -> Result<Captured> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = spawn(command)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let stdout = scope.spawn(|| read_all(stdout));
        let stderr = scope.spawn(|| read_all(stderr));
        let (status, in_time) = wait_within(&mut child, limit)?;
        let unread = || anyhow!("failed to read the output of {}", describe(command));
        let (stdout, stderr) = (
            stdout.join().map_err(|_| unread())?,
            stderr.join().map_err(|_| unread())?,
        );
        if !in_time {
            let seconds = limit.as_secs();
            bail!(
                "`{}` was not done after {seconds} s; it printed:\n{stdout}{stderr}",
                describe(command)
            );
        }
        Ok(Captured {
            status,
            stdout,
            stderr,
        })
    })
}

fn read_all(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is what there is to show.
    let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs `command` with our own outputs.
pub fn run(command: &mut Command) -> Result<ExitStatus> {
    let mut child = spawn(command.stdin(Stdio::null()))?;
    wait(&mut child)
}

/// Runs a command that cleans up: to its end, also when this program was asked to end.
pub fn run_to_the_end(command: &mut Command) -> Result<ExitStatus> {
    let mut child = spawn(command.stdin(Stdio::null()))?;
    child.wait().context("failed to wait for a program")
}

/// Starts `command`; the error says which program could not be started.
pub fn spawn(command: &mut Command) -> Result<Child> {
    command
        .spawn()
        .with_context(|| format!("failed to start {}", describe(command)))
}

/// Waits for `child`; asked to end, this program first ends the child, and both are done.
pub fn wait(child: &mut Child) -> Result<ExitStatus> {
    wait_within(child, Duration::MAX).map(|(status, _)| status)
}

/// Also says whether `child` was done within `limit`; if not, it was ended.
fn wait_within(child: &mut Child, limit: Duration) -> Result<(ExitStatus, bool)> {
    let started = Instant::now();
    let mut told: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait().context("failed to wait for a program")? {
            interrupt::check()?;
            return Ok((status, started.elapsed() <= limit));
        }
        match told {
            None if interrupt::raised() || started.elapsed() > limit => {
                told = Some(Instant::now());
                let id = i32::try_from(child.id()).context("a process id that is no process id")?;
                // It may have ended between the two calls, and then there is nothing to tell.
                let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
            }
            Some(told) if told.elapsed() > GRACE => child.kill().context("failed to end a program")?,
            _ => {}
        }
        thread::sleep(POLL);
    }
}

/// The command as a person would type it.
#[must_use]
pub fn describe(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        let quoted = argument.is_empty() || argument.contains([' ', '\'', '"', '$']);
        let _ = if quoted {
            write!(text, " '{argument}'")
        } else {
            write!(text, " {argument}")
        };
    }
    text
}

/// The last lines of an output, for an error message.
pub struct Tail {
    lines: VecDeque<String>,
    limit: usize,
}

impl Tail {
    /// Keeps at most `limit` lines.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            lines: VecDeque::with_capacity(limit),
            limit,
        }
    }

    /// The last `limit` lines of `text`.
    #[must_use]
    pub fn of(text: &str, limit: usize) -> Self {
        let mut tail = Self::new(limit);
        text.lines().for_each(|line| tail.push(line));
        tail
    }

    /// Takes a line in, and drops the oldest one that no longer fits.
    pub fn push(&mut self, line: &str) {
        if self.lines.len() == self.limit {
            self.lines.pop_front();
        }
        self.lines.push_back(line.to_owned());
    }
}

impl std::fmt::Display for Tail {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.lines
            .iter()
            .try_for_each(|line| writeln!(formatter, "    {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_arrive_in_order_and_the_status_is_kept() -> Result<()> {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        command
            .args(["-c", "echo one; echo two >&2; printf three; exit 7"])
            .stderr(Stdio::null());
        let status = stream(&mut command, Output::Stdout, |line| lines.push(line.to_owned()))?;
        assert_eq!(lines, ["one", "three"]);
        assert_eq!(status.code(), Some(7));
        Ok(())
    }

    #[test]
    fn both_outputs_are_one_in_their_order() -> Result<()> {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; echo three"]);
        stream(&mut command, Output::Both, |line| lines.push(line.to_owned()))?;
        assert_eq!(lines, ["one", "two", "three"]);
        Ok(())
    }

    #[test]
    fn both_outputs_are_captured() -> Result<()> {
        let mut command = Command::new("sh");
        let captured = capture(
            command.args(["-c", "echo out; echo error >&2; exit 3"]),
            Duration::MAX,
        )?;
        assert_eq!(
            (captured.stdout.as_str(), captured.stderr.as_str()),
            ("out\n", "error\n")
        );
        assert_eq!(captured.status.code(), Some(3));
        Ok(())
    }

    #[test]
    fn a_program_that_is_stuck_is_ended_and_what_it_printed_is_shown() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo before; exec sleep 60"]);
        let error = capture(&mut command, Duration::from_millis(200))
            .map(|_| ())
            .map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.contains("not done after 0 s") && error.contains("before")));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("no-such-program")).map_err(|error| error.to_string());
        assert_eq!(error.err().as_deref(), Some("failed to start no-such-program"));
    }

    #[test]
    fn a_tail_keeps_the_last_lines() {
        assert_eq!(Tail::of("a\nb\nc", 2).to_string(), "    b\n    c\n");
    }

    #[test]
    fn arguments_with_spaces_are_quoted() {
        assert_eq!(
            describe(Command::new("go").args(["build", "-ldflags", "-s -w"])),
            "go build -ldflags '-s -w'"
        );
    }
}

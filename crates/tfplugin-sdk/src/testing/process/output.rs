//! What a process writes, read all the time so that it never has to wait, and judged as Terraform reads it.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Child;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::testing::{Error, Result};

type Lines = Arc<Mutex<Vec<String>>>;

/// The output of a process.
#[derive(Debug)]
pub(super) struct Output {
    stdout: Lines,
    stderr: Lines,
    first: mpsc::Receiver<String>,
    readers: Vec<JoinHandle<()>>,
}

impl Output {
    /// Begins to read what `child` writes.
    pub(super) fn of(child: &mut Child) -> Self {
        let (stdout, stderr) = (Lines::default(), Lines::default());
        let (sender, first) = mpsc::channel(1);
        let mut readers = Vec::new();
        if let Some(stream) = child.stdout.take() {
            readers.push(tokio::spawn(collect(stream, Arc::clone(&stdout), Some(sender))));
        }
        if let Some(stream) = child.stderr.take() {
            readers.push(tokio::spawn(collect(stream, Arc::clone(&stderr), None)));
        }
        Self {
            stdout,
            stderr,
            first,
            readers,
        }
    }

    /// The first line of stdout, or `None` if stdout is closed before there is one.
    pub(super) async fn first_line(&mut self) -> Option<String> {
        self.first.recv().await
    }

    /// Waits until all is read, when the process has ended.
    pub(super) async fn finish(&mut self) {
        for reader in self.readers.drain(..) {
            // A reader does not panic, and nobody cancels it.
            let _ = reader.await;
        }
    }

    pub(super) fn stderr(&self) -> Vec<String> {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn stdout(&self) -> Vec<String> {
        self.stdout.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What Terraform would stumble over.
    pub(super) fn check(&self) -> Result<()> {
        if let Some(line) = self.stdout().get(1) {
            return Err(Error::Process(format!(
                "the provider writes to stdout after the handshake: {line:?}"
            )));
        }
        match self
            .stderr()
            .iter()
            .find_map(|line| crashing(line).map(|why| (line.clone(), why)))
        {
            Some((line, why)) => Err(Error::Process(format!(
                "Terraform crashes on a line of stderr: {why}: {line}"
            ))),
            None => Ok(()),
        }
    }
}

/// Terraform takes a JSON object for a log entry, and then takes for granted that it has strings where it needs them.
fn crashing(line: &str) -> Option<String> {
    let Ok(Json::Object(entry)) = serde_json::from_str::<Json>(line) else {
        return None;
    };
    let not_text = |key: &&str| entry.get(*key).is_some_and(|value| !value.is_string());
    let key = ["@level", "@message", "@timestamp"].into_iter().find(not_text)?;
    Some(format!("{key} is not a string"))
}

async fn collect(stream: impl AsyncRead + Unpin, lines: Lines, first: Option<mpsc::Sender<String>>) {
    let mut first = first;
    let mut reader = BufReader::new(stream).lines();
    while let Ok(Some(line)) = reader.next_line().await {
        lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line.clone());
        if let Some(first) = first.take() {
            // The test may have stopped waiting.
            let _ = first.send(line).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::crashing;

    #[test]
    fn a_log_entry_needs_strings() {
        assert_eq!(crashing(r#"{"@level":"info","@message":"x","n":1}"#), None);
        assert_eq!(crashing("plain text"), None);
        assert!(crashing(r#"{"@level":"info","@message":1}"#).is_some());
    }
}

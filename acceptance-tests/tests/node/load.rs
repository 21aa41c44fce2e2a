//! Requests without end, and which of them failed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use ureq::Agent;

/// Visitors at the same time, each with a connection of its own for each request.
const VISITORS: usize = 4;
const PAUSE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(2);

/// What came of the requests.
#[derive(Default)]
pub(crate) struct Outcome {
    /// How many were sent.
    pub(crate) requests: usize,
    /// When each that failed was sent, and why.
    pub(crate) failures: Vec<(Instant, String)>,
}

impl Outcome {
    /// The failures of requests that were sent after a moment.
    pub(crate) fn failures_after(&self, moment: Instant) -> Vec<&str> {
        let late = self.failures.iter().filter(|(sent, _)| *sent > moment);
        late.map(|(_, why)| why.as_str()).collect()
    }
}

/// Asks `url` again and again while `work` runs.
pub(crate) fn under_load<T>(url: &str, work: impl FnOnce() -> Result<T>) -> Result<(T, Outcome)> {
    let done = AtomicBool::new(false);
    let outcome = Mutex::new(Outcome::default());
    let record = |sent: Instant, answer: Result<(), String>| {
        if let Ok(mut outcome) = outcome.lock() {
            outcome.requests += 1;
            outcome.failures.extend(answer.err().map(|why| (sent, why)));
        }
    };
    let result = thread::scope(|scope| {
        for _ in 0..VISITORS {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let sent = Instant::now();
                    record(sent, ask(url));
                    thread::sleep(PAUSE);
                }
            });
        }
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })?;
    let outcome = outcome.into_inner().map_err(|_| anyhow!("a visitor panicked"))?;
    Ok((result, outcome))
}

fn ask(url: &str) -> Result<(), String> {
    // A new one each time: a connection that is kept stays with its replica.
    let agent: Agent = Agent::config_builder()
        .proxy(None)
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    agent.get(url).call().map(drop).map_err(|error| error.to_string())
}

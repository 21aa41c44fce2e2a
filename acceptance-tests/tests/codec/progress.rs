//! A line now and then, where many cases take their time.

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long nobody wonders.
const SILENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Progress<'a> {
    name: &'a str,
    count: u64,
    said: Mutex<Instant>,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(name: &'a str, count: u64) -> Self {
        Self {
            name,
            count,
            said: Mutex::new(Instant::now()),
        }
    }

    pub(crate) fn reached(&self, done: u64) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.elapsed() > SILENCE {
            *said = Instant::now();
            // Past the test runner, which keeps what tests print until they fail. Nothing is lost if it is not read.
            let _ = writeln!(std::io::stderr(), "codec: {done} of {} {}", self.count, self.name);
        }
    }
}

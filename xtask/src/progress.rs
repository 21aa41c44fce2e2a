//! Progress of work that takes long: a spinner on a terminal, plain lines elsewhere (CI logs).

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a log without a terminal hears that work goes on.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);

/// One piece of work that is under way. Dropped unfinished, it leaves no spinner behind.
pub struct Activity {
    title: String,
    started: Instant,
    last_plain_line: Instant,
    spinner: Option<ProgressBar>,
}

impl Activity {
    /// Begins to show `title`.
    pub fn start(title: impl Into<String>) -> Self {
        let title = title.into();
        let spinner = std::io::stderr().is_terminal().then(|| spinner(&title));
        if spinner.is_none() {
            plain(&format!("{title} …"));
        }
        let now = Instant::now();
        Self {
            title,
            started: now,
            last_plain_line: now,
            spinner,
        }
    }

    /// Shows where the work stands.
    pub fn note(&mut self, detail: &str) {
        match &self.spinner {
            Some(spinner) => spinner.set_message(format!("{}: {detail}", self.title)),
            None if self.last_plain_line.elapsed() >= PLAIN_INTERVAL => {
                self.last_plain_line = Instant::now();
                plain(&format!(
                    "{}: {detail} ({})",
                    self.title,
                    duration(self.started.elapsed())
                ));
            }
            None => {}
        }
    }

    /// Replaces the progress by one line that says what came of it and how long it took.
    pub fn finish(self, outcome: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
        plain(&format!("{outcome} ({})", duration(self.started.elapsed())));
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}

fn spinner(title: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {wide_msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(title.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn plain(line: &str) {
    // Progress that nobody can read any more is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A time as people say it: `0.4 s`, `12 s`, `3 min 5 s`.
#[must_use]
pub fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", elapsed.as_secs_f32()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!(duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(12)), "12 s");
        assert_eq!(duration(Duration::from_secs(185)), "3 min 5 s");
    }
}

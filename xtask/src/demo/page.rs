//! The web page of an example: whether it answers, and how fast a browser shows it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use ureq::Agent;

use crate::browser::{self, Browser};
use crate::interrupt;

/// The Service is there before every node forwards to it.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);
/// A laptop's window.
const WINDOW: (u32, u32) = (1280, 800);

/// Waits until the page at `url` answers.
pub(super) fn wait_until_it_answers(url: &str) -> Result<()> {
    let agent: Agent = Agent::config_builder()
        // The user's proxy knows nothing of this machine's own addresses.
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(5)))
        .build()
        .into();
    let started = Instant::now();
    loop {
        let Err(error) = agent.get(url).call() else {
            return Ok(());
        };
        interrupt::check()?;
        if started.elapsed() > PATIENCE {
            bail!("{url} did not answer within {} s: {error}", PATIENCE.as_secs());
        }
        thread::sleep(POLL);
    }
}

/// Time until a browser that opens `url` shows something; `None` where there is no browser. The first visit warms the
/// application up, as the first of many users does.
pub(super) fn first_paint(url: &str, screenshot: &Path) -> Result<Option<Duration>> {
    if !browser::is_installed() {
        return Ok(None);
    }
    let (width, height) = WINDOW;
    let browser = Browser::start(width, height)?;
    browser.open(url)?;
    let paint = browser.first_paint(PATIENCE)?;
    let ready = "main canvas, [data-testid=stFileUploader]";
    browser
        .find(ready, PATIENCE)
        .context("the page did not show its controls")?;
    browser.screenshot(screenshot)?;
    Ok(Some(paint))
}

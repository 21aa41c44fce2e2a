//! Ctrl-C and SIGTERM as a flag, so that whoever waits can clean up and end, instead of being cut off.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGINT, SIGTERM};

static RAISED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From here on the signals raise the flag and do nothing else. For `main`; a library must not take signals over.
pub fn watch() -> Result<()> {
    let flag = RAISED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(flag)).context("failed to listen for Ctrl-C")?;
    }
    Ok(())
}

/// Whether somebody asked this program to end.
#[must_use]
pub fn raised() -> bool {
    RAISED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// An error once somebody asked this program to end.
pub fn check() -> Result<()> {
    if raised() {
        bail!("interrupted");
    }
    Ok(())
}

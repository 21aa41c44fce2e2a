//! Turns: two processors carry one application with its visitors at a time, not several.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits until it is this test's turn; the turn ends when what is returned is dropped.
pub(crate) fn take() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Turns: what two processors and one set of ports carry only once at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// An application with its visitor: a browser is all that two processors can do at a time.
pub(crate) static VISIT: Turn = Turn(Mutex::new(()));
/// A whole pipeline, with its ports and its memory.
pub(crate) static PIPELINE: Turn = Turn(Mutex::new(()));

/// Something that one test has at a time.
pub(crate) struct Turn(Mutex<()>);

impl Turn {
    /// Waits until it is this test's turn, which ends when what is returned is dropped.
    pub(crate) fn take(&'static self) -> MutexGuard<'static, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

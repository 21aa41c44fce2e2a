//! Waits: by watch, over at once when the object is ready, and over early when it never will be.

mod conditions;
mod culprit;
mod gone;
mod ready;
mod report;
mod settling;
pub mod status;
mod suspects;
#[cfg(test)]
mod tests;
mod trouble;
mod watch;

pub use conditions::{ConditionWanted, Conditions, FieldWanted, FieldWantedError};
pub use report::{ContainerLog, Report, WaitError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
pub use trouble::Patience;

/// How long to wait, and who is told and heard meanwhile.
pub struct Wait<'wait> {
    /// When time is up.
    pub deadline: Instant,
    /// Ends the wait early.
    pub cancel: &'wait CancellationToken,
    /// Told why the object is not there yet, whenever that changes.
    pub progress: &'wait (dyn Fn(&str) + Send + Sync),
    /// How long signs of trouble may last.
    pub patience: Patience,
}

//! Waits: by watch, over at once when the object is ready, and over early when it never will be.

mod conditions;
pub mod status;

pub use conditions::{ConditionWanted, Conditions, FieldWanted, FieldWantedError};

//! Who owns which fields: the sets that the server keeps in `metadata.managedFields`, and what they select.
//!
//! Drift is seen, and reads are kept quiet, by looking only at the fields that our own Apply entry owns.

mod fingerprint;
mod manager;
mod path;
mod project;
mod set;
#[cfg(test)]
mod tests;

pub use fingerprint::{fingerprint, without_secret_data};
pub use manager::{ManagerEntry, Operation, entries, find_apply_entry, managers_of};
pub use path::{FieldPath, PathElement};
pub use project::project;
pub use set::{FieldSet, FieldSetError};

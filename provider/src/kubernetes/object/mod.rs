//! What an object is called, and whether a manifest may be sent: all of it offline.

mod key;
mod manifest;
mod name;
mod problem;
#[cfg(test)]
mod tests;

pub use key::{ImportIdError, ObjectKey};
pub use manifest::Manifest;
pub use name::NameRule;
pub use problem::{ManifestErrors, ManifestProblem};

//! Operations on one object: read, server-side apply, delete.

mod apply;
mod delete;
mod get;
mod locate;
#[cfg(test)]
mod tests;
mod together;

pub use apply::{Applied, ApplyOptions};
pub(super) use delete::finalizers;
pub use delete::{DeleteOptions, Deletion, Propagation};
pub use get::Lookup;
pub use locate::Location;
pub(super) use together::Together;

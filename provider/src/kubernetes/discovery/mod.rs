//! Which kinds the server knows: one request for a group and version, kept until something is missing in it.
//!
//! A custom kind may come or go while we run, so that what is missing is always asked again, and errors are never kept.

mod lookup;
mod resource;
#[cfg(test)]
mod tests;

pub(super) use lookup::Discovery;
pub use lookup::KindLookup;
pub use resource::ApiResource;

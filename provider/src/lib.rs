//! The provider as a library, so that its parts are tested without starting a plugin process.

pub mod kubernetes;

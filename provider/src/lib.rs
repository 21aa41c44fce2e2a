//! The provider as a library, so that its parts are tested without starting a plugin process.
#![forbid(unsafe_code)]

pub mod kubernetes;
mod provider;

pub use provider::Mlops;

/// The provider's source address.
pub const ADDRESS: &str = "registry.terraform.io/mlops/mlops";

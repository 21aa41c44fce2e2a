//! Tests of the real thing: Terraform and OpenTofu, the provider's binary, and a real API server.
//!
//! The test runner, `cargo xtask test`, starts one control plane for all of them; each test has a namespace and a
//! folder of its own, and runs with each of the two programs.
#![forbid(unsafe_code)]

mod admission;
mod cluster;
mod http;
mod proxy;
mod scenario;
mod victim;
mod webhook;

pub use self::{
    admission::Verdict,
    cluster::Cluster,
    proxy::{Fault, Point, Proxy},
    scenario::{Scenario, Which},
    victim::Blow,
    webhook::{Registration, Webhook},
};

/// Makes two tests of each function, one with Terraform and one with OpenTofu.
#[macro_export]
macro_rules! scenarios {
    ($($(#[$meta:meta])* fn $name:ident($scenario:ident) $body:block)*) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            fn run($scenario: &mut $crate::Scenario) -> ::anyhow::Result<()> {
                $body
                #[allow(unreachable_code, reason = "a scenario may return early")]
                Ok(())
            }

            #[test]
            fn terraform() -> ::anyhow::Result<()> {
                $crate::Scenario::run($crate::Which::Terraform, module_path!(), run)
            }

            #[test]
            fn tofu() -> ::anyhow::Result<()> {
                $crate::Scenario::run($crate::Which::Tofu, module_path!(), run)
            }
        }
    )*};
}

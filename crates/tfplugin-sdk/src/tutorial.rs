//! A provider built step by step: files and directories on disk, with one of everything that a provider can offer.
//!
//! Every step compiles, and what a step needs of earlier ones is there without being shown again. The whole of it, with all
//! the care that files need, is the example `files` in the crate's repository: `cargo run --example files -- --debug` prints
//! what to set so that Terraform uses it.
#![doc = include_str!("tutorial/01-provider.md")]
#![doc = include_str!("tutorial/02-resource.md")]
#![doc = include_str!("tutorial/03-planning.md")]
#![doc = include_str!("tutorial/04-adopting.md")]
#![doc = include_str!("tutorial/05-looking.md")]
#![doc = include_str!("tutorial/06-ephemeral.md")]
#![doc = include_str!("tutorial/07-list-and-action.md")]
#![doc = include_str!("tutorial/08-state-store.md")]
#![cfg_attr(feature = "testing", doc = include_str!("tutorial/09-tests.md"))]
#![doc = include_str!("tutorial/10-pages.md")]

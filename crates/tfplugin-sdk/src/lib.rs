#![doc = include_str!("../README.md")]
//!
//! # Step by step
//!
//! The [`tutorial`] builds a provider of files and directories, with one of everything that a provider can offer.
#![deny(missing_docs)]

// The derives name this crate, also inside it.
extern crate self as tfplugin_sdk;

pub mod docs;
pub mod function;
pub mod model;
pub mod rules;
pub mod schema;
pub mod validators;
pub mod value;

#[cfg(feature = "testing")]
pub mod testing;

// It is nothing but documentation, and its code is compiled as tests of that.
#[cfg(any(doc, doctest))]
pub mod tutorial;

#[doc(hidden)]
pub mod derive;

#[cfg(fuzzing)]
#[doc(hidden)]
pub use self::server::fuzzing;

mod action;
mod context;
mod data_source;
mod deferral;
mod diagnostic;
mod ephemeral;
mod identity;
mod list;
mod moved;
mod offer;
mod path;
mod plan;
mod private;
mod provider;
mod resource;
mod semantic;
mod server;
mod state_store;
mod wire;

pub use tfplugin_sdk_macros::{
    Action, DataSource, EphemeralResource, Function, Identity, ListResource, Object, Provider, Resource,
    StateStore,
};
pub use tokio_util::sync::CancellationToken;

pub use self::{
    action::{Action, ActionPlan, PlanAction, Progress},
    context::Context,
    data_source::DataSource,
    deferral::Deferral,
    diagnostic::{Diagnostic, Diagnostics, Severity},
    ephemeral::{Close, EphemeralResource, Opened, Renew},
    function::Function,
    identity::{Identify, Identity, UpgradeIdentity},
    list::{ListResource, Listing},
    moved::{Move, Moved, Source},
    offer::{ActionOffer, EphemeralOffer, Offer, ResourceOffer, StateStoreOffer},
    path::{Path, Step},
    private::Private,
    provider::Provider,
    resource::{Change, Failure, GenerateConfig, Import, Plan, Planned, Resource, Upgrade},
    server::serve,
    state_store::{LockStates, Locking, StateLock, StateStore},
};

//! Write Terraform and OpenTofu providers in Rust.
//!
//! A provider is a struct that is its configuration, a resource is a struct that is its state, and one documented
//! struct is schema, codec and documentation at once:
//!
//! ```
//! use tfplugin_sdk::model::{Computed, Required};
//! use tfplugin_sdk::{Context, Diagnostics, Failure, Offer, Provider, Resource};
//!
//! /// Greets people.
//! #[derive(Clone, Provider)]
//! #[provider(name = "greeting")]
//! struct Greeting {
//!     /// What every greeting begins with, for example `Hello`.
//!     word: Required<String>,
//! }
//!
//! impl Provider for Greeting {
//!     type Client = String;
//!
//!     async fn configure(self) -> Result<String, Diagnostics> {
//!         Ok(self.word.into_option().unwrap_or_default())
//!     }
//!
//!     fn offer(offer: &mut Offer<String>) {
//!         offer.resource::<Card>();
//!     }
//! }
//!
//! /// A card with a greeting.
//! #[derive(Clone, Resource)]
//! #[resource(name = "card")]
//! struct Card {
//!     /// Whom to greet. Changing it makes a new card.
//!     #[attr(replace)]
//!     name: Required<String>,
//!     /// What the card says.
//!     text: Computed<String>,
//! }
//!
//! impl Resource for Card {
//!     type Client = String;
//!
//!     async fn create(context: &mut Context<String>, mut planned: Self, _: Self) -> Result<Self, Failure<Self>> {
//!         let name = planned.name.get().cloned().unwrap_or_default();
//!         planned.text = format!("{} {name}", context.client()).into();
//!         Ok(planned)
//!     }
//!
//!     async fn read(_: &mut Context<String>, state: Self) -> Result<Option<Self>, Diagnostics> {
//!         Ok(Some(state))
//!     }
//!
//!     async fn update(
//!         context: &mut Context<String>, _: Self, planned: Self, config: Self,
//!     ) -> Result<Self, Failure<Self>> {
//!         Self::create(context, planned, config).await
//!     }
//!
//!     async fn delete(_: &mut Context<String>, _: Self) -> Result<(), Failure<Self>> {
//!         Ok(())
//!     }
//! }
//! ```
//!
//! The binary is one line: `tfplugin_sdk::serve::<Greeting>("registry.terraform.io/example/greeting")`.
//!
//! # Features
//! - `testing` (off): a protocol client that asserts the rules that Terraform core has for providers, see `testing`.
//!
//! # Fast to start
//! Terraform starts a provider several times in one run. Build with `AWS_LC_SYS_NO_JITTER_ENTROPY=1` in the environment
//! (for example in `[env]` of `.cargo/config.toml`): the random generator of the TLS library is then seeded from the
//! operating system's alone, and the handshake takes 2 ms instead of 20.
//!
//! # What it speaks
//! Plugin protocol 6.11 as Terraform 1.0 and later and OpenTofu use it: resources, data sources, ephemeral resources,
//! functions, list resources and actions (Terraform 1.14), and state stores (experimental in Terraform 1.15).
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

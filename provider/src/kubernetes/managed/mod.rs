//! The life of one object that a resource manages: plan, create, read, update, delete.
//!
//! Every resource that ends in Kubernetes objects goes through here, so that ownership, drift and conflicts mean the
//! same everywhere.

pub mod absence;
mod apply;
mod delete;
mod plan;
pub mod promise;
mod read;
mod record;
mod session;
mod shown;

use serde_json::Value as Json;
use tfplugin_sdk::{CancellationToken, Diagnostics, Path};
use tokio::time::Instant;

pub use self::{
    apply::WriteOnly,
    plan::{PlannedObject, Prior, plan},
    read::read,
    record::{Live, Record},
    session::Session,
};
use super::connection::Connection;
use super::wait::Conditions;

/// The field manager of contents that reach neither plan nor state. Its own, so that an apply of the rest neither
/// drops nor resends them.
pub const WRITE_ONLY_MANAGER: &str = "mlops-write-only";

/// What the operations on an object have in common.
#[derive(Clone, Debug)]
pub struct Managed<'a> {
    /// The cluster.
    pub connection: &'a Connection,
    /// The name under which fields are owned.
    pub field_manager: &'a str,
    /// The attribute that describes the object, for messages.
    pub path: &'a Path,
    /// Cancelled when the user interrupts.
    pub cancellation: &'a CancellationToken,
}

/// What a change waits for, and until when.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What to wait for.
    pub conditions: Conditions,
    /// When to give up.
    pub deadline: Instant,
}

/// An object that was just written.
#[derive(Clone, Debug)]
pub struct Written {
    /// What is stored about it.
    pub live: Live,
    /// All of it, as the server answered.
    object: Json,
}

/// A change that failed after the object was written: what is there now must be stored.
#[derive(Debug)]
pub struct Interrupted {
    /// Why it failed.
    pub diagnostics: Diagnostics,
    /// What is there; `None` if nothing was written.
    pub live: Option<Live>,
}

impl From<Diagnostics> for Interrupted {
    fn from(diagnostics: Diagnostics) -> Self {
        Self {
            diagnostics,
            live: None,
        }
    }
}

impl From<tfplugin_sdk::Diagnostic> for Interrupted {
    fn from(diagnostic: tfplugin_sdk::Diagnostic) -> Self {
        Diagnostics::from(diagnostic).into()
    }
}

//! The provider service: all 36 calls of protocol 6.11, each answered in a file by topic.

mod action;
mod announcement;
mod answer;
mod arguments;
mod call;
mod check;
mod data_source;
mod deferral;
mod ephemeral;
mod events;
mod function;
mod generate;
mod identity;
mod list;
mod moved;
mod provider;
mod resource;
mod rpc;
mod state_bytes;
mod state_store;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;

use self::state_store::Configured;
use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::offer::{DataSourceEntry, Offer, ResourceEntry};
use crate::private::Private;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Type;

/// A provider being served, or one call of it. Cheap to clone; all clones are the same provider.
pub(crate) struct Service<P: Provider> {
    shared: Arc<LazyLock<Shared<P>>>,
    /// Cancelled when the work under way is to end: by Terraform, or because nobody waits for it any more.
    cancellation: CancellationToken,
}

struct Shared<P: Provider> {
    schema: Schema,
    ty: Type,
    offer: Offer<P::Client>,
    /// Set by `ConfigureProvider`, which recurs when Terraform keeps a process in a debug session.
    client: RwLock<Option<Arc<P::Client>>>,
    /// Set by `ConfigureStateStore`, by type name.
    stores: RwLock<BTreeMap<String, Configured>>,
    /// Cancelled and renewed by `StopProvider`.
    cancellation: Mutex<CancellationToken>,
    /// Whether answers are checked before they are sent.
    checked: bool,
}

impl<P: Provider> Shared<P> {
    fn new(checked: bool) -> Self {
        let schema = P::schema();
        let mut offer = Offer::new(<P as Model>::NAME);
        P::offer(&mut offer);
        Self {
            ty: schema.block.ty(),
            schema,
            offer,
            client: RwLock::new(None),
            stores: RwLock::default(),
            cancellation: Mutex::new(CancellationToken::new()),
            checked,
        }
    }
}

impl<P: Provider> Clone for Service<P> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            cancellation: self.cancellation.clone(),
        }
    }
}

impl<P: Provider> Service<P> {
    pub(crate) fn new() -> Self {
        Self::with_checks(check::are_wanted())
    }

    /// The same, whose answers are checked or not. What the provider offers is put together by the first call: the
    /// handshake does not wait for it.
    pub(crate) fn with_checks(checked: bool) -> Self {
        let offered: fn() -> Shared<P> = if checked {
            || Shared::new(true)
        } else {
            || Shared::new(false)
        };
        Self {
            shared: Arc::new(LazyLock::new(offered)),
            cancellation: CancellationToken::new(),
        }
    }

    /// Cancels every call under way. Later calls are served as before.
    pub(crate) fn stop(&self) {
        let mut current = self
            .shared
            .cancellation
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *current).cancel();
    }

    fn resource(&self, type_name: &str) -> Result<&ResourceEntry<P::Client>, Diagnostic> {
        self.shared
            .offer
            .resources
            .get(type_name)
            .ok_or_else(|| Self::absent("resource", type_name))
    }

    fn data_source(&self, type_name: &str) -> Result<&DataSourceEntry<P::Client>, Diagnostic> {
        self.shared
            .offer
            .data_sources
            .get(type_name)
            .ok_or_else(|| Self::absent("data source", type_name))
    }

    /// What is answered about a type that the provider does not have.
    fn absent(kind: &str, type_name: &str) -> Diagnostic {
        Diagnostic::error(
            format!("No such {kind}: {type_name:?}"),
            format!(
                "The provider {:?} has no {kind} of that name in this version. Check the spelling, or the versions in \
                 `required_providers`.",
                <P as Model>::NAME
            ),
        )
    }

    fn context(&self, private: &[u8]) -> Result<Context<P::Client>, Diagnostic> {
        let client = self
            .shared
            .client
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let client = client.ok_or_else(|| {
            Diagnostic::bug(
                "Terraform asked for work before it configured the provider, or after that failed.",
            )
        })?;
        Ok(Context::new(
            client,
            self.cancellation(),
            Private::from_bytes(private)?,
        ))
    }

    /// Cancelled when the work under way is to end.
    fn cancellation(&self) -> CancellationToken {
        self.cancellation.child_token()
    }
}

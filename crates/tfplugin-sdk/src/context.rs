//! What a call has at hand beside its values.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::deferral::Deferral;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Attributes, Members, ModelError};
use crate::private::Private;
use crate::value::Value;

/// The surroundings of one call: the configured client, private state, cancellation, and where warnings go.
#[derive(Debug)]
pub struct Context<C> {
    client: Arc<C>,
    cancellation: CancellationToken,
    /// What the provider stores beside the state, unseen by users. What is here when the call ends is stored.
    pub private: Private,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) deferral: Option<Deferral>,
    can_defer: bool,
    meta: Value,
}

impl<C> Context<C> {
    pub(crate) fn new(client: Arc<C>, cancellation: CancellationToken, private: Private) -> Self {
        Self {
            client,
            cancellation,
            private,
            diagnostics: Diagnostics::default(),
            deferral: None,
            can_defer: false,
            meta: Value::Null,
        }
    }

    /// The same in a call that Terraform can put off, or not.
    pub(crate) fn deferring(mut self, can_defer: bool) -> Self {
        self.can_defer = can_defer;
        self
    }

    /// The same with what the module says to the provider.
    pub(crate) fn saying(mut self, meta: Value) -> Self {
        self.meta = meta;
        self
    }

    /// What the provider's `configure` returned, and in a state store what its `open` returned.
    #[must_use]
    pub fn client(&self) -> &Arc<C> {
        &self.client
    }

    /// Cancelled when the user interrupts. Stop waiting then, and return what is there already.
    #[must_use]
    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// Whether Terraform can put this off to a later run. No released Terraform does by default, and OpenTofu never does.
    #[must_use]
    pub fn can_defer(&self) -> bool {
        self.can_defer
    }

    /// Puts off what is planned, read, imported or opened: what the call returns is shown as far as it is known, and done in
    /// a later run. Where Terraform cannot, the call fails, and says so: ask [`Self::can_defer`] first if there is another
    /// way. Creations, updates and deletions cannot be put off.
    pub fn defer(&mut self, why: Deferral) {
        self.deferral = Some(why);
    }

    /// What the module in which the resource stands says to the provider in a `provider_meta` block, if it says anything. It
    /// is of the type that the provider offered ([`Offer::provider_meta`](crate::Offer::provider_meta)).
    ///
    /// # Errors
    /// When it is not of that type.
    pub fn provider_meta<M: Members>(&self) -> Result<Option<M>, ModelError> {
        if self.meta.is_null() {
            return Ok(None);
        }
        Attributes::of(self.meta.clone())
            .and_then(M::from_attributes)
            .map(Some)
    }

    /// Waits for `work`, unless the user interrupts before it is done: then it is dropped, and there is nothing. Write down
    /// what there is already then, and return it.
    pub async fn until_cancelled<T>(&self, work: impl Future<Output = T> + Send) -> Option<T> {
        self.cancellation.run_until_cancelled(work).await
    }

    /// Tells the user something without failing the call.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.diagnostics.push(warning);
    }
}

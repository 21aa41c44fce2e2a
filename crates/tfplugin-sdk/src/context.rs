//! What a call has at hand beside its values.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::private::Private;

/// The surroundings of one call: the configured client, private state, cancellation, and where warnings go.
#[derive(Debug)]
pub struct Context<C> {
    client: Arc<C>,
    cancellation: CancellationToken,
    /// What the provider stores beside the state, unseen by users. What is here when the call ends is stored.
    pub private: Private,
    pub(crate) diagnostics: Diagnostics,
}

impl<C> Context<C> {
    pub(crate) fn new(client: Arc<C>, cancellation: CancellationToken, private: Private) -> Self {
        Self {
            client,
            cancellation,
            private,
            diagnostics: Diagnostics::default(),
        }
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

    /// Tells the user something without failing the call.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.diagnostics.push(warning);
    }
}

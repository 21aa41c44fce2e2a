//! What a provider does: take its configuration, and say what it offers.

use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::offer::Offer;

/// A provider. The type it is implemented for is its configuration.
pub trait Provider: Model {
    /// What resources and data sources work with.
    type Client: Send + Sync + 'static;

    /// Checks a configuration for what validators of single attributes cannot see. Values may be unknown.
    fn validate(_config: &Self, _diagnostics: &mut Diagnostics) {}

    /// Makes the client. Values may be unknown while planning, so dial nothing here: wait until something is needed.
    fn configure(self) -> impl Future<Output = Result<Self::Client, Diagnostics>> + Send;

    /// Lists everything that the provider offers, one line each.
    fn offer(offer: &mut Offer<Self::Client>);
}

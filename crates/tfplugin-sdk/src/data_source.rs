//! What a data source does.

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::Model;

/// A kind of thing that the provider looks up.
pub trait DataSource: Model {
    /// What the provider's `configure` returns.
    type Client: Send + Sync + 'static;

    /// Checks a configuration for what validators of single attributes cannot see. Values may be unknown.
    fn validate(_config: &Self, _diagnostics: &mut Diagnostics) {}

    /// Looks the thing up and returns the configuration with everything computed filled in.
    fn read(
        context: &mut Context<Self::Client>,
        config: Self,
    ) -> impl Future<Output = Result<Self, Diagnostics>> + Send;
}

//! What an ephemeral resource does: it is there for one run, and nothing of it is stored.

use std::time::SystemTime;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::Model;

/// A kind of thing that exists while Terraform runs: a token, a tunnel, a lease. Its values reach neither plan nor state.
///
/// What `open` leaves in [`Context::private`] is there again when it is renewed and closed.
pub trait EphemeralResource: Model {
    /// What the provider's `configure` returns.
    type Client: Send + Sync + 'static;

    /// Checks a configuration for what validators of single attributes cannot see. Values may be unknown.
    fn validate(_config: &Self, _diagnostics: &mut Diagnostics) {}

    /// Opens it, and returns the configuration with everything computed filled in. The configuration is wholly known:
    /// Terraform opens nothing before it is.
    fn open(
        context: &mut Context<Self::Client>,
        config: Self,
    ) -> impl Future<Output = Result<Opened<Self>, Diagnostics>> + Send;
}

/// An ephemeral resource that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened<E> {
    /// All its values.
    pub result: E,
    /// When it must be renewed at the latest; `None` if it need not be.
    pub renew_at: Option<SystemTime>,
}

impl<E> From<E> for Opened<E> {
    /// One that need not be renewed.
    fn from(result: E) -> Self {
        Self {
            result,
            renew_at: None,
        }
    }
}

/// An ephemeral resource that lasts only for some time, unless it is renewed.
pub trait Renew: EphemeralResource {
    /// Renews it, and returns when it must be renewed next. Its values stay as they are.
    fn renew(
        context: &mut Context<Self::Client>,
    ) -> impl Future<Output = Result<Option<SystemTime>, Diagnostics>> + Send;
}

/// An ephemeral resource that is given back when nobody needs it any more.
pub trait Close: EphemeralResource {
    /// Gives it back.
    fn close(context: &mut Context<Self::Client>) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

//! The way to a cluster: configuration, credentials, and requests that are repeated where that is right.

mod config;
mod error;
mod exec;
mod kubeconfig;
mod pem;
mod proxy;
mod request;
mod session;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use config::{ConnectionConfig, ExecPlugin, Surroundings};
pub use error::ConnectionError;
pub(super) use request::{Request, Response};
use session::SessionKeeper;

use super::{api::Together, discovery::Discovery};

/// A cluster that can be asked. Cheap to clone; clones share credentials, connections and what discovery has found.
///
/// Nothing is read or dialled until the first request.
#[derive(Clone)]
pub struct Connection {
    sessions: Arc<SessionKeeper>,
    discovery: Arc<Discovery>,
    together: Arc<Together>,
}

impl Connection {
    /// A connection by this configuration.
    #[must_use]
    pub fn new(config: ConnectionConfig) -> Self {
        Self {
            sessions: Arc::new(SessionKeeper::new(config)),
            discovery: Arc::default(),
            together: Arc::default(),
        }
    }

    /// The HTTP client with its credentials, made at the first call. For requests that this layer does not offer.
    pub async fn client(&self) -> Result<kube::Client, ConnectionError> {
        Ok(self.sessions.current().await?.client)
    }

    pub(super) fn together(&self) -> &Together {
        &self.together
    }

    pub(super) fn discovery(&self) -> &Discovery {
        &self.discovery
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Connection")
    }
}

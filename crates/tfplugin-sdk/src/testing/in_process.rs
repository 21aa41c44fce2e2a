//! A provider within the test's own process: no handshake and no TLS, and otherwise the same.

use std::marker::PhantomData;

use futures::stream;
use tonic::transport::Server;

use super::{Client, Result};
use crate::provider::Provider;
use crate::server::{MESSAGE_LIMIT, Service};
use crate::wire::proto::provider_server::ProviderServer;

/// How much the connection holds that is not read yet.
const BUFFER: usize = 64 << 10;

/// A provider being served within this process, until the last clone of its client is dropped.
#[derive(Debug)]
pub struct InProcess<P> {
    client: Client,
    provider: PhantomData<fn() -> P>,
}

impl<P: Provider> InProcess<P> {
    /// Serves `P`. It is not configured yet.
    ///
    /// # Errors
    /// When the connection cannot be made.
    pub async fn start() -> Result<Self> {
        Self::serve(Service::new()).await
    }

    /// Serves `P` as a release build does, without a check of its own: what is wrong with its answers is left to the client.
    ///
    /// # Errors
    /// When the connection cannot be made.
    pub async fn start_unchecked() -> Result<Self> {
        Self::serve(Service::with_checks(false)).await
    }

    /// Serves `P` as a debug build does: its answers are checked before they are sent.
    ///
    /// # Errors
    /// When the connection cannot be made.
    pub async fn start_checked() -> Result<Self> {
        Self::serve(Service::with_checks(true)).await
    }

    async fn serve(service: Service<P>) -> Result<Self> {
        let (near, far) = tokio::io::duplex(BUFFER);
        let service = ProviderServer::new(service)
            .max_decoding_message_size(MESSAGE_LIMIT)
            .max_encoding_message_size(MESSAGE_LIMIT);
        tokio::spawn(async move {
            let connection = stream::iter([Ok::<_, std::io::Error>(far)]);
            // That the client is gone is how it ends.
            let _ = Server::builder()
                .add_service(service)
                .serve_with_incoming(connection)
                .await;
        });
        Ok(Self {
            client: Client::over(near).await?,
            provider: PhantomData,
        })
    }

    /// The client that speaks to it.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

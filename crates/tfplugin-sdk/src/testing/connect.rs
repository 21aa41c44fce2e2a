//! Connections to a provider: over a socket, with TLS or without, or within the process.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;

use super::{Error, Handshake, Result};

/// Both directions of a connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Connects to where the handshake says, with TLS if there is a configuration of it.
pub(super) async fn connect(handshake: &Handshake, tls: Option<Arc<ClientConfig>>) -> Result<Channel> {
    let (network, address) = (handshake.network.clone(), handshake.address.clone());
    let connector = service_fn(move |_: Uri| {
        let (network, address, tls) = (network.clone(), address.clone(), tls.clone());
        async move {
            let stream = dial(&network, &address).await?;
            match tls {
                None => Ok(TokioIo::new(stream)),
                Some(config) => secure(stream, config).await.map(TokioIo::new),
            }
        }
    });
    let channel = endpoint().connect_with_connector(connector).await;
    channel.map_err(|error| {
        Error::Process(format!(
            "failed to connect to {}: {}",
            handshake.address,
            chain(&error)
        ))
    })
}

/// Speaks over one given stream.
pub(super) async fn over(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Result<Channel> {
    let stream = Arc::new(Mutex::new(Some(TokioIo::new(stream))));
    let connector = service_fn(move |_: Uri| {
        let stream = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
        async { stream.ok_or_else(|| io::Error::other("the one connection is closed")) }
    });
    let channel = endpoint().connect_with_connector(connector).await;
    channel.map_err(|error| Error::Process(format!("failed to connect: {}", chain(&error))))
}

/// The name is not looked up: the connector knows where to go.
fn endpoint() -> Endpoint {
    Endpoint::from_static("http://localhost")
}

async fn dial(network: &str, address: &str) -> io::Result<Box<dyn Stream>> {
    match network {
        #[cfg(unix)]
        "unix" => Ok(Box::new(tokio::net::UnixStream::connect(address).await?)),
        "tcp" => Ok(Box::new(tokio::net::TcpStream::connect(address).await?)),
        other => Err(io::Error::other(format!(
            "the handshake names the network {other:?}"
        ))),
    }
}

/// Terraform's own side refuses a server that does not choose HTTP/2, in newer versions.
async fn secure(stream: Box<dyn Stream>, config: Arc<ClientConfig>) -> io::Result<Box<dyn Stream>> {
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let stream = TlsConnector::from(config).connect(name, stream).await?;
    if stream.get_ref().1.alpn_protocol() != Some(b"h2".as_slice()) {
        return Err(io::Error::other("the server does not choose the protocol h2"));
    }
    Ok(Box::new(stream))
}

/// An error with its causes.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

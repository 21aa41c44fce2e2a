//! Where Terraform connects: a unix socket, or a TCP port where the platform has none; with TLS or without.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::end::Guests;
use super::handshake::Request;

/// A bound listener.
#[derive(Debug)]
pub(super) struct Listener {
    door: Door,
    guests: Guests,
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// The socket's path or the port's address.
    pub(super) address: String,
}

#[derive(Debug)]
enum Door {
    #[cfg(unix)]
    Unix(super::socket::Socket),
    #[cfg_attr(unix, expect(dead_code, reason = "platforms without unix sockets"))]
    Tcp(tokio::net::TcpListener),
}

impl Listener {
    #[cfg(unix)]
    pub(super) fn bind(request: &Request) -> io::Result<Self> {
        let socket = super::socket::Socket::bind(request)?;
        Ok(Self {
            address: socket.path().to_string_lossy().into_owned(),
            door: Door::Unix(socket),
            guests: Guests::default(),
            network: "unix",
        })
    }

    #[cfg(not(unix))]
    pub(super) fn bind(request: &Request) -> io::Result<Self> {
        let (first, last) = request.ports;
        for port in first..=last {
            let Ok(listener) = std::net::TcpListener::bind(("127.0.0.1", port)) else {
                continue;
            };
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?.to_string();
            let listener = tokio::net::TcpListener::from_std(listener)?;
            return Ok(Self {
                door: Door::Tcp(listener),
                guests: Guests::default(),
                network: "tcp",
                address,
            });
        }
        Err(io::Error::other(format!(
            "no port between {first} and {last} is free"
        )))
    }

    /// Connections that are ready to be spoken on. One that fails its TLS handshake is logged and dropped.
    pub(super) fn connections(
        self,
        tls: Option<Arc<ServerConfig>>,
    ) -> ReceiverStream<io::Result<Connection>> {
        let (sender, receiver) = mpsc::channel(8);
        let acceptor = tls.map(TlsAcceptor::from);
        tokio::spawn(async move {
            loop {
                match self.accept().await {
                    // Each handshake in its own task: a client that stalls in it must not keep others out.
                    Ok(stream) => {
                        let guest = self.guests.clone();
                        tokio::spawn(secure(stream, guest, acceptor.clone(), sender.clone()));
                    }
                    Err(error) => {
                        // Too many open files, for example. That passes, and ending here would leave the provider deaf.
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
            }
        });
        ReceiverStream::new(receiver)
    }

    /// Who is connected.
    #[cfg(unix)]
    pub(super) fn guests(&self) -> Guests {
        self.guests.clone()
    }

    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match &self.door {
            #[cfg(unix)]
            Door::Unix(socket) => socket
                .listener
                .accept()
                .await
                .map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
            Door::Tcp(listener) => listener
                .accept()
                .await
                .map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
        }
    }
}

/// Makes a stream a connection that can be spoken on, and hands it over.
async fn secure(
    stream: Box<dyn Stream>,
    guest: Guests,
    acceptor: Option<TlsAcceptor>,
    connections: mpsc::Sender<io::Result<Connection>>,
) {
    let ready = match acceptor {
        None => Ok(stream),
        Some(acceptor) => acceptor
            .accept(stream)
            .await
            .map(|stream| Box::new(stream) as Box<dyn Stream>),
    };
    match ready {
        Ok(stream) => {
            let connection = Connection {
                stream,
                _guest: guest,
            };
            drop(connections.send(Ok(connection)).await);
        }
        Err(error) => tracing::warn!(%error, "a client was refused"),
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One connection, secure or not.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    _guest: Guests,
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

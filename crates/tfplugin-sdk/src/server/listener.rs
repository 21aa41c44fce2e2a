//! Where Terraform connects: a unix socket, or a TCP port where the platform has none; with TLS or without.

use std::io;
use std::path::PathBuf;
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

use super::handshake::Request;

/// A bound listener.
#[derive(Debug)]
pub(super) struct Listener {
    socket: Socket,
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// The socket's path or the port's address.
    pub(super) address: String,
}

#[derive(Debug)]
enum Socket {
    #[cfg(unix)]
    Unix(
        tokio::net::UnixListener,
        #[expect(dead_code, reason = "held for its drop")] RemovedOnDrop,
    ),
    #[cfg_attr(unix, expect(dead_code, reason = "platforms without unix sockets"))]
    Tcp(tokio::net::TcpListener),
}

/// A socket file, which must not outlive the process.
#[derive(Debug)]
struct RemovedOnDrop(PathBuf);

impl Drop for RemovedOnDrop {
    fn drop(&mut self) {
        // It may be gone already, with the directory that a test made for it.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    #[cfg(unix)]
    pub(super) fn bind(request: &Request) -> io::Result<Self> {
        let directory = request
            .socket_directory
            .clone()
            .unwrap_or_else(std::env::temp_dir);
        let name = format!("plugin{}-{:08x}", std::process::id(), random()?);
        let path = directory.join(name);
        let listener = tokio::net::UnixListener::bind(&path).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!(
                    "failed to listen on the socket {}: {error}. The directory is that of PLUGIN_UNIX_SOCKET_DIR, or \
                     else the one for temporary files: it must exist, be writable, and have a path of less than 80 \
                     characters.",
                    path.display()
                ),
            )
        })?;
        let remover = RemovedOnDrop(path.clone());
        if let Some(group) = &request.socket_group {
            share_with_group(&path, group)?;
        }
        let address = path.to_string_lossy().into_owned();
        Ok(Self {
            socket: Socket::Unix(listener, remover),
            network: "unix",
            address,
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
                socket: Socket::Tcp(listener),
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
                    Ok(stream) => drop(tokio::spawn(secure(stream, acceptor.clone(), sender.clone()))),
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

    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match &self.socket {
            #[cfg(unix)]
            Socket::Unix(listener, _) => listener
                .accept()
                .await
                .map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
            Socket::Tcp(listener) => listener
                .accept()
                .await
                .map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
        }
    }
}

/// Makes a stream a connection that can be spoken on, and hands it over.
async fn secure(
    stream: Box<dyn Stream>,
    acceptor: Option<TlsAcceptor>,
    connections: mpsc::Sender<io::Result<Connection>>,
) {
    let ready = match acceptor {
        None => Ok(Connection(stream)),
        Some(acceptor) => acceptor
            .accept(stream)
            .await
            .map(|stream| Connection(Box::new(stream))),
    };
    match ready {
        Ok(connection) => drop(connections.send(Ok(connection)).await),
        Err(error) => tracing::warn!(%error, "a client was refused"),
    }
}

/// A few bits from the operating system, so that two processes of one number in two containers do not meet.
#[cfg(unix)]
fn random() -> io::Result<u32> {
    let mut bytes = [0; 4];
    rustls::crypto::aws_lc_rs::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the operating system gives no random numbers"))?;
    Ok(u32::from_ne_bytes(bytes))
}

/// Lets a group use the socket, as go-plugin does for hosts that run providers as another user.
#[cfg(unix)]
fn share_with_group(path: &std::path::Path, group: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let id = group_id(group)?;
    std::os::unix::fs::chown(path, None, Some(id))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))
}

#[cfg(unix)]
fn group_id(group: &str) -> io::Result<u32> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    let groups = std::fs::read_to_string("/etc/group")?;
    let entry = groups
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|entry| entry[0] == group);
    entry
        .and_then(|entry| entry.get(2)?.parse().ok())
        .ok_or_else(|| io::Error::other(format!("PLUGIN_UNIX_SOCKET_GROUP names no group: {group}")))
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One connection, secure or not.
pub(super) struct Connection(Box<dyn Stream>);

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
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

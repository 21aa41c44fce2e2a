//! Talk with what runs in a pod: a command, or a port. The API server passes it on over a WebSocket, in messages whose
//! first byte says which stream they belong to.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use tungstenite::client::{ClientRequestBuilder, client};
use tungstenite::handshake::HandshakeError;
use tungstenite::handshake::client::ClientHandshake;
use tungstenite::{Bytes, Error, Message, WebSocket};

use super::api::Api;
use super::certificates::Signed;

const PROTOCOL: &str = "v4.channel.k8s.io";
/// Nothing that a command on this machine is asked for takes longer between two messages.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a command in a container printed, on both outputs, and how it ended.
#[derive(Debug)]
pub struct Executed {
    /// Both outputs in the order of their arrival.
    pub output: String,
    /// Why it did not succeed, such as its exit status.
    pub failure: Option<String>,
}

impl Api {
    /// Runs `command` in the first container of a pod, and waits for its end.
    pub fn execute(&self, namespace: &str, pod: &str, command: &[&str]) -> Result<Executed> {
        let words = command
            .iter()
            .map(|word| format!("&command={}", utf8_percent_encode(word, NON_ALPHANUMERIC)));
        let query = words.fold("stdout=true&stderr=true".to_owned(), |query, word| query + &word);
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/exec?{query}");
        let mut output = Vec::new();
        for message in Messages::open(self, &path)? {
            match message?.split_first() {
                Some((1 | 2, text)) => output.extend_from_slice(text),
                Some((3, status)) => {
                    let status: Value = serde_json::from_slice(status)
                        .with_context(|| format!("the end of {command:?} is no JSON"))?;
                    return Ok(Executed {
                        output: String::from_utf8_lossy(&output).into_owned(),
                        failure: failure(&status),
                    });
                }
                _ => {}
            }
        }
        bail!("the connection to {command:?} in {namespace}/{pod} was closed before the command had ended")
    }

    /// Sends `request` to a port of a pod, and returns what comes back until the pod closes the connection.
    pub fn forward(&self, namespace: &str, pod: &str, port: u16, request: &str) -> Result<String> {
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/portforward?ports={port}");
        let mut messages = Messages::open(self, &path)?;
        messages.send(&[&[0], request.as_bytes()].concat())?;
        let mut streams = [Vec::new(), Vec::new()];
        for message in messages {
            if let Some((&stream @ (0 | 1), data)) = message?.split_first() {
                streams[usize::from(stream)].extend_from_slice(data);
            }
        }
        // Each stream begins with the number of the port, in two bytes.
        let [answer, error] = streams.map(|data| {
            let data = data.get(2..).unwrap_or_default();
            String::from_utf8_lossy(data).into_owned()
        });
        if error.is_empty() {
            Ok(answer)
        } else {
            Err(anyhow!(error))
        }
    }
}

/// What the server says of a command that has ended.
fn failure(status: &Value) -> Option<String> {
    let failed = status["status"] != "Success";
    failed.then(|| {
        status["message"]
            .as_str()
            .unwrap_or("it failed without a reason")
            .to_owned()
    })
}

/// The server says in the body why it does not open the connection.
fn refusal<S: Read + Write>(error: HandshakeError<ClientHandshake<S>>) -> anyhow::Error {
    match error {
        HandshakeError::Failure(Error::Http(answer)) => {
            let body = answer.body().as_deref().map(String::from_utf8_lossy);
            anyhow!("answered with {}: {}", answer.status(), body.unwrap_or_default())
        }
        other => anyhow!("{other}"),
    }
}

/// What a connection of `client` needs to trust the API server and to be trusted by it.
pub(super) fn tls(authority: &str, client: &Signed) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    let root =
        CertificateDer::from_pem_slice(authority.as_bytes()).context("failed to read the authority")?;
    roots.add(root).context("failed to trust the authority")?;
    let certificate = CertificateDer::from_pem_slice(client.certificate.as_bytes())
        .context("failed to read the client's certificate")?;
    let key =
        PrivateKeyDer::from_pem_slice(client.key.as_bytes()).context("failed to read the client's key")?;
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .context("the TLS library knows no version")?
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key)
        .context("the client's key does not fit its certificate")?;
    Ok(Arc::new(config))
}

/// The messages of one connection, to its end.
struct Messages {
    socket: WebSocket<StreamOwned<ClientConnection, TcpStream>>,
}

impl Messages {
    fn open(api: &Api, path: &str) -> Result<Self> {
        let url = format!("{}{path}", api.server());
        let failed = || format!("failed to open {url}");
        let (_, address) = api.server().split_once("://").with_context(failed)?;
        let stream = TcpStream::connect(address).with_context(failed)?;
        stream.set_read_timeout(Some(PATIENCE)).with_context(failed)?;
        let (host, _) = address.rsplit_once(':').with_context(failed)?;
        let host = ServerName::try_from(host.to_owned()).with_context(failed)?;
        let tls = ClientConnection::new(api.tls(), host).with_context(failed)?;
        let uri = url.replacen("https", "wss", 1).parse().with_context(failed)?;
        let request = ClientRequestBuilder::new(uri).with_sub_protocol(PROTOCOL);
        let (socket, _) = client(request, StreamOwned::new(tls, stream))
            .map_err(refusal)
            .with_context(failed)?;
        Ok(Self { socket })
    }

    fn send(&mut self, data: &[u8]) -> Result<()> {
        let message = Message::Binary(Bytes::copy_from_slice(data));
        self.socket.send(message).context("failed to send to a pod")
    }
}

impl Iterator for Messages {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            return match self.socket.read() {
                Ok(Message::Binary(data)) => Some(Ok(data)),
                Ok(Message::Close(_)) | Err(Error::ConnectionClosed | Error::AlreadyClosed) => None,
                Ok(_) => continue,
                Err(error) => Some(Err(error).context("the connection to a pod failed")),
            };
        }
    }
}

//! The server behind an admission webhook: HTTPS on loopback, and a judge that says what is answered.

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::http::{Answer, Request};

/// What is answered to a request.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It may pass as it is.
    Allow,
    /// It passes with this JSON patch.
    Patch(Value),
    /// It is refused with this `Status`.
    Deny(Value),
    /// Nothing: the connection breaks.
    Silence,
}

impl Verdict {
    /// A refusal in the way of most webhooks.
    #[must_use]
    pub fn deny(message: &str) -> Self {
        Self::Deny(json!({"code": 403, "message": message}))
    }
}

type Judge = dyn Fn(&Value) -> Verdict + Send + Sync;

/// The server. It answers one request a connection.
pub(crate) struct AdmissionServer {
    address: SocketAddr,
    certificate: String,
    desk: Arc<Desk>,
    listening: Option<Listening>,
}

/// What all connections share.
struct Desk {
    tls: Arc<ServerConfig>,
    judge: Box<Judge>,
    requests: AtomicUsize,
}

/// The thread that holds the listener.
struct Listening {
    has_ended: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl AdmissionServer {
    /// Starts to listen.
    pub(crate) fn start(judge: impl Fn(&Value) -> Verdict + Send + Sync + 'static) -> Result<Self> {
        let (tls, certificate) = certificate()?;
        let desk = Arc::new(Desk {
            tls: Arc::new(tls),
            judge: Box::new(judge),
            requests: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").context("failed to listen")?;
        Ok(Self {
            address: listener.local_addr()?,
            certificate,
            listening: Some(Listening::start(listener, &desk)),
            desk,
        })
    }

    /// Where the API server finds it, and by what it knows it.
    pub(crate) fn client_config(&self) -> Value {
        json!({"url": format!("https://{}/", self.address), "caBundle": STANDARD.encode(&self.certificate)})
    }

    /// How often it was asked.
    pub(crate) fn requests(&self) -> usize {
        self.desk.requests.load(Ordering::SeqCst)
    }

    /// Listens no more: connections are refused.
    pub(crate) fn close(&mut self) {
        let Some(Listening { has_ended, thread }) = self.listening.take() else {
            return;
        };
        has_ended.store(true, Ordering::SeqCst);
        // Wakes the thread, so that it sees that it has ended.
        let _ = TcpStream::connect(self.address);
        let _ = thread.join();
    }

    /// Listens again, at the same address.
    pub(crate) fn open(&mut self) -> Result<()> {
        let listener = TcpListener::bind(self.address).context("failed to listen again")?;
        self.listening = Some(Listening::start(listener, &self.desk));
        Ok(())
    }
}

impl Drop for AdmissionServer {
    fn drop(&mut self) {
        self.close();
    }
}

impl Listening {
    fn start(listener: TcpListener, desk: &Arc<Desk>) -> Self {
        let has_ended = Arc::new(AtomicBool::new(false));
        let (ended, desk) = (Arc::clone(&has_ended), Arc::clone(desk));
        let thread = thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let desk = Arc::clone(&desk);
                // The API server may go away in the middle, which is nothing to the test.
                thread::spawn(move || drop(desk.serve(connection)));
            }
        });
        Self { has_ended, thread }
    }
}

impl Desk {
    fn serve(&self, connection: TcpStream) -> Result<()> {
        let session = ServerConnection::new(Arc::clone(&self.tls))?;
        let mut reader = BufReader::new(StreamOwned::new(session, connection));
        let review = Request::read(&mut reader)?.and_then(|request| request.body);
        let request = &review.context("not asked for a review")?["request"];
        self.requests.fetch_add(1, Ordering::SeqCst);
        let Some(response) = response(&request["uid"], (self.judge)(request)) else {
            return Ok(());
        };
        let review =
            json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response});
        let stream = reader.get_mut();
        let text = review.to_string();
        let answer = Answer {
            is_last: true,
            ..Answer::json(200, &text)
        };
        answer.send(stream)?;
        stream.conn.send_close_notify();
        Ok(stream.flush()?)
    }
}

/// The answer to the request `uid`, if there is one.
fn response(uid: &Value, verdict: Verdict) -> Option<Value> {
    Some(match verdict {
        Verdict::Allow => json!({"uid": uid, "allowed": true}),
        Verdict::Deny(status) => json!({"uid": uid, "allowed": false, "status": status}),
        Verdict::Patch(patch) => {
            let patch = STANDARD.encode(patch.to_string());
            json!({"uid": uid, "allowed": true, "patchType": "JSONPatch", "patch": patch})
        }
        Verdict::Silence => return None,
    })
}

/// A server's settings with a certificate that is its own authority, and that certificate as PEM.
fn certificate() -> Result<(ServerConfig, String)> {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])
            .context("failed to make a certificate")?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)?;
    Ok((tls, cert.pem()))
}

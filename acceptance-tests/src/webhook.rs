//! An admission webhook: a server that the API server asks before it stores an object.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::{Cluster, Scenario};

/// How long the API server may take to learn of a webhook, or to forget one.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is said to a request.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It may pass as it is.
    Allow,
    /// It is refused, with these words.
    Deny(&'static str),
    /// It passes with this JSON patch.
    Patch(Value),
}

/// What the API server is told of a webhook.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    /// `Mutating` or `Validating`.
    pub kind: &'static str,
    /// `Fail` or `Ignore`, where the webhook does not answer.
    pub failure_policy: &'static str,
}

impl Registration {
    /// One that must answer.
    #[must_use]
    pub fn of(kind: &'static str) -> Self {
        Self {
            kind,
            failure_policy: "Fail",
        }
    }
}

type Judge = Arc<dyn Fn(&Value) -> Verdict + Send + Sync>;

/// A webhook for the `ConfigMaps` of one test's namespace. The API server forgets it when this is dropped.
pub struct Webhook {
    cluster: Cluster,
    path: String,
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    tls: Arc<ServerConfig>,
    judge: Judge,
    is_down: AtomicBool,
    has_ended: AtomicBool,
    requests: AtomicUsize,
}

impl Webhook {
    /// Starts to listen, registers, and waits until the API server asks.
    pub fn start(
        scenario: &Scenario,
        registration: Registration,
        judge: impl Fn(&Value) -> Verdict + Send + Sync + 'static,
    ) -> Result<Self> {
        let (tls, certificate) = certificate()?;
        let listener = TcpListener::bind("127.0.0.1:0").context("failed to listen")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            tls: Arc::new(tls),
            judge: Arc::new(judge),
            is_down: AtomicBool::new(false),
            has_ended: AtomicBool::new(false),
            requests: AtomicUsize::new(0),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accepting.accept(&listener));
        let kind = registration.kind;
        let collection = format!(
            "/apis/admissionregistration.k8s.io/v1/{}webhookconfigurations",
            kind.to_lowercase()
        );
        let webhook = Self {
            cluster: Cluster::of(&scenario.bed)?,
            path: format!("{collection}/{}", scenario.namespace),
            address,
            shared,
        };
        let object = configuration(&scenario.namespace, &registration, address, &certificate);
        webhook.cluster.create(&collection, &object)?;
        webhook.wait_until_asked(&scenario.config_map("probe"))?;
        Ok(webhook)
    }

    /// Ends connections without an answer from now on, or no more.
    pub fn set_down(&self, is_down: bool) {
        self.shared.is_down.store(is_down, Ordering::SeqCst);
    }

    /// Writes a ConfigMap as a dry run until the webhook has been asked, or the API server refuses because of it.
    fn wait_until_asked(&self, probe: &str) -> Result<()> {
        let started = Instant::now();
        let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe"}});
        let path = format!("{probe}?fieldManager=probe&dryRun=All");
        let body = Some(("application/apply-patch+yaml", &object));
        loop {
            let (status, answer) = self.cluster.control_plane().api()?.call("PATCH", &path, body)?;
            if self.shared.requests.load(Ordering::SeqCst) > 0 || status >= 300 {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                bail!("the API server asks no webhook: {answer}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        let _ = self.cluster.delete(&self.path);
        self.shared.has_ended.store(true, Ordering::SeqCst);
        // Wakes the listener, so that its thread sees that it has ended.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for connection in listener.incoming().map_while(Result::ok) {
            if self.has_ended.load(Ordering::SeqCst) {
                return;
            }
            if self.is_down.load(Ordering::SeqCst) {
                continue;
            }
            let shared = Arc::clone(&self);
            // The API server may go away in the middle, which is nothing to the test.
            thread::spawn(move || drop(shared.serve(connection)));
        }
    }

    /// Answers one request: the connection is closed after it.
    fn serve(&self, connection: TcpStream) -> Result<()> {
        let session = ServerConnection::new(Arc::clone(&self.tls))?;
        let mut reader = BufReader::new(StreamOwned::new(session, connection));
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim().split_once(':') else {
                if line.trim().is_empty() {
                    break;
                }
                continue;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let review: Value = serde_json::from_slice(&body)?;
        self.requests.fetch_add(1, Ordering::SeqCst);
        let answer = answer(&review["request"], &(self.judge)(&review["request"])).to_string();
        let stream = reader.get_mut();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
            answer.len()
        )?;
        stream.conn.send_close_notify();
        stream.flush()?;
        Ok(())
    }
}

fn answer(request: &Value, verdict: &Verdict) -> Value {
    let mut response = json!({"uid": request["uid"], "allowed": true});
    match verdict {
        Verdict::Allow => {}
        Verdict::Deny(message) => {
            response["allowed"] = false.into();
            response["status"] = json!({"code": 403, "message": message});
        }
        Verdict::Patch(patch) => {
            response["patchType"] = "JSONPatch".into();
            response["patch"] = STANDARD.encode(patch.to_string()).into();
        }
    }
    json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response})
}

fn configuration(
    namespace: &str,
    registration: &Registration,
    address: SocketAddr,
    certificate: &str,
) -> Value {
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": format!("{}WebhookConfiguration", registration.kind),
        "metadata": {"name": namespace},
        "webhooks": [{
            "name": "webhook.test.example.com",
            "admissionReviewVersions": ["v1"],
            // Nothing else can be registered since Kubernetes 1.22: every webhook is asked in dry runs.
            "sideEffects": "None",
            "failurePolicy": registration.failure_policy,
            "timeoutSeconds": 5,
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "rules": [{
                "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"],
                "operations": ["CREATE", "UPDATE", "DELETE"],
            }],
            "clientConfig": {
                "url": format!("https://{address}/"),
                "caBundle": STANDARD.encode(certificate),
            },
        }],
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

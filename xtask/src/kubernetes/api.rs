//! HTTPS to the API server with a client certificate: enough to ask whether it is ready and to read figures.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use super::certificates::{Authority, Identity};
use super::socket;

/// No answer of an API server on the same machine takes longer, unless it is stuck.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client of one API server.
pub struct Api {
    agent: Agent,
    server: String,
    tls: Arc<ClientConfig>,
}

impl Api {
    pub(super) fn new(server: &str, authority: &Authority) -> Result<Self> {
        let administrator =
            authority.sign(&Identity::client("mlops-administrator", Some("system:masters")))?;
        let certificate = Certificate::from_pem(administrator.certificate.as_bytes());
        let key =
            PrivateKey::from_pem(administrator.key.as_bytes()).context("failed to read the client's key")?;
        let root = Certificate::from_pem(authority.certificate.as_bytes())
            .context("failed to read the authority")?;
        let chain = [certificate.context("failed to read the client's certificate")?];
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
            .root_certs(RootCerts::new_with_certs(&[root]))
            .client_cert(Some(ClientCert::new_with_certs(&chain, key)))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            // The user's proxy is not for 127.0.0.1.
            .proxy(None)
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        Ok(Self {
            agent: config.into(),
            server: server.to_owned(),
            tls: socket::tls(&authority.certificate, &administrator)?,
        })
    }

    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// For connections that are no plain requests.
    pub(super) fn tls(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.tls)
    }

    /// The body of `path`; an error if the server cannot be reached or answers with anything but success.
    pub fn get(&self, path: &str) -> Result<String> {
        let url = format!("{}{path}", self.server);
        let mut response = self
            .agent
            .get(&url)
            .call()
            .with_context(|| format!("GET {url} failed"))?;
        let status = response.status();
        let body = response.body_mut().with_config().limit(u64::MAX).read_to_string();
        let body = body.with_context(|| format!("the answer to GET {url} could not be read"))?;
        if status.is_success() {
            Ok(body)
        } else {
            Err(anyhow!("GET {url} was answered with {status}: {body}"))
        }
    }

    /// The status and the JSON of any request; `body` is a content type and what to send.
    pub fn call(&self, method: &str, path: &str, body: Option<(&str, &Value)>) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.server);
        let mut request = Request::builder().method(method).uri(&url);
        if let Some((content_type, _)) = body {
            request = request.header("content-type", content_type);
        }
        let text = body.map(|(_, body)| body.to_string()).unwrap_or_default();
        let request = request
            .body(text)
            .with_context(|| format!("{method} {url} is no request"))?;
        let mut response = self
            .agent
            .run(request)
            .with_context(|| format!("{method} {url} failed"))?;
        let answer = response.body_mut().with_config().limit(u64::MAX).read_to_string();
        let answer = answer.with_context(|| format!("the answer to {method} {url} could not be read"))?;
        let json = serde_json::from_str(&answer).unwrap_or(Value::String(answer));
        Ok((response.status().as_u16(), json))
    }
}

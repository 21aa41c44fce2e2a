//! One cluster and one identity, put together from configuration, files and surroundings.

use std::path::PathBuf;

use kube::{Config, config::AuthInfo};
use secrecy::{ExposeSecret, SecretString};

use super::{
    ConnectionConfig, ConnectionError, ExecPlugin,
    exec::{self, Expiry},
    kubeconfig::Kubeconfig,
    pem, proxy,
};

/// Where to connect, and as whom.
#[derive(Default)]
pub(super) struct Target {
    pub(super) server: String,
    pub(super) ca: Option<String>,
    pub(super) insecure: bool,
    pub(super) tls_server_name: Option<String>,
    pub(super) proxy_url: Option<String>,
    pub(super) credentials: Credentials,
    /// What an exec plugin may be told about the cluster.
    pub(super) cluster_info: Option<serde_json::Value>,
}

/// Who asks.
#[derive(Default)]
pub(super) struct Credentials {
    pub(super) token: Option<SecretString>,
    pub(super) token_file: Option<PathBuf>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<SecretString>,
    pub(super) username: Option<String>,
    pub(super) password: Option<SecretString>,
    pub(super) impersonate: Option<String>,
    pub(super) impersonate_uid: Option<String>,
    pub(super) impersonate_groups: Vec<String>,
    pub(super) exec: Option<ExecPlugin>,
}

impl Target {
    /// Reads what the configuration names: kubeconfig files, or the files of a Pod's service account.
    pub(super) fn resolve(config: &ConnectionConfig) -> Result<Self, ConnectionError> {
        let mut target = if !config.config_paths.is_empty() {
            Kubeconfig::load(config)?.select(config)?
        } else if config.host.is_some() {
            Self::default()
        } else {
            Self::in_cluster(config)?
        };
        if let Some(host) = &config.host {
            target.server.clone_from(host);
        }
        target.ca = config.cluster_ca_certificate.clone().or(target.ca);
        target.insecure = config.insecure.unwrap_or(target.insecure);
        target.tls_server_name = config.tls_server_name.clone().or(target.tls_server_name);
        target.proxy_url = config.proxy_url.clone().or(target.proxy_url);
        // Credentials are taken as a whole: those of two identities are never mixed.
        if config.has_credentials() {
            target.credentials = Credentials {
                token: config.token.clone(),
                certificate: config.client_certificate.clone(),
                key: config.client_key.clone(),
                exec: config.exec.clone(),
                ..Credentials::default()
            };
        }
        Ok(target)
    }

    fn in_cluster(config: &ConnectionConfig) -> Result<Self, ConnectionError> {
        let folder = &config.surroundings.service_account;
        let token_file = folder.join("token");
        let Some(server) = config
            .surroundings
            .service_address
            .clone()
            .filter(|_| token_file.exists())
        else {
            return Err(ConnectionError::NotConfigured);
        };
        let ca_file = folder.join("ca.crt");
        let ca = std::fs::read_to_string(&ca_file).map_err(|problem| ConnectionError::File {
            what: "the certificate authority of the service account",
            path: ca_file,
            problem: problem.to_string(),
        })?;
        let credentials = Credentials {
            token_file: Some(token_file),
            ..Credentials::default()
        };
        Ok(Self {
            server,
            ca: Some(ca),
            credentials,
            ..Self::default()
        })
    }

    /// The configuration of the HTTP client, and when its credentials end. Runs the credential plugin, if there is one.
    pub(super) async fn into_client_config(
        mut self,
        config: &ConnectionConfig,
    ) -> Result<(Config, Expiry), ConnectionError> {
        let expiry = self.run_plugin().await?;
        let server = parse_server(&self.server)?;
        let proxy_url = proxy::choose(self.proxy_url.as_deref(), &server, &config.surroundings)?;
        let mut client = Config::new(server);
        client.proxy_url = proxy_url;
        client.accept_invalid_certs = self.insecure;
        client.tls_server_name = self.tls_server_name.take();
        if let Some(ca) = self.ca.as_ref().filter(|_| !self.insecure) {
            client.root_cert = Some(pem::authorities("cluster_ca_certificate", ca)?);
        }
        // Requests are repeated by `Connection`, which obeys the server's own delays.
        client.default_retry = false;
        let agent = http::HeaderValue::from_static(USER_AGENT);
        client.headers.push((http::header::USER_AGENT, agent));
        client.auth_info = self.credentials.into_auth_info()?;
        Ok((client, expiry))
    }

    async fn run_plugin(&mut self) -> Result<Expiry, ConnectionError> {
        let Some(plugin) = self.credentials.exec.take() else {
            return Ok(Expiry::default());
        };
        // Like kubectl: a token or certificate that stands beside the plugin is used, and the plugin is not run.
        let credentials = &mut self.credentials;
        if credentials.token.is_some()
            || credentials.certificate.is_some()
            || credentials.token_file.is_some()
        {
            return Ok(Expiry::default());
        }
        let fresh = exec::run(&plugin).await?;
        credentials.token = fresh.token;
        credentials.certificate = fresh.certificate;
        credentials.key = fresh.key;
        Ok(fresh.expiry)
    }
}

const USER_AGENT: &str = concat!("terraform-provider-mlops/", env!("CARGO_PKG_VERSION"));

impl Credentials {
    fn into_auth_info(self) -> Result<AuthInfo, ConnectionError> {
        let mut auth = AuthInfo::default();
        match (self.certificate, self.key) {
            (None, None) => {}
            (Some(certificate), Some(key)) => {
                pem::check_identity(&certificate, key.expose_secret())?;
                auth.client_certificate_data = Some(pem::encode_base64(&certificate));
                auth.client_key_data = Some(SecretString::from(pem::encode_base64(key.expose_secret())));
            }
            (Some(_), None) => {
                return Err(ConnectionError::HalfIdentity {
                    present: "client_certificate",
                    missing: "client_key",
                });
            }
            (None, Some(_)) => {
                return Err(ConnectionError::HalfIdentity {
                    present: "client_key",
                    missing: "client_certificate",
                });
            }
        }
        if let Some(token) = &self.token {
            let header = http::HeaderValue::from_str(token.expose_secret());
            header.map_err(|_| ConnectionError::Token)?;
        }
        if let Some(path) = &self.token_file {
            // Only to name the file in the error; the client reads it again, and anew every minute.
            std::fs::metadata(path).map_err(|problem| ConnectionError::File {
                what: "the token",
                path: path.clone(),
                problem: problem.to_string(),
            })?;
        }
        auth.token = self.token;
        auth.token_file = self.token_file.map(|path| path.display().to_string());
        auth.username = self.username;
        auth.password = self.password;
        auth.impersonate = self.impersonate;
        auth.impersonate_uid = self.impersonate_uid;
        auth.impersonate_groups = Some(self.impersonate_groups).filter(|groups| !groups.is_empty());
        Ok(auth)
    }
}

pub(super) fn parse_server(text: &str) -> Result<http::Uri, ConnectionError> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let error = |problem: String| ConnectionError::Address {
        what: "the host",
        value: text.to_owned(),
        problem,
        expected: "`https://HOST:PORT`, with a path where a proxy needs one",
    };
    let uri: http::Uri = with_scheme
        .parse()
        .map_err(|problem: http::uri::InvalidUri| error(problem.to_string()))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(uri),
        (Some("http" | "https"), _) => Err(error("it has no host name".to_owned())),
        _ => Err(error(
            "it begins with neither `https://` nor `http://`".to_owned(),
        )),
    }
}

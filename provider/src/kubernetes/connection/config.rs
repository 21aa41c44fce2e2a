//! How to reach a cluster, as the provider's configuration and the environment say it.

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::SecretString;

use super::ConnectionError;

/// Everything that may be said about a connection. Nothing is read or dialled by making one.
#[derive(Clone, Debug, Default)]
pub struct ConnectionConfig {
    /// The address of the API server; `https://` is assumed.
    pub host: Option<String>,
    /// A bearer token.
    pub token: Option<SecretString>,
    /// A client certificate, in PEM.
    pub client_certificate: Option<String>,
    /// Its private key, in PEM.
    pub client_key: Option<SecretString>,
    /// The authorities that may sign the server's certificate, in PEM.
    pub cluster_ca_certificate: Option<String>,
    /// Whether to accept any certificate.
    pub insecure: Option<bool>,
    /// The name that the server's certificate must have, if not that of the host.
    pub tls_server_name: Option<String>,
    /// A proxy on the way to the server: `http://`, `https://` or `socks5://`.
    pub proxy_url: Option<String>,
    /// A program that prints credentials.
    pub exec: Option<ExecPlugin>,
    /// Kubeconfig files; the first that says something wins.
    pub config_paths: Vec<String>,
    /// The context to use instead of the current one.
    pub config_context: Option<String>,
    /// The cluster to use instead of the context's.
    pub config_context_cluster: Option<String>,
    /// The user to use instead of the context's.
    pub config_context_user: Option<String>,
    /// What the environment of the process adds.
    pub surroundings: Surroundings,
}

/// A credential plugin, as kubeconfig files have it.
#[derive(Clone, Debug, Default)]
pub struct ExecPlugin {
    /// The version of its protocol, such as `client.authentication.k8s.io/v1`.
    pub api_version: String,
    /// The program.
    pub command: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// What is added to its environment.
    pub env: BTreeMap<String, SecretString>,
    /// What to tell the user if the program is missing.
    pub install_hint: Option<String>,
    /// What the program is told about the cluster, if it asked for it.
    pub cluster: Option<serde_json::Value>,
}

/// What the process finds around itself.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The user's home, for paths that begin with `~`.
    pub home: Option<PathBuf>,
    /// The API server as a Pod sees it.
    pub service_address: Option<String>,
    /// Where a Pod finds its service account.
    pub service_account: PathBuf,
    /// `HTTPS_PROXY`.
    pub https_proxy: String,
    /// `HTTP_PROXY`.
    pub http_proxy: String,
    /// `ALL_PROXY`.
    pub all_proxy: String,
    /// `NO_PROXY`.
    pub no_proxy: String,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            home: None,
            service_address: None,
            service_account: PathBuf::from("/var/run/secrets/kubernetes.io/serviceaccount"),
            https_proxy: String::new(),
            http_proxy: String::new(),
            all_proxy: String::new(),
            no_proxy: String::new(),
        }
    }
}

impl ConnectionConfig {
    /// Adds what the environment says about attributes that are not configured.
    ///
    /// A configured `host` or kubeconfig keeps the environment's kubeconfig out, so that the credentials of one cluster
    /// are never sent to another. `variable` looks up an environment variable.
    pub fn with_environment(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConnectionError> {
        let get = |name: &str| variable(name).filter(|value| !value.is_empty());
        if self.host.is_none() && self.config_paths.is_empty() {
            if let Some(path) = get("KUBE_CONFIG_PATH") {
                self.config_paths.push(path);
            } else if let Some(paths) = get("KUBE_CONFIG_PATHS") {
                let paths = std::env::split_paths(&paths).map(|path| path.to_string_lossy().into_owned());
                self.config_paths.extend(paths.filter(|path| !path.is_empty()));
            }
            self.config_context = self.config_context.or_else(|| get("KUBE_CTX"));
            self.config_context_user = self.config_context_user.or_else(|| get("KUBE_CTX_AUTH_INFO"));
            self.config_context_cluster = self.config_context_cluster.or_else(|| get("KUBE_CTX_CLUSTER"));
        }
        self.host = self.host.or_else(|| get("KUBE_HOST"));
        self.cluster_ca_certificate = self
            .cluster_ca_certificate
            .or_else(|| get("KUBE_CLUSTER_CA_CERT_DATA"));
        self.tls_server_name = self.tls_server_name.or_else(|| get("KUBE_TLS_SERVER_NAME"));
        self.proxy_url = self.proxy_url.or_else(|| get("KUBE_PROXY_URL"));
        if !self.has_credentials() {
            self.token = get("KUBE_TOKEN").map(SecretString::from);
            self.client_certificate = get("KUBE_CLIENT_CERT_DATA");
            self.client_key = get("KUBE_CLIENT_KEY_DATA").map(SecretString::from);
        }
        if let (None, Some(value)) = (self.insecure, get("KUBE_INSECURE")) {
            self.insecure = Some(parse_bool("KUBE_INSECURE", value)?);
        }
        self.surroundings = Surroundings::from_environment(get);
        Ok(self)
    }

    /// Whether the configuration says who asks.
    pub(super) fn has_credentials(&self) -> bool {
        self.token.is_some()
            || self.client_certificate.is_some()
            || self.client_key.is_some()
            || self.exec.is_some()
    }
}

impl Surroundings {
    fn from_environment(get: impl Fn(&str) -> Option<String>) -> Self {
        let either = |upper: &str, lower: &str| get(upper).or_else(|| get(lower)).unwrap_or_default();
        let host = get("KUBERNETES_SERVICE_HOST");
        let address = host.zip(get("KUBERNETES_SERVICE_PORT")).map(|(host, port)| {
            let host = if host.contains(':') {
                format!("[{host}]")
            } else {
                host
            };
            format!("https://{host}:{port}")
        });
        Self {
            home: get("HOME").or_else(|| get("USERPROFILE")).map(PathBuf::from),
            service_address: address,
            https_proxy: either("HTTPS_PROXY", "https_proxy"),
            http_proxy: either("HTTP_PROXY", "http_proxy"),
            all_proxy: either("ALL_PROXY", "all_proxy"),
            no_proxy: either("NO_PROXY", "no_proxy"),
            ..Self::default()
        }
    }

    /// A path with `~` at its beginning replaced by the user's home.
    pub(super) fn expand(&self, path: &str) -> PathBuf {
        match (&self.home, path.strip_prefix('~')) {
            (Some(home), Some("")) => home.clone(),
            (Some(home), Some(rest)) if rest.starts_with(['/', '\\']) => home.join(&rest[1..]),
            _ => PathBuf::from(path),
        }
    }
}

fn parse_bool(variable: &'static str, value: String) -> Result<bool, ConnectionError> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "t" | "true" => Ok(true),
        "0" | "f" | "false" => Ok(false),
        _ => Err(ConnectionError::Environment {
            variable,
            value,
            expected: "`true` or `false`",
        }),
    }
}

//! The provider's configuration, and the one list of everything that it offers.

use secrecy::SecretString;
use tfplugin_sdk::model::{Block, Optional, Required, Sensitive};
use tfplugin_sdk::{Diagnostic, Diagnostics, Object, Offer, Provider};

use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::connection::{ConnectionConfig, ExecPlugin};
use crate::kubernetes::data_object::ObjectLookup;
use crate::kubernetes::manifest::Manifest;
use crate::kubernetes::manifests::Manifests;

/// Machine-learning platforms on Kubernetes and OpenShift as Terraform resources.
///
/// The provider reaches a cluster by kubeconfig files, by a server's address and credentials, by a command that makes
/// credentials, or by the service account of the pod that it runs in. Where an argument is not set, the environment
/// variable named in its description is used. Nothing is dialled until a resource needs the cluster, so the cluster
/// may be made in the same apply.
#[derive(Clone, Provider)]
#[provider(name = "mlops")]
pub struct Mlops {
    /// Path of a kubeconfig file. Environment variable: `KUBE_CONFIG_PATH`.
    pub config_path: Optional<String>,
    /// Paths of kubeconfig files, merged as kubectl merges them. Environment variable: `KUBE_CONFIG_PATHS`.
    pub config_paths: Optional<Vec<String>>,
    /// Context of the kubeconfig to use instead of its current one. Environment variable: `KUBE_CTX`.
    pub config_context: Optional<String>,
    /// User of the kubeconfig to use instead of the context's. Environment variable: `KUBE_CTX_AUTH_INFO`.
    pub config_context_auth_info: Optional<String>,
    /// Cluster of the kubeconfig to use instead of the context's. Environment variable: `KUBE_CTX_CLUSTER`.
    pub config_context_cluster: Optional<String>,
    /// Address of the Kubernetes API server, for example `https://api.example.com:6443`. Environment variable:
    /// `KUBE_HOST`.
    pub host: Optional<String>,
    /// Bearer token. Environment variable: `KUBE_TOKEN`.
    pub token: Optional<Sensitive<String>>,
    /// Client certificate, PEM. Environment variable: `KUBE_CLIENT_CERT_DATA`.
    pub client_certificate: Optional<String>,
    /// Key of the client certificate, PEM. Environment variable: `KUBE_CLIENT_KEY_DATA`.
    pub client_key: Optional<Sensitive<String>>,
    /// Certificates of the authorities that sign the server's certificate, PEM. Environment variable:
    /// `KUBE_CLUSTER_CA_CERT_DATA`.
    pub cluster_ca_certificate: Optional<String>,
    /// Whether to accept any server certificate. Anybody on the way can then read the credentials. Environment
    /// variable: `KUBE_INSECURE`.
    pub insecure: Optional<bool>,
    /// Name that the server's certificate is checked for, instead of the host of its address. Environment variable:
    /// `KUBE_TLS_SERVER_NAME`.
    pub tls_server_name: Optional<String>,
    /// Address of a proxy, `http://`, `https://` or `socks5://`. Environment variable: `KUBE_PROXY_URL`.
    pub proxy_url: Optional<String>,
    /// Command that prints credentials, as client-go runs it (`ExecCredential`).
    pub exec: Block<Exec>,
}

/// A command that prints credentials.
#[derive(Clone, Debug, Object)]
pub struct Exec {
    /// Version of the `ExecCredential` API, for example `client.authentication.k8s.io/v1`.
    pub api_version: Required<String>,
    /// Command to run.
    pub command: Required<String>,
    /// Arguments of the command.
    pub args: Optional<Vec<String>>,
    /// Environment variables of the command, beside those of the provider.
    pub env: Optional<std::collections::BTreeMap<String, Sensitive<String>>>,
}

impl Provider for Mlops {
    type Client = Cluster;

    async fn configure(self) -> Result<Cluster, Diagnostics> {
        let unknown = self.unknown_attributes();
        if !unknown.is_empty() {
            // An environment variable or a default in the place of a value that is not known yet would be another
            // cluster than the one that is meant.
            return Ok(Cluster::Unknown { attributes: unknown });
        }
        let config = self
            .connection()
            .with_environment(|name| std::env::var(name).ok());
        let config =
            config.map_err(|error| Diagnostic::error("Invalid provider configuration", error.to_string()))?;
        Ok(Cluster::known(config))
    }

    fn offer(offer: &mut Offer<Cluster>) {
        offer.resource::<Manifest>().plan().import().identify();
        offer.resource::<Manifests>().plan();
        offer.data_source::<ObjectLookup>();
    }
}

impl Mlops {
    fn unknown_attributes(&self) -> Vec<&'static str> {
        let exec = self.exec.0.as_ref();
        let attributes = [
            ("config_path", self.config_path.is_unknown()),
            ("config_paths", self.config_paths.is_unknown()),
            ("config_context", self.config_context.is_unknown()),
            (
                "config_context_auth_info",
                self.config_context_auth_info.is_unknown(),
            ),
            ("config_context_cluster", self.config_context_cluster.is_unknown()),
            ("host", self.host.is_unknown()),
            ("token", self.token.is_unknown()),
            ("client_certificate", self.client_certificate.is_unknown()),
            ("client_key", self.client_key.is_unknown()),
            ("cluster_ca_certificate", self.cluster_ca_certificate.is_unknown()),
            ("insecure", self.insecure.is_unknown()),
            ("tls_server_name", self.tls_server_name.is_unknown()),
            ("proxy_url", self.proxy_url.is_unknown()),
            ("exec", exec.is_some_and(Exec::is_unknown)),
        ];
        attributes
            .into_iter()
            .filter_map(|(name, unknown)| unknown.then_some(name))
            .collect()
    }

    fn connection(self) -> ConnectionConfig {
        let secret = |value: Sensitive<String>| SecretString::from(value.expose().as_str());
        let mut config_paths = self.config_paths.into_option().unwrap_or_default();
        config_paths.extend(self.config_path.into_option());
        ConnectionConfig {
            config_paths,
            config_context: self.config_context.into_option(),
            config_context_user: self.config_context_auth_info.into_option(),
            config_context_cluster: self.config_context_cluster.into_option(),
            host: self.host.into_option(),
            token: self.token.into_option().map(secret),
            client_certificate: self.client_certificate.into_option(),
            client_key: self.client_key.into_option().map(secret),
            cluster_ca_certificate: self.cluster_ca_certificate.into_option(),
            insecure: self.insecure.into_option(),
            tls_server_name: self.tls_server_name.into_option(),
            proxy_url: self.proxy_url.into_option(),
            exec: self.exec.0.map(Exec::plugin),
            ..ConnectionConfig::default()
        }
    }
}

impl Exec {
    fn plugin(self) -> ExecPlugin {
        let env = self.env.into_option().unwrap_or_default().into_iter();
        ExecPlugin {
            api_version: self.api_version.into_option().unwrap_or_default(),
            command: self.command.into_option().unwrap_or_default(),
            args: self.args.into_option().unwrap_or_default(),
            env: env
                .map(|(key, value)| (key, SecretString::from(value.expose().as_str())))
                .collect(),
            ..ExecPlugin::default()
        }
    }

    fn is_unknown(&self) -> bool {
        self.api_version.is_unknown()
            || self.command.is_unknown()
            || self.args.is_unknown()
            || self.env.is_unknown()
    }
}

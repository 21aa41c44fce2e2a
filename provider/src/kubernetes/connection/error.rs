//! What can be wrong with a connection before anything is sent.

use std::path::PathBuf;

/// A connection that cannot be made from its configuration. No message holds a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// Nothing says where the cluster is.
    #[error(
        "Nothing in the provider's configuration says where the cluster is. Set one of:\n\
         - `config_path` or `config_paths` (or KUBE_CONFIG_PATH, KUBE_CONFIG_PATHS), with `config_context` where needed;\n\
         - `host` (or KUBE_HOST) with `token`, `client_certificate` and `client_key`, or `exec`.\n\
         In a Pod the service account is used by itself, where its files are mounted. `~/.kube/config` and localhost are \
         never used unasked."
    )]
    NotConfigured,
    /// An environment variable with a value that it cannot have.
    #[error("the environment variable {variable} is `{value}`; expected {expected}")]
    Environment {
        /// Its name.
        variable: &'static str,
        /// Its value; no such variable holds a secret.
        value: String,
        /// What it can be.
        expected: &'static str,
    },
    /// A file that is not there or cannot be read.
    #[error("{what} cannot be read from {}: {problem}. Correct the path, or log in to write the file", path.display())]
    File {
        /// What the file holds.
        what: &'static str,
        /// Where it should be.
        path: PathBuf,
        /// The operating system's reason.
        problem: String,
    },
    /// A kubeconfig that is not YAML.
    #[error("the kubeconfig {}:{line}:{column} is not valid YAML: {problem}", path.display())]
    KubeconfigSyntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong, without the text.
        problem: String,
    },
    /// A field of a kubeconfig with another type than it must have.
    #[error("`{field}` of the kubeconfig {} is not {expected}", path.display())]
    KubeconfigField {
        /// The file.
        path: PathBuf,
        /// The path of the field.
        field: String,
        /// What it must be.
        expected: &'static str,
    },
    /// No context is chosen.
    #[error(
        "the kubeconfig {files} sets no `current-context`. Set `config_context` to one of its contexts: {available}"
    )]
    NoContext {
        /// The files that were read.
        files: String,
        /// The contexts they have.
        available: String,
    },
    /// A context, cluster or user that the kubeconfig does not have.
    #[error("the kubeconfig {files} has no {what} `{name}`; it has: {available}")]
    Unknown {
        /// `context`, `cluster` or `user`.
        what: &'static str,
        /// The name that was asked for.
        name: String,
        /// The files that were read.
        files: String,
        /// The names it has.
        available: String,
    },
    /// An entry without what is needed.
    #[error("{what} of the kubeconfig {files} has no `{field}`")]
    Incomplete {
        /// The entry, such as ``the cluster `a` ``.
        what: String,
        /// The files that were read.
        files: String,
        /// What is missing.
        field: &'static str,
    },
    /// An address that is none.
    #[error("{what} `{value}` is not an address: {problem}. Expected {expected}")]
    Address {
        /// `host` or `proxy_url`.
        what: &'static str,
        /// The value, without user and password.
        value: String,
        /// What is wrong.
        problem: String,
        /// What it should look like.
        expected: &'static str,
    },
    /// A certificate or key that cannot be used.
    #[error("{what} is not usable: {problem}")]
    Pem {
        /// Which one, and from where.
        what: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// A certificate without key, or a key without certificate.
    #[error("{present} is set and {missing} is not; a client certificate needs both")]
    HalfIdentity {
        /// What is there.
        present: &'static str,
        /// What is missing.
        missing: &'static str,
    },
    /// A token that cannot be sent.
    #[error(
        "the token has characters that a header cannot carry, such as a line break. Remove them: `trimspace()` does"
    )]
    Token,
    /// An old way to log in that Kubernetes removed.
    #[error(
        "the user `{user}` of the kubeconfig {files} logs in by `auth-provider` `{provider}`, which Kubernetes removed \
         in 1.26. Use the exec plugin that took its place"
    )]
    AuthProvider {
        /// The user.
        user: String,
        /// The files that were read.
        files: String,
        /// The name of the auth provider.
        provider: String,
    },
    /// A credential plugin that gave no credentials.
    #[error("the credential plugin `{command}` failed: {problem}{}", hint(.install_hint.as_deref()))]
    Exec {
        /// The program.
        command: String,
        /// What happened.
        problem: String,
        /// What the kubeconfig advises.
        install_hint: Option<String>,
    },
    /// The HTTP client refused the configuration.
    #[error("the connection cannot be set up: {problem}")]
    Client {
        /// The library's reason.
        problem: String,
    },
}

fn hint(install_hint: Option<&str>) -> String {
    install_hint
        .map(|hint| format!("\n{}", hint.trim()))
        .unwrap_or_default()
}

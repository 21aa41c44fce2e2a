//! The ways in which a request fails.

use std::{fmt, time::Duration};

use kube::core::response::StatusCause;

use crate::kubernetes::connection::ConnectionError;

/// How a request failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The connection is not configured, or its credentials cannot be had. Nothing was sent.
    Configuration(ConnectionError),
    /// No answer came from the server.
    Unreachable {
        /// Its address.
        server: String,
        /// Why, as far as it is known.
        cause: UnreachableCause,
        /// The chain of causes as the libraries tell it.
        chain: String,
    },
    /// The server does not accept the credentials, fresh ones included.
    Unauthorized,
    /// The user may not do this.
    Forbidden {
        /// Who asked, as the server sees it.
        user: String,
        /// What was asked for, such as ``patch `configmaps` in API group `apps` in the namespace `web` ``.
        request: String,
    },
    /// A quota, a policy, pod security or a webhook refused the content.
    Denied {
        /// The server's reason.
        message: String,
    },
    /// The namespace is being deleted and takes nothing new.
    NamespaceTerminating {
        /// The namespace.
        namespace: String,
    },
    /// Something is not there.
    NotFound {
        /// What.
        missing: Missing,
    },
    /// An object of this name exists.
    AlreadyExists,
    /// Fields are owned by other managers.
    Conflict {
        /// The fields and who owns them; never empty.
        conflicts: Vec<FieldConflict>,
    },
    /// The object is not the one that was expected: it was changed, or deleted and created again.
    Changed,
    /// The server's validation refused the content.
    Invalid {
        /// Field by field.
        causes: Vec<StatusCause>,
    },
    /// The manifest does not fit the schema of its kind.
    Schema {
        /// What does not fit; never empty.
        problems: Vec<SchemaProblem>,
    },
    /// A webhook that takes part cannot be asked without side effects.
    DryRunUnsupported,
    /// A webhook that takes part did not answer.
    WebhookUnavailable {
        /// The server's words.
        message: String,
    },
    /// The server has too much to do, also after waiting as long as it asked to.
    Busy {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The object is larger than the server takes.
    TooLarge,
    /// A watch lost its place; it begins anew.
    Expired,
    /// No answer within the time for one request.
    TimedOut {
        /// How long it waited.
        after: Duration,
    },
    /// The answer is not one of a Kubernetes API server.
    Protocol {
        /// What is wrong with it.
        problem: String,
    },
    /// Anything else that the server refused.
    Other,
}

/// What is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The very object, says a reachable and authorised server.
    Object,
    /// The namespace in which it should be.
    Namespace(String),
    /// The kind, says discovery.
    Kind,
    /// The path; the kind may be there all the same.
    Path,
}

/// A field that another manager owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// The path, as the server writes it.
    pub field: String,
    /// The manager, with subresource and time where the server tells them.
    pub manager: String,
}

/// A part of a manifest that does not fit the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaProblem {
    /// The path, such as `.spec.foo`; empty where the server tells none.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// Why a server cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnreachableCause {
    /// Nothing listens at the address.
    Refused,
    /// The host name does not resolve.
    NameResolution,
    /// No connection in time.
    TimedOut,
    /// The connection broke.
    Reset,
    /// The proxy did not connect through.
    Proxy,
    /// The server's certificate has expired.
    CertificateExpired,
    /// The server's certificate is from an authority that is not trusted.
    UnknownAuthority,
    /// The server's certificate is for another name.
    WrongName,
    /// The server's certificate is unusable in another way.
    BadCertificate,
    /// The server does not take the client's certificate.
    ClientCertificate,
    /// The two sides do not speak TLS with each other.
    Tls,
    /// None of these.
    Unknown,
}

impl UnreachableCause {
    /// Whether the server was reached and one side does not trust the other.
    #[must_use]
    pub fn is_about_certificates(self) -> bool {
        matches!(
            self,
            Self::CertificateExpired
                | Self::UnknownAuthority
                | Self::WrongName
                | Self::BadCertificate
                | Self::ClientCertificate
        )
    }
}

impl fmt::Display for UnreachableCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Refused => "the connection was refused",
            Self::NameResolution => "its host name cannot be resolved",
            Self::TimedOut => "it did not answer in time",
            Self::Reset => "the connection broke",
            Self::Proxy => "the proxy did not connect to it",
            Self::CertificateExpired => "its certificate has expired or is not valid yet",
            Self::UnknownAuthority => "its certificate is signed by an unknown authority",
            Self::WrongName => "its certificate is for another host name",
            Self::BadCertificate => "its certificate is not usable",
            Self::ClientCertificate => "it does not accept the client certificate",
            Self::Tls => "it does not speak TLS as expected",
            Self::Unknown => "the connection failed",
        })
    }
}

//! Everything that a request to an API server can end with, told apart by what the user can do about it.

mod classify;
mod explain;
mod failure;
mod immutable;
#[cfg(test)]
mod tests;
mod transport;

use std::fmt;

pub use failure::{Failure, FieldConflict, Missing, SchemaProblem, UnreachableCause};
pub use immutable::is_immutable_field;
use kube::core::Status;

use super::{connection::ConnectionError, object::ObjectKey};

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reading an object.
    Read,
    /// Asking what an apply would do.
    Plan,
    /// Applying an object.
    Apply,
    /// Deleting an object.
    Delete,
    /// Watching an object.
    Watch,
    /// Listing objects.
    List,
    /// Reading the log of a container.
    ReadLog,
    /// Asking which kinds the server knows.
    Discover,
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Read => "read",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Delete => "delete",
            Self::Watch => "watch",
            Self::List => "list",
            Self::ReadLog => "read the log of",
            Self::Discover => "find the kinds of",
        })
    }
}

/// What it was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One object.
    Object(ObjectKey),
    /// Anything else, in words.
    Other(String),
}

impl Subject {
    pub(super) fn is_secret(&self) -> bool {
        matches!(self, Self::Object(key) if key.is("", "Secret"))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(key) => key.fmt(formatter),
            Self::Other(words) => formatter.write_str(words),
        }
    }
}

/// A request that failed, or that could not be sent.
#[derive(Debug)]
pub struct ApiError {
    action: Action,
    subject: Subject,
    failure: Box<Failure>,
    status: Option<Box<Status>>,
}

impl ApiError {
    pub(super) fn new(action: Action, subject: Subject, failure: Failure) -> Self {
        Self {
            action,
            subject,
            failure: Box::new(failure),
            status: None,
        }
    }

    pub(super) fn configuration(action: Action, subject: Subject, error: ConnectionError) -> Self {
        Self::new(action, subject, Failure::Configuration(error))
    }

    pub(super) fn from_status(action: Action, subject: Subject, status: Status) -> Self {
        let (failure, status) = classify::classify(&subject, status);
        Self {
            action,
            subject,
            failure: Box::new(failure),
            status: Some(Box::new(status)),
        }
    }

    pub(super) fn from_kube(action: Action, subject: Subject, server: &str, error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => Self::from_status(action, subject, *status),
            error => Self::new(action, subject, transport::classify(server, &error)),
        }
    }

    /// What was being done.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// What it was done to.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// How it failed.
    #[must_use]
    pub fn failure(&self) -> &Failure {
        &self.failure
    }

    /// The server's own words, if it answered. For a Secret they are freed of anything that may quote its content.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.status.as_deref()
    }

    /// Whether the server refused because of fields that cannot be changed on an existing object, and of nothing else.
    #[must_use]
    pub fn needs_replacement(&self) -> bool {
        match &*self.failure {
            Failure::Invalid { causes } => !causes.is_empty() && causes.iter().all(is_immutable_field),
            _ => false,
        }
    }

    /// Whether this plan could not be asked of the server although nothing is wrong with the manifest: the server
    /// cannot be reached, the kind or namespace is not there yet, the user may only read, a webhook cannot be asked.
    #[must_use]
    pub fn leaves_plan_open(&self) -> bool {
        match &*self.failure {
            // A wrong certificate does not pass by itself, and may mean that this is another server.
            Failure::Unreachable { cause, .. } => !cause.is_about_certificates(),
            Failure::Forbidden { .. }
            | Failure::DryRunUnsupported
            | Failure::TimedOut { .. }
            | Failure::Busy { .. }
            | Failure::WebhookUnavailable { .. } => true,
            Failure::NotFound { missing } => matches!(missing, Missing::Namespace(_) | Missing::Kind),
            _ => false,
        }
    }

    /// One line: what failed and why.
    #[must_use]
    pub fn summary(&self) -> String {
        explain::summary(self)
    }

    /// What the server said, what it means, and what to do next.
    #[must_use]
    pub fn detail(&self) -> String {
        explain::detail(self)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.summary(), self.detail())
    }
}

impl std::error::Error for ApiError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.failure {
            Failure::Configuration(error) => Some(error),
            _ => None,
        }
    }
}

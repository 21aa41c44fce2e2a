//! From the server's `Status` to a failure.

use std::time::Duration;

use kube::core::{Status, response::StatusCause};

use super::{Failure, FieldConflict, Missing, SchemaProblem, Subject, immutable};

/// Classifies a status. For a Secret, whatever may quote its content is taken out of both.
pub(super) fn classify(subject: &Subject, mut status: Status) -> (Failure, Status) {
    let mut failure = failure_of(subject, &status);
    if subject.is_secret() {
        hide_content(&mut failure, &mut status);
    }
    (failure, status)
}

fn failure_of(subject: &Subject, status: &Status) -> Failure {
    let message = status.message.as_str();
    // Before all else: webhooks and policies choose code and reason, also those of an object that is gone.
    if is_denial(message) {
        return Failure::Denied {
            message: message.to_owned(),
        };
    }
    match (status.code, status.reason.as_str()) {
        (401, _) => Failure::Unauthorized,
        (403, _) => forbidden(status),
        (404, _) => Failure::NotFound {
            missing: missing(subject, status),
        },
        (409, "AlreadyExists") => Failure::AlreadyExists,
        (409, _) => conflict(status),
        (410, _) | (_, "Expired" | "Gone") => Failure::Expired,
        (413, _) => Failure::TooLarge,
        // An apply that names the object it is meant for has met another one.
        (422, _) if causes(status).iter().any(|cause| cause.field == "metadata.uid") => Failure::Changed,
        (422, _) => Failure::Invalid {
            causes: causes(status).to_vec(),
        },
        (429 | 503 | 504, _) | (_, "ServerTimeout" | "Timeout") => {
            let seconds = status
                .details
                .as_ref()
                .map_or(0, |details| details.retry_after_seconds);
            let retry_after = (seconds > 0).then(|| Duration::from_secs(seconds.into()));
            Failure::Busy { retry_after }
        }
        _ if message.contains("does not support dry run") => Failure::DryRunUnsupported,
        _ if message.contains("failed calling webhook") => Failure::WebhookUnavailable {
            message: message.to_owned(),
        },
        (400 | 500, _) => schema(message),
        _ => Failure::Other,
    }
}

fn causes(status: &Status) -> &[StatusCause] {
    status
        .details
        .as_ref()
        .map(|details| details.causes.as_slice())
        .unwrap_or_default()
}

/// A refusal by a webhook or a `ValidatingAdmissionPolicy`, known by the words that the server puts around theirs.
fn is_denial(message: &str) -> bool {
    let by_webhook = message.starts_with("admission webhook \"") && message.contains("\" denied the request");
    by_webhook || (message.contains("ValidatingAdmissionPolicy '") && message.contains("' denied request"))
}

/// A refusal by RBAC reads `… is forbidden: User "NAME" cannot VERB resource "PLURAL" in API group "GROUP" …`; all
/// other refusals with this code come from admission.
fn forbidden(status: &Status) -> Failure {
    let cause = causes(status)
        .iter()
        .find(|cause| cause.reason == "NamespaceTerminating");
    if let Some(cause) = cause {
        let namespace = cause
            .message
            .split_whitespace()
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        return Failure::NamespaceTerminating { namespace };
    }
    let message = &status.message;
    let rbac = message
        .split_once("User \"")
        .and_then(|(_, rest)| rest.split_once("\" cannot "));
    match rbac {
        Some((user, request)) => Failure::Forbidden {
            user: user.to_owned(),
            request: request.replace("resource \"", "\"").replace('"', "`"),
        },
        None => Failure::Denied {
            message: message.clone(),
        },
    }
}

/// A 404 means the object only if the status names it: the path itself may be what is missing.
fn missing(subject: &Subject, status: &Status) -> Missing {
    let details = status
        .details
        .as_ref()
        .filter(|details| status.reason == "NotFound" && !details.name.is_empty());
    match (subject, details) {
        (Subject::Object(key), Some(details)) => {
            let namespace = key
                .namespace
                .as_ref()
                .filter(|namespace| **namespace == details.name);
            if details.group == key.group()
                && details.name == key.name
                && !is_namespace_of(key.is("", "Namespace"), details)
            {
                return Missing::Object;
            }
            match namespace {
                Some(namespace) if details.kind == "namespaces" => Missing::Namespace(namespace.clone()),
                _ => Missing::Path,
            }
        }
        _ => Missing::Path,
    }
}

/// Whether the details speak of a namespace although the object is none.
fn is_namespace_of(object_is_namespace: bool, details: &kube::core::response::StatusDetails) -> bool {
    !object_is_namespace && details.group.is_empty() && details.kind == "namespaces"
}

fn conflict(status: &Status) -> Failure {
    let conflicts: Vec<FieldConflict> = causes(status)
        .iter()
        .filter(|cause| cause.reason == "FieldManagerConflict")
        .map(|cause| FieldConflict {
            field: cause.field.clone(),
            manager: cause
                .message
                .strip_prefix("conflict with ")
                .unwrap_or(&cause.message)
                .replace('"', "`"),
        })
        .collect();
    if conflicts.is_empty() {
        Failure::Changed
    } else {
        Failure::Conflict { conflicts }
    }
}

/// What server-side apply says of manifests that do not fit the schema comes as text only: one line, or one a problem.
fn schema(message: &str) -> Failure {
    const UNTYPED: [&str; 3] = [
        "failed to create typed patch object",
        "failed to convert new object",
        "strict decoding error",
    ];
    if !UNTYPED.iter().any(|known| message.contains(known)) {
        return Failure::Other;
    }
    let known = message.split_once("): ").map_or(message, |(_, rest)| rest);
    let lines = known
        .strip_prefix("errors:\n")
        .unwrap_or(known)
        .lines()
        .map(str::trim);
    let problems = lines
        .map(|line| match line.split_once(": ") {
            Some((path, problem)) if path.starts_with('.') => SchemaProblem {
                path: path.to_owned(),
                message: problem.to_owned(),
            },
            _ => SchemaProblem {
                path: String::new(),
                message: line.to_owned(),
            },
        })
        .collect();
    Failure::Schema { problems }
}

/// Takes out of an answer about a Secret what may quote the Secret.
fn hide_content(failure: &mut Failure, status: &mut Status) {
    match failure {
        Failure::Schema { problems } => {
            for problem in problems.iter_mut() {
                problem
                    .message
                    .truncate(problem.message.find(", got ").unwrap_or(problem.message.len()));
            }
        }
        Failure::Invalid { causes } => {
            for cause in causes.iter_mut() {
                cause.message = immutable::without_value(cause).to_owned();
            }
        }
        Failure::Other => {}
        _ => return,
    }
    status.message = String::from("(left out, because it may quote the Secret)");
    if let Some(details) = &mut status.details {
        details.causes.clear();
    }
}

//! The words for a failure: what happened, what it means, what to do next.

use std::fmt::Write as _;

use super::{
    Action, ApiError, Failure, FieldConflict, Missing, SchemaProblem, Subject, UnreachableCause,
    is_immutable_field,
};

pub(super) fn summary(error: &ApiError) -> String {
    let ApiError {
        action,
        subject,
        failure,
        ..
    } = error;
    let reason = match &**failure {
        Failure::Configuration(_) => "the connection to the cluster is not configured".to_owned(),
        Failure::Unreachable { cause, .. } => format!("the API server cannot be reached: {cause}"),
        Failure::Unauthorized => "the API server does not accept the credentials".to_owned(),
        Failure::Forbidden { .. } => "the user is not allowed to".to_owned(),
        Failure::Denied { .. } => "the cluster's admission rules refuse it".to_owned(),
        Failure::NamespaceTerminating { namespace } => {
            format!("the namespace `{namespace}` is being deleted")
        }
        Failure::NotFound { missing } => missing_words(missing),
        Failure::AlreadyExists => "it exists already".to_owned(),
        Failure::Conflict { .. } => "other field managers own some of its fields".to_owned(),
        Failure::Changed => "it is no longer the object that was expected".to_owned(),
        Failure::Invalid { .. } if error.needs_replacement() => {
            "a field cannot be changed on the existing object".to_owned()
        }
        Failure::Invalid { .. } => "the API server's validation refuses it".to_owned(),
        Failure::Schema { .. } => "the manifest does not fit the schema of its kind".to_owned(),
        Failure::DryRunUnsupported => "an admission webhook cannot be asked without side effects".to_owned(),
        Failure::WebhookUnavailable { .. } => "an admission webhook does not answer".to_owned(),
        Failure::Busy { .. } => "the API server is overloaded or not ready".to_owned(),
        Failure::TooLarge => "the object is larger than the API server takes".to_owned(),
        Failure::Expired => "the place in the server's history has expired".to_owned(),
        Failure::TimedOut { after } => format!("no answer within {} s", after.as_secs()),
        Failure::Protocol { .. } => "the answer is not one of a Kubernetes API server".to_owned(),
        Failure::Other => "the API server refused".to_owned(),
    };
    format!("Cannot {action} {subject}: {reason}")
}

fn missing_words(missing: &Missing) -> String {
    match missing {
        Missing::Object => "it does not exist".to_owned(),
        Missing::Namespace(namespace) => format!("the namespace `{namespace}` does not exist"),
        Missing::Kind => "the cluster does not know its kind".to_owned(),
        Missing::Path => "the API server has no such path".to_owned(),
    }
}

pub(super) fn detail(error: &ApiError) -> String {
    match error.failure() {
        Failure::Configuration(error) => error.to_string(),
        Failure::Unreachable { server, cause, chain } => {
            format!("No connection to {server} ({chain}).\n\n{}", reach_hint(*cause))
        }
        Failure::Unauthorized => "The API server answered 401, also after the credentials were read anew. The token or \
                                  client certificate has expired, was revoked, or belongs to another cluster. Log in \
                                  again, or check that host and credentials belong together."
            .to_owned(),
        Failure::Forbidden { user, request } => format!(
            "The API server answered 403: user `{user}` cannot {request}.\n\nGrant it by a Role or ClusterRole and a \
             binding to this user, or use other credentials."
        ),
        Failure::Denied { message } => {
            let message = message.trim_end_matches('.');
            let remedy = if error.action == Action::Delete {
                "Do what the rule asks for before a deletion, or change the rule."
            } else {
                "Change the manifest so that the rule is met, or the rule."
            };
            format!("The API server answered: {message}.\n\n{remedy}")
        }
        Failure::NamespaceTerminating { namespace } => format!(
            "While the namespace `{namespace}` is being deleted it takes no new objects. Wait until it is gone and \
             apply again. If it stays, its `status.conditions` name the objects and finalizers that hold it."
        ),
        Failure::NotFound { missing } => missing_hint(missing, error),
        Failure::AlreadyExists => already_exists(&error.subject),
        Failure::Conflict { conflicts } => conflict_list(conflicts),
        Failure::Changed => format!(
            "{}\n\nSomeone deleted and created it, or wrote it at the same time. Plan again.",
            server_words(error)
        ),
        Failure::Invalid { .. } => invalid(error),
        Failure::Schema { problems } => schema_list(problems),
        Failure::DryRunUnsupported => format!(
            "{}\n\nThe server can only tell what an apply would do if every webhook that takes part declares \
             `sideEffects: None` or `NoneOnDryRun`.",
            server_words(error)
        ),
        Failure::WebhookUnavailable { message } => format!(
            "The API server answered: {message}.\n\nThe webhook's Service or Pods are not ready, or a network policy \
             keeps the API server from them. Repair the webhook, or remove its configuration if it is left over."
        ),
        Failure::Busy { retry_after } => busy(error, retry_after.map(|delay| delay.as_secs())),
        Failure::TooLarge => "An API server takes about 1.5 MiB an object. Split it, or keep large content in a volume or \
                              bucket."
            .to_owned(),
        Failure::Expired => "Watch again from a fresh read.".to_owned(),
        Failure::TimedOut { .. } => "The connection stands, yet the server did not answer. It may be overloaded, or a \
                                     proxy in between swallows the answer. Try again."
            .to_owned(),
        Failure::Protocol { problem } => format!(
            "It answered in another way: {problem}.\n\nCheck that `host` is the address of the API server and not that \
             of a console, proxy or login page."
        ),
        Failure::Other => server_words(error),
    }
}

/// The server's message, with its code.
fn server_words(error: &ApiError) -> String {
    match error.status() {
        Some(status) => format!(
            "The API server answered {}: {}.",
            status.code,
            status.message.trim_end_matches('.')
        ),
        None => "The API server gave no reason.".to_owned(),
    }
}

fn reach_hint(cause: UnreachableCause) -> &'static str {
    match cause {
        UnreachableCause::Refused => "Check that the cluster is running and that host and port are right.",
        UnreachableCause::NameResolution => {
            "Check the host name, and whether a VPN or private DNS zone is needed."
        }
        UnreachableCause::TimedOut => "Check the address, firewalls, and whether a VPN or proxy is needed.",
        UnreachableCause::Reset => "The server, a load balancer or a proxy closed the connection. Try again.",
        UnreachableCause::Proxy => {
            "Check `proxy_url`, or the environment variables HTTPS_PROXY and NO_PROXY if it is not set."
        }
        UnreachableCause::CertificateExpired => {
            "Renew the server's certificate, and check this machine's clock."
        }
        UnreachableCause::UnknownAuthority => {
            "Set `cluster_ca_certificate` to the authority that signed the server's certificate. If it is set, it \
             belongs to another cluster, or the cluster was created anew."
        }
        UnreachableCause::WrongName => "Use a host name of the certificate, or set `tls_server_name` to one.",
        UnreachableCause::BadCertificate => "Renew the server's certificate.",
        UnreachableCause::ClientCertificate => {
            "The client certificate has expired or is signed by another authority. Renew it, or check that it belongs \
             to this cluster."
        }
        UnreachableCause::Tls => {
            "Check that the address begins with the right one of `http://` and `https://`."
        }
        UnreachableCause::Unknown => "Check the address and that the cluster is running.",
    }
}

fn missing_hint(missing: &Missing, error: &ApiError) -> String {
    match missing {
        Missing::Object => "The API server was reached and knows no object of this name.".to_owned(),
        Missing::Namespace(namespace) => format!(
            "Create the namespace `{namespace}` first. If it is part of this configuration, refer to it, so that it \
             comes first."
        ),
        Missing::Kind => "The kind comes with a CustomResourceDefinition or an aggregated API that is not installed, or \
                          is not served at this version. Install it first, or correct `apiVersion` and `kind`. If it \
                          is part of this configuration, refer to it, so that it comes first."
            .to_owned(),
        Missing::Path => format!(
            "{}\n\nThe path is missing although the server says that it serves the kind. A proxy may answer in its \
             place, or the kind is just being installed or removed. Try again.",
            server_words(error)
        ),
    }
}

fn already_exists(subject: &Subject) -> String {
    let import = match subject {
        Subject::Object(key) => format!(" with the identifier `{}`", key.import_id()),
        Subject::Other(_) => String::new(),
    };
    format!("Import it{import}, or choose another name.")
}

fn conflict_list(conflicts: &[FieldConflict]) -> String {
    let mut text = "These fields belong to other field managers:\n".to_owned();
    for FieldConflict { field, manager } in conflicts {
        let _ = writeln!(text, "- {field}: {manager}");
    }
    text + "\nLeave the fields to them by removing them from the manifest, or make them give the fields up. Taking them \
            over by force starts a tug of war if the other manager writes them again."
}

fn invalid(error: &ApiError) -> String {
    let Failure::Invalid { causes } = error.failure() else {
        return server_words(error);
    };
    if causes.is_empty() {
        return server_words(error);
    }
    let mut text = "The API server refuses these fields:\n".to_owned();
    for cause in causes {
        let _ = writeln!(text, "- {}: {}", cause.field, cause.message);
    }
    text + if causes.iter().any(is_immutable_field) && error.action != Action::Plan {
        "\nFields that cannot be changed need a replacement of the object."
    } else {
        "\nCorrect them in the manifest."
    }
}

fn schema_list(problems: &[SchemaProblem]) -> String {
    let mut text = "The API server cannot read the manifest:\n".to_owned();
    for SchemaProblem { path, message } in problems {
        let separator = if path.is_empty() { "" } else { ": " };
        let _ = writeln!(text, "- {path}{separator}{message}");
    }
    text + "\nCheck the spelling and place of the fields, their types, and that `apiVersion` is the one they are for."
}

fn busy(error: &ApiError, seconds: Option<u64>) -> String {
    let asked = seconds
        .map(|seconds| format!(" It asks to wait {seconds} s."))
        .unwrap_or_default();
    format!(
        "{}{asked}\n\nThe request was repeated without success. Try again later, or with less parallelism.",
        server_words(error)
    )
}

//! From the errors of the HTTP and TLS libraries to a failure.

use std::{error::Error, io};

use rustls::{AlertDescription, CertificateError};

use super::{Failure, UnreachableCause};

/// Classifies an error that is no answer of the server.
pub(super) fn classify(server: &str, error: &kube::Error) -> Failure {
    if let kube::Error::SerdeError(problem) = error {
        return Failure::Protocol {
            problem: format!("the answer is not the expected JSON: {problem}"),
        };
    }
    let links = chain(error);
    let cause = links
        .iter()
        .rev()
        .find_map(|link| cause_of(*link))
        .unwrap_or(UnreachableCause::Unknown);
    let mut texts: Vec<String> = Vec::new();
    for link in &links {
        let text = link.to_string();
        // Wrappers repeat the text of what they wrap.
        if texts.last().is_none_or(|previous| !previous.contains(&text)) {
            texts.push(text);
        }
    }
    Failure::Unreachable {
        server: server.to_owned(),
        cause,
        chain: texts.join(": "),
    }
}

/// The error and all below it, also those that an I/O error wraps without naming them as its source.
fn chain<'error>(error: &'error (dyn Error + 'static)) -> Vec<&'error (dyn Error + 'static)> {
    const DEEPEST: usize = 20;
    let mut links = Vec::new();
    let mut next = Some(error);
    while let Some(link) = next.filter(|_| links.len() < DEEPEST) {
        links.push(link);
        let wrapped = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => link.source(),
        };
    }
    links
}

fn cause_of(link: &(dyn Error + 'static)) -> Option<UnreachableCause> {
    if let Some(error) = link.downcast_ref::<rustls::Error>() {
        return Some(tls_cause(error));
    }
    if let Some(error) = link.downcast_ref::<io::Error>() {
        let cause = match error.kind() {
            io::ErrorKind::ConnectionRefused => UnreachableCause::Refused,
            io::ErrorKind::TimedOut => UnreachableCause::TimedOut,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => UnreachableCause::Reset,
            _ => return None,
        };
        return Some(cause);
    }
    // The types of these are private to the HTTP client.
    let text = link.to_string();
    match text.as_str() {
        "dns error" => Some(UnreachableCause::NameResolution),
        _ if text.starts_with("tunnel error") || text.starts_with("SOCKS error") => {
            Some(UnreachableCause::Proxy)
        }
        _ if text.contains("connection closed before message completed") => Some(UnreachableCause::Reset),
        _ => None,
    }
}

fn tls_cause(error: &rustls::Error) -> UnreachableCause {
    match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => UnreachableCause::CertificateExpired,
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                UnreachableCause::UnknownAuthority
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                UnreachableCause::WrongName
            }
            _ => UnreachableCause::BadCertificate,
        },
        rustls::Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA,
        ) => UnreachableCause::ClientCertificate,
        _ => UnreachableCause::Tls,
    }
}

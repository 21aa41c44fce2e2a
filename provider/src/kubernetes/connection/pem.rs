//! Certificates and keys in PEM, with the mistakes that are often made with them.

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::{RootCertStore, pki_types::CertificateDer};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};

use super::ConnectionError;

pub(super) fn decode_base64(text: &str) -> Option<String> {
    let compact: String = text.split_whitespace().collect();
    String::from_utf8(STANDARD.decode(compact).ok()?).ok()
}

pub(super) fn encode_base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// The certificates of an authority, each of which can be trusted.
pub(super) fn authorities(what: &str, text: &str) -> Result<Vec<Vec<u8>>, ConnectionError> {
    let certificates = certificates(what, text)?;
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        let unusable =
            |problem: rustls::Error| error(what, format!("it is not a certificate authority: {problem}"));
        store
            .add(CertificateDer::from(certificate.as_slice()))
            .map_err(unusable)?;
    }
    Ok(certificates)
}

/// Checks that a client certificate and its key can be read.
pub(super) fn check_identity(certificate: &str, key: &str) -> Result<(), ConnectionError> {
    certificates("client_certificate", certificate)?;
    match PrivateKeyDer::from_pem_slice(key.as_bytes()) {
        Ok(_) => Ok(()),
        Err(problem) => Err(error(
            "client_key",
            describe(key, "private key", &problem.to_string()),
        )),
    }
}

fn certificates(what: &str, text: &str) -> Result<Vec<Vec<u8>>, ConnectionError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let problem = match read {
        Ok(found) if !found.is_empty() => return Ok(found.iter().map(|found| found.to_vec()).collect()),
        Ok(_) => "there is no certificate in it".to_owned(),
        Err(problem) => problem.to_string(),
    };
    Err(error(what, describe(text, "certificate", &problem)))
}

/// What is wrong with text that should be PEM; never the text itself.
fn describe(text: &str, expected: &str, problem: &str) -> String {
    const MARKER: &str = "-----BEGIN";
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return "it is empty".to_owned();
    }
    if !trimmed.contains(MARKER) {
        if decode_base64(trimmed).is_some_and(|decoded| decoded.contains(MARKER)) {
            return format!("it is base64 of a {expected}. Decode it: `base64decode(…)`");
        }
        if !trimmed.contains('\n') && trimmed.len() < 1024 && trimmed.contains(['/', '\\', '.']) {
            return format!(
                "it looks like a path, where the {expected} itself is expected. Read it: `file(…)`"
            );
        }
    }
    format!("{problem}. Expected a {expected} in PEM, which begins with `{MARKER}`")
}

fn error(what: &str, problem: String) -> ConnectionError {
    ConnectionError::Pem {
        what: what.to_owned(),
        problem,
    }
}

//! The rules that Kubernetes has for names. None of them is stricter than the server's own.

use std::fmt;

/// A rule that a name must follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRule {
    /// RFC 1123 label: letters, digits and dashes, at most 63.
    DnsLabel,
    /// RFC 1123 subdomain: labels joined by dots, at most 253.
    DnsSubdomain,
    /// Whatever fits into one segment of a path: the names of RBAC objects, and of some aggregated APIs.
    PathSegment,
}

impl NameRule {
    /// The rule for the names of a kind.
    #[must_use]
    pub fn of(group: &str, kind: &str) -> Self {
        match (group, kind) {
            ("", "Namespace" | "Service") | ("apps", "StatefulSet") => Self::DnsLabel,
            ("rbac.authorization.k8s.io", _)
            | ("certificates.k8s.io", "CertificateSigningRequest" | "ClusterTrustBundle")
            | ("networking.k8s.io", "IPAddress") => Self::PathSegment,
            // Users, images and tags of OpenShift have names with colons and at signs.
            _ if group.ends_with(".openshift.io") => Self::PathSegment,
            _ => Self::DnsSubdomain,
        }
    }

    /// Whether the name follows the rule.
    #[must_use]
    pub fn accepts(self, name: &str) -> bool {
        match self {
            Self::DnsLabel => name.len() <= 63 && is_label(name),
            Self::DnsSubdomain => name.len() <= 253 && name.split('.').all(is_label),
            Self::PathSegment => {
                !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '%'])
            }
        }
    }
}

fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

impl fmt::Display for NameRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::DnsLabel => {
                "at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends (RFC 1123 label)"
            }
            Self::DnsSubdomain => {
                "at most 253 lower-case letters, digits, dashes and dots, with a letter or digit at both ends of each \
                 part between dots (RFC 1123 subdomain)"
            }
            Self::PathSegment => "a text without `/` and `%` that is neither `.` nor `..`",
        })
    }
}

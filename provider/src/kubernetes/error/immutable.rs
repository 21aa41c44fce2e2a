//! Which refusals mean that a field cannot be changed on an existing object.
//!
//! The server has no reason code for it. The phrases are those of Kubernetes' own validation, which the tests hold
//! against the answers of a real server, and the usual words of rules in custom resource definitions.

use kube::core::response::StatusCause;

/// Whether this cause of a 422 says that the field cannot be changed, so that the object must be replaced.
#[must_use]
pub fn is_immutable_field(cause: &StatusCause) -> bool {
    const PHRASES: [&str; 12] = [
        "immutable",
        "self == oldself",
        "may not change once set",
        "may not change fields other than",
        "may not add or remove containers",
        "may not be changed",
        "updates to statefulset spec for fields other than",
        "cannot change roleref",
        "cannot be changed",
        "cannot be modified",
        "cannot be updated",
        "must not be changed",
    ];
    // Storage classes name the field in the middle.
    let says = without_value(cause).to_lowercase();
    let forbids_updates =
        says.starts_with("updates to ") && says.trim_end_matches('.').ends_with(" are forbidden");
    forbids_updates || PHRASES.iter().any(|phrase| says.contains(phrase))
}

/// The message of a cause without the value that it quotes, which is the user's and could say anything.
pub(super) fn without_value(cause: &StatusCause) -> &str {
    let message = cause.message.as_str();
    if let Some(rest) = message.strip_prefix("Forbidden: ") {
        return rest;
    }
    let Some(quoted) = message.strip_prefix("Invalid value: ") else {
        return message;
    };
    let mut values = serde_json::Deserializer::from_str(quoted).into_iter::<serde_json::Value>();
    let after = match values.next() {
        Some(Ok(_)) => quoted
            .get(values.byte_offset()..)
            .and_then(|rest| rest.strip_prefix(": ")),
        _ => None,
    };
    // Older servers quote values in Go's syntax; their sentences have no colon.
    after
        .or_else(|| quoted.rsplit_once(": ").map(|(_, rest)| rest))
        .unwrap_or_default()
}

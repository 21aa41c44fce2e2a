//! Secrets: what is left out of a projection, and how a change of it is seen all the same.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Takes `data` and `stringData` out of a `v1 Secret`; other objects stay as they are.
#[must_use]
pub fn without_secret_data(mut object: Value) -> Value {
    if object["apiVersion"] == "v1"
        && object["kind"] == "Secret"
        && let Some(fields) = object.as_object_mut()
    {
        fields.remove("data");
        fields.remove("stringData");
    }
    object
}

/// A text that changes when the object changes and tells nothing else about it to those without the salt.
#[must_use]
pub fn fingerprint(salt: &[u8], object: &Value) -> String {
    const SHOWN_BYTES: usize = 16;
    let mut hash = Sha256::new();
    hash.update(u64::try_from(salt.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(salt);
    feed(&mut hash, object);
    let digest = hash.finalize();
    digest
        .iter()
        .take(SHOWN_BYTES)
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Feeds the canonical form: JSON without spaces, its keys sorted.
fn feed(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            hash.update(b"{");
            for name in names {
                hash.update(Value::from(name.as_str()).to_string());
                hash.update(b":");
                feed(hash, &fields[name]);
                hash.update(b",");
            }
            hash.update(b"}");
        }
        Value::Array(items) => {
            hash.update(b"[");
            for item in items {
                feed(hash, item);
                hash.update(b",");
            }
            hash.update(b"]");
        }
        scalar => hash.update(scalar.to_string()),
    }
}

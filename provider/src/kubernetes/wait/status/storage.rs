//! Volumes and claims.

use serde_json::Value;

use super::{Status, words};

pub(super) fn claim(object: &Value) -> Status {
    match object["status"]["phase"].as_str() {
        Some("Bound") => Status::Ready,
        Some("Lost") => Status::Failed("its volume is lost".to_owned()),
        _ => Status::progress("it is not bound to a volume yet"),
    }
}

pub(super) fn volume(object: &Value) -> Status {
    match object["status"]["phase"].as_str() {
        Some("Available" | "Bound" | "Released") => Status::Ready,
        Some("Failed") => Status::Failed(format!("it failed ({})", words(&object["status"]))),
        _ => Status::progress("it is not available yet"),
    }
}

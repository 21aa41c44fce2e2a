//! Admission webhooks: what they change, refuse, and leave unanswered.

mod changing;
mod refusing;
mod silent;

use acceptance_tests::Verdict;
use serde_json::Value;

const CONFIG_MAP: &str = r#"
resource "mlops_manifest" "it" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "settings", namespace = "NAMESPACE" }
    data       = { level = "info" }
  }
}
"#;

/// What every message must name.
const OBJECT: &str = "v1 ConfigMap NAMESPACE/settings";

/// The words of a webhook that refuses.
const REFUSAL: &str = "no debugging here";

/// The same object with another level.
fn with_level(level: &str) -> String {
    CONFIG_MAP.replace("info", level)
}

/// Refuses `level = "debug"`.
fn no_debugging(request: &Value) -> Verdict {
    if request["object"]["data"]["level"] == "debug" {
        Verdict::deny(REFUSAL)
    } else {
        Verdict::Allow
    }
}

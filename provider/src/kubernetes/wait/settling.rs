//! Pods that count as ready as soon as they run: without a readiness probe, one that crashes a moment after its start
//! was ready for that moment. Such readiness must last before it is believed.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// Since when an object has been ready without a break.
#[derive(Debug, Default)]
pub(super) struct Settling {
    since: Option<Instant>,
}

impl Settling {
    /// Whether readiness seen `now` has lasted for `long`, or need not.
    pub(super) fn settled(&mut self, object: &Value, now: Instant, long: Duration) -> bool {
        let since = *self.since.get_or_insert(now);
        !counts_as_ready_once_it_runs(object) || now.duration_since(since) >= long
    }

    /// It is not ready now.
    pub(super) fn interrupt(&mut self) {
        self.since = None;
    }
}

/// Whether nothing but running makes a Pod of this object ready: some container has no readiness probe, and the object
/// asks for no time of its own (`minReadySeconds`).
fn counts_as_ready_once_it_runs(object: &Value) -> bool {
    let spec = &object["spec"];
    let pod = match object["kind"].as_str() {
        Some("Pod") => spec,
        Some("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController") => {
            &spec["template"]["spec"]
        }
        _ => return false,
    };
    let waits = spec["minReadySeconds"]
        .as_i64()
        .is_some_and(|seconds| seconds > 0);
    let containers = pod["containers"].as_array();
    !waits && containers.is_some_and(|all| all.iter().any(|container| container["readinessProbe"].is_null()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LONG: Duration = Duration::from_secs(3);

    fn deployment(probe: &Value, min_ready_seconds: i64) -> Value {
        let containers = json!([{"name": "app", "readinessProbe": probe}]);
        json!({
            "kind": "Deployment",
            "spec": {"minReadySeconds": min_ready_seconds, "template": {"spec": {"containers": containers}}},
        })
    }

    #[test]
    fn what_counts_as_ready_once_it_runs() {
        assert!(counts_as_ready_once_it_runs(&deployment(&Value::Null, 0)));
        assert!(!counts_as_ready_once_it_runs(&deployment(&Value::Null, 1)));
        assert!(!counts_as_ready_once_it_runs(&deployment(
            &json!({"exec": {}}),
            0
        )));
        let pod = json!({"kind": "Pod", "spec": {"containers": [{"name": "app"}]}});
        assert!(counts_as_ready_once_it_runs(&pod));
        assert!(!counts_as_ready_once_it_runs(
            &json!({"kind": "Service", "spec": {}})
        ));
    }

    #[test]
    fn readiness_without_a_probe_must_last() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let bare = deployment(&Value::Null, 0);
        let mut settling = Settling::default();
        assert!(!settling.settled(&bare, after(0), LONG));
        assert!(!settling.settled(&bare, after(2), LONG));
        settling.interrupt();
        assert!(
            !settling.settled(&bare, after(4), LONG),
            "it crashed and counts anew"
        );
        assert!(settling.settled(&bare, after(7), LONG));
    }

    #[test]
    fn a_probe_is_believed_at_once() {
        let probed = deployment(&json!({"exec": {}}), 0);
        assert!(Settling::default().settled(&probed, Instant::now(), LONG));
    }
}

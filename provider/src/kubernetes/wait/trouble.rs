//! Signs that a wait will not succeed: what Pods, conditions and events say, and how long each may last.
//!
//! Some signs come and go by themselves, as when a node is being added or a `ConfigMap` comes a moment later. Those
//! have a grace; a sign that lasts longer ends the wait.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use tokio::time::Instant;

use super::status::{condition, words};

/// How long signs of trouble may last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// An image that could not be pulled once.
    pub image_pull: Duration,
    /// A container whose `ConfigMap`, Secret or volume is not there.
    pub container_start: Duration,
    /// Restarts of a container that crashes again and again.
    pub crashes: i64,
    /// A Pod that no node takes.
    pub scheduling: Duration,
    /// Pods that cannot be created: quota, pod security, a missing service account.
    pub creation: Duration,
    /// A volume or load balancer that cannot be provisioned.
    pub provisioning: Duration,
    /// A container that runs but that its readiness probe finds unready, at the least.
    pub readiness: Duration,
    /// How long Pods without a readiness probe must stay ready before it is believed.
    pub settling: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            image_pull: Duration::from_secs(10),
            container_start: Duration::from_secs(15),
            crashes: 2,
            scheduling: Duration::from_mins(1),
            creation: Duration::from_secs(15),
            provisioning: Duration::from_secs(30),
            readiness: Duration::from_mins(2),
            // The kubelet looks at its containers once a second, and then a controller has to count.
            settling: Duration::from_secs(3),
        }
    }
}

/// A sign that the wait will not succeed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trouble {
    /// What makes it the same sign at the next look.
    id: String,
    pub(super) text: String,
    grace: Duration,
    /// The Pod that it is about.
    pub(super) pod: Option<Value>,
    /// The container of the Pod.
    pub(super) container: Option<String>,
}

impl Trouble {
    /// The Pod that waits for a node.
    pub(super) fn unscheduled(&self) -> Option<&Value> {
        self.pod.as_ref().filter(|_| self.container.is_none())
    }
}

/// Whether an autoscaler has said, by an event about a Pod, that a node for it is on its way.
pub(super) fn node_is_coming(event: &Value) -> bool {
    matches!(event["reason"].as_str(), Some("TriggeredScaleUp" | "Nominated"))
}

/// The signs that a Pod shows. One that has ended, or is being deleted, shows none.
pub(super) fn of_pod(pod: &Value, patience: &Patience) -> Vec<Trouble> {
    let phase = pod["status"]["phase"].as_str().unwrap_or_default();
    if matches!(phase, "Succeeded" | "Failed") || pod["metadata"]["deletionTimestamp"].is_string() {
        return Vec::new();
    }
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let mut troubles = Vec::new();
    let unscheduled = condition(pod, "PodScheduled").filter(|_| phase != "Running");
    if let Some(unscheduled) = unscheduled.filter(|condition| condition["reason"] == "Unschedulable") {
        troubles.push(Trouble {
            id: format!("{name} unschedulable"),
            text: format!("no node takes Pod `{name}` ({})", words(unscheduled)),
            grace: patience.scheduling,
            pod: Some(pod.clone()),
            container: None,
        });
    }
    let lists = ["initContainerStatuses", "containerStatuses"];
    let containers = lists
        .iter()
        .flat_map(|list| pod["status"][*list].as_array().into_iter().flatten());
    for container in containers {
        let container_name = container["name"].as_str().unwrap_or_default();
        let waiting = &container["state"]["waiting"];
        let (id, what, grace) = if let Some(grace) = grace_of(container, waiting, patience) {
            // Pull errors alternate between two reasons.
            let what = format!("does not start ({})", words(waiting));
            (format!("{name} {container_name}"), what, grace)
        } else if let Some(grace) = readiness_grace(pod, container, patience) {
            let what = format!(
                "runs, but its readiness probe has failed for {} s",
                grace.as_secs()
            );
            (format!("{name} {container_name} unready"), what, grace)
        } else {
            continue;
        };
        troubles.push(Trouble {
            id,
            text: format!("container `{container_name}` of Pod `{name}` {what}"),
            grace,
            pod: Some(pod.clone()),
            container: Some(container_name.to_owned()),
        });
    }
    troubles
}

/// How long a waiting container may wait for this reason; none for reasons that are no trouble.
fn grace_of(container: &Value, waiting: &Value, patience: &Patience) -> Option<Duration> {
    match waiting["reason"].as_str()? {
        "InvalidImageName" | "ErrImageNeverPull" | "ImagePullBackOff" => Some(Duration::ZERO),
        "ErrImagePull" | "RegistryUnavailable" | "ImageInspectError" | "SignatureValidationFailed" => {
            Some(patience.image_pull)
        }
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
            Some(patience.container_start)
        }
        "CrashLoopBackOff" => {
            let restarts = container["restartCount"].as_i64().unwrap_or(0);
            (restarts >= patience.crashes).then_some(Duration::ZERO)
        }
        _ => None,
    }
}

/// How long a container may run without being ready; none if it is ready, or has not been started up.
///
/// Three times what its probe itself allows: after one time the kubelet calls it unready, and what takes longer to start
/// is to say so by a startup probe.
fn readiness_grace(pod: &Value, container: &Value, patience: &Patience) -> Option<Duration> {
    let runs = container["state"]["running"].is_object() && container["started"] == true;
    if !runs || container["ready"] != false {
        return None;
    }
    let declared = pod["spec"]["containers"].as_array()?;
    let probe = &declared
        .iter()
        .find(|declared| declared["name"] == container["name"])?["readinessProbe"];
    let number = |name: &str, default: u64| probe[name].as_u64().unwrap_or(default);
    let allowed = number("initialDelaySeconds", 0)
        .saturating_add(number("periodSeconds", 10).saturating_mul(number("failureThreshold", 3)));
    let allowed = Duration::from_secs(allowed.saturating_mul(3));
    probe.is_object().then(|| patience.readiness.max(allowed))
}

/// The signs that the conditions of a Deployment or `ReplicaSet` show.
pub(super) fn of_conditions(object: &Value, patience: &Patience) -> Option<Trouble> {
    let failure = condition(object, "ReplicaFailure").filter(|failure| failure["status"] == "True")?;
    Some(Trouble {
        id: "creation".to_owned(),
        text: format!("its Pods cannot be created ({})", words(failure)),
        grace: patience.creation,
        pod: None,
        container: None,
    })
}

/// The sign that an event about the object itself shows.
pub(super) fn of_event(event: &Value, patience: &Patience) -> Option<Trouble> {
    let (id, what, grace) = match event["reason"].as_str()? {
        "FailedCreate" => ("creation", "its Pods cannot be created", patience.creation),
        "ProvisioningFailed" | "FailedBinding" => ("volume", "it gets no volume", patience.provisioning),
        "SyncLoadBalancerFailed" => (
            "address",
            "its load balancer cannot be set up",
            patience.provisioning,
        ),
        _ => return None,
    };
    let text = format!("{what} ({})", words(event));
    Some(Trouble {
        id: id.to_owned(),
        text,
        grace,
        pod: None,
        container: None,
    })
}

/// Remembers since when each sign has lasted.
#[derive(Debug, Default)]
pub(super) struct Vigil {
    since: BTreeMap<String, Instant>,
}

impl Vigil {
    /// Gives a sign its grace anew.
    pub(super) fn excuse(&mut self, trouble: &Trouble) {
        self.since.remove(&trouble.id);
    }

    /// The sign that has outlasted its grace, if there is one.
    pub(super) fn verdict(&mut self, now: Instant, troubles: Vec<Trouble>) -> Option<Trouble> {
        self.since
            .retain(|id, _| troubles.iter().any(|trouble| trouble.id == *id));
        troubles.into_iter().find(|trouble| {
            let since = *self.since.entry(trouble.id.clone()).or_insert(now);
            now.duration_since(since) >= trouble.grace
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(reason: &str, restarts: i64) -> Value {
        json!({"metadata": {"name": "web-1"}, "status": {"containerStatuses": [
            {"name": "ok", "state": {"running": {}}},
            {"name": "app", "restartCount": restarts, "state": {"waiting": {"reason": reason, "message": "so"}}},
        ]}})
    }

    fn graces(pod: &Value) -> Vec<u64> {
        of_pod(pod, &Patience::default())
            .iter()
            .map(|trouble| trouble.grace.as_secs())
            .collect()
    }

    #[test]
    fn containers_that_do_not_start() {
        assert_eq!(graces(&pod("ImagePullBackOff", 0)), [0]);
        assert_eq!(graces(&pod("InvalidImageName", 0)), [0]);
        assert_eq!(graces(&pod("ErrImagePull", 0)), [10]);
        assert_eq!(graces(&pod("CreateContainerConfigError", 0)), [15]);
        assert_eq!(
            graces(&pod("CrashLoopBackOff", 1)),
            [0; 0],
            "it may still come up"
        );
        assert_eq!(graces(&pod("CrashLoopBackOff", 2)), [0]);
        assert_eq!(graces(&pod("ContainerCreating", 0)), [0; 0]);
        let trouble = &of_pod(&pod("ImagePullBackOff", 0), &Patience::default())[0];
        assert_eq!(
            trouble.text,
            "container `app` of Pod `web-1` does not start (ImagePullBackOff: so)"
        );
        assert_eq!(trouble.container.as_deref(), Some("app"));
    }

    #[test]
    fn pods_that_have_ended_show_no_signs() {
        for phase in ["Succeeded", "Failed"] {
            let mut ended = pod("ImagePullBackOff", 0);
            ended["status"]["phase"] = json!(phase);
            assert_eq!(graces(&ended), [0; 0]);
        }
        let mut leaving = pod("CrashLoopBackOff", 9);
        leaving["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        assert_eq!(graces(&leaving), [0; 0]);
    }

    #[test]
    fn containers_that_run_and_do_not_get_ready() {
        let pod = |probe: &Value, status: &Value| {
            json!({
                "metadata": {"name": "web-1"},
                "spec": {"containers": [{"name": "app", "readinessProbe": probe}]},
                "status": {"phase": "Running", "containerStatuses": [status]},
            })
        };
        let status = |started: bool, ready: bool| json!({"name": "app", "started": started, "ready": ready, "state": {"running": {}}});
        let defaults = json!({"httpGet": {}});
        let slow = json!({"initialDelaySeconds": 30, "periodSeconds": 20, "failureThreshold": 6});
        assert_eq!(graces(&pod(&defaults, &status(true, false))), [120]);
        assert_eq!(graces(&pod(&slow, &status(true, false))), [450]);
        assert_eq!(graces(&pod(&defaults, &status(true, true))), [0; 0]);
        assert_eq!(
            graces(&pod(&defaults, &status(false, false))),
            [0; 0],
            "still starting up"
        );
        assert_eq!(
            graces(&pod(&Value::Null, &status(true, false))),
            [0; 0],
            "no probe says so"
        );
    }

    #[test]
    fn pods_that_no_node_takes() {
        let unscheduled = |reason: &str| {
            json!({"metadata": {"name": "a"}, "status": {"conditions": [
                {"type": "PodScheduled", "status": "False", "reason": reason, "message": "0/3 nodes"},
            ]}})
        };
        assert_eq!(graces(&unscheduled("Unschedulable")), [60]);
        assert_eq!(graces(&unscheduled("SchedulingGated")), [0; 0]);
    }

    #[test]
    fn what_cannot_be_created() {
        let patience = Patience::default();
        let event = |reason: &str| json!({"reason": reason, "message": "exceeded quota"});
        let text = |trouble: Option<Trouble>| trouble.map(|trouble| trouble.text).unwrap_or_default();
        let quota = "its Pods cannot be created (FailedCreate: exceeded quota)";
        assert_eq!(text(of_event(&event("FailedCreate"), &patience)), quota);
        assert_eq!(
            text(of_event(&event("ProvisioningFailed"), &patience)),
            "it gets no volume (ProvisioningFailed: exceeded quota)"
        );
        assert_eq!(of_event(&event("SuccessfulCreate"), &patience), None);
        let object = |status: &str| json!({"status": {"conditions": [{"type": "ReplicaFailure", "status": status, "message": "no"}]}});
        assert_eq!(
            text(of_conditions(&object("True"), &patience)),
            "its Pods cannot be created (no)"
        );
        assert_eq!(of_conditions(&object("False"), &patience), None);
    }

    #[test]
    fn signs_end_a_wait_only_when_they_last() {
        let patience = Patience::default();
        let troubles = || of_pod(&pod("CreateContainerConfigError", 0), &patience);
        let start = Instant::now();
        let mut vigil = Vigil::default();
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(vigil.verdict(after(0), troubles()), None);
        assert_eq!(vigil.verdict(after(14), troubles()), None);
        assert!(vigil.verdict(after(15), troubles()).is_some());
        assert_eq!(vigil.verdict(after(16), Vec::new()), None);
        assert_eq!(
            vigil.verdict(after(17), troubles()),
            None,
            "it came back and counts anew"
        );
    }
}

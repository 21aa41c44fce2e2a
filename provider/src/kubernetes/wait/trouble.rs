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
        let waiting = &container["state"]["waiting"];
        let Some(grace) = grace_of(container, waiting, patience) else {
            continue;
        };
        let container_name = container["name"].as_str().unwrap_or_default();
        troubles.push(Trouble {
            // Pull errors alternate between two reasons.
            id: format!("{name} {container_name}"),
            text: format!(
                "container `{container_name}` of Pod `{name}` does not start ({})",
                words(waiting)
            ),
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

//! Where signs of trouble are looked for: the Pods of a workload's newest version, and events about the object itself.

use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};

use super::{
    trouble::{self, Patience, Trouble},
    watch::{Item, Items, watch_collection},
};
use crate::kubernetes::{api::Location, connection::Connection};

/// What is watched beside the object.
pub(super) struct Suspects {
    pods: Option<watch::Receiver<Items>>,
    replica_sets: Option<watch::Receiver<Items>>,
    events: Option<watch::Receiver<Items>>,
}

impl Suspects {
    /// Begins to watch what belongs to `object`.
    pub(super) fn of(
        tasks: &mut JoinSet<()>,
        connection: &Connection,
        location: &Location,
        object: &Value,
    ) -> Self {
        let mut suspects = Self {
            pods: None,
            replica_sets: None,
            events: None,
        };
        let Some(namespace) = &location.key.namespace else {
            return suspects;
        };
        let group = location.key.group();
        let kind = location.key.kind.as_str();
        let mut watch = |collection: String, selector: String| {
            Some(watch_collection(tasks, connection, collection, selector))
        };
        if let Some(selector) = pod_selector(object) {
            suspects.pods = watch(format!("/api/v1/namespaces/{namespace}/pods"), selector.clone());
            if kind == "Deployment" {
                let sets = format!("/apis/apps/v1/namespaces/{namespace}/replicasets");
                suspects.replica_sets = watch(sets, selector);
            }
        }
        let tells_by_events = matches!(
            (group, kind),
            ("apps", "StatefulSet" | "DaemonSet" | "ReplicaSet")
                | ("batch", "Job")
                | ("", "PersistentVolumeClaim" | "Service")
        );
        if let Some(uid) = object["metadata"]["uid"].as_str().filter(|_| tells_by_events) {
            suspects.events = watch(
                format!("/api/v1/namespaces/{namespace}/events"),
                format!("fieldSelector=involvedObject.uid%3D{uid}"),
            );
        }
        suspects
    }

    /// Returns when something has changed; never, if nothing is or may be watched.
    pub(super) async fn changed(&mut self) {
        tokio::select! {
            () = next_change(&mut self.pods) => {}
            () = next_change(&mut self.replica_sets) => {}
            () = next_change(&mut self.events) => {}
        }
    }

    /// The signs of trouble at this moment.
    pub(super) fn troubles(&mut self, object: &Value, patience: &Patience) -> Vec<Trouble> {
        let mut troubles: Vec<Trouble> = trouble::of_conditions(object, patience).into_iter().collect();
        if object["kind"] == "Pod" {
            troubles.extend(trouble::of_pod(object, patience));
        }
        let newest = self.newest_revision(object);
        for pod in items(&mut self.pods) {
            if newest.as_ref().is_none_or(|newest| newest.covers(&pod.object)) {
                troubles.extend(trouble::of_pod(&pod.object, patience));
            }
        }
        // Events outlive what they tell of, those of an older version of the object too.
        let brand_new = object["metadata"]["generation"].as_i64().unwrap_or(1) <= 1;
        for event in items(&mut self.events)
            .into_iter()
            .filter(|event| event.fresh || brand_new)
        {
            troubles.extend(trouble::of_event(&event.object, patience));
        }
        troubles
    }

    /// Which Pods are of the newest version: a rollout that repairs crashing Pods must not fail by them.
    fn newest_revision(&mut self, object: &Value) -> Option<Revision> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match object["kind"].as_str()? {
            "Deployment" => {
                let revision = &object["metadata"]["annotations"][REVISION];
                let sets = items(&mut self.replica_sets);
                let newest = sets.iter().find(|set| {
                    set.object["metadata"]["annotations"][REVISION] == *revision
                        && set.object["metadata"]["ownerReferences"][0]["uid"] == object["metadata"]["uid"]
                });
                // Until the newest set is known, no Pod counts.
                let hash = newest.map(|set| text(&set.object["metadata"]["labels"]["pod-template-hash"]));
                Some(Revision {
                    label: "pod-template-hash",
                    value: hash.unwrap_or_default(),
                })
            }
            "StatefulSet" if object["spec"]["updateStrategy"]["type"] != "OnDelete" => {
                let value = text(&object["status"]["updateRevision"]);
                Some(Revision {
                    label: "controller-revision-hash",
                    value,
                })
            }
            "DaemonSet" if object["spec"]["updateStrategy"]["type"] != "OnDelete" => {
                let value =
                    object["metadata"]["annotations"]["deprecated.daemonset.template.generation"].as_str()?;
                Some(Revision {
                    label: "pod-template-generation",
                    value: value.to_owned(),
                })
            }
            _ => None,
        }
    }
}

const REVISION: &str = "deployment.kubernetes.io/revision";

/// The label that Pods of a version carry.
struct Revision {
    label: &'static str,
    value: String,
}

impl Revision {
    fn covers(&self, pod: &Value) -> bool {
        pod["metadata"]["labels"][self.label] == *self.value
    }
}

fn items(receiver: &mut Option<watch::Receiver<Items>>) -> Vec<Item> {
    receiver
        .as_mut()
        .map(|receiver| receiver.borrow_and_update().values().cloned().collect())
        .unwrap_or_default()
}

async fn next_change(receiver: &mut Option<watch::Receiver<Items>>) {
    if let Some(receiver) = receiver
        && receiver.changed().await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// The path that lists the Pods of an object; none if it runs none.
pub(super) fn pods_of(object: &Value) -> Option<String> {
    let namespace = object["metadata"]["namespace"].as_str()?;
    let selector = pod_selector(object)?;
    Some(format!("/api/v1/namespaces/{namespace}/pods?{selector}"))
}

/// What selects the Pods of an object that runs some, as a query.
fn pod_selector(object: &Value) -> Option<String> {
    let api_version = object["apiVersion"].as_str()?;
    let runs_pods = api_version.starts_with("apps/")
        || api_version.starts_with("batch/")
        || object["kind"] == "ReplicationController";
    label_selector(&object["spec"]["selector"]).filter(|_| runs_pods)
}

/// A label selector as a query; none for one that is empty or unlike any selector.
fn label_selector(selector: &Value) -> Option<String> {
    let mut terms = Vec::new();
    // Replication controllers have plain labels.
    let labels = selector.get("matchLabels").unwrap_or(selector).as_object()?;
    for (name, value) in labels {
        if let Some(value) = value.as_str() {
            terms.push(format!("{name}={value}"));
        }
    }
    for expression in selector["matchExpressions"].as_array().into_iter().flatten() {
        let key = expression["key"].as_str()?;
        let values: Vec<&str> = expression["values"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        terms.push(match expression["operator"].as_str()? {
            "In" => format!("{key} in ({})", values.join(",")),
            "NotIn" => format!("{key} notin ({})", values.join(",")),
            "Exists" => key.to_owned(),
            "DoesNotExist" => format!("!{key}"),
            _ => return None,
        });
    }
    let query = terms.join(",");
    let encoded = percent_encoding::utf8_percent_encode(&query, percent_encoding::NON_ALPHANUMERIC);
    (!terms.is_empty()).then(|| format!("labelSelector={encoded}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn selectors_become_queries() {
        let query = |selector: Value| {
            let query = label_selector(&selector)?;
            let text = percent_encoding::percent_decode_str(&query).decode_utf8().ok()?;
            text.strip_prefix("labelSelector=").map(str::to_owned)
        };
        let expressions = json!([
            {"key": "c", "operator": "In", "values": ["1", "2"]},
            {"key": "d", "operator": "NotIn", "values": ["3"]},
            {"key": "e", "operator": "Exists"},
            {"key": "f", "operator": "DoesNotExist"},
        ]);
        let selector = json!({"matchLabels": {"a": "b"}, "matchExpressions": expressions});
        assert_eq!(
            query(selector).as_deref(),
            Some("a=b,c in (1,2),d notin (3),e,!f")
        );
        assert_eq!(query(json!({"app.org/x": "y"})).as_deref(), Some("app.org/x=y"));
        assert_eq!(query(json!({})), None);
        assert_eq!(query(Value::Null), None);
    }
}

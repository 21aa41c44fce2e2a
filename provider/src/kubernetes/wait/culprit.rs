//! The container whose log tells most about an object that is not ready: a Job has failed or time is up, and no sign of
//! trouble names a Pod.

use std::cmp::Reverse;

use serde_json::Value;

use super::{report, suspects::pods_of};
use crate::kubernetes::{
    connection::{Connection, Request},
    error::{Action, Subject},
};

/// A Pod and one of its containers.
pub(super) struct Culprit {
    pub(super) pod: Value,
    pub(super) container: String,
}

/// The culprit among the Pods of `object`, or in the object itself if it is one.
pub(super) async fn find(connection: &Connection, object: &Value) -> Option<Culprit> {
    if object["kind"] == "Pod" {
        return among(vec![object.clone()]);
    }
    let path = pods_of(object)?;
    let request = Request::get(Action::List, Subject::Other("Pods".to_owned()), path);
    let answer = tokio::time::timeout(report::TIME_LIMIT, connection.send(&request)).await;
    // A report without a log is better than none.
    let mut answer = request.json(&answer.ok()?.ok()?).ok()?;
    let Value::Array(pods) = answer["items"].take() else {
        return None;
    };
    among(pods)
}

/// The first container, of the newest Pod, that failed or is not ready; those that failed come first.
fn among(mut pods: Vec<Value>) -> Option<Culprit> {
    pods.sort_by_cached_key(|pod| {
        let created = pod["metadata"]["creationTimestamp"].as_str();
        Reverse(created.unwrap_or_default().to_owned())
    });
    [has_failed, is_unready].into_iter().find_map(|guilty| {
        pods.iter().find_map(|pod| {
            let container = containers(pod).find(|container| guilty(container))?;
            Some(Culprit {
                pod: pod.clone(),
                container: container["name"].as_str()?.to_owned(),
            })
        })
    })
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    ["initContainerStatuses", "containerStatuses"]
        .into_iter()
        .flat_map(|list| pod["status"][list].as_array().into_iter().flatten())
}

fn has_failed(container: &Value) -> bool {
    ["state", "lastState"].iter().any(|state| {
        container[*state]["terminated"]["exitCode"]
            .as_i64()
            .is_some_and(|code| code != 0)
    })
}

fn is_unready(container: &Value) -> bool {
    container["state"]["running"].is_object() && container["ready"] == false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(name: &str, created: &str, containers: &Value) -> Value {
        json!({"metadata": {"name": name, "creationTimestamp": created}, "status": {"containerStatuses": containers}})
    }

    fn found(pods: Vec<Value>) -> Option<(String, String)> {
        among(pods).map(|culprit| {
            let name = culprit.pod["metadata"]["name"].as_str().unwrap_or_default();
            (name.to_owned(), culprit.container)
        })
    }

    fn names(pod: &str, container: &str) -> (String, String) {
        (pod.to_owned(), container.to_owned())
    }

    #[test]
    fn the_newest_failure_comes_before_what_is_only_unready() {
        let failed = json!([
            {"name": "proxy", "state": {"terminated": {"exitCode": 0}}},
            {"name": "train", "state": {"terminated": {"exitCode": 3}}},
        ]);
        let unready = json!([{"name": "web", "ready": false, "state": {"running": {}}}]);
        let pods = vec![
            pod("first", "2026-01-01T00:00:01Z", &failed),
            pod("second", "2026-01-01T00:00:02Z", &failed),
            pod("third", "2026-01-01T00:00:03Z", &unready),
        ];
        assert_eq!(found(pods.clone()), Some(names("second", "train")));
        assert_eq!(found(vec![pods[2].clone()]), Some(names("third", "web")));
    }

    #[test]
    fn a_container_that_crashed_and_runs_again_has_failed() {
        let crashed = json!([{"name": "web", "ready": true, "state": {"running": {}},
            "lastState": {"terminated": {"exitCode": 1}}}]);
        assert_eq!(found(vec![pod("a", "", &crashed)]), Some(names("a", "web")));
    }

    #[test]
    fn pods_that_are_well_are_no_culprits() {
        let well = json!([{"name": "web", "ready": true, "state": {"running": {}}}]);
        assert_eq!(found(vec![pod("a", "", &well)]), None);
    }
}

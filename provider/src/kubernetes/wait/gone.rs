//! The wait until a deleted object is gone.

use serde_json::Value;
use tokio::{task::JoinSet, time::sleep_until};

use super::{
    Wait, WaitError,
    report::{self, Report},
    status::{condition, words},
    watch::{Sighting, watch_object},
};
use crate::kubernetes::{api::finalizers, connection::Connection, object::ObjectKey};

impl Connection {
    /// Waits until the object with this uid is gone. A successor of the same name does not count.
    pub async fn wait_gone(&self, key: &ObjectKey, uid: &str, wait: &Wait<'_>) -> Result<(), WaitError> {
        let Some(location) = self.locate(key).await.map_err(WaitError::Api)? else {
            return Ok(());
        };
        let mut tasks = JoinSet::new();
        let mut sightings = watch_object(&mut tasks, self, location.clone());
        let mut last = None;
        let mut reason = "it was not seen yet".to_owned();
        loop {
            let sighting = tokio::select! {
                biased;
                () = wait.cancel.cancelled() => {
                    return Err(WaitError::Cancelled(make_report(self, &location.key, reason, last).await));
                }
                sighting = sightings.recv() => sighting,
                () = sleep_until(wait.deadline) => None,
            };
            let holding = match sighting {
                None => {
                    return Err(WaitError::TimedOut(
                        make_report(self, &location.key, reason, last).await,
                    ));
                }
                Some(Err(error)) => return Err(WaitError::Api(error)),
                Some(Ok(Sighting::Absent | Sighting::KindAbsent)) => return Ok(()),
                Some(Ok(Sighting::Present(object))) if object["metadata"]["uid"] != uid => return Ok(()),
                Some(Ok(Sighting::Present(object))) => {
                    let holding = what_holds(&object);
                    last = Some(object);
                    holding
                }
                Some(Ok(Sighting::Unseen(why))) => why,
            };
            if holding != reason {
                (wait.progress)(&holding);
                reason = holding;
            }
        }
    }
}

/// Why an object that is being deleted still exists.
fn what_holds(object: &Value) -> String {
    if !object["metadata"]["deletionTimestamp"].is_string() {
        return "it is not marked for deletion".to_owned();
    }
    // A namespace tells what it still holds.
    let content = [
        "NamespaceContentRemaining",
        "NamespaceFinalizersRemaining",
        "NamespaceDeletionContentFailure",
    ];
    let content: Vec<String> = content
        .iter()
        .filter_map(|kind| condition(object, kind).filter(|condition| condition["status"] == "True"))
        .map(words)
        .collect();
    if !content.is_empty() {
        return format!(
            "it is being deleted and still has content ({})",
            content.join("; ")
        );
    }
    let finalizers = finalizers(object);
    if finalizers.is_empty() {
        return "it is being deleted and ends within its grace period".to_owned();
    }
    format!(
        "it is being deleted and held by the finalizers `{}`",
        finalizers.join("`, `")
    )
}

async fn make_report(
    connection: &Connection,
    key: &ObjectKey,
    reason: String,
    object: Option<Value>,
) -> Report {
    let events = report::last_events(connection, &object.iter().collect::<Vec<_>>()).await;
    Report {
        key: key.clone(),
        goal: "gone",
        reason,
        events,
        log: None,
        object,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::what_holds;

    #[test]
    fn what_holds_an_object_is_named() {
        let object = |finalizers: &[&str]| json!({"metadata": {"deletionTimestamp": "now", "finalizers": finalizers}, "kind": "X"});
        let wanted = "it is being deleted and held by the finalizers `a.org/x`, `foregroundDeletion`";
        assert_eq!(what_holds(&object(&["a.org/x", "foregroundDeletion"])), wanted);
        assert_eq!(
            what_holds(&object(&[])),
            "it is being deleted and ends within its grace period"
        );
        assert_eq!(
            what_holds(&json!({"metadata": {}})),
            "it is not marked for deletion"
        );
        let mut namespace = object(&[]);
        namespace["status"] = json!({"conditions": [
            {"type": "NamespaceContentRemaining", "status": "True", "message": "pods. has 1 resource instances"},
            {"type": "NamespaceFinalizersRemaining", "status": "False", "message": "none"},
        ]});
        let wanted = "it is being deleted and still has content (pods. has 1 resource instances)";
        assert_eq!(what_holds(&namespace), wanted);
    }
}

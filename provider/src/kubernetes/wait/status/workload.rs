//! Workloads that keep Pods running: all of them on the newest version, ready and available.

use serde_json::Value;

use super::{Status, condition, number, words};

/// The number of replicas that is asked for.
fn wanted(object: &Value) -> i64 {
    number(object, "/spec/replicas").unwrap_or(1)
}

fn count(object: &Value, field: &str) -> i64 {
    number(&object["status"], &format!("/{field}")).unwrap_or(0)
}

/// Whether the controller has looked at the object at all.
fn unseen(object: &Value) -> Option<Status> {
    let observed = number(object, "/status/observedGeneration");
    observed
        .is_none()
        .then(|| Status::progress("its controller has not seen it yet"))
}

pub(super) fn deployment(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    let progressing = condition(object, "Progressing");
    if let Some(stuck) = progressing.filter(|progressing| progressing["reason"] == "ProgressDeadlineExceeded")
    {
        return Status::Failed(words(stuck));
    }
    let wanted = wanted(object);
    let updated = count(object, "updatedReplicas");
    let (all, available) = (count(object, "replicas"), count(object, "availableReplicas"));
    if updated < wanted {
        if object["spec"]["paused"] == true {
            return Status::Failed("its rollout is paused (`spec.paused`)".to_owned());
        }
        return Status::progress(format!(
            "{updated} of {wanted} replicas are of the newest version"
        ));
    }
    if all > updated {
        return Status::progress(format!("{} old replicas are still ending", all - updated));
    }
    if available < wanted {
        return Status::progress(format!("{available} of {wanted} replicas are available"));
    }
    Status::Ready
}

pub(super) fn replica_set(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    let (wanted, available) = (wanted(object), count(object, "availableReplicas"));
    if count(object, "replicas") != wanted || available < wanted {
        return Status::progress(format!("{available} of {wanted} replicas are available"));
    }
    Status::Ready
}

pub(super) fn stateful_set(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    let strategy = &object["spec"]["updateStrategy"];
    let (wanted, ready) = (wanted(object), count(object, "readyReplicas"));
    if ready < wanted {
        return Status::progress(format!("{ready} of {wanted} replicas are ready"));
    }
    if count(object, "replicas") > wanted {
        let surplus = count(object, "replicas") - wanted;
        return Status::progress(format!("{surplus} surplus replicas are still ending"));
    }
    // With `OnDelete` the user replaces Pods when it suits; the rollout has no end to wait for.
    if strategy["type"] != "OnDelete" {
        let partition = number(strategy, "/rollingUpdate/partition").unwrap_or(0);
        let to_update = (wanted - partition).max(0);
        let same_revision = object["status"]["currentRevision"] == object["status"]["updateRevision"];
        let updated = if same_revision {
            wanted
        } else {
            count(object, "updatedReplicas")
        };
        if updated < to_update {
            return Status::progress(format!(
                "{updated} of {to_update} replicas are of the newest version"
            ));
        }
    }
    let available = number(object, "/status/availableReplicas").unwrap_or(ready);
    if available < wanted {
        return Status::progress(format!("{available} of {wanted} replicas are available"));
    }
    Status::Ready
}

pub(super) fn daemon_set(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    let wanted = count(object, "desiredNumberScheduled");
    let updated = count(object, "updatedNumberScheduled");
    if object["spec"]["updateStrategy"]["type"] != "OnDelete" && updated < wanted {
        return Status::progress(format!(
            "the Pods of {updated} of {wanted} nodes are of the newest version"
        ));
    }
    let available = count(object, "numberAvailable");
    if available < wanted {
        return Status::progress(format!("the Pods of {available} of {wanted} nodes are available"));
    }
    Status::Ready
}

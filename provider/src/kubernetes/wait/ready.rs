//! The wait until an object is ready.

use serde_json::Value;
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    Conditions, Wait, WaitError, culprit,
    report::{self, Report},
    settling::Settling,
    status::Status,
    suspects::Suspects,
    trouble::{Trouble, Vigil, node_is_coming},
    watch::{Sighting, watch_object},
};
use crate::kubernetes::{
    api::{Location, Lookup},
    connection::Connection,
    error::{Action, ApiError, Failure, Missing, Subject},
    object::ObjectKey,
};

/// What is known in the middle of a wait.
struct Waiting<'wait> {
    connection: &'wait Connection,
    location: Location,
    wait: &'wait Wait<'wait>,
    object: Option<Value>,
    reason: String,
    suspects: Option<Suspects>,
    settling: Settling,
    vigil: Vigil,
    tasks: JoinSet<()>,
}

impl Connection {
    /// Waits until an object holds what `conditions` ask, and returns it as it was then.
    pub async fn wait_ready(
        &self,
        key: &ObjectKey,
        conditions: &Conditions,
        wait: &Wait<'_>,
    ) -> Result<Value, WaitError> {
        let located = self.locate(key).await.map_err(WaitError::Api)?;
        let location = located.ok_or_else(|| {
            let failure = Failure::NotFound {
                missing: Missing::Kind,
            };
            WaitError::Api(ApiError::new(
                Action::Watch,
                Subject::Object(key.clone()),
                failure,
            ))
        })?;
        let waiting = Waiting {
            connection: self,
            location,
            wait,
            object: None,
            reason: "it was not seen yet".to_owned(),
            suspects: None,
            settling: Settling::default(),
            vigil: Vigil::default(),
            tasks: JoinSet::new(),
        };
        waiting.run(conditions).await
    }
}

/// What one turn of the loop brought.
enum Turn {
    Seen(Option<Result<Sighting, ApiError>>),
    Look,
    TimeIsUp,
    Cancelled,
}

impl Waiting<'_> {
    async fn run(mut self, conditions: &Conditions) -> Result<Value, WaitError> {
        let mut sightings = watch_object(&mut self.tasks, self.connection, self.location.clone());
        let mut tick = interval(std::time::Duration::from_secs(1));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let turn = tokio::select! {
                biased;
                () = self.wait.cancel.cancelled() => Turn::Cancelled,
                seen = sightings.recv() => Turn::Seen(seen),
                () = changed(&mut self.suspects) => Turn::Look,
                _ = tick.tick() => Turn::Look,
                () = sleep_until(self.wait.deadline) => Turn::TimeIsUp,
            };
            match turn {
                Turn::Cancelled => return Err(WaitError::Cancelled(self.report(None).await)),
                Turn::Seen(Some(Ok(sighting))) => {
                    if let Some(ready) = self.see(sighting, conditions).await? {
                        return Ok(ready);
                    }
                }
                Turn::Seen(Some(Err(error))) => return Err(WaitError::Api(error)),
                // The watcher only ends by an error, which came before.
                Turn::TimeIsUp | Turn::Seen(None) => {
                    // Too young to end the wait by itself, and yet the best that is known.
                    if let Some(sign) = self.signs().into_iter().next() {
                        self.reason = format!("{}; {}", self.reason, sign.text);
                    }
                    return Err(WaitError::TimedOut(self.report(None).await));
                }
                Turn::Look => {
                    if let Some(ready) = self.judge(conditions).await? {
                        return Ok(ready);
                    }
                }
            }
            if let Some(trouble) = self.trouble().await {
                self.reason.clone_from(&trouble.text);
                return Err(WaitError::Failed(self.report(Some(&trouble)).await));
            }
        }
    }

    /// Takes in a sighting; returns the object if it is ready.
    async fn see(&mut self, sighting: Sighting, conditions: &Conditions) -> Result<Option<Value>, WaitError> {
        let gone = |what: &str| format!("{what} while it was waited for");
        match sighting {
            Sighting::Present(object) => {
                let in_progress = matches!(conditions.status(&object), Status::InProgress(_));
                if self.suspects.is_none() && conditions.rollout && in_progress {
                    self.suspects = Some(Suspects::of(
                        &mut self.tasks,
                        self.connection,
                        &self.location,
                        &object,
                    ));
                    if binds_later(self.connection, &object).await {
                        return Ok(Some(object));
                    }
                }
                self.object = Some(object);
                return self.judge(conditions).await;
            }
            Sighting::Absent | Sighting::KindAbsent => {
                let kind_absent = matches!(sighting, Sighting::KindAbsent);
                self.reason = gone(if kind_absent {
                    "its kind was removed"
                } else {
                    "it was deleted"
                });
                return Err(WaitError::Failed(self.report(None).await));
            }
            Sighting::Unseen(reason) => self.tell(reason),
        }
        Ok(None)
    }

    /// How far the object is as it was last seen; returns it if it is ready.
    async fn judge(&mut self, conditions: &Conditions) -> Result<Option<Value>, WaitError> {
        let Some(object) = &self.object else {
            return Ok(None);
        };
        match conditions.status(object) {
            Status::Ready => {
                // What was ready at the first sight is not in the middle of a rollout.
                let rolled_out = conditions.rollout && self.suspects.is_some();
                let long = self.wait.patience.settling;
                if !rolled_out || self.settling.settled(object, Instant::now(), long) {
                    return Ok(self.object.take());
                }
                self.tell(
                    "it is ready, and must stay so for a moment, as it has no readiness probe".to_owned(),
                );
            }
            Status::InProgress(reason) => {
                self.settling.interrupt();
                self.tell(reason);
            }
            Status::Failed(reason) => {
                self.reason = reason;
                return Err(WaitError::Failed(self.report(None).await));
            }
        }
        Ok(None)
    }

    fn tell(&mut self, reason: String) {
        if reason != self.reason {
            (self.wait.progress)(&reason);
            self.reason = reason;
        }
    }

    /// The signs of trouble at this moment.
    fn signs(&mut self) -> Vec<Trouble> {
        match (&self.object, &mut self.suspects) {
            (Some(object), Some(suspects)) => suspects.troubles(object, &self.wait.patience),
            _ => Vec::new(),
        }
    }

    /// The sign of trouble that ends the wait.
    async fn trouble(&mut self) -> Option<Trouble> {
        let signs = self.signs();
        let trouble = self.vigil.verdict(Instant::now(), signs)?;
        // Nodes with accelerators take minutes to come; an autoscaler says so.
        if let Some(pod) = trouble.unscheduled()
            && report::events(self.connection, &[pod])
                .await
                .iter()
                .any(node_is_coming)
        {
            self.vigil.excuse(&trouble);
            return None;
        }
        Some(trouble)
    }

    async fn report(&mut self, trouble: Option<&Trouble>) -> Report {
        let mut pod = trouble.and_then(|trouble| trouble.pod.clone());
        let mut container = trouble.and_then(|trouble| trouble.container.clone());
        if let (None, Some(object)) = (trouble, &self.object)
            && let Some(culprit) = culprit::find(self.connection, object).await
        {
            (pod, container) = (Some(culprit.pod), Some(culprit.container));
        }
        let objects: Vec<&Value> = self.object.iter().chain(&pod).collect();
        let events = report::last_events(self.connection, &objects).await;
        let log = match pod.zip(container) {
            Some((pod, container)) => report::container_log(self.connection, &pod, &container).await,
            None => None,
        };
        Report {
            key: self.location.key.clone(),
            goal: "ready",
            reason: self.reason.clone(),
            events,
            log,
            object: self.object.take(),
        }
    }
}

async fn changed(suspects: &mut Option<Suspects>) {
    match suspects {
        Some(suspects) => suspects.changed().await,
        None => std::future::pending().await,
    }
}

/// Whether a claim gets its volume only once a Pod uses it, and none does: then there is nothing to wait for.
async fn binds_later(connection: &Connection, object: &Value) -> bool {
    let class = object["spec"]["storageClassName"].as_str().unwrap_or_default();
    let chosen = object["metadata"]["annotations"]
        .get("volume.kubernetes.io/selected-node")
        .is_some();
    if object["kind"] != "PersistentVolumeClaim" || class.is_empty() || chosen {
        return false;
    }
    let key = ObjectKey {
        api_version: "storage.k8s.io/v1".to_owned(),
        kind: "StorageClass".to_owned(),
        namespace: None,
        name: class.to_owned(),
    };
    match connection.get(&key).await {
        Ok(Lookup::Present(class)) => class["volumeBindingMode"] == "WaitForFirstConsumer",
        _ => false,
    }
}

//! How a wait ended that did not end well, with what the cluster has to say about it.

use std::{fmt, time::Duration};

use serde_json::Value;

use crate::kubernetes::{
    connection::{Connection, Request},
    error::{Action, ApiError, Subject},
    object::ObjectKey,
};

/// A wait that did not succeed.
#[derive(Debug)]
pub enum WaitError {
    /// The object will not get there by itself.
    Failed(Report),
    /// Time ran out.
    TimedOut(Report),
    /// The wait was cancelled.
    Cancelled(Report),
    /// The object cannot be watched.
    Api(ApiError),
}

/// What is known about an object that was waited for.
#[derive(Clone, PartialEq)]
pub struct Report {
    /// Which object.
    pub key: ObjectKey,
    /// What was waited for: `ready` or `gone`.
    pub goal: &'static str,
    /// Why it is not.
    pub reason: String,
    /// The last events, the oldest first.
    pub events: Vec<String>,
    /// The last lines of a container that failed.
    pub log: Option<ContainerLog>,
    /// The object as it was last seen.
    pub object: Option<Value>,
}

/// The end of a container's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerLog {
    /// The Pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Its last lines.
    pub lines: String,
}

impl WaitError {
    /// What is known about the object; none if it could not be watched.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Failed(report) | Self::TimedOut(report) | Self::Cancelled(report) => Some(report),
            Self::Api(_) => None,
        }
    }

    /// One line: what did not happen and why.
    #[must_use]
    pub fn summary(&self) -> String {
        let (report, how) = match self {
            Self::Failed(report) => (report, "will not be"),
            Self::TimedOut(report) => (report, "was not in time"),
            Self::Cancelled(report) => (report, "was not yet, when the wait was cancelled,"),
            Self::Api(error) => return error.summary(),
        };
        let Report {
            key, goal, reason, ..
        } = report;
        let first = reason.lines().next().unwrap_or_default();
        format!("{key} {how} {goal}: {first}")
    }

    /// The reason, events and log lines, and what to do next.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Failed(report) => format!("{report}\n\nCorrect the cause and apply again."),
            Self::TimedOut(report) if report.goal == "gone" => format!(
                "{report}\n\nWhat holds it must let go: its finalizers are removed by the controllers that set them. \
                 Removing them by hand may leave behind what they clean up."
            ),
            Self::TimedOut(report) => {
                format!("{report}\n\nCorrect the cause, or allow more time by `timeouts`, and apply again.")
            }
            Self::Cancelled(report) => {
                format!("{report}\n\nThe object stays as it is. Apply again to go on.")
            }
            Self::Api(error) => error.detail(),
        }
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n{}", self.summary(), self.detail())
    }
}

impl std::error::Error for WaitError {}

/// Without the object, which may be a Secret.
impl fmt::Debug for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} is not {}: {}.",
            self.key,
            self.goal,
            self.reason.trim_end_matches('.')
        )?;
        if !self.events.is_empty() {
            write!(formatter, "\n\nLast events:\n- {}", self.events.join("\n- "))?;
        }
        if let Some(ContainerLog {
            pod,
            container,
            lines,
        }) = &self.log
        {
            write!(
                formatter,
                "\n\nLast lines of container `{container}` of Pod `{pod}`:\n{lines}"
            )?;
        }
        Ok(())
    }
}

/// How long the cluster is asked for events and logs.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The events about these objects. What may not be read, or not in time, is left out.
pub(super) async fn events(connection: &Connection, objects: &[&Value]) -> Vec<Value> {
    let asked = objects.iter().filter_map(|object| {
        let uid = object["metadata"]["uid"].as_str()?;
        let place = match object["metadata"]["namespace"].as_str() {
            Some(namespace) => format!("/namespaces/{namespace}"),
            None => String::new(),
        };
        let path = format!("/api/v1{place}/events?fieldSelector=involvedObject.uid%3D{uid}");
        Some(Request::get(
            Action::List,
            Subject::Other("events".to_owned()),
            path,
        ))
    });
    let mut found = Vec::new();
    for request in asked {
        let Ok(Ok(response)) = tokio::time::timeout(TIME_LIMIT, connection.send(&request)).await else {
            continue;
        };
        let mut answer = request.json(&response).unwrap_or_default();
        if let Value::Array(items) = answer["items"].take() {
            found.extend(items);
        }
    }
    found
}

/// The last events about these objects, one a line, the oldest first.
pub(super) async fn last_events(connection: &Connection, objects: &[&Value]) -> Vec<String> {
    const SHOWN: usize = 5;
    let found = events(connection, objects).await;
    let mut lines: Vec<(String, String)> = found
        .iter()
        .map(|event| (event_time(event), event_line(event)))
        .collect();
    lines.sort();
    let older = lines.len().saturating_sub(SHOWN);
    lines.into_iter().skip(older).map(|(_, line)| line).collect()
}

/// When an event was last seen; its text sorts as the time does.
fn event_time(event: &Value) -> String {
    let times = [
        "/series/lastObservedTime",
        "/lastTimestamp",
        "/eventTime",
        "/metadata/creationTimestamp",
    ];
    times
        .iter()
        .find_map(|time| event.pointer(time)?.as_str())
        .unwrap_or_default()
        .to_owned()
}

fn event_line(event: &Value) -> String {
    let text = |pointer: &str| {
        event
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
    };
    let count = event["count"]
        .as_i64()
        .or_else(|| event["series"]["count"].as_i64())
        .unwrap_or(1);
    let times = if count > 1 {
        format!(" ({count} times)")
    } else {
        String::new()
    };
    format!(
        "{} {} {} {}/{}: {}{times}",
        event_time(event),
        text("/type"),
        text("/reason"),
        text("/involvedObject/kind"),
        text("/involvedObject/name"),
        text("/message"),
    )
}

/// The end of a container's log: of the run that crashed, else of the present one.
pub(super) async fn container_log(
    connection: &Connection,
    pod: &Value,
    container: &str,
) -> Option<ContainerLog> {
    const LINES: u8 = 20;
    let name = pod["metadata"]["name"].as_str()?;
    let namespace = pod["metadata"]["namespace"].as_str()?;
    for previous in [true, false] {
        let query = format!("container={container}&tailLines={LINES}&previous={previous}");
        let path = format!("/api/v1/namespaces/{namespace}/pods/{name}/log?{query}");
        let request = Request::get(
            Action::ReadLog,
            Subject::Other(format!("Pod {namespace}/{name}")),
            path,
        );
        let Ok(Ok(response)) = tokio::time::timeout(TIME_LIMIT, connection.send(&request)).await else {
            continue;
        };
        let lines = String::from_utf8_lossy(&response.body).trim_end().to_owned();
        if !lines.is_empty() {
            return Some(ContainerLog {
                pod: name.to_owned(),
                container: container.to_owned(),
                lines,
            });
        }
    }
    None
}

//! Watches that do not end: one object, or the objects of a selector, seen again whenever they change.
//!
//! Each runs in a task of its own, so that whoever waits can listen to several and to the clock. A watch that the server
//! closes, or that lost its place, begins again with a fresh read; a server that does not answer is asked again.

use std::{collections::BTreeMap, time::Duration};

use futures::StreamExt;
use kube::core::WatchEvent;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::kubernetes::{
    api::{Location, Lookup},
    connection::{Connection, Request},
    error::{Action, ApiError, Failure, Subject},
};

/// One look at an object.
#[derive(Debug)]
pub(super) enum Sighting {
    Present(Value),
    Absent,
    KindAbsent,
    /// The server does not answer at the moment.
    Unseen(String),
}

/// Between reads where no watch is to be had, and before a watch that ended is opened again.
const POLL_PAUSE: Duration = Duration::from_secs(1);
const REOPEN_PAUSE: Duration = Duration::from_millis(100);
/// How long the server keeps a watch open; and how long nothing may come before the connection counts as dead.
const WATCH_LIMIT: Duration = Duration::from_mins(1);
const SILENCE_LIMIT: Duration = Duration::from_secs(75);

/// Watches one object until the receiver is dropped. An error is the last thing that is sent.
pub(super) fn watch_object(
    tasks: &mut JoinSet<()>,
    connection: &Connection,
    location: Location,
) -> mpsc::Receiver<Result<Sighting, ApiError>> {
    let (sender, receiver) = mpsc::channel(16);
    let connection = connection.clone();
    tasks.spawn(async move {
        while let Ok(pause) = look(&connection, &location, &sender).await {
            sleep(pause).await;
        }
    });
    receiver
}

/// Nobody listens any more.
struct Unheard;

type Sender = mpsc::Sender<Result<Sighting, ApiError>>;

async fn send(sender: &Sender, sighting: Result<Sighting, ApiError>) -> Result<(), Unheard> {
    sender.send(sighting).await.map_err(|_| Unheard)
}

/// Reads the object and follows it as long as one watch lasts. Returns the pause before the next look.
async fn look(connection: &Connection, location: &Location, sender: &Sender) -> Result<Duration, Unheard> {
    let object = match connection.get(&location.key).await {
        Ok(Lookup::Present(object)) => object,
        Ok(absent) => {
            let kind_absent = absent == Lookup::KindAbsent;
            send(
                sender,
                Ok(if kind_absent {
                    Sighting::KindAbsent
                } else {
                    Sighting::Absent
                }),
            )
            .await?;
            return Ok(POLL_PAUSE);
        }
        Err(error) if passes(&error) => {
            send(sender, Ok(Sighting::Unseen(error.summary()))).await?;
            return Ok(POLL_PAUSE);
        }
        Err(error) => {
            send(sender, Err(error)).await?;
            return Err(Unheard);
        }
    };
    let version = object["metadata"]["resourceVersion"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    send(sender, Ok(Sighting::Present(object))).await?;
    let name = utf8_percent_encode(&location.key.name, NON_ALPHANUMERIC);
    let collection = location
        .resource
        .collection_path(location.key.namespace.as_deref());
    let selector = format!("fieldSelector=metadata.name%3D{name}");
    let request = watch_request(location.subject(), &collection, &selector, &version);
    // Who may not watch, or watches a kind that cannot be watched, reads from time to time.
    let Ok(mut events) = connection.watch(request).await else {
        return Ok(POLL_PAUSE);
    };
    while let Ok(Some(Ok(event))) = timeout(SILENCE_LIMIT, events.next()).await {
        match event {
            WatchEvent::Added(object) | WatchEvent::Modified(object) => {
                send(sender, Ok(Sighting::Present(object))).await?;
            }
            WatchEvent::Deleted(_) => send(sender, Ok(Sighting::Absent)).await?,
            WatchEvent::Bookmark(_) | WatchEvent::Error(_) => {}
        }
    }
    Ok(REOPEN_PAUSE)
}

fn watch_request(subject: Subject, collection: &str, selector: &str, version: &str) -> Request {
    let version = utf8_percent_encode(version, NON_ALPHANUMERIC);
    let limit = WATCH_LIMIT.as_secs();
    let query = format!("watch=true&{selector}&resourceVersion={version}&timeoutSeconds={limit}");
    Request::get(Action::Watch, subject, format!("{collection}?{query}"))
}

/// Whether an error may pass by itself, as when an API server restarts.
fn passes(error: &ApiError) -> bool {
    matches!(
        error.failure(),
        Failure::Unreachable { .. } | Failure::TimedOut { .. } | Failure::Busy { .. } | Failure::Expired
    )
}

/// An object of a collection.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) object: Value,
    /// Whether it came or changed after the first look.
    pub(super) fresh: bool,
}

/// The objects of a collection by their uid.
pub(super) type Items = BTreeMap<String, Item>;

/// Watches the objects that a query selects. The receiver's sender goes away if the user may not see them.
pub(super) fn watch_collection(
    tasks: &mut JoinSet<()>,
    connection: &Connection,
    collection: String,
    selector: String,
) -> watch::Receiver<Items> {
    let (sender, receiver) = watch::channel(Items::new());
    let connection = connection.clone();
    tasks.spawn(async move {
        let mut first = true;
        while follow(&connection, &collection, &selector, &sender, first)
            .await
            .is_some()
        {
            first = false;
            sleep(POLL_PAUSE).await;
        }
    });
    receiver
}

/// Lists the objects and follows them as long as one watch lasts; none if that is not allowed or nobody listens.
async fn follow(
    connection: &Connection,
    collection: &str,
    selector: &str,
    sender: &watch::Sender<Items>,
    first: bool,
) -> Option<()> {
    let subject = Subject::Other(format!("`{collection}`"));
    let list = Request::get(Action::List, subject.clone(), format!("{collection}?{selector}"));
    let answer = match connection.send(&list).await {
        Ok(response) => list.json(&response).ok()?,
        Err(error) if passes(&error) => return Some(()),
        Err(_) => return None,
    };
    sender.send_modify(|items| {
        let before = std::mem::take(items);
        for object in answer["items"].as_array().into_iter().flatten() {
            let known = before
                .get(uid(object))
                .filter(|known| version(&known.object) == version(object));
            let fresh = known.map_or(!first, |known| known.fresh);
            items.insert(
                uid(object).to_owned(),
                Item {
                    object: object.clone(),
                    fresh,
                },
            );
        }
    });
    let mut events = connection
        .watch(watch_request(subject, collection, selector, version(&answer)))
        .await
        .ok()?;
    while let Ok(Some(Ok(event))) = timeout(SILENCE_LIMIT, events.next()).await {
        if sender.is_closed() {
            return None;
        }
        match event {
            WatchEvent::Added(object) | WatchEvent::Modified(object) => sender.send_modify(|items| {
                items.insert(uid(&object).to_owned(), Item { object, fresh: true });
            }),
            WatchEvent::Deleted(object) => sender.send_modify(|items| {
                items.remove(uid(&object));
            }),
            WatchEvent::Bookmark(_) | WatchEvent::Error(_) => {}
        }
    }
    Some(())
}

fn uid(object: &Value) -> &str {
    object["metadata"]["uid"].as_str().unwrap_or_default()
}

fn version(object: &Value) -> &str {
    object["metadata"]["resourceVersion"].as_str().unwrap_or_default()
}

//! Reads of many objects that lie together share list requests: the refresh of a thousand takes a few requests.
//!
//! A list counts only for who asked before it was begun, or a moment later; and only for objects that are in it. What is
//! not is asked for by itself, so that no object is ever called gone because of a list. Who may not list reads one by
//! one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::time::Instant;

use super::{Location, Lookup};
use crate::kubernetes::{
    connection::{Connection, Request},
    error::{Action, ApiError},
    object::ObjectKey,
};

/// From so many reads on, without a pause between them, a list is worth it.
const CROWD: usize = 20;
const PAUSE: Duration = Duration::from_secs(1);
/// For how long after its beginning a list answers further reads.
const FRESH: Duration = Duration::from_secs(1);
/// Objects that the server sends at a time: few enough that they are no burden where they are large.
const PAGE: usize = 100;
/// Of larger collections objects are read one by one.
const MOST_OBJECTS: u64 = 5_000;
const MOST_BYTES: usize = 8 << 20;
/// A list of which less than one in so many was wanted was not worth it, and is not repeated.
const WORTH: usize = 10;

/// Always read one by one: nobody's Secrets are fetched but those that are asked for, and definitions are huge.
const ONE_BY_ONE: [&str; 2] = ["Secret", "CustomResourceDefinition"];

/// What is remembered of each collection, by its path.
#[derive(Default)]
pub(in crate::kubernetes) struct Together {
    collections: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<Collection>>>>,
}

#[derive(Default)]
struct Collection {
    /// Reads in a row, and the time of the last one.
    reads: usize,
    last: Option<Instant>,
    list: Option<List>,
    /// It must not be listed, is too large, or too little of it is wanted.
    one_by_one: bool,
}

struct List {
    begun: Instant,
    /// By name; those that were asked for are taken out.
    objects: BTreeMap<String, Value>,
    count: usize,
}

impl Connection {
    /// Reads an object as `get` does, together with others of its collection if many are read.
    pub async fn get_among_others(&self, key: &ObjectKey) -> Result<Lookup, ApiError> {
        let asked = Instant::now();
        if let Some(location) = self.locate(key).await?
            && let Some(object) = self.find_in_list(&location, asked).await
        {
            return Ok(Lookup::Present(object));
        }
        self.get(key).await
    }

    async fn find_in_list(&self, location: &Location, asked: Instant) -> Option<Value> {
        if ONE_BY_ONE.contains(&location.key.kind.as_str()) {
            return None;
        }
        let path = location.collection_path();
        let collection = {
            let mut collections = self
                .together()
                .collections
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(collections.entry(path.clone()).or_default())
        };
        // Whoever comes while a list is under way waits for it here.
        let mut collection = collection.lock().await;
        collection.forget_old(asked);
        if !collection.is_worth_a_list(asked) {
            return None;
        }
        if collection.list.is_none() {
            let begun = Instant::now();
            let objects = self.list(location, &path).await;
            collection.one_by_one = objects.is_none();
            collection.list = objects.map(|objects| List {
                begun,
                count: objects.len(),
                objects,
            });
        }
        collection.list.as_mut()?.objects.remove(&location.key.name)
    }

    /// All objects of a collection, by name; `None` if it cannot be had, or not cheaply.
    async fn list(&self, location: &Location, path: &str) -> Option<BTreeMap<String, Value>> {
        let mut objects = BTreeMap::new();
        let (mut bytes, mut next) = (0, String::new());
        loop {
            let query = format!("{path}?limit={PAGE}{next}");
            let request = Request::get(Action::Read, location.subject(), query);
            let response = self.send(&request).await.ok()?;
            bytes += response.body.len();
            let mut page = request.json(&response).ok()?;
            for mut object in page["items"].as_array_mut()?.drain(..) {
                // Lists say it once for all.
                object["apiVersion"] = location.key.api_version.as_str().into();
                object["kind"] = location.key.kind.as_str().into();
                let name = object["metadata"]["name"].as_str()?.to_owned();
                objects.insert(name, object);
            }
            let metadata = &page["metadata"];
            let left = metadata["remainingItemCount"].as_u64().unwrap_or(0);
            match metadata["continue"].as_str().filter(|token| !token.is_empty()) {
                None => return Some(objects),
                Some(_) if bytes > MOST_BYTES || left > MOST_OBJECTS => return None,
                Some(token) => next = format!("&continue={token}"),
            }
        }
    }
}

impl Collection {
    fn forget_old(&mut self, asked: Instant) {
        if let Some(list) = self.list.take_if(|list| asked > list.begun + FRESH) {
            let wanted = list.count - list.objects.len();
            self.one_by_one |= wanted * WORTH < list.count;
        }
    }

    fn is_worth_a_list(&mut self, asked: Instant) -> bool {
        let follows = self.last.is_some_and(|last| asked < last + PAUSE);
        self.reads = if follows { self.reads + 1 } else { 1 };
        self.last = Some(asked);
        !self.one_by_one && self.reads >= CROWD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(begun: Instant, count: usize, left: usize) -> List {
        let objects = (0..left).map(|name| (name.to_string(), Value::Null)).collect();
        List {
            begun,
            objects,
            count,
        }
    }

    #[test]
    fn a_few_reads_are_no_crowd() {
        let start = Instant::now();
        let mut collection = Collection::default();
        assert!((1..CROWD).all(|_| !collection.is_worth_a_list(start)));
        assert!(collection.is_worth_a_list(start));
        assert!(
            !collection.is_worth_a_list(start + PAUSE),
            "after a pause they count anew"
        );
    }

    #[test]
    fn an_old_list_is_forgotten() {
        let start = Instant::now();
        let mut collection = Collection {
            list: Some(list(start, 40, 0)),
            ..Collection::default()
        };
        collection.forget_old(start + FRESH);
        assert!(collection.list.is_some());
        collection.forget_old(start + FRESH + Duration::from_millis(1));
        assert!(collection.list.is_none() && !collection.one_by_one);
    }

    #[test]
    fn a_list_that_was_not_worth_it_is_not_repeated() {
        let start = Instant::now();
        let mut collection = Collection {
            list: Some(list(start, 1000, 980)),
            ..Collection::default()
        };
        collection.forget_old(start + FRESH * 2);
        assert!(collection.one_by_one);
    }
}

//! What is stored about the objects of a set: their parts in state, their records beside it.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tfplugin_sdk::model::{Computed, Dynamic};
use tfplugin_sdk::{Diagnostic, Private};

use super::Manifests;
use crate::kubernetes::managed::{Live, Record};
use crate::kubernetes::object::ObjectKey;

/// The name of the records in private state.
const RECORDS: &str = "objects";

/// The objects of a set by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored(pub(super) BTreeMap<String, Entry>);

/// One object as it was stored.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The part of it that is ours.
    pub(super) object: Json,
    pub(super) record: Option<Record>,
}

impl Entry {
    pub(super) fn key(&self) -> Option<ObjectKey> {
        ObjectKey::of(&self.object)
    }
}

impl From<Live> for Entry {
    fn from(live: Live) -> Self {
        Self {
            object: live.object,
            record: Some(live.record),
        }
    }
}

impl Stored {
    /// Reads what `state` and `private` hold.
    pub(super) fn of(state: &Manifests, private: &Private) -> Self {
        let records: BTreeMap<String, Record> = private
            .get(RECORDS)
            .and_then(|records| serde_json::from_value(records.clone()).ok())
            .unwrap_or_default();
        let objects = state.objects.get().and_then(|objects| objects.to_json().ok());
        let Some(Json::Object(objects)) = objects else {
            return Self::default();
        };
        let entry = |(name, object): (String, Json)| {
            let record = records.get(&name).cloned();
            (name, Entry { object, record })
        };
        Self(objects.into_iter().map(entry).collect())
    }

    /// Writes it to `state` and `private`.
    pub(super) fn store(&self, state: &mut Manifests, private: &mut Private) -> Result<(), Diagnostic> {
        let records: BTreeMap<_, _> = self
            .0
            .iter()
            .filter_map(|(name, entry)| Some((name, entry.record.as_ref()?)))
            .collect();
        let records = serde_json::to_value(records).map_err(|error| {
            Diagnostic::bug(format!("The objects' records could not be written: {error}."))
        })?;
        private.set(RECORDS, records);
        state.objects = self.objects();
        Ok(())
    }

    /// The attribute `objects`.
    pub(super) fn objects(&self) -> Computed<Dynamic> {
        let objects = self
            .0
            .iter()
            .map(|(name, entry)| (name.clone(), Some(Dynamic::from_json(&entry.object))));
        Computed::known(Dynamic::object(objects))
    }
}

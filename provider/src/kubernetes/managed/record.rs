//! What is stored beside an object's state to tell, without asking the server, whether anything changed.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tfplugin_sdk::Diagnostic;

use super::shown::shown;
use crate::kubernetes::fields::{FieldSet, find_apply_entry, fingerprint, project};

/// The memory of an object's last apply and last read. Fingerprints are salted: contents of Secrets cannot be looked up
/// from them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The object's uid, so that a deletion cannot hit another object of the same name.
    pub uid: String,
    /// The salt of the fingerprints: the uid that the object had first.
    salt: String,
    /// The fields that were ours after the last apply, in the server's form.
    owned: Json,
    /// Fingerprint of what was applied last, as it was sent.
    desired: String,
    /// Fingerprint of our fields after the last apply.
    applied: String,
    /// Fingerprint of our fields at the last read.
    live: String,
}

/// An object as it is: the part that is ours, and the memory of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// The part of the object that our field manager owns, as state shows it.
    pub object: Json,
    /// The memory.
    pub record: Record,
}

impl Record {
    /// Whether neither the configuration nor our fields in the cluster changed since the last apply.
    #[must_use]
    pub fn is_current(&self, desired: &Json) -> bool {
        self.desired == fingerprint(self.salt.as_bytes(), desired) && !self.drifted()
    }

    /// Whether our fields in the cluster are not as they were applied.
    #[must_use]
    pub fn drifted(&self) -> bool {
        self.applied != self.live
    }

    /// The fields that were ours after the last apply.
    #[must_use]
    pub fn owned(&self) -> FieldSet {
        FieldSet::parse(&self.owned).unwrap_or_default()
    }
}

impl Live {
    /// The object right after `desired` was applied.
    pub(super) fn applied(
        live: &Json,
        manager: &str,
        desired: &Json,
        before: Option<&Record>,
    ) -> Result<Self, Diagnostic> {
        let mut seen = Self::seen(live, manager, before)?;
        let record = &mut seen.record;
        record.owned = owned_fields(live, manager)?.to_value();
        record.desired = fingerprint(record.salt.as_bytes(), desired);
        record.applied.clone_from(&record.live);
        Ok(seen)
    }

    /// The object as it was read.
    pub(super) fn seen(live: &Json, manager: &str, before: Option<&Record>) -> Result<Self, Diagnostic> {
        let uid = live["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
        let mut record = before.cloned().unwrap_or_else(|| Record {
            salt: uid.clone(),
            ..Record::default()
        });
        let ours = owned_part(live, manager)?;
        record.live = fingerprint(record.salt.as_bytes(), &ours);
        record.uid = uid;
        Ok(Self {
            object: shown(ours),
            record,
        })
    }
}

/// The part of an object that `manager` owns by its Apply entry.
pub(super) fn owned_part(live: &Json, manager: &str) -> Result<Json, Diagnostic> {
    project(live, &owned_fields(live, manager)?).map_err(|error| unreadable(&error))
}

/// The fields that `manager` owns by its Apply entry; none if it has no entry.
pub(super) fn owned_fields(live: &Json, manager: &str) -> Result<FieldSet, Diagnostic> {
    let entry = find_apply_entry(live, manager).map_err(|error| unreadable(&error))?;
    Ok(entry.map(|entry| entry.fields).unwrap_or_default())
}

fn unreadable(error: &dyn std::error::Error) -> Diagnostic {
    Diagnostic::bug(format!(
        "The server's `metadata.managedFields` could not be read: {error}."
    ))
}

//! What is stored beside an object's state to tell, without asking the server, whether anything changed.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tfplugin_sdk::Diagnostic;

use super::shown::shown;
use crate::kubernetes::fields::{FieldSet, find_apply_entry, fingerprint, project};

/// The memory of an object's last apply and last read. Fingerprints are salted: contents of Secrets cannot be looked up
/// from them. What is the same as another field is left out, because Terraform writes the state anew after each resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The object's uid, so that a deletion cannot hit another object of the same name.
    pub uid: String,
    /// The salt of the fingerprints, if it is not the uid: the uid that the object had first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// The fields that were ours after the last apply, in the server's form.
    owned: Json,
    /// Fingerprint of our fields after the last apply; empty if there was none.
    applied: String,
    /// Fingerprint of what was applied last as it was sent, if that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desired: Option<String>,
    /// Fingerprint of our fields at the last read, if that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    live: Option<String>,
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
        *self.desired.as_ref().unwrap_or(&self.applied) == self.fingerprint(desired) && !self.drifted()
    }

    /// Whether our fields in the cluster are not as they were applied.
    #[must_use]
    pub fn drifted(&self) -> bool {
        self.live.as_ref().is_some_and(|live| *live != self.applied)
    }

    /// The fields that were ours after the last apply.
    #[must_use]
    pub fn owned(&self) -> FieldSet {
        FieldSet::parse(&self.owned).unwrap_or_default()
    }

    fn fingerprint(&self, object: &Json) -> String {
        fingerprint(self.salt.as_ref().unwrap_or(&self.uid).as_bytes(), object)
    }

    /// `fingerprint`, unless it is that of the last apply.
    fn unless_applied(&self, fingerprint: String) -> Option<String> {
        (fingerprint != self.applied).then_some(fingerprint)
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
        if let Some(live) = record.live.take() {
            record.applied = live;
        }
        record.desired = record.unless_applied(record.fingerprint(desired));
        Ok(seen)
    }

    /// The object as it was read.
    pub(super) fn seen(live: &Json, manager: &str, before: Option<&Record>) -> Result<Self, Diagnostic> {
        let uid = live["metadata"]["uid"].as_str().unwrap_or_default();
        let mut record = before.cloned().unwrap_or_else(|| Record {
            uid: uid.to_owned(),
            ..Record::default()
        });
        if record.uid != uid {
            // Somebody deleted and made it anew. The fingerprints stay comparable.
            let former = std::mem::replace(&mut record.uid, uid.to_owned());
            record.salt.get_or_insert(former);
        }
        let ours = owned_part(live, manager)?;
        record.live = record.unless_applied(record.fingerprint(&ours));
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Live, Record};

    fn live(uid: &str, level: &str) -> Json {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"level": level}, "metadata": {
            "name": "a", "namespace": "b", "uid": uid,
            "managedFields": [{"manager": "mlops", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1",
                "fieldsV1": {"f:data": {"f:level": {}}}}],
        }})
    }

    fn desired(level: &str) -> Json {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b"},
            "data": {"level": level}})
    }

    #[test]
    fn what_was_applied_is_current_until_something_changes() {
        let applied = Live::applied(&live("1", "info"), "mlops", &desired("info"), None)
            .unwrap()
            .record;
        assert!(applied.is_current(&desired("info")) && !applied.is_current(&desired("debug")));
        let drifted = Live::seen(&live("1", "theirs"), "mlops", Some(&applied))
            .unwrap()
            .record;
        assert!(drifted.drifted() && !drifted.is_current(&desired("info")));
        let again = Live::seen(&live("1", "info"), "mlops", Some(&drifted))
            .unwrap()
            .record;
        assert_eq!(again, applied);
    }

    #[test]
    fn another_object_with_the_same_content_has_not_drifted() {
        let applied = Live::applied(&live("1", "info"), "mlops", &desired("info"), None)
            .unwrap()
            .record;
        let successor = Live::seen(&live("2", "info"), "mlops", Some(&applied))
            .unwrap()
            .record;
        assert!(successor.is_current(&desired("info")) && successor.uid == "2");
    }

    #[test]
    fn an_imported_object_is_never_current() {
        let imported = Live::seen(&live("1", "info"), "mlops", None).unwrap().record;
        assert!(!imported.is_current(&desired("info")));
    }

    #[test]
    fn records_are_small_and_come_back() {
        let record = Live::applied(&live("1", "info"), "mlops", &desired("info"), None)
            .unwrap()
            .record;
        let text = serde_json::to_string(&record).unwrap();
        assert!(!text.contains("salt") && !text.contains("live"), "{text}");
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}

//! The entries of `metadata.managedFields`.

use std::fmt;

use serde_json::Value;

use super::{FieldPath, FieldSet, FieldSetError};

/// How a manager came by its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// By server-side apply.
    Apply,
    /// By any other write.
    Update,
}

/// What one manager owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagerEntry {
    /// The name that the manager gave itself.
    pub manager: String,
    /// Apply or update.
    pub operation: Operation,
    /// Set when the fields were written through `/status`, `/scale` or another subresource.
    pub subresource: Option<String>,
    /// The version of the object in which the fields are named.
    pub api_version: String,
    /// When it last wrote, in RFC 3339.
    pub time: Option<String>,
    /// Its fields.
    pub fields: FieldSet,
}

impl fmt::Display for ManagerEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = match self.operation {
            Operation::Apply => "Apply",
            Operation::Update => "Update",
        };
        write!(formatter, "`{}` ({operation}", self.manager)?;
        if let Some(subresource) = &self.subresource {
            write!(formatter, " of {subresource}")?;
        }
        if let Some(time) = &self.time {
            write!(formatter, ", {time}")?;
        }
        formatter.write_str(")")
    }
}

/// All entries of a live object.
pub fn entries(live: &Value) -> Result<Vec<ManagerEntry>, FieldSetError> {
    let listed = live["metadata"]["managedFields"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    listed.iter().map(parse_entry).collect()
}

fn parse_entry(entry: &Value) -> Result<ManagerEntry, FieldSetError> {
    let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
    let optional = |field: &str| {
        entry[field]
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let fields = entry
        .get("fieldsV1")
        .map(FieldSet::parse)
        .transpose()?
        .unwrap_or_default();
    Ok(ManagerEntry {
        manager: text("manager"),
        operation: if entry["operation"] == "Apply" {
            Operation::Apply
        } else {
            Operation::Update
        },
        subresource: optional("subresource"),
        api_version: text("apiVersion"),
        time: optional("time"),
        fields,
    })
}

/// The entry that server-side apply keeps for `manager` on the object itself.
pub fn find_apply_entry(live: &Value, manager: &str) -> Result<Option<ManagerEntry>, FieldSetError> {
    let is_ours = |entry: &ManagerEntry| {
        entry.manager == manager && entry.operation == Operation::Apply && entry.subresource.is_none()
    };
    Ok(entries(live)?.into_iter().find(is_ours))
}

/// The managers that own `path` in a live object.
pub fn managers_of(live: &Value, path: &FieldPath) -> Result<Vec<ManagerEntry>, FieldSetError> {
    Ok(entries(live)?
        .into_iter()
        .filter(|entry| entry.fields.contains(path))
        .collect())
}

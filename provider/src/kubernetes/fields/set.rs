//! A set of fields, in the format of `fieldsV1`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{FieldPath, PathElement};

/// The fields that a manager owns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet {
    /// Elements that are owned themselves.
    pub(super) members: BTreeSet<PathElement>,
    /// Elements below which something is owned; never an empty set.
    pub(super) children: BTreeMap<PathElement, FieldSet>,
}

/// `fieldsV1` that does not follow its format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the server's record of field owners (`metadata.managedFields`) holds `{text}`, where an element such as `f:NAME`, \
     `k:{{…}}`, `v:…` or `i:0` with a mapping below it is expected"
)]
pub struct FieldSetError {
    /// What was found.
    pub text: String,
}

impl FieldSet {
    /// Reads a `fieldsV1` value.
    pub fn parse(fields: &Value) -> Result<Self, FieldSetError> {
        let unexpected = |text: &str| FieldSetError {
            text: text.to_owned(),
        };
        let entries = fields
            .as_object()
            .ok_or_else(|| unexpected(&fields.to_string()))?;
        let mut set = Self::default();
        for (text, below) in entries.iter().filter(|(text, _)| *text != ".") {
            let element = PathElement::parse(text).ok_or_else(|| unexpected(text))?;
            let child = Self::parse(below)?;
            // A leaf is owned itself; an element with others below it only where a dot says so.
            if child.is_empty() || below.get(".").is_some() {
                set.members.insert(element.clone());
            }
            if !child.is_empty() {
                set.children.insert(element, child);
            }
        }
        Ok(set)
    }

    /// The `fieldsV1` value of the set.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut entries = Map::new();
        for (element, child) in &self.children {
            let mut below = child.to_value();
            if self.members.contains(element) {
                below["."] = Value::Object(Map::new());
            }
            entries.insert(element.serialize(), below);
        }
        for element in self
            .members
            .iter()
            .filter(|element| !self.children.contains_key(element))
        {
            entries.insert(element.serialize(), Value::Object(Map::new()));
        }
        Value::Object(entries)
    }

    /// Whether nothing is owned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.is_empty()
    }

    /// Whether `path` is owned: itself, or as part of an element that is owned as a whole.
    #[must_use]
    pub fn contains(&self, path: &FieldPath) -> bool {
        let mut set = self;
        for (depth, element) in path.0.iter().enumerate() {
            let last = depth + 1 == path.0.len();
            match set.children.get(element) {
                Some(child) if !last => set = child,
                below => return set.members.contains(element) && (last || below.is_none()),
            }
        }
        false
    }

    /// The owned paths, in order.
    #[must_use]
    pub fn members(&self) -> Vec<FieldPath> {
        let mut paths = Vec::new();
        self.collect(&mut FieldPath::default(), &|_| true, &mut paths);
        paths
    }

    /// The owned paths below which nothing else is owned, in order.
    #[must_use]
    pub fn leaves(&self) -> Vec<FieldPath> {
        let mut paths = Vec::new();
        self.collect(&mut FieldPath::default(), &|below| below.is_none(), &mut paths);
        paths
    }

    /// Collects the owned paths of which `wanted` takes what is owned below.
    fn collect(
        &self,
        prefix: &mut FieldPath,
        wanted: &dyn Fn(Option<&Self>) -> bool,
        paths: &mut Vec<FieldPath>,
    ) {
        let elements: BTreeSet<&PathElement> = self.members.iter().chain(self.children.keys()).collect();
        for element in elements {
            let below = self.children.get(element);
            prefix.0.push(element.clone());
            if self.members.contains(element) && wanted(below) {
                paths.push(prefix.clone());
            }
            if let Some(below) = below {
                below.collect(prefix, wanted, paths);
            }
            prefix.0.pop();
        }
    }

    /// What this set has and `other` has not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let members = self.members.difference(&other.members).cloned().collect();
        let nothing = Self::default();
        let children = self
            .children
            .iter()
            .map(|(element, child)| {
                let below = other.children.get(element).unwrap_or(&nothing);
                (element.clone(), child.difference(below))
            })
            .filter(|(_, child)| !child.is_empty())
            .collect();
        Self { members, children }
    }

    /// Adds everything that `other` has.
    pub fn extend(&mut self, other: &Self) {
        self.members.extend(other.members.iter().cloned());
        for (element, child) in &other.children {
            self.children.entry(element.clone()).or_default().extend(child);
        }
    }
}

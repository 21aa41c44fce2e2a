//! The part of a live object that a set of fields selects.

use serde_json::{Map, Value};

use super::{FieldSet, FieldSetError, PathElement, entries};

/// The part of `live` that `owned` selects, with the fields that name the object.
///
/// Parents are kept, and so are the key fields of list items, by which an item is recognised. A mapping or list that is
/// owned as a whole is taken as a whole, unless other managers own parts of it: then it was written empty, and what
/// the others put into it is theirs.
pub fn project(live: &Value, owned: &FieldSet) -> Result<Value, FieldSetError> {
    let mut others = FieldSet::default();
    for entry in entries(live)?.into_iter().filter(|entry| entry.fields != *owned) {
        others.extend(&entry.fields);
    }
    let mut projection = Map::new();
    if let Value::Object(fields) = project_value(live, owned, Some(&others)) {
        projection = fields;
    }
    for field in ["apiVersion", "kind"] {
        projection.insert(field.to_owned(), live[field].clone());
    }
    let metadata = projection
        .entry("metadata")
        .or_insert_with(|| Value::Object(Map::new()));
    for field in ["name", "namespace"] {
        if let Some(value) = live["metadata"].get(field) {
            metadata[field] = value.clone();
        }
    }
    Ok(Value::Object(projection))
}

fn project_value(value: &Value, owned: &FieldSet, others: Option<&FieldSet>) -> Value {
    match value {
        Value::Object(fields) => {
            let mut projection = Map::new();
            for (name, value) in fields {
                if let Some(part) = project_element(&PathElement::Field(name.clone()), value, owned, others) {
                    projection.insert(name.clone(), part);
                }
            }
            Value::Object(projection)
        }
        Value::Array(items) => {
            let owned_items = items.iter().enumerate().filter_map(|(index, item)| {
                let elements = owned.members.iter().chain(owned.children.keys());
                let element = elements
                    .into_iter()
                    .find(|element| element.selects(index, item))?;
                project_element(element, item, owned, others)
            });
            Value::Array(owned_items.collect())
        }
        scalar => scalar.clone(),
    }
}

/// The owned part of the value at `element`; none if nothing of it is owned.
fn project_element(
    element: &PathElement,
    value: &Value,
    owned: &FieldSet,
    others: Option<&FieldSet>,
) -> Option<Value> {
    let below_others = others.and_then(|others| others.children.get(element));
    let mut part = match owned.children.get(element) {
        Some(below) => project_value(value, below, below_others),
        None if !owned.members.contains(element) => return None,
        None if below_others.is_some() => empty_like(value),
        None => value.clone(),
    };
    if let (PathElement::Key(keys), Value::Object(fields)) = (element, &mut part) {
        for name in keys.keys() {
            if let Some(key) = value.get(name) {
                fields.insert(name.clone(), key.clone());
            }
        }
    }
    Some(part)
}

fn empty_like(value: &Value) -> Value {
    match value {
        Value::Object(_) => Value::Object(Map::new()),
        Value::Array(_) => Value::Array(Vec::new()),
        scalar => scalar.clone(),
    }
}

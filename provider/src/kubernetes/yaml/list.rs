//! `kind: List`: many objects in one document, as `kubectl get -o yaml` writes them.

use serde_json::Value;

use super::Document;

/// A `List` whose items are not a list of objects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the `List` that begins on line {line} has {found} at `items`, where a list of objects is expected. Put the objects \
     there, or write them as documents of their own"
)]
pub struct ListError {
    /// The line on which the document begins.
    pub line: usize,
    /// What stands at `items`.
    pub found: &'static str,
}

/// Puts the items of every list in its place; other documents stay as they are.
///
/// A list is a `v1 List`, or the typed list that a server answers with (`ConfigMapList`): it has `items` and no name,
/// which tells it from a custom kind whose name ends in `List`. The items of a typed list may leave out their kind.
pub fn expand_lists(documents: Vec<Document>) -> Result<Vec<Document>, ListError> {
    let mut expanded = Vec::with_capacity(documents.len());
    for document in documents {
        if is_list(&document.value) {
            expand(document, &mut expanded)?;
        } else {
            expanded.push(document);
        }
    }
    Ok(expanded)
}

fn is_list(value: &Value) -> bool {
    let kind = value["kind"].as_str().unwrap_or_default();
    (kind == "List" && value["apiVersion"] == "v1")
        || (kind.ends_with("List") && value["items"].is_array() && value["metadata"]["name"].is_null())
}

fn expand(document: Document, expanded: &mut Vec<Document>) -> Result<(), ListError> {
    let Document { mut value, line } = document;
    let items = match value["items"].take() {
        Value::Array(items) => items,
        Value::Null => return Ok(()),
        Value::Object(_) => {
            return Err(ListError {
                line,
                found: "a mapping",
            });
        }
        _ => {
            return Err(ListError {
                line,
                found: "a scalar",
            });
        }
    };
    let item_kind = value["kind"]
        .as_str()
        .and_then(|kind| kind.strip_suffix("List"))
        .filter(|kind| !kind.is_empty());
    for mut item in items {
        let Some(fields) = item.as_object_mut() else {
            return Err(ListError {
                line,
                found: "an item that is no object",
            });
        };
        if let Some(kind) = item_kind
            && !fields.contains_key("kind")
        {
            fields.insert("kind".to_owned(), Value::from(kind));
            fields.insert("apiVersion".to_owned(), value["apiVersion"].clone());
        }
        let item = Document { value: item, line };
        if is_list(&item.value) {
            expand(item, expanded)?;
        } else {
            expanded.push(item);
        }
    }
    Ok(())
}

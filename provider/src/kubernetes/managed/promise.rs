//! What a plan promised of an object, against what the server said later.
//!
//! A dry run is the server's word, and a mutating admission webhook can break it: by another answer each time, or by
//! another one when it counts. Core takes that for a bug of the provider, and has an object that was just created
//! replaced, which breaks the promise again.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use tfplugin_sdk::Diagnostic;
use tfplugin_sdk::model::Dynamic;

use crate::kubernetes::diagnostics;
use crate::kubernetes::object::ObjectKey;

/// Lets `object` be what was promised, and returns a warning if it is something else. The state holds the promise until
/// the next read; the object's record knows better.
pub fn keep(promised: &Json, object: &mut Json) -> Option<Diagnostic> {
    // As the promise went to core and came back: there are several spellings of a number.
    let stored = Dynamic::from_json(object).to_json().ok()?;
    let fields = differences(promised, &stored);
    let key = ObjectKey::of(object).filter(|_| !fields.is_empty())?;
    *object = promised.clone();
    Some(diagnostics::broken_promise(&key, &fields))
}

/// The fields in which two forms of an object differ.
pub(super) fn differences(one: &Json, other: &Json) -> Vec<String> {
    let mut fields = Vec::new();
    collect(one, other, "", &mut fields);
    fields
}

fn collect(one: &Json, other: &Json, path: &str, fields: &mut Vec<String>) {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for name in names {
                let of =
                    |object: &serde_json::Map<String, Json>| object.get(name).cloned().unwrap_or_default();
                collect(&of(one), &of(other), &format!("{path}.{name}"), fields);
            }
        }
        (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                collect(one, other, &format!("{path}[{index}]"), fields);
            }
        }
        _ if one != other => fields.push(path.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{differences, keep};

    fn object(level: &str, size: &Json) -> Json {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"level": level, "size": size}})
    }

    #[test]
    fn fields_that_differ_are_named() {
        let one = json!({"a": {"b": 1, "c": [1, {"d": 2}]}, "e": [1], "f": 1});
        let other = json!({"a": {"b": 2, "c": [1, {"d": 3}]}, "e": [1, 2], "g": 1});
        assert_eq!(differences(&one, &other), [".a.b", ".a.c[1].d", ".e", ".f", ".g"]);
        assert!(differences(&one, &one).is_empty());
    }

    #[test]
    fn a_kept_promise_is_nothing_to_warn_of() {
        let mut stored = object("info", &json!(1.0));
        assert_eq!(keep(&object("info", &json!(1)), &mut stored), None);
    }

    #[test]
    fn a_broken_promise_is_told_and_kept_in_state() {
        let (promised, mut stored) = (object("dry", &json!(1)), object("real", &json!(1)));
        let warning = format!("{:?}", keep(&promised, &mut stored));
        assert!(
            warning.contains(".data.level") && !warning.contains("size"),
            "{warning}"
        );
        assert_eq!(stored, promised);
    }
}

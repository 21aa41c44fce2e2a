//! The part of an object that state and plans show.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::kubernetes::fields::without_secret_data;

/// Leaves out what must not be seen, the contents of a Secret, and what nobody reads: the schemas of a kind's
/// definition, often a megabyte, are shown as their sha256, which changes when they do.
pub(super) fn shown(object: Json) -> Json {
    let mut object = without_secret_data(object);
    if object["kind"] == "CustomResourceDefinition"
        && let Some(versions) = object.pointer_mut("/spec/versions").and_then(Json::as_array_mut)
    {
        for schema in versions
            .iter_mut()
            .filter_map(|version| version.get_mut("schema"))
        {
            let digest = Sha256::digest(schema.to_string());
            let text = digest
                .iter()
                .fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"));
            *schema = Json::String(text);
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::shown;

    #[test]
    fn schemas_of_definitions_are_shown_as_fingerprints() {
        let definition = |description: &str| {
            json!({"kind": "CustomResourceDefinition", "spec": {"versions": [
                {"name": "v1", "schema": {"openAPIV3Schema": {"description": description}}},
            ]}})
        };
        let (one, other) = (shown(definition("one")), shown(definition("other")));
        assert_ne!(one, other);
        assert_eq!(one["spec"]["versions"][0]["name"], "v1");
        assert!(
            one["spec"]["versions"][0]["schema"]
                .as_str()
                .is_some_and(|text| text.len() == 71),
            "{one}"
        );
    }

    #[test]
    fn contents_of_secrets_are_not_shown() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "data": {"a": "eA=="}, "type": "Opaque"});
        assert_eq!(
            shown(secret),
            json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque"})
        );
    }
}

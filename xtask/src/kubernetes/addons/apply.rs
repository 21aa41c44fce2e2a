//! Objects into the API server by server-side apply: a second time changes nothing.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::super::api::Api;

/// Applies `objects` in their order.
pub(in super::super) fn apply(api: &Api, objects: &[Value]) -> Result<()> {
    objects.iter().try_for_each(|object| apply_one(api, object))
}

fn apply_one(api: &Api, object: &Value) -> Result<()> {
    let path = path(object).with_context(|| format!("an object without kind or name: {object}"))?;
    let query = "fieldManager=mlops-cluster&force=true";
    // JSON is YAML, and this content type is the one that every supported version accepts.
    let body = Some(("application/apply-patch+yaml", object));
    match api.call("PATCH", &format!("{path}?{query}"), body)? {
        (200 | 201, _) => Ok(()),
        (status, answer) => bail!("applying {path} was answered with {status}: {answer}"),
    }
}

/// Where the API server keeps an object.
fn path(object: &Value) -> Option<String> {
    let version = object["apiVersion"].as_str()?;
    let name = object["metadata"]["name"].as_str()?;
    let root = if version.contains('/') { "apis" } else { "api" };
    let namespace = object["metadata"]["namespace"].as_str();
    let namespace = namespace.map(|namespace| format!("/namespaces/{namespace}"));
    let resource = plural(object["kind"].as_str()?);
    Some(format!(
        "/{root}/{version}{}/{resource}/{name}",
        namespace.unwrap_or_default()
    ))
}

/// The built-in kinds follow these two rules, apart from those that end in `y` and `Endpoints`, which nobody needs here.
fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    let ending = if kind.ends_with('s') { "es" } else { "s" };
    kind + ending
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_know_groups_namespaces_and_plurals() {
        let namespaced = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a", "namespace": "b" },
        });
        assert_eq!(
            path(&namespaced).as_deref(),
            Some("/api/v1/namespaces/b/configmaps/a")
        );
        let class = json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": { "name": "a" },
        });
        assert_eq!(
            path(&class).as_deref(),
            Some("/apis/storage.k8s.io/v1/storageclasses/a")
        );
        assert_eq!(path(&json!({ "apiVersion": "v1", "kind": "Pod" })), None);
    }
}

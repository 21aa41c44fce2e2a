//! Rights for the users that the add-ons' client certificates speak for.

use serde_json::{Value, json};

/// One rule of a role: verbs on resources of one API group.
pub(super) fn rule(group: &str, resources: &[&str], verbs: &[&str]) -> Value {
    json!({ "apiGroups": [group], "resources": resources, "verbs": verbs })
}

/// A role of that name for the whole cluster, given to `user`.
pub(super) fn grant(name: &str, user: &str, rules: &[Value]) -> Vec<Value> {
    let role = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": { "name": name },
        "rules": rules,
    });
    vec![role, bind(name, name, user)]
}

/// A role that is there already, given to `user` for the whole cluster.
pub(super) fn bind(name: &str, role: &str, user: &str) -> Value {
    binding(
        &json!({ "name": name }),
        "ClusterRoleBinding",
        "ClusterRole",
        role,
        user,
    )
}

/// A role of a namespace that is there already, given to `user` in it.
pub(super) fn bind_in(namespace: &str, name: &str, role: &str, user: &str) -> Value {
    let metadata = json!({ "name": name, "namespace": namespace });
    binding(&metadata, "RoleBinding", "Role", role, user)
}

fn binding(metadata: &Value, kind: &str, role_kind: &str, role: &str, user: &str) -> Value {
    let group = "rbac.authorization.k8s.io";
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": metadata,
        "roleRef": { "apiGroup": group, "kind": role_kind, "name": role },
        "subjects": [{ "apiGroup": group, "kind": "User", "name": user }],
    })
}

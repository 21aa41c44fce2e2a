//! A kubeconfig with everything in it, so that it can be copied to anywhere.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::certificates::Signed;

/// The text of a kubeconfig for `user` of the cluster called `cluster`.
pub(super) fn render(cluster: &str, server: &str, authority: &str, user: &str, client: &Signed) -> String {
    let encode = |text: &str| BASE64_STANDARD.encode(text);
    // JSON's strings are YAML's, whatever a user is called.
    let user = serde_json::Value::from(user).to_string();
    format!(
        "apiVersion: v1
kind: Config
clusters:
- name: {cluster}
  cluster:
    server: {server}
    certificate-authority-data: {authority}
users:
- name: {user}
  user:
    client-certificate-data: {certificate}
    client-key-data: {key}
contexts:
- name: {cluster}
  context:
    cluster: {cluster}
    user: {user}
current-context: {cluster}
",
        authority = encode(authority),
        certificate = encode(&client.certificate),
        key = encode(&client.key),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_with_colons_is_quoted() {
        let client = Signed {
            certificate: "certificate".into(),
            key: "key".into(),
        };
        let text = render(
            "demo",
            "https://127.0.0.1:6443",
            "authority",
            "system:node:a",
            &client,
        );
        assert!(text.contains("\n- name: \"system:node:a\"\n"), "{text}");
        assert!(text.contains("\n    client-key-data: a2V5\n"), "{text}");
    }
}

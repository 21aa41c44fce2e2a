//! Kubeconfig files, credential plugins, certificates.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path};

use kube::Config;
use secrecy::ExposeSecret;

use crate::kubernetes::connection::{
    Connection, ConnectionConfig, ConnectionError, exec::Expiry, target::Target,
};

const FIRST: &str = "
apiVersion: v1
kind: Config
current-context: one
contexts:
- {name: one, context: {cluster: c1, user: u1, namespace: shop}}
- {name: two, context: {cluster: c2, user: u2}}
- {name: lost, context: {cluster: gone, user: u1}}
clusters:
- {name: c1, cluster: {server: 'https://first:1', insecure-skip-tls-verify: true}}
users:
- {name: u1, user: {token: t1}}
";

const SECOND: &str = "
current-context: two
clusters:
- {name: c1, cluster: {server: 'https://second:1'}}
- {name: c2, cluster: {server: 'https://second:2', tls-server-name: x, proxy-url: 'socks5://p:1'}}
users:
- {name: u1, user: {token: other}}
- {name: u2, user: {as: admin, as-groups: [g], tokenFile: token}}
- {name: old, user: {auth-provider: {name: gcp}}}
";

fn config(paths: &[&Path]) -> ConnectionConfig {
    let config_paths = paths.iter().map(|path| path.display().to_string()).collect();
    ConnectionConfig {
        config_paths,
        ..ConnectionConfig::default()
    }
}

async fn resolve(config: &ConnectionConfig) -> Result<(Config, Expiry), ConnectionError> {
    Target::resolve(config)?.into_client_config(config).await
}

async fn error(config: &ConnectionConfig) -> String {
    resolve(config).await.err().unwrap().to_string()
}

/// A folder with the two files.
fn files() -> (tempfile::TempDir, ConnectionConfig) {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    fs::write(&first, FIRST).unwrap();
    fs::write(&second, SECOND).unwrap();
    fs::write(folder.path().join("token"), "t2").unwrap();
    let config = config(&[&first, &second]);
    (folder, config)
}

#[tokio::test]
async fn the_first_file_that_says_something_wins() {
    let (_folder, config) = files();
    let (client, _) = resolve(&config).await.unwrap();
    assert_eq!(client.cluster_url, "https://first:1/");
    assert!(client.accept_invalid_certs);
    assert_eq!(client.auth_info.token.unwrap().expose_secret(), "t1");
}

#[tokio::test]
async fn contexts_clusters_and_users_can_be_chosen() {
    let (folder, mut config) = files();
    config.config_context = Some("two".to_owned());
    let (client, _) = resolve(&config).await.unwrap();
    assert_eq!(client.cluster_url, "https://second:2/");
    assert_eq!(client.tls_server_name.as_deref(), Some("x"));
    assert_eq!(client.proxy_url.unwrap(), "socks5://p:1/");
    assert_eq!(client.auth_info.impersonate.as_deref(), Some("admin"));
    assert_eq!(client.auth_info.impersonate_groups.unwrap(), ["g"]);
    let token_file = folder.path().join("token").display().to_string();
    assert_eq!(
        client.auth_info.token_file,
        Some(token_file),
        "relative to its file"
    );

    config.config_context_cluster = Some("c1".to_owned());
    config.config_context_user = Some("u1".to_owned());
    let (client, _) = resolve(&config).await.unwrap();
    assert_eq!(client.cluster_url, "https://first:1/");
    assert_eq!(client.auth_info.token.unwrap().expose_secret(), "t1");
}

#[tokio::test]
async fn attributes_override_the_kubeconfig_and_identities_do_not_mix() {
    let (_folder, mut config) = files();
    config.host = Some("other:6443".to_owned());
    config.insecure = Some(false);
    config.token = Some("own".to_owned().into());
    config.config_context = Some("two".to_owned());
    let (client, _) = resolve(&config).await.unwrap();
    assert_eq!(client.cluster_url, "https://other:6443/");
    assert_eq!(client.auth_info.token.unwrap().expose_secret(), "own");
    assert_eq!(
        (client.auth_info.token_file, client.auth_info.impersonate),
        (None, None)
    );
}

#[tokio::test]
async fn what_a_kubeconfig_lacks_is_named_with_what_it_has() {
    let (folder, mut config) = files();
    let with_context = |name: &str| ConnectionConfig {
        config_context: Some(name.to_owned()),
        ..config.clone()
    };
    let text = error(&with_context("three")).await;
    assert!(
        text.contains("no context `three`; it has: `lost`, `one`, `two`"),
        "{text}"
    );
    let text = error(&with_context("lost")).await;
    assert!(text.contains("no cluster `gone`; it has: `c1`, `c2`"), "{text}");
    config.config_context_user = Some("old".to_owned());
    assert!(error(&config).await.contains("auth-provider"));

    let path = folder.path().join("third");
    let cases = [
        ("contexts: []", "sets no `current-context`"),
        (
            "current-context: a\ncontexts: [{name: a, context: {user: u}}]",
            "the context `a` of the kubeconfig",
        ),
        ("current-context: a\ncontexts: {}", "`contexts` of the kubeconfig"),
        (
            "users: [{name: a, user: {token: [secret]}}]\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: c, \
          user: a}}]\nclusters: [{name: c, cluster: {server: a}}]",
            "`users[0].user.token`",
        ),
        ("token: secret: x", ":1:14 is not valid YAML"),
    ];
    for (content, wanted) in cases {
        fs::write(&path, content).unwrap();
        let text = error(&self::config(&[&path])).await;
        assert!(
            text.contains(wanted) && !text.contains("secret"),
            "{content}: {text}"
        );
    }
    fs::remove_file(&path).unwrap();
    assert!(
        error(&self::config(&[&path]))
            .await
            .contains("cannot be read from")
    );
}

/// A configuration whose kubeconfig runs `script` for credentials, and that kubeconfig, which goes away with it.
fn plugin(script: &str) -> (ConnectionConfig, tempfile::NamedTempFile) {
    let content = format!(
        "current-context: a\ncontexts: [{{name: a, context: {{cluster: c, user: u}}}}]\n\
         clusters: [{{name: c, cluster: {{server: 'https://a'}}}}]\n\
         users:\n- name: u\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: sh\n      \
         provideClusterInfo: true\n      env: [{{name: SECRET, value: hunter2}}]\n      \
         installHint: install it\n      args: ['-c', {script:?}]\n"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    (config(&[file.path()]), file)
}

fn credential(status: &str) -> String {
    format!(
        "{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{status}}}"
    )
}

#[tokio::test]
async fn plugins_print_credentials() {
    let printed = credential("{\"token\":\"'$SECRET'\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\"}");
    let (client, expiry) = resolve(&plugin(&format!("echo '{printed}'")).0).await.unwrap();
    assert_eq!(client.auth_info.token.unwrap().expose_secret(), "hunter2");
    assert!(expiry.is_near());
    let printed = credential("{\"token\":\"t\",\"expirationTimestamp\":\"2999-01-01T00:00:00Z\"}");
    let (_, expiry) = resolve(&plugin(&format!("echo '{printed}'")).0).await.unwrap();
    assert!(!expiry.is_near());

    let told = "printf '%s' \"$KUBERNETES_EXEC_INFO\" | grep -q '\"server\":\"https://a\"' && echo ";
    resolve(&plugin(&format!("{told}'{printed}'")).0).await.unwrap();
}

#[tokio::test]
async fn plugins_that_fail_are_named_without_their_secrets() {
    let cases = [
        (
            "echo please log in >&2; exit 3".to_owned(),
            "exit status: 3 and wrote:\nplease log in\ninstall it",
        ),
        ("echo nonsense".to_owned(), "is of another kind"),
        (
            format!("echo '{}'", credential("{}")),
            "neither token nor certificate",
        ),
        (
            "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"v9\"}'".to_owned(),
            "in version `v9`",
        ),
        (
            format!(
                "echo '{}'",
                credential("{\"token\":\"t\",\"expirationTimestamp\":\"soon\"}")
            ),
            "RFC 3339",
        ),
    ];
    for (script, wanted) in cases {
        let text = error(&plugin(&script).0).await;
        assert!(
            text.contains(wanted) && !text.contains("hunter2"),
            "{script}: {text}"
        );
    }
    let (mut missing, _file) = plugin("");
    let content = fs::read_to_string(&missing.config_paths[0])
        .unwrap()
        .replace("command: sh", "command: no-such-program");
    fs::write(&missing.config_paths[0], content).unwrap();
    assert!(error(&missing).await.contains("no such program"));
    missing.token = Some("t".to_owned().into());
    resolve(&missing).await.unwrap();
}

/// A configuration with these certificates and keys.
fn with(certificate: Option<&str>, key: Option<&str>, ca: Option<&str>) -> ConnectionConfig {
    ConnectionConfig {
        host: Some("a".to_owned()),
        client_certificate: certificate.map(str::to_owned),
        client_key: key.map(|key| key.to_owned().into()),
        cluster_ca_certificate: ca.map(str::to_owned),
        ..ConnectionConfig::default()
    }
}

#[tokio::test]
async fn certificates_that_are_none_say_what_they_are() {
    let signed = rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap();
    let (certificate, key) = (signed.cert.pem(), signed.signing_key.serialize_pem());
    resolve(&with(Some(&certificate), Some(&key), Some(&certificate)))
        .await
        .unwrap();

    let encoded = crate::kubernetes::connection::pem::encode_base64(&certificate);
    let cases = [
        (
            with(None, None, Some("")),
            "cluster_ca_certificate is not usable: it is empty",
        ),
        (with(None, None, Some(&encoded)), "base64decode"),
        (with(None, None, Some("./ca.crt")), "file(…)"),
        (with(None, None, Some(&key)), "there is no certificate in it"),
        (
            with(
                None,
                None,
                Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            ),
            "authority",
        ),
        (
            with(Some(&certificate), None, None),
            "client_key is not; a client certificate needs both",
        ),
        (with(None, Some(&key), None), "client_certificate is not"),
        (
            with(Some(&certificate), Some("hunter2"), None),
            "client_key is not usable",
        ),
    ];
    for (config, wanted) in cases {
        let text = error(&config).await;
        let text = text
            .replace("client_certificate is set and ", "")
            .replace("client_key is set and ", "");
        assert!(
            text.contains(wanted) && !text.contains("hunter2"),
            "{wanted}: {text}"
        );
    }
}

#[tokio::test]
async fn credentials_that_do_not_belong_together_or_cannot_be_sent() {
    let [one, other] = [(), ()].map(|()| rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap());
    let mismatched = with(
        Some(&one.cert.pem()),
        Some(&other.signing_key.serialize_pem()),
        None,
    );
    let problem = Connection::new(mismatched)
        .client()
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        problem.contains("the key does not belong to the certificate"),
        "{problem}"
    );
    let broken = ConnectionConfig {
        host: Some("a".to_owned()),
        token: Some("t\n".to_owned().into()),
        ..ConnectionConfig::default()
    };
    assert_eq!(resolve(&broken).await.err(), Some(ConnectionError::Token));
}

//! From attributes and environment to a target.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::ExposeSecret;

use crate::kubernetes::connection::{
    ConnectionConfig, ConnectionError, Surroundings, proxy,
    target::{Target, parse_server},
};

fn from_environment(
    config: ConnectionConfig,
    variables: &[(&str, &str)],
) -> Result<ConnectionConfig, ConnectionError> {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    config.with_environment(|name| variables.get(name).map(|value| (*value).to_owned()))
}

fn host(host: &str) -> ConnectionConfig {
    ConnectionConfig {
        host: Some(host.to_owned()),
        ..ConnectionConfig::default()
    }
}

#[test]
fn every_variable_has_its_attribute() {
    let variables = [
        ("KUBE_HOST", "https://a"),
        ("KUBE_TOKEN", "t"),
        ("KUBE_CONFIG_PATH", "~/c"),
        ("KUBE_CTX", "ctx"),
        ("KUBE_CTX_AUTH_INFO", "user"),
        ("KUBE_CTX_CLUSTER", "cluster"),
        ("KUBE_CLIENT_CERT_DATA", "cert"),
        ("KUBE_CLIENT_KEY_DATA", "key"),
        ("KUBE_CLUSTER_CA_CERT_DATA", "ca"),
        ("KUBE_INSECURE", "true"),
        ("KUBE_TLS_SERVER_NAME", "name"),
        ("KUBE_PROXY_URL", "http://p"),
        ("HOME", "/home/x"),
    ];
    let config = from_environment(ConnectionConfig::default(), &variables).unwrap();
    let text = |value: &Option<String>| value.clone().unwrap();
    assert_eq!(text(&config.host), "https://a");
    assert_eq!(config.token.unwrap().expose_secret(), "t");
    assert_eq!(config.config_paths, ["~/c"]);
    assert_eq!(config.surroundings.expand("~/c"), PathBuf::from("/home/x/c"));
    assert_eq!(config.surroundings.expand("~other/c"), PathBuf::from("~other/c"));
    assert_eq!(text(&config.config_context), "ctx");
    assert_eq!(text(&config.config_context_user), "user");
    assert_eq!(text(&config.config_context_cluster), "cluster");
    assert_eq!(text(&config.client_certificate), "cert");
    assert_eq!(config.client_key.unwrap().expose_secret(), "key");
    assert_eq!(text(&config.cluster_ca_certificate), "ca");
    assert_eq!(config.insecure, Some(true));
    assert_eq!(text(&config.tls_server_name), "name");
    assert_eq!(text(&config.proxy_url), "http://p");
}

#[test]
fn attributes_come_before_the_environment() {
    let variables = [
        ("KUBE_HOST", "https://b"),
        ("KUBE_TOKEN", "env"),
        ("KUBE_INSECURE", "1"),
    ];
    let config = ConnectionConfig {
        token: Some("own".to_owned().into()),
        insecure: Some(false),
        ..host("https://a")
    };
    let config = from_environment(config, &variables).unwrap();
    assert_eq!(config.host.unwrap(), "https://a");
    assert_eq!(config.token.unwrap().expose_secret(), "own");
    assert_eq!(config.insecure, Some(false));
}

#[test]
fn the_environments_kubeconfig_does_not_mix_into_a_configured_cluster() {
    let variables = [("KUBE_CONFIG_PATH", "/env"), ("KUBE_CTX", "env")];
    let config = from_environment(host("https://a"), &variables).unwrap();
    assert_eq!((config.config_paths.len(), config.config_context), (0, None));
    let config = ConnectionConfig {
        config_paths: vec!["/own".to_owned()],
        ..ConnectionConfig::default()
    };
    let config = from_environment(config, &variables).unwrap();
    assert_eq!(
        (config.config_paths, config.config_context),
        (vec!["/own".to_owned()], None)
    );
}

#[test]
fn several_paths_and_empty_variables() {
    let paths = std::env::join_paths(["/a", "/b"]).unwrap();
    let variables = [
        ("KUBE_CONFIG_PATHS", paths.to_str().unwrap()),
        ("KUBE_TOKEN", ""),
        ("KUBE_HOST", ""),
    ];
    let config = from_environment(ConnectionConfig::default(), &variables).unwrap();
    assert_eq!(config.config_paths, ["/a", "/b"]);
    assert!(config.token.is_none() && config.host.is_none());
    let error = from_environment(host("a"), &[("KUBE_INSECURE", "perhaps")]).unwrap_err();
    assert!(matches!(
        error,
        ConnectionError::Environment {
            variable: "KUBE_INSECURE",
            ..
        }
    ));
}

#[test]
fn nothing_configured_is_an_error_that_lists_the_ways() {
    let error = Target::resolve(&ConnectionConfig::default()).err().unwrap();
    assert_eq!(error, ConnectionError::NotConfigured);
    let text = error.to_string();
    assert!(
        ["config_path", "KUBE_CONFIG_PATH", "host", "exec"]
            .iter()
            .all(|way| text.contains(way)),
        "{text}"
    );
}

#[test]
fn the_service_account_is_used_where_its_files_are() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [
        ("KUBERNETES_SERVICE_HOST", "fd00::1"),
        ("KUBERNETES_SERVICE_PORT", "443"),
    ];
    let mut config = from_environment(ConnectionConfig::default(), &variables).unwrap();
    config.surroundings.service_account = folder.path().to_owned();
    assert_eq!(
        Target::resolve(&config).err(),
        Some(ConnectionError::NotConfigured)
    );
    std::fs::write(folder.path().join("token"), "t").unwrap();
    assert!(
        matches!(Target::resolve(&config), Err(ConnectionError::File { .. })),
        "no authority yet"
    );
    std::fs::write(folder.path().join("ca.crt"), "pem").unwrap();
    let target = Target::resolve(&config).unwrap();
    assert_eq!(target.server, "https://[fd00::1]:443");
    assert_eq!(target.ca.as_deref(), Some("pem"));
    assert_eq!(target.credentials.token_file, Some(folder.path().join("token")));
}

#[test]
fn hosts() {
    for (text, wanted) in [
        ("https://a:6443", "https://a:6443/"),
        ("a.b:6443", "https://a.b:6443/"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1/"),
        ("https://r/k8s/clusters/c", "https://r/k8s/clusters/c"),
    ] {
        assert_eq!(parse_server(text).unwrap().to_string(), wanted);
    }
    for text in ["", "ftp://a", "https://", "https://a b"] {
        assert!(
            matches!(parse_server(text), Err(ConnectionError::Address { .. })),
            "{text}"
        );
    }
}

#[test]
fn proxies() {
    let surroundings = Surroundings {
        https_proxy: "http://u:p%40@proxy:3128".to_owned(),
        http_proxy: "plain:3128".to_owned(),
        no_proxy: "internal.org,10.0.0.0/8".to_owned(),
        ..Surroundings::default()
    };
    let choose = |configured: Option<&str>, server: &str| {
        let chosen = proxy::choose(configured, &server.parse().unwrap(), &surroundings).unwrap();
        chosen.map(|proxy| proxy.to_string())
    };
    assert_eq!(
        choose(None, "https://a.org").unwrap(),
        "http://u:p%40@proxy:3128/"
    );
    assert_eq!(choose(None, "http://a.org").unwrap(), "http://plain:3128/");
    for direct in [
        "https://api.internal.org",
        "https://10.1.2.3",
        "https://localhost:1",
        "https://[::1]:1",
    ] {
        assert_eq!(choose(None, direct), None, "{direct}");
    }
    assert_eq!(
        choose(Some("socks5://s:1"), "https://10.1.2.3").unwrap(),
        "socks5://s:1/"
    );
    let error = proxy::choose(
        Some("ftp://u:secret@s"),
        &"https://a".parse().unwrap(),
        &surroundings,
    )
    .unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[test]
fn secrets_are_not_printed() {
    let config = ConnectionConfig {
        token: Some("hunter2".to_owned().into()),
        client_key: Some("hunter2".to_owned().into()),
        ..ConnectionConfig::default()
    };
    assert!(!format!("{config:?}").contains("hunter2"));
}

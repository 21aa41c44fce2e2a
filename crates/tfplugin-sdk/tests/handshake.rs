//! The handshake of a real process: who is let in, who is not, and what everybody is told.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::Output;

use serde_json::json;
use support::{greeting, spawn};
use tfplugin_sdk::testing::{Client, Error, Identity, Launch, Lifecycle, ProviderProcess};

/// Runs the provider to its end, with nothing in its environment but what is given.
fn run(environment: &[(&str, &str)]) -> Output {
    std::process::Command::new(greeting().unwrap())
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn assert_refused(output: &Output, explanation: &str) {
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains(explanation), "{stderr}");
}

async fn greets(client: &Client) -> Result<(), Error> {
    client.configure(&json!({})).await?;
    let mut card = Lifecycle::new(client, "greeting_card");
    card.converge(&json!({"name": "Ada"})).await?;
    assert_eq!(card.json()["text"], "Hello Ada");
    Ok(())
}

#[tokio::test]
async fn terraform_is_let_in_by_its_certificate() -> Result<(), Error> {
    let provider = spawn().await?;
    assert!(provider.handshake().certificate.is_some());
    greets(provider.client()).await?;
    let ending = provider.shutdown().await?;
    assert!(ending.status.success() && !ending.killed, "{ending:?}");
    Ok(())
}

#[tokio::test]
async fn without_a_certificate_the_connection_is_in_the_clear() -> Result<(), Error> {
    let started = Launch::new(greeting()?).without_tls().start().await?;
    assert!(started.line().starts_with("1|6|unix|/"), "{}", started.line());
    assert!(started.line().ends_with("|grpc|"), "{}", started.line());
    greets(started.connect().await?.client()).await
}

/// A server that refuses a client may say so only when the client makes a call.
async fn is_refused(provider: &ProviderProcess, identity: Option<&Identity>) -> bool {
    match provider.connect_as(identity).await {
        Err(Error::Process(_)) => true,
        Err(_) => false,
        Ok(client) => matches!(client.schemas().await, Err(Error::Status { .. })),
    }
}

#[tokio::test]
async fn other_clients_are_refused() -> Result<(), Error> {
    let provider = spawn().await?;
    assert!(is_refused(&provider, Some(&Identity::generate()?)).await);
    assert!(is_refused(&provider, None).await);
    let in_the_clear = Client::attach("unix", &provider.handshake().address).await;
    let refused = match in_the_clear {
        Err(_) => true,
        Ok(client) => client.schemas().await.is_err(),
    };
    assert!(refused);
    // The one whose certificate it is still works.
    greets(provider.client()).await
}

#[tokio::test]
async fn a_client_certificate_that_is_none_is_named() -> Result<(), Error> {
    let launch = Launch::new(greeting()?)
        .without_tls()
        .variable("PLUGIN_CLIENT_CERT", "no certificate");
    let error = launch.start().await.unwrap_err().to_string();
    assert!(error.contains("PLUGIN_CLIENT_CERT"), "{error}");
    Ok(())
}

#[test]
fn by_hand_it_explains_itself() {
    assert_refused(&run(&[]), "not meant to be run by hand");
    assert_refused(
        &run(&[("TF_PLUGIN_MAGIC_COOKIE", "wrong")]),
        "not meant to be run by hand",
    );
}

#[tokio::test]
async fn without_version_6_there_is_no_handshake() -> Result<(), Error> {
    let error = Launch::new(greeting()?)
        .versions("4,5")
        .start()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("exit status: 1") && error.contains("speaks 4,5"),
        "{error}"
    );
    let started = Launch::new(greeting()?).versions("6,5").start().await?;
    greets(started.connect().await?.client()).await
}

#[tokio::test]
async fn the_socket_is_where_it_should_be_and_goes_with_the_process() -> Result<(), Error> {
    let directory = tempfile::tempdir().unwrap();
    let launch = Launch::new(greeting()?).variable("PLUGIN_UNIX_SOCKET_DIR", directory.path());
    let provider = launch.start().await?.connect().await?;
    let entries = || std::fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(entries(), 1);
    assert!(
        provider
            .handshake()
            .address
            .starts_with(directory.path().to_str().unwrap())
    );
    provider.shutdown().await?;
    assert_eq!(entries(), 0);
    Ok(())
}

#[tokio::test]
async fn a_socket_that_cannot_be_is_a_clear_error() -> Result<(), Error> {
    let directory = tempfile::tempdir().unwrap();
    let deep = directory.path().join("d".repeat(120));
    std::fs::create_dir(&deep).unwrap();
    for (path, hint) in [
        (deep, "PLUGIN_UNIX_SOCKET_DIR"),
        (directory.path().join("absent"), "absent"),
    ] {
        let launch = Launch::new(greeting()?).variable("PLUGIN_UNIX_SOCKET_DIR", &path);
        let error = launch.start().await.unwrap_err().to_string();
        assert!(error.contains("exit status: 1"), "{error}");
        assert!(
            error.contains(hint) && error.contains("failed to listen"),
            "{error}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn debug_prints_what_to_set_and_serves_in_the_clear() -> Result<(), Error> {
    let launch = Launch::new(greeting()?)
        .cookie(None)
        .without_tls()
        .argument("--debug");
    let started = launch.start().await?;
    let json = started.line().strip_prefix("TF_REATTACH_PROVIDERS='").unwrap();
    let json: serde_json::Value = serde_json::from_str(json.strip_suffix('\'').unwrap()).unwrap();
    let description = &json["registry.terraform.io/example/greeting"];
    assert_eq!(description["Protocol"], "grpc");
    assert_eq!(description["ProtocolVersion"], 6);
    assert_eq!(description["Pid"], started.id().unwrap());
    let address = description["Addr"]["String"].as_str().unwrap();
    let client = Client::attach(description["Addr"]["Network"].as_str().unwrap(), address).await?;
    greets(&client).await?;
    // Terraform configures the same process at every command.
    client.configure(&json!({"word": "Good morning"})).await?;
    let mut card = Lifecycle::new(&client, "greeting_card");
    card.create(&json!({"name": "Grace"})).await?;
    assert_eq!(card.json()["text"], "Good morning Grace");
    Ok(())
}

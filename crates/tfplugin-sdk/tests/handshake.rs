//! The handshake of a real process: who is let in, who is not, and what everybody is told.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
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

/// A server that refuses a client may say so only when the client makes a call. The one whose certificate the provider
/// was told must still be served.
async fn assert_nobody(provider: &ProviderProcess, who: Option<&Identity>) -> Result<(), Error> {
    let error = match provider.connect_as(who).await {
        Err(error) => error,
        Ok(client) => client.schemas().await.unwrap_err(),
    };
    assert!(
        matches!(error, Error::Process(_) | Error::Status { .. }),
        "{error}"
    );
    greets(provider.client()).await
}

#[tokio::test]
async fn another_certificate_is_refused() -> Result<(), Error> {
    let provider = spawn().await?;
    assert_nobody(&provider, Some(&Identity::generate()?)).await
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() -> Result<(), Error> {
    let provider = spawn().await?;
    assert_nobody(&provider, None).await
}

#[tokio::test]
async fn another_certificate_of_the_right_key_is_refused() -> Result<(), Error> {
    let identity = Identity::generate()?;
    let renewed = identity.renewed()?;
    assert_ne!(identity.pem(), renewed.pem());
    // What is refused is the certificate and not the key: the provider that was told of it takes it.
    for (told, shown, taken) in [(&identity, &renewed, false), (&renewed, &renewed, true)] {
        let launch = Launch::new(greeting()?).known_as(told);
        let provider = launch.start().await?.connect().await?;
        if taken {
            greets(&provider.connect_as(Some(shown)).await?).await?;
        } else {
            assert_nobody(&provider, Some(shown)).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_right_certificate_without_its_key_is_refused() -> Result<(), Error> {
    // A certificate is no secret: it stands in the environment of the process.
    let provider = spawn().await?;
    let thief = provider.identity().unwrap().with_key_of(&Identity::generate()?);
    assert_nobody(&provider, Some(&thief)).await
}

#[tokio::test]
async fn a_client_in_the_clear_is_refused() -> Result<(), Error> {
    let provider = spawn().await?;
    let refused = match Client::attach("unix", &provider.handshake().address).await {
        Err(_) => true,
        Ok(client) => client.schemas().await.is_err(),
    };
    assert!(refused);
    greets(provider.client()).await
}

#[tokio::test]
async fn a_second_client_is_served_beside_the_first() -> Result<(), Error> {
    let provider = spawn().await?;
    let second = provider.connect_again().await?;
    let (first, other) = tokio::join!(greets(provider.client()), greets(&second));
    first.and(other)?;
    // That one goes is nothing to the other.
    drop(second);
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
fn without_a_cookie_it_explains_itself() {
    assert_refused(&run(&[]), "not meant to be run by hand");
}

#[test]
fn with_a_wrong_cookie_it_explains_itself() {
    for cookie in [
        "",
        "wrong",
        "D602BF8F470BC67CA7FAA0386276BBDD4330EFAF76D1A219CB4D6991CA9872B2",
    ] {
        assert_refused(
            &run(&[("TF_PLUGIN_MAGIC_COOKIE", cookie)]),
            "not meant to be run by hand",
        );
    }
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

/// Starts it with `variable` naming each directory in which no socket can be, and what is said about that.
async fn homeless(variable: &str, path: &Path) -> String {
    let launch = Launch::new(greeting().unwrap()).variable(variable, path);
    match launch.start().await {
        Ok(started) => started.line().to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Longer than the path of a socket may be.
fn too_long(parent: &Path) -> PathBuf {
    let deep = parent.join("d".repeat(120));
    std::fs::create_dir(&deep).unwrap();
    deep
}

fn assert_explains(error: &str, path: &Path) {
    for part in ["exit status: 1", "failed to listen", "PLUGIN_UNIX_SOCKET_DIR"] {
        assert!(error.contains(part), "{error}");
    }
    assert!(error.contains(path.to_str().unwrap()), "{error}");
}

#[tokio::test]
async fn a_socket_directory_that_is_too_long_is_a_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let deep = too_long(directory.path());
    assert_explains(&homeless("PLUGIN_UNIX_SOCKET_DIR", &deep).await, &deep);
}

#[tokio::test]
async fn a_socket_directory_that_is_absent_is_a_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let absent = directory.path().join("absent");
    assert_explains(&homeless("PLUGIN_UNIX_SOCKET_DIR", &absent).await, &absent);
}

#[tokio::test]
async fn a_socket_directory_that_is_not_writable_is_a_clear_error() {
    // Not even for root.
    let path = Path::new("/proc");
    assert_explains(&homeless("PLUGIN_UNIX_SOCKET_DIR", path).await, path);
}

#[tokio::test]
async fn a_socket_directory_that_breaks_the_line_is_a_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let broken = directory.path().join("a|b");
    std::fs::create_dir(&broken).unwrap();
    assert_explains(&homeless("PLUGIN_UNIX_SOCKET_DIR", &broken).await, &broken);
}

#[tokio::test]
async fn without_a_place_for_temporary_files_the_socket_goes_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let deep = too_long(directory.path());
    for path in [&deep, &directory.path().join("absent"), Path::new("/proc")] {
        let line = homeless("TMPDIR", path).await;
        assert!(line.starts_with("1|6|unix|/tmp/plugin"), "{line}");
    }
}

#[tokio::test]
async fn a_group_may_use_the_socket() -> Result<(), Error> {
    let group = nix::unistd::getgid().as_raw();
    let launch = Launch::new(greeting()?).variable("PLUGIN_UNIX_SOCKET_GROUP", group.to_string());
    let provider = launch.start().await?.connect().await?;
    let metadata = std::fs::metadata(&provider.handshake().address).unwrap();
    assert_eq!((metadata.gid(), metadata.mode() & 0o777), (group, 0o660));
    greets(provider.client()).await
}

#[tokio::test]
async fn a_group_that_is_none_is_a_clear_error() -> Result<(), Error> {
    let directory = tempfile::tempdir().unwrap();
    let launch = Launch::new(greeting()?)
        .variable("PLUGIN_UNIX_SOCKET_DIR", directory.path())
        .variable("PLUGIN_UNIX_SOCKET_GROUP", "no such group");
    let error = launch.start().await.unwrap_err().to_string();
    for part in ["exit status: 1", "PLUGIN_UNIX_SOCKET_GROUP", "\"no such group\""] {
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
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

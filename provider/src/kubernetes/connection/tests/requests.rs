//! Requests that are repeated, and those that are not.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, time::Instant};

use crate::kubernetes::{
    connection::{Connection, ConnectionConfig, Request},
    error::{Action, ApiError, Failure, Subject, UnreachableCause},
    test_server::{Reply, TestServer},
};

fn request() -> Request {
    Request::get(
        Action::Read,
        Subject::Other("something".to_owned()),
        "/x?y=z".to_owned(),
    )
}

fn answer(status: u16, body: &str) -> Reply {
    Reply::Answer(status, "", body.to_owned())
}

async fn send(server: &TestServer) -> Result<String, ApiError> {
    let response = server.connection().send(&request()).await?;
    Ok(String::from_utf8(response.body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_request_says_who_asks() {
    let server = TestServer::start([answer(200, "ok")]).await;
    assert_eq!(send(&server).await.unwrap(), "ok");
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /x?y=z HTTP/1.1");
    assert!(
        seen.headers.contains("user-agent: terraform-provider-mlops/"),
        "{}",
        seen.headers
    );
}

#[tokio::test]
async fn nothing_is_dialled_or_read_before_the_first_request() {
    let server = TestServer::start([]).await;
    let config = ConnectionConfig {
        config_paths: vec!["/no/such/file".to_owned()],
        ..ConnectionConfig::default()
    };
    let connection = Connection::new(config);
    drop(connection.clone());
    let _unused = server.connection();
    assert!(server.seen().is_empty());
    let error = connection.send(&request()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Configuration(_)), "{error}");
    assert!(error.detail().contains("/no/such/file"), "{error}");
}

#[tokio::test]
async fn a_broken_connection_and_a_busy_server_are_tried_again() {
    let busy = Reply::Answer(429, "retry-after: 1\r\n", String::new());
    let server = TestServer::start([Reply::Hangup, busy, answer(503, "starting"), answer(200, "ok")]).await;
    let started = Instant::now();
    assert_eq!(send(&server).await.unwrap(), "ok");
    assert!(
        started.elapsed().as_millis() >= 1000,
        "the server's delay is obeyed"
    );
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn other_failures_are_not_tried_again() {
    for (status, body) in [
        (500, "broken"),
        (404, "404 page not found"),
        (403, "no"),
        (301, "elsewhere"),
    ] {
        let server = TestServer::start([answer(status, body), answer(200, "ok")]).await;
        let error = send(&server).await.unwrap_err();
        assert_eq!(
            (
                error.status().unwrap().code,
                error.status().unwrap().message.as_str()
            ),
            (status, body)
        );
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn credentials_are_read_anew_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let write = |server: &TestServer, token: &str| {
        let content = format!(
            "current-context: a\ncontexts: [{{name: a, context: {{cluster: c, user: u}}}}]\n\
             clusters: [{{name: c, cluster: {{server: '{}'}}}}]\nusers: [{{name: u, user: {{token: {token}}}}}]\n",
            server.address
        );
        fs::write(&path, content).unwrap();
    };
    let paths = vec![path.display().to_string()];
    let server = TestServer::start([answer(200, "1"), answer(401, ""), answer(200, "2")]).await;
    write(&server, "old");
    let connection = Connection::new(ConnectionConfig {
        config_paths: paths,
        ..ConnectionConfig::default()
    });
    connection.send(&request()).await.unwrap();
    write(&server, "new");
    connection.send(&request()).await.unwrap();
    let tokens: Vec<bool> = server
        .seen()
        .iter()
        .map(|seen| seen.headers.contains("authorization: bearer new"))
        .collect();
    assert_eq!(tokens, [false, false, true]);

    let server = TestServer::start([answer(401, ""), answer(401, ""), answer(200, "never")]).await;
    let error = send(&server).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Unauthorized), "{error}");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn nobody_there() {
    let cause_of = async |host: &str| {
        let config = ConnectionConfig {
            host: Some(host.to_owned()),
            ..ConnectionConfig::default()
        };
        match Connection::new(config)
            .send(&request())
            .await
            .unwrap_err()
            .failure()
        {
            Failure::Unreachable { cause, .. } => *cause,
            other => unreachable!("{other:?}"),
        }
    };
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    assert_eq!(
        cause_of(&format!("http://127.0.0.1:{port}")).await,
        UnreachableCause::Refused
    );
    assert_eq!(
        cause_of("http://name.invalid").await,
        UnreachableCause::NameResolution
    );
    let plain = TestServer::start([]).await;
    assert_eq!(
        cause_of(&plain.address.replace("http:", "https:")).await,
        UnreachableCause::Tls
    );
}

//! A scripted HTTP server on loopback, for what a real API server does not do on demand.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::connection::{Connection, ConnectionConfig};

/// How the server answers one request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status, additional header lines, content.
    Answer(u16, &'static str, String),
    /// Closes the connection without an answer.
    Hangup,
}

/// A request as the server saw it, its header lines in lower case.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

/// The server; it ends with its value.
pub(crate) struct TestServer {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl TestServer {
    /// Answers requests by the script, in order, and 500 once it has run out.
    pub(crate) async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let script: Arc<Mutex<VecDeque<Reply>>> = Arc::new(Mutex::new(script.into_iter().collect()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&log)));
            }
        });
        Self { address, seen, task }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The request lines that were seen, without the protocol.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen()
            .into_iter()
            .map(|seen| seen.line.replace(" HTTP/1.1", ""))
            .collect()
    }

    pub(crate) fn connection(&self) -> Connection {
        Connection::new(ConnectionConfig {
            host: Some(self.address.clone()),
            ..ConnectionConfig::default()
        })
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, script: Arc<Mutex<VecDeque<Reply>>>, log: Arc<Mutex<Vec<Seen>>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let reply = match read_request(&mut stream).await {
            Ok(Some(seen)) => {
                log.lock().unwrap().push(seen);
                script.lock().unwrap().pop_front()
            }
            Ok(None) => return,
            // Such as the beginning of TLS, to which web servers answer like this.
            Err(_) => Some(Reply::Answer(400, "", String::new())),
        };
        let Reply::Answer(status, headers, body) =
            reply.unwrap_or_else(|| Reply::Answer(500, "", "the script has ended".to_owned()))
        else {
            return;
        };
        let length = body.len();
        let answer = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\n\r\n{body}");
        if stream.get_mut().write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Seen>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") && headers != "\r\n" {
        stream.read_line(&mut headers).await?;
    }
    let headers = headers.to_lowercase();
    let length = headers
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await?;
    Ok(Some(Seen {
        line: line.trim().to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    }))
}

//! One request, sent until it has an answer: with fresh credentials after a 401, after the delay that the server asks
//! for, and again when the connection broke.
//!
//! Every request of this layer may be repeated: reads, server-side applies, and deletions, which name the object's uid.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream::BoxStream};
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt;
use kube::{
    client::Body,
    core::{Status, WatchEvent},
};
use serde_json::Value;

use super::{Connection, session::Session};
use crate::kubernetes::error::{Action, ApiError, Failure, Subject, UnreachableCause};

/// What is sent.
#[derive(Clone, Debug)]
pub(in crate::kubernetes) struct Request {
    pub(in crate::kubernetes) action: Action,
    pub(in crate::kubernetes) subject: Subject,
    pub(in crate::kubernetes) method: Method,
    /// Path and query.
    pub(in crate::kubernetes) path: String,
    /// Content type and content.
    pub(in crate::kubernetes) body: Option<(&'static str, Bytes)>,
}

/// What came back.
#[derive(Debug)]
pub(in crate::kubernetes) struct Response {
    pub(in crate::kubernetes) status: StatusCode,
    pub(in crate::kubernetes) headers: HeaderMap,
    pub(in crate::kubernetes) body: Bytes,
}

/// The server gives up on a request after 60 s by itself.
const TIME_LIMIT: Duration = Duration::from_secs(65);
/// How often a request is repeated for reasons that pass.
const REPETITIONS: u32 = 5;
/// The longest delay that is obeyed, and the shortest that is made.
const LONGEST_DELAY: Duration = Duration::from_secs(20);
const SHORTEST_DELAY: Duration = Duration::from_millis(200);

/// How one attempt ended.
enum Attempt {
    Answer(Response),
    Failed(ApiError),
    /// The credentials were not accepted.
    Unauthorized(ApiError),
    /// It may go better after a while, at the least after the delay that the server named.
    Passing(ApiError, Option<Duration>),
}

impl Request {
    pub(in crate::kubernetes) fn get(action: Action, subject: Subject, path: String) -> Self {
        Self {
            action,
            subject,
            method: Method::GET,
            path,
            body: None,
        }
    }

    pub(in crate::kubernetes) fn error(&self, failure: Failure) -> ApiError {
        ApiError::new(self.action, self.subject.clone(), failure)
    }

    fn status_error(&self, status: Status) -> ApiError {
        ApiError::from_status(self.action, self.subject.clone(), status)
    }

    fn kube_error(&self, session: &Session, error: kube::Error) -> ApiError {
        ApiError::from_kube(self.action, self.subject.clone(), &session.server, error)
    }

    /// The answer as JSON.
    pub(in crate::kubernetes) fn json(&self, response: &Response) -> Result<Value, ApiError> {
        serde_json::from_slice(&response.body).map_err(|problem| {
            let problem = format!("the content is not JSON ({problem})");
            self.error(Failure::Protocol { problem })
        })
    }

    async fn attempt(&self, session: &Session) -> Attempt {
        let mut request = http::Request::builder()
            .method(&self.method)
            .uri(&self.path)
            .header(header::ACCEPT, "application/json");
        let content = self
            .body
            .as_ref()
            .map(|(content_type, content)| (*content_type, content.clone()));
        if let Some((content_type, _)) = content {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let body = content.map(|(_, content)| content.to_vec()).unwrap_or_default();
        let request = match request.body(Body::from(body)) {
            Ok(request) => request,
            Err(error) => return Attempt::Failed(self.kube_error(session, kube::Error::HttpError(error))),
        };
        let exchange = async {
            let (parts, body) = session.client.send(request).await?.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok(Response {
                status: parts.status,
                headers: parts.headers,
                body,
            })
        };
        match tokio::time::timeout(TIME_LIMIT, exchange).await {
            Err(_) => Attempt::Failed(self.error(Failure::TimedOut { after: TIME_LIMIT })),
            Ok(Err(error)) => broken(self.kube_error(session, error)),
            Ok(Ok(response)) if response.status.is_success() => Attempt::Answer(response),
            Ok(Ok(response)) => self.refused(&response),
        }
    }

    fn refused(&self, response: &Response) -> Attempt {
        let error = self.status_error(read_status(response));
        let asked = response
            .headers
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        match error.failure() {
            Failure::Unauthorized => Attempt::Unauthorized(error),
            Failure::Busy { retry_after } => {
                let delay = asked.map(Duration::from_secs).or(*retry_after);
                Attempt::Passing(error, delay)
            }
            _ => Attempt::Failed(error),
        }
    }
}

fn broken(error: ApiError) -> Attempt {
    match error.failure() {
        Failure::Unreachable {
            cause: UnreachableCause::Reset,
            ..
        } => Attempt::Passing(error, None),
        _ => Attempt::Failed(error),
    }
}

/// The server's status. Proxies and unknown paths answer with other text, of which the beginning is kept.
fn read_status(response: &Response) -> Status {
    const SHOWN: usize = 300;
    let mut status = serde_json::from_slice(&response.body).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(&response.body);
        Status::failure(&text.trim().chars().take(SHOWN).collect::<String>(), "")
    });
    status.code = response.status.as_u16();
    status
}

impl Connection {
    /// Sends a request and waits for its answer.
    pub(in crate::kubernetes) async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        let unconfigured = |error| ApiError::configuration(request.action, request.subject.clone(), error);
        let mut session = self.sessions.current().await.map_err(unconfigured)?;
        let mut renewed = false;
        let mut repetitions = 0;
        loop {
            match request.attempt(&session).await {
                Attempt::Answer(response) => return Ok(response),
                Attempt::Unauthorized(_) if !renewed => {
                    renewed = true;
                    session = self.sessions.renew(session.number).await.map_err(unconfigured)?;
                }
                Attempt::Passing(_, delay) if repetitions < REPETITIONS => {
                    let growing = SHORTEST_DELAY * 2u32.pow(repetitions);
                    repetitions += 1;
                    tokio::time::sleep(delay.unwrap_or(growing).clamp(SHORTEST_DELAY, LONGEST_DELAY)).await;
                }
                Attempt::Unauthorized(error) | Attempt::Failed(error) | Attempt::Passing(error, _) => {
                    return Err(error);
                }
            }
        }
    }

    /// Opens a watch. It ends when the server closes it, and by an error when its place in history has expired.
    pub(in crate::kubernetes) async fn watch(
        &self,
        request: Request,
    ) -> Result<impl Stream<Item = Result<WatchEvent<Value>, ApiError>> + Send + use<>, ApiError> {
        let unconfigured = |error| ApiError::configuration(request.action, request.subject.clone(), error);
        let mut session = self.sessions.current().await.map_err(unconfigured)?;
        let mut renewed = false;
        let events = loop {
            let opening = http::Request::get(&request.path)
                .body(Vec::new())
                .map_err(kube::Error::HttpError);
            let opening = opening.map_err(|error| request.kube_error(&session, error))?;
            match session.client.request_events::<Value>(opening).await {
                Ok(events) => break events,
                Err(error) => {
                    let error = request.kube_error(&session, error);
                    if renewed || !matches!(error.failure(), Failure::Unauthorized) {
                        return Err(error);
                    }
                    renewed = true;
                    session = self.sessions.renew(session.number).await.map_err(unconfigured)?;
                }
            }
        };
        let events: BoxStream<'static, Result<WatchEvent<Value>, kube::Error>> = events.boxed();
        Ok(events.map(move |event| match event {
            Ok(WatchEvent::Error(status)) => Err(request.status_error(*status)),
            Ok(event) => Ok(event),
            Err(error) => Err(request.kube_error(&session, error)),
        }))
    }
}

//! A provider that is none: it gives each call the answer that the test wrote, so that it can break what the SDK would
//! never let a provider break.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use tfplugin_sdk::rules::Rule;
use tfplugin_sdk::testing::{Client, Error, proto};
use tfplugin_sdk::value::{Type, Value, encode};
use tonic::body::Body;
use tonic::server::NamedService;
use tonic_prost::prost::Message;

/// The answers, by the names of the calls, each a message or several. A call without one is answered by an empty message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Impostor(Arc<BTreeMap<&'static str, Vec<Vec<u8>>>>);

impl Impostor {
    /// One that announces `schema` for a resource and a data source, both called `odd_thing`.
    pub(crate) fn new(schema: &proto::Schema, plan_destroy: bool) -> Self {
        let capabilities = proto::ServerCapabilities {
            plan_destroy,
            move_resource_state: true,
            ..Default::default()
        };
        let named = BTreeMap::from([("odd_thing".to_owned(), schema.clone())]);
        Self::default().answering(
            "GetProviderSchema",
            &proto::GetProviderSchemaResponse {
                provider: Some(proto::Schema::default()),
                resource_schemas: named.clone(),
                data_source_schemas: named,
                server_capabilities: Some(capabilities),
                ..Default::default()
            },
        )
    }

    /// The same with one more answer; a stream is answered by several, in their order.
    pub(crate) fn answering(mut self, rpc: &'static str, answer: &impl Message) -> Self {
        let answers = Arc::make_mut(&mut self.0).entry(rpc).or_default();
        answers.push(answer.encode_to_vec());
        self
    }

    /// A client that speaks to it.
    pub(crate) async fn client(self) -> Result<Client, Error> {
        let (near, far) = tokio::io::duplex(1 << 16);
        tokio::spawn(async move {
            let connection = futures::stream::iter([Ok::<_, std::io::Error>(far)]);
            tonic::transport::Server::builder()
                .add_service(self)
                .serve_with_incoming(connection)
                .await
        });
        Client::over(near).await
    }
}

impl NamedService for Impostor {
    const NAME: &'static str = "tfplugin6.Provider";
}

impl tower::Service<Request<Body>> for Impostor {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let rpc = request.uri().path().rsplit('/').next().unwrap_or_default();
        let messages = self.0.get(rpc).cloned().unwrap_or_else(|| vec![Vec::new()]);
        // In gRPC a message follows a byte that says that it is not compressed, and its length.
        let frame = |message: &Vec<u8>| {
            let length = u32::try_from(message.len()).unwrap_or_default();
            [&[0], length.to_be_bytes().as_slice(), message].concat()
        };
        let frames: Vec<u8> = messages.iter().flat_map(frame).collect();
        let trailers = HeaderMap::from_iter([(
            http::HeaderName::from_static("grpc-status"),
            HeaderValue::from_static("0"),
        )]);
        let body = Full::from(frames).with_trailers(ready(Some(Ok(trailers))));
        let mut response = Response::new(Body::new(body));
        let content_type = HeaderValue::from_static("application/grpc");
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, content_type);
        ready(Ok(response))
    }
}

/// A value as a message.
#[expect(clippy::unnecessary_wraps, reason = "the fields that take it are optional")]
pub(crate) fn message(value: &Value, ty: &Type) -> Option<proto::DynamicValue> {
    let msgpack = encode(value, ty).unwrap_or_default().into();
    Some(proto::DynamicValue {
        msgpack,
        ..Default::default()
    })
}

/// The one rule that is broken, and where. What is hidden is told nowhere.
pub(crate) fn assert_broken<T: std::fmt::Debug>(result: Result<T, Error>, place: &str, rule: Rule) {
    let error = result.unwrap_err();
    let found: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| (violation.path.to_string(), violation.rule))
        .collect();
    assert_eq!(found, [(place.to_owned(), rule)], "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

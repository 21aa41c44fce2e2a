//! go-plugin's side services: the controller that ends the process, and two streams that stay silent.

use std::pin::Pin;

use futures::{Stream, StreamExt, stream};
use tonic::{Request, Response, Status, Streaming};

use super::end::End;
use crate::wire::go_plugin::grpc_broker_server::GrpcBroker;
use crate::wire::go_plugin::grpc_controller_server::GrpcController;
use crate::wire::go_plugin::grpc_stdio_server::GrpcStdio;
use crate::wire::go_plugin::{ConnInfo, Empty, StdioData};

/// All three, sharing the wish that the process ends.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) end: End,
}

type Silent<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Side {
    /// A stream without items that ends with the process: a stream left open would hold up the shutdown.
    fn silence<T: Send + 'static>(&self) -> Silent<T> {
        let end = self.end.clone();
        Box::pin(stream::once(async move { end.wanted().await }).filter_map(|()| async { None }))
    }
}

#[tonic::async_trait]
impl GrpcController for Side {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.end.at_once();
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl GrpcBroker for Side {
    type StartStreamStream = Silent<ConnInfo>;

    async fn start_stream(
        &self,
        _: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        Ok(Response::new(self.silence()))
    }
}

#[tonic::async_trait]
impl GrpcStdio for Side {
    type StreamStdioStream = Silent<StdioData>;

    async fn stream_stdio(&self, _: Request<Empty>) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(Response::new(self.silence()))
    }
}

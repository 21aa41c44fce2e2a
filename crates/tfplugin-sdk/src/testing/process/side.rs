//! What Terraform opens beside the calls: two streams that it keeps open, and the controller that ends the process.

use futures::StreamExt;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use crate::wire::go_plugin::Empty;
use crate::wire::go_plugin::grpc_broker_client::GrpcBrokerClient;
use crate::wire::go_plugin::grpc_controller_client::GrpcControllerClient;
use crate::wire::go_plugin::grpc_stdio_client::GrpcStdioClient;

/// The side services, in use. The streams end when this is dropped.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) controller: GrpcControllerClient<Channel>,
    streams: [JoinHandle<()>; 2],
}

impl Side {
    /// Nobody waits for the streams: go-plugin's servers do not even begin an answer before they have something to say,
    /// which is never. And a server may be without them.
    pub(super) fn open(channel: Channel) -> Self {
        let (mut broker, mut stdio) = (
            GrpcBrokerClient::new(channel.clone()),
            GrpcStdioClient::new(channel.clone()),
        );
        let brokering = async move {
            if let Ok(answer) = broker.start_stream(futures::stream::pending()).await {
                answer.into_inner().for_each(|_| async {}).await;
            }
        };
        let listening = async move {
            if let Ok(answer) = stdio.stream_stdio(Empty {}).await {
                answer.into_inner().for_each(|_| async {}).await;
            }
        };
        Self {
            controller: GrpcControllerClient::new(channel),
            streams: [tokio::spawn(brokering), tokio::spawn(listening)],
        }
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        self.streams.iter().for_each(JoinHandle::abort);
    }
}

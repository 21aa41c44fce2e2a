//! What Terraform opens beside the calls: two streams that it keeps open, and the controller that ends the process.

use futures::StreamExt;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use super::broken;
use crate::testing::Result;
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
    pub(super) async fn open(channel: Channel) -> Result<Self> {
        let outgoing = futures::stream::pending();
        let broker = GrpcBrokerClient::new(channel.clone())
            .start_stream(outgoing)
            .await;
        let broker = broker.map_err(|status| broken("failed to open the broker's stream", &status))?;
        let stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(Empty {}).await;
        let stdio = stdio.map_err(|status| broken("failed to open the stream of output", &status))?;
        Ok(Self {
            controller: GrpcControllerClient::new(channel),
            streams: [
                tokio::spawn(broker.into_inner().for_each(|_| async {})),
                tokio::spawn(stdio.into_inner().for_each(|_| async {})),
            ],
        })
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        self.streams.iter().for_each(JoinHandle::abort);
    }
}

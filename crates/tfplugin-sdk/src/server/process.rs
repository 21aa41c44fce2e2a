//! The life of the process, from its start to its end.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;

use super::end::End;
use super::handshake::Request;
use super::listener::Listener;
use super::service::Service;
use super::side::Side;
use super::tls::server_tls;
use super::{log, panic};
use crate::model::Model;
use crate::provider::Provider;
use crate::wire::go_plugin::grpc_broker_server::GrpcBrokerServer;
use crate::wire::go_plugin::grpc_controller_server::GrpcControllerServer;
use crate::wire::go_plugin::grpc_stdio_server::GrpcStdioServer;
use crate::wire::proto::provider_server::ProviderServer;

/// How large a message may be, either way: as large as Terraform takes it. Go's SDK stops at 256 MiB, and so at states a
/// third as large, for a plan carries one three times: as it was, as it is proposed, and as it is configured.
pub(crate) const MESSAGE_LIMIT: usize = i32::MAX as usize;

pub(super) fn run<P: Provider>(address: &str) -> ExitCode {
    let debug = std::env::args()
        .skip(1)
        .any(|argument| argument == "--debug" || argument == "-debug");
    let request = if debug {
        Ok(Request {
            client_certificate: None,
            socket_directory: None,
            socket_group: None,
            ports: (10_000, 25_000),
            multiplex: false,
        })
    } else {
        Request::read(|name| std::env::var(name).ok())
    };
    let request = match request {
        Ok(request) => request,
        Err(refusal) => return failed(&refusal.to_string()),
    };
    log::install::<P>(<P as Model>::NAME);
    panic::install_hook();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("failed to start the runtime: {error}")),
    };
    let result = runtime.block_on(serve::<P>(&request, debug.then_some(address)));
    runtime.shutdown_timeout(Duration::from_millis(100));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(message: &str) -> ExitCode {
    // There is nowhere to report that stderr is closed.
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::FAILURE
}

async fn serve<P: Provider>(request: &Request, debug_address: Option<&str>) -> Result<(), String> {
    let tls = request
        .client_certificate
        .as_deref()
        .map(server_tls)
        .transpose()
        .map_err(|error| error.to_string())?;
    let listener = Listener::bind(request).map_err(|error| error.to_string())?;
    let end = End::default();
    let service = Service::<P>::new();
    let side = Side { end: end.clone() };
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter
        .set_service_status("plugin", tonic_health::ServingStatus::Serving)
        .await;

    // The socket listens from here on, so that Terraform may connect as soon as it has read the line.
    let line = match debug_address {
        Some(address) => reattach(address, &listener),
        None => request.answer(
            listener.network,
            &listener.address,
            tls.as_ref().map(|tls| tls.certificate.as_ref()),
        ),
    };
    // The signals must be taken over before, for the same reason.
    end.on_signals(debug_address.is_some())
        .map_err(|error| format!("failed to take over the signals that end a process: {error}"))?;
    #[cfg(unix)]
    if debug_address.is_none() {
        end.without_parent(listener.guests());
    }
    announce(&line).map_err(|error| format!("failed to write the handshake to stdout: {error}"))?;

    let connections = listener.connections(tls.map(|tls| tls.config));
    let server = ProviderServer::new(service.clone())
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT);
    let ended = end.clone();
    let serving = Server::builder()
        .add_service(server)
        .add_service(health)
        .add_service(GrpcControllerServer::new(side.clone()))
        .add_service(GrpcBrokerServer::new(side.clone()))
        .add_service(GrpcStdioServer::new(side))
        .serve_with_incoming_shutdown(connections, async move { ended.wanted().await });
    tokio::select! {
        result = serving => result.map_err(|error| format!("failed to serve: {error}")),
        () = async {
            end.wanted().await;
            service.stop();
            tokio::time::sleep(end.grace()).await;
        } => Ok(()),
    }
}

/// The only thing that is ever written to stdout.
#[expect(clippy::disallowed_methods, reason = "this is the handshake")]
fn announce(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// What to set so that Terraform uses this process.
fn reattach(address: &str, listener: &Listener) -> String {
    let description = serde_json::json!({address: {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": std::process::id(),
        "Test": true,
        "Addr": {"Network": listener.network, "String": listener.address},
    }});
    format!("TF_REATTACH_PROVIDERS='{description}'")
}

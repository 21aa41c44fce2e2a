//! The life of the process, from its start to its end.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tonic::transport::Server;

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

/// How large a message may be, either way: as large as in Go's SDK.
pub(crate) const MESSAGE_LIMIT: usize = 256 << 20;

/// How long calls under way may take to notice that the process ends. Terraform kills it after 2 s.
const GRACE: Duration = Duration::from_millis(700);

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
    log::install(<P as Model>::NAME);
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
    let shutdown = CancellationToken::new();
    let service = Service::<P>::new();
    let side = Side {
        shutdown: shutdown.clone(),
    };
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
    // The signal must be taken over before, for the same reason.
    end_on_interrupt(debug_address.is_some(), &shutdown)
        .map_err(|error| format!("failed to take over the interrupt signal: {error}"))?;
    announce(&line).map_err(|error| format!("failed to write the handshake to stdout: {error}"))?;

    let connections = listener.connections(tls.map(|tls| tls.config));
    let server = ProviderServer::new(service.clone())
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT);
    let ended = shutdown.clone();
    let serving = Server::builder()
        .add_service(server)
        .add_service(health)
        .add_service(GrpcControllerServer::new(side.clone()))
        .add_service(GrpcBrokerServer::new(side.clone()))
        .add_service(GrpcStdioServer::new(side))
        .serve_with_incoming_shutdown(connections, async move { ended.cancelled().await });
    tokio::select! {
        result = serving => result.map_err(|error| format!("failed to serve: {error}")),
        () = async {
            shutdown.cancelled().await;
            service.stop();
            tokio::time::sleep(GRACE).await;
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

/// Terraform passes an interrupt on by `StopProvider`; the signal itself, which a terminal sends to the whole group, is
/// ignored. In a debug session it ends the process.
fn end_on_interrupt(debug: bool, shutdown: &CancellationToken) -> std::io::Result<()> {
    let (mut interrupts, shutdown) = (interrupts()?, shutdown.clone());
    tokio::spawn(async move {
        while interrupts.recv().await.is_some() {
            if debug {
                shutdown.cancel();
            }
        }
    });
    Ok(())
}

#[cfg(unix)]
fn interrupts() -> std::io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(not(unix))]
fn interrupts() -> std::io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}

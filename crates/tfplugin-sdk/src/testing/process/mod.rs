//! A provider as the process that it is, started and ended as Terraform does it.

mod handshake;
mod identity;
mod launch;
mod output;
mod side;

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use tokio::process::Child;

use self::output::Output;
use self::side::Side;
pub use self::{
    handshake::Handshake,
    identity::Identity,
    launch::{Launch, Started},
};
use super::{Client, Error, Result, connect};

/// How long Terraform waits after it has asked a provider to end, before it kills it.
const PATIENCE: Duration = Duration::from_secs(2);

/// A provider's process with a connection to it. It is killed if it is dropped.
#[derive(Debug)]
pub struct ProviderProcess {
    child: Child,
    output: Output,
    handshake: Handshake,
    client: Client,
    side: Side,
}

/// How a process ended.
#[derive(Debug)]
pub struct Ending {
    /// Its status.
    pub status: ExitStatus,
    /// Whether it had to be killed, because it did not end by itself within 2 s.
    pub killed: bool,
    /// How long it took from the request to the end.
    pub took: Duration,
    /// What it wrote to stderr, line by line.
    pub stderr: Vec<String>,
}

impl ProviderProcess {
    /// Starts the program with these variables in its environment, and connects to it as Terraform does.
    ///
    /// # Errors
    /// When the handshake or the connection fails.
    pub async fn spawn<K: AsRef<str>, V: AsRef<str>>(
        program: impl AsRef<std::path::Path>,
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self> {
        let launch = Launch::new(program);
        let launch = environment.into_iter().fold(launch, |launch, (name, value)| {
            launch.variable(name.as_ref(), value.as_ref())
        });
        launch.start().await?.connect().await
    }

    /// The client that speaks to it.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What it said in the handshake.
    #[must_use]
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// The number of the process, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// What it has written to stderr so far, line by line.
    #[must_use]
    pub fn stderr(&self) -> Vec<String> {
        self.output.stderr()
    }

    /// Connects once more, as somebody else or as nobody. A server that refuses may say so only when the first call is
    /// made.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn connect_as(&self, identity: Option<&Identity>) -> Result<Client> {
        let tls = self.handshake.tls(identity)?;
        Ok(Client::new(connect::connect(&self.handshake, tls).await?))
    }

    /// Asks the process to end, as Terraform does at the end of every command, and kills it after 2 s.
    ///
    /// # Errors
    /// When it wrote more to stdout than the handshake, or to stderr what would crash Terraform.
    pub async fn shutdown(mut self) -> Result<Ending> {
        let asked = Instant::now();
        // A process that ends at once may not come to answer.
        let _ = self
            .side
            .controller
            .shutdown(crate::wire::go_plugin::Empty {})
            .await;
        let waited = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let killed = waited.is_err();
        if killed {
            self.child
                .kill()
                .await
                .map_err(|error| broken("failed to kill the provider", &error))?;
        }
        let status = self.child.wait().await;
        let status = status.map_err(|error| broken("failed to wait for the provider", &error))?;
        let took = asked.elapsed();
        self.output.finish().await;
        self.output.check()?;
        Ok(Ending {
            status,
            killed,
            took,
            stderr: self.output.stderr(),
        })
    }
}

fn broken(what: &str, error: &dyn std::error::Error) -> Error {
    Error::Process(format!("{what}: {}", connect::chain(error)))
}

//! A provider as the process that it is, started and ended as Terraform does it.

mod handshake;
mod identity;
mod launch;
mod output;
mod remains;
mod side;

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use tokio::process::Child;

use self::output::Output;
use self::remains::Remains;
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
    /// Behind the process, which must have ended before they are removed.
    remains: Remains,
    output: Output,
    handshake: Handshake,
    identity: Option<Identity>,
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
    /// What it wrote to stdout, line by line: the handshake.
    pub stdout: Vec<String>,
    /// What it wrote to stderr, line by line.
    pub stderr: Vec<String>,
    /// Whether it left its socket behind. What it leaves is removed.
    pub littered: bool,
}

impl Ending {
    /// Waits for the end that was asked for at `asked`.
    async fn of(mut child: Child, mut output: Output, remains: &Remains, asked: Instant) -> Result<Self> {
        let waited = tokio::time::timeout(PATIENCE, child.wait()).await;
        let killed = waited.is_err();
        if killed {
            child
                .kill()
                .await
                .map_err(|error| broken("failed to kill the provider", &error))?;
        }
        let status = child.wait().await;
        let status = status.map_err(|error| broken("failed to wait for the provider", &error))?;
        let took = asked.elapsed();
        output.finish().await;
        output.check()?;
        Ok(Self {
            status,
            killed,
            took,
            stdout: output.stdout(),
            stderr: output.stderr(),
            littered: remains.are_there(),
        })
    }
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

    /// By what it knows its client; `None` if the connection is in the clear.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
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

    /// Connects once more, as the same client.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn connect_again(&self) -> Result<Client> {
        self.connect_as(self.identity.as_ref()).await
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
        self.end(asked).await
    }

    /// Waits for the end of a process that ends by itself, and kills it after 2 s.
    ///
    /// # Errors
    /// When it wrote more to stdout than the handshake, or to stderr what would crash Terraform.
    pub async fn ended(self) -> Result<Ending> {
        self.end(Instant::now()).await
    }

    /// The connection is kept until then, as Terraform does.
    async fn end(self, asked: Instant) -> Result<Ending> {
        let Self {
            child,
            remains,
            output,
            client: _client,
            side: _side,
            ..
        } = self;
        Ending::of(child, output, &remains, asked).await
    }
}

fn broken(what: &str, error: &dyn std::error::Error) -> Error {
    Error::Process(format!("{what}: {}", connect::chain(error)))
}

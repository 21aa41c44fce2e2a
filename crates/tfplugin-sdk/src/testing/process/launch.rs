//! Starting a provider, with everything that Terraform says to it, or something else.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use super::output::Output;
use super::remains::Remains;
use super::side::Side;
use super::{Ending, Handshake, Identity, ProviderProcess, broken};
use crate::server::COOKIE;
use crate::testing::{Client, Error, Result, connect};

/// How long a provider may take to say where it listens. Terraform waits a minute.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(20);

/// What of the test's own environment a provider needs. The rest would make the test depend on who runs it.
const INHERITED: [&str; 4] = ["PATH", "HOME", "TMPDIR", "SYSTEMROOT"];

/// A provider about to be started. By default it is told what Terraform tells it.
#[derive(Debug)]
pub struct Launch {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    cookie: Option<String>,
    versions: String,
    tls: bool,
    identity: Option<Identity>,
    own_group: bool,
}

impl Launch {
    /// A launch of this program.
    #[must_use]
    pub fn new(program: impl AsRef<std::path::Path>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            environment: Vec::new(),
            cookie: Some(COOKIE.1.to_owned()),
            versions: "5,6".to_owned(),
            tls: true,
            identity: None,
            own_group: false,
        }
    }

    /// With an argument on the command line.
    #[must_use]
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// With a variable in the environment, which holds little else.
    #[must_use]
    pub fn variable(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// With another cookie than Terraform's, or none.
    #[must_use]
    pub fn cookie(mut self, cookie: Option<&str>) -> Self {
        self.cookie = cookie.map(str::to_owned);
        self
    }

    /// With other versions of the protocol than `5,6`.
    #[must_use]
    pub fn versions(mut self, versions: &str) -> Self {
        versions.clone_into(&mut self.versions);
        self
    }

    /// Without a certificate, so that the connection is in the clear.
    #[must_use]
    pub fn without_tls(mut self) -> Self {
        self.tls = false;
        self
    }

    /// With a client that shows this certificate, instead of one made for the occasion.
    #[must_use]
    pub fn known_as(mut self, identity: &Identity) -> Self {
        self.identity = Some(identity.clone());
        self
    }

    /// In a process group of its own, so that a test can send it what a terminal sends to a whole group.
    #[cfg(unix)]
    #[must_use]
    pub fn in_own_group(mut self) -> Self {
        self.own_group = true;
        self
    }

    /// Starts the process and reads its first line.
    ///
    /// # Errors
    /// When it ends without one, which the error quotes with its status and all that it wrote, or when the line is not a
    /// handshake.
    pub async fn start(self) -> Result<Started> {
        let identity = match &self.identity {
            _ if !self.tls => None,
            Some(identity) => Some(identity.clone()),
            None => Some(Identity::generate()?),
        };
        let mut child = self
            .command(identity.as_ref())
            .spawn()
            .map_err(|error| broken(&format!("failed to start {}", self.program.display()), &error))?;
        let mut output = Output::of(&mut child);
        let line = tokio::time::timeout(HANDSHAKE_LIMIT, output.first_line()).await;
        let Ok(line) = line else {
            return Err(Error::Process(format!(
                "the provider says nothing within {HANDSHAKE_LIMIT:?}"
            )));
        };
        let Some(line) = line else {
            let status = child.wait().await;
            let status = status.map_err(|error| broken("failed to wait for the provider", &error))?;
            output.finish().await;
            let stderr = output.stderr().join("\n");
            return Err(Error::Process(format!(
                "the provider ended without a handshake, with {status}; stderr:\n{stderr}"
            )));
        };
        Ok(Started {
            child,
            remains: Remains::of(&line),
            output,
            line,
            identity,
        })
    }

    fn command(&self, identity: Option<&Identity>) -> Command {
        let mut command = Command::new(&self.program);
        let inherited = INHERITED
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        command
            .args(&self.arguments)
            .env_clear()
            .envs(inherited)
            .env("PLUGIN_PROTOCOL_VERSIONS", &self.versions)
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        if self.own_group {
            command.process_group(0);
        }
        if let Some(cookie) = &self.cookie {
            command.env(COOKIE.0, cookie);
        }
        if let Some(identity) = identity {
            command.env("PLUGIN_CLIENT_CERT", identity.pem());
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A process that has written its first line, and to which nobody is connected yet. It is killed if it is dropped.
#[derive(Debug)]
pub struct Started {
    child: Child,
    /// Behind the process, which must have ended before they are removed.
    remains: Remains,
    output: Output,
    line: String,
    identity: Option<Identity>,
}

impl Started {
    /// Its first line.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The number of the process, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for the end of a process that ends by itself, and kills it after 2 s.
    ///
    /// # Errors
    /// When it wrote more to stdout than the handshake, or to stderr what would crash Terraform.
    pub async fn ended(self) -> Result<Ending> {
        let Self {
            child,
            remains,
            output,
            ..
        } = self;
        Ending::of(child, output, &remains, Instant::now()).await
    }

    /// Connects to it as Terraform does, with the two streams that Terraform opens beside the calls.
    ///
    /// # Errors
    /// When the line is no handshake, or the connection fails.
    pub async fn connect(self) -> Result<ProviderProcess> {
        let handshake = Handshake::read(&self.line)?;
        if handshake.certificate.is_some() != self.identity.is_some() {
            return Err(Error::Process(
                "the provider has a certificate if and only if the client has one".to_owned(),
            ));
        }
        let tls = handshake.tls(self.identity.as_ref())?;
        let channel = connect::connect(&handshake, tls).await?;
        Ok(ProviderProcess {
            child: self.child,
            remains: self.remains,
            output: self.output,
            identity: self.identity,
            client: Client::new(channel.clone()),
            side: Side::open(channel),
            handshake,
        })
    }
}

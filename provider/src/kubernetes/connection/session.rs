//! Clients with their credentials: made when first needed, and made anew when the credentials no longer hold.

use std::sync::Arc;

use kube::{
    Client, Config,
    client::{AuthError, ClientBuilder, RustlsTlsError},
};
use tokio::sync::Mutex;

use super::{ConnectionConfig, ConnectionError, exec::Expiry, target::Target};

/// One client, and what is known about it.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) client: Client,
    /// The server's address, for errors.
    pub(super) server: Arc<str>,
    /// Counts the sessions of a connection.
    pub(super) number: u64,
    expiry: Expiry,
}

/// Keeps the current session.
pub(super) struct SessionKeeper {
    config: ConnectionConfig,
    current: Mutex<Option<Session>>,
}

impl SessionKeeper {
    pub(super) fn new(config: ConnectionConfig) -> Self {
        Self {
            config,
            current: Mutex::new(None),
        }
    }

    /// The session, made if there is none or if its credentials end.
    pub(super) async fn current(&self) -> Result<Session, ConnectionError> {
        let mut current = self.current.lock().await;
        let number = match &*current {
            Some(session) if !session.expiry.is_near() => return Ok(session.clone()),
            Some(session) => session.number + 1,
            None => 0,
        };
        let session = self.make(number).await?;
        Ok(current.insert(session).clone())
    }

    /// A session with credentials read anew, because the server did not accept those of session `number`. Requests
    /// that fail at the same time share one renewal.
    pub(super) async fn renew(&self, number: u64) -> Result<Session, ConnectionError> {
        let mut current = self.current.lock().await;
        if let Some(session) = current.as_ref().filter(|session| session.number > number) {
            return Ok(session.clone());
        }
        let session = self.make(number + 1).await?;
        Ok(current.insert(session).clone())
    }

    async fn make(&self, number: u64) -> Result<Session, ConnectionError> {
        let (client_config, expiry) = Target::resolve(&self.config)?
            .into_client_config(&self.config)
            .await?;
        let server = client_config.cluster_url.to_string().into();
        Ok(Session {
            client: make_client(client_config)?,
            server,
            number,
            expiry,
        })
    }
}

fn make_client(config: Config) -> Result<Client, ConnectionError> {
    match ClientBuilder::try_from(config) {
        Ok(builder) => Ok(builder.build()),
        Err(kube::Error::Auth(AuthError::ReadTokenFile(problem, path))) => Err(ConnectionError::File {
            what: "the token",
            path,
            problem: problem.to_string(),
        }),
        Err(kube::Error::Auth(AuthError::InvalidBearerToken(_))) => Err(ConnectionError::Token),
        Err(kube::Error::RustlsTls(RustlsTlsError::InvalidPrivateKey(problem))) => {
            Err(identity_error(&problem))
        }
        Err(error) => Err(ConnectionError::Client {
            problem: error.to_string(),
        }),
    }
}

/// The library calls everything an invalid key that is wrong with a client certificate or its key.
fn identity_error(problem: &rustls::Error) -> ConnectionError {
    let text = problem.to_string();
    let problem = match problem {
        rustls::Error::InconsistentKeys(_) => "the key does not belong to the certificate".to_owned(),
        _ if text.contains("UnsupportedCertVersion") => {
            "the certificate is of X.509 version 1, which is not supported. Issue one of version 3".to_owned()
        }
        _ => text,
    };
    ConnectionError::Pem {
        what: "the client certificate with its key".to_owned(),
        problem,
    }
}

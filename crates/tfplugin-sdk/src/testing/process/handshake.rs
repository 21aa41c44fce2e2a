//! The line by which a provider says where it listens and how to know it.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::ClientConfig;
use rustls_pki_types::CertificateDer;

use super::Identity;
use crate::testing::{Error, Result};

/// What a provider says in the handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// `unix` or `tcp`.
    pub network: String,
    /// The path of the socket, or the address.
    pub address: String,
    /// The provider's certificate; without one the connection is in the clear.
    pub certificate: Option<CertificateDer<'static>>,
}

impl Handshake {
    /// Reads the line as go-plugin does.
    ///
    /// # Errors
    /// When go-plugin would refuse it.
    pub fn read(line: &str) -> Result<Self> {
        let refuse = |why: &str| Error::Process(format!("the handshake {line:?} is refused: {why}"));
        let fields: Vec<&str> = line.split('|').collect();
        let [core, protocol, network, address, transport, rest @ ..] = fields.as_slice() else {
            return Err(refuse("it has fewer than five fields"));
        };
        if *core != "1" {
            return Err(refuse("the first field is not 1"));
        }
        if *protocol != "6" {
            return Err(refuse("the protocol is not version 6"));
        }
        if *transport != "grpc" {
            return Err(refuse("the transport is not grpc"));
        }
        // A seventh field is only for hosts that ask for it, and this one does not.
        let certificate = match rest {
            [] | [""] => None,
            [text] => {
                let der = STANDARD_NO_PAD.decode(text);
                let der =
                    der.map_err(|error| refuse(&format!("the certificate is no unpadded base64: {error}")))?;
                Some(CertificateDer::from(der))
            }
            _ => return Err(refuse("it has more than six fields")),
        };
        Ok(Self {
            network: (*network).to_owned(),
            address: (*address).to_owned(),
            certificate,
        })
    }

    /// How to connect securely, showing `identity`; `None` if the provider has no certificate.
    pub(super) fn tls(&self, identity: Option<&Identity>) -> Result<Option<Arc<ClientConfig>>> {
        let config = |certificate| super::identity::client_config(certificate, identity);
        self.certificate.as_ref().map(config).transpose()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::Handshake;

    #[test]
    fn the_line_is_read_as_go_plugin_does() {
        let handshake = Handshake::read("1|6|unix|/tmp/p|grpc|/w").unwrap();
        assert_eq!(
            (handshake.network.as_str(), handshake.address.as_str()),
            ("unix", "/tmp/p")
        );
        assert_eq!(handshake.certificate.unwrap().as_ref(), [0xff]);
        assert_eq!(
            Handshake::read("1|6|unix|/tmp/p|grpc|").unwrap().certificate,
            None
        );
    }

    #[test]
    fn other_lines_are_refused() {
        for line in [
            "",
            "1|6|unix|/tmp/p",
            "2|6|unix|/tmp/p|grpc|",
            "1|5|unix|/tmp/p|grpc|",
            "1|6|unix|/tmp/p|netrpc|",
            "1|6|unix|/tmp/p|grpc|/w==",
            "1|6|unix|/tmp/p|grpc||true",
        ] {
            assert!(Handshake::read(line).is_err(), "{line}");
        }
    }
}

//! The line by which a provider says where it listens.

use anyhow::{Context as _, Result, bail};

/// `CORE|PROTOCOL|NETWORK|ADDRESS|grpc|…`
#[derive(Debug, PartialEq)]
pub(super) struct Handshake {
    protocol: u32,
    network: String,
    address: String,
}

impl Handshake {
    pub(super) fn parse(line: &str) -> Result<Self> {
        let unknown = || format!("{line:?} is no handshake");
        match line.trim_end().split('|').collect::<Vec<_>>().as_slice() {
            [_, protocol, network @ ("unix" | "tcp"), address, "grpc", ..] => Ok(Self {
                protocol: protocol.parse().with_context(unknown)?,
                network: (*network).to_owned(),
                address: (*address).to_owned(),
            }),
            _ => bail!(unknown()),
        }
    }

    /// Where the schema is asked for.
    pub(super) fn schema_url(&self) -> String {
        let host = if self.network == "tcp" {
            self.address.as_str()
        } else {
            "localhost"
        };
        // The call was renamed between the two versions of the protocol.
        let method = if self.protocol == 5 {
            "GetSchema"
        } else {
            "GetProviderSchema"
        };
        format!("http://{host}/tfplugin{}.Provider/{method}", self.protocol)
    }

    /// The file of the socket, where it has one.
    pub(super) fn socket(&self) -> Option<&str> {
        (self.network == "unix").then_some(self.address.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_protocols_are_asked_by_their_own_names() -> Result<()> {
        let old = Handshake::parse("1|5|unix|/tmp/plugin1|grpc|\n")?;
        assert_eq!(old.address, "/tmp/plugin1");
        assert_eq!(old.schema_url(), "http://localhost/tfplugin5.Provider/GetSchema");
        let new = Handshake::parse("1|6|tcp|127.0.0.1:10000|grpc|Y2VydA|true\n")?;
        assert_eq!(
            new.schema_url(),
            "http://127.0.0.1:10000/tfplugin6.Provider/GetProviderSchema"
        );
        Ok(())
    }

    #[test]
    fn what_is_no_handshake_is_shown() {
        for line in ["", "hello\n", "1|x|unix|/a|grpc|", "1|5|unix|/a|netrpc|"] {
            let error = Handshake::parse(line).map_err(|error| format!("{error:#}"));
            assert!(
                error.is_err_and(|error| error.contains(&format!("{line:?}"))),
                "{line}"
            );
        }
    }
}

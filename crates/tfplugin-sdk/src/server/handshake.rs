//! go-plugin's handshake: what Terraform says in the environment, and the one line that it reads in return.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The cookie by which Terraform shows that it is the one who starts the process. It is no secret: it only keeps people
/// from running a provider by mistake.
pub(crate) const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// The protocol version that this SDK speaks.
const PROTOCOL: &str = "6";

/// What Terraform asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The certificate, in PEM, that Terraform will show; without one the connection is in the clear.
    pub(super) client_certificate: Option<String>,
    /// Where the socket is to be, instead of the directory for temporary files.
    pub(super) socket_directory: Option<PathBuf>,
    /// The group, by name or number, that may use the socket.
    pub(super) socket_group: Option<String>,
    /// The ports to choose from where there are no sockets.
    pub(super) ports: (u16, u16),
    /// Whether the line is to tell that connections are not multiplexed.
    pub(super) multiplex: bool,
}

/// Why there is no handshake.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Somebody runs the provider by hand.
    NotTerraform,
    /// Terraform does not speak version 6.
    Version(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotTerraform => f.write_str(
                "This is a provider for Terraform and OpenTofu. It is not meant to be run by hand: `terraform init` \
                 finds it by the `required_providers` of a configuration, and `terraform apply` starts it.\n\n\
                 To debug it, run it with --debug.",
            ),
            Self::Version(offered) => write!(
                f,
                "This provider speaks plugin protocol 6, and it was started by a program that speaks {offered}. \
                 Terraform speaks it from version 1.0 on.",
            ),
        }
    }
}

impl Request {
    /// Reads the environment through `variable`.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Refusal> {
        if variable(COOKIE.0).as_deref() != Some(COOKIE.1) {
            return Err(Refusal::NotTerraform);
        }
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        if let Some(offered) = set("PLUGIN_PROTOCOL_VERSIONS")
            && !offered.split(',').any(|version| version.trim() == PROTOCOL)
        {
            return Err(Refusal::Version(offered));
        }
        let port = |name: &str, default| set(name).and_then(|port| port.parse().ok()).unwrap_or(default);
        Ok(Self {
            client_certificate: set("PLUGIN_CLIENT_CERT"),
            socket_directory: set("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            socket_group: set("PLUGIN_UNIX_SOCKET_GROUP"),
            ports: (port("PLUGIN_MIN_PORT", 10_000), port("PLUGIN_MAX_PORT", 25_000)),
            multiplex: set("PLUGIN_MULTIPLEX_GRPC").is_some(),
        })
    }

    /// The line that tells Terraform where the provider listens and by which certificate to know it.
    pub(super) fn answer(&self, network: &str, address: &str, certificate: Option<&[u8]>) -> String {
        let certificate = certificate
            .map(|der| STANDARD_NO_PAD.encode(der))
            .unwrap_or_default();
        // Connections are never multiplexed: the broker, which would need it, is not used.
        let multiplex = if self.multiplex { "|false" } else { "" };
        format!("1|{PROTOCOL}|{network}|{address}|grpc|{certificate}{multiplex}")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{COOKIE, Refusal, Request};

    fn environment<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn without_the_cookie_nobody_is_served() {
        assert_eq!(Request::read(environment(&[])), Err(Refusal::NotTerraform));
        assert_eq!(
            Request::read(environment(&[(COOKIE.0, "wrong")])),
            Err(Refusal::NotTerraform)
        );
    }

    #[test]
    fn version_6_is_found_in_any_order() {
        for offered in ["6", "5,6", "6,5"] {
            assert!(Request::read(environment(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", offered)])).is_ok());
        }
        let refused = Request::read(environment(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", "4,5")]));
        assert_eq!(refused, Err(Refusal::Version("4,5".to_owned())));
    }

    #[test]
    fn the_line_keeps_the_field_of_an_absent_certificate() {
        let request = Request::read(environment(&[COOKIE])).unwrap();
        assert_eq!(request.answer("unix", "/tmp/s", None), "1|6|unix|/tmp/s|grpc|");
        assert_eq!(
            request.answer("unix", "/tmp/s", Some(&[0xff])),
            "1|6|unix|/tmp/s|grpc|/w"
        );
    }
}

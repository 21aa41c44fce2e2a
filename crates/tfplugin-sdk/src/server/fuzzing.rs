//! What the fuzz targets in `fuzz/` reach of the handshake. It is there only when they are built.

use super::handshake::{self, Request};
use super::tls::server_tls;

/// The cookie that Terraform sets.
pub const COOKIE: &str = handshake::COOKIE.1;

/// The line that a provider whose socket is at `address` answers with; `None` if it refuses the environment.
pub fn answer(variable: impl Fn(&str) -> Option<String>, address: &str) -> Option<String> {
    let request = Request::read(variable).ok()?;
    let tls = request.client_certificate.as_deref().map(server_tls);
    let tls = tls.transpose().ok()?;
    Some(request.answer("unix", address, tls.as_ref().map(|tls| tls.certificate.as_ref())))
}

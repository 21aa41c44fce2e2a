//! Which proxy stands in between, if any.

use std::net::IpAddr;

use hyper_util::client::proxy::matcher::Matcher;

use super::{ConnectionError, Surroundings};

/// The configured proxy, else the one that the environment has for this server.
pub(super) fn choose(
    configured: Option<&str>,
    server: &http::Uri,
    surroundings: &Surroundings,
) -> Result<Option<http::Uri>, ConnectionError> {
    if let Some(url) = configured {
        return parse(url).map(Some);
    }
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']);
    // As everywhere in Kubernetes, this machine is never reached by a proxy of the environment.
    if host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()) {
        return Ok(None);
    }
    let Surroundings {
        https_proxy,
        http_proxy,
        all_proxy,
        no_proxy,
        ..
    } = surroundings;
    let matcher = Matcher::builder()
        .https(https_proxy.as_str())
        .http(http_proxy.as_str())
        .all(all_proxy.as_str())
        .no(no_proxy.as_str())
        .build();
    let Some(proxy) = matcher.intercept(server) else {
        return Ok(None);
    };
    if proxy.basic_auth().is_none() && proxy.raw_auth().is_none() {
        return Ok(Some(proxy.uri().clone()));
    }
    // The matcher keeps user and password apart; the client wants them in the address.
    let of_scheme = if server.scheme_str() == Some("http") {
        http_proxy
    } else {
        https_proxy
    };
    parse(if of_scheme.is_empty() {
        all_proxy
    } else {
        of_scheme
    })
    .map(Some)
}

fn parse(url: &str) -> Result<http::Uri, ConnectionError> {
    let error = |problem: String| ConnectionError::Address {
        what: "the proxy's address",
        value: url.rsplit_once('@').map_or(url, |(_, host)| host).to_owned(),
        problem,
        expected: "`http://HOST:PORT`, `https://HOST:PORT` or `socks5://HOST:PORT`",
    };
    let with_scheme = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    };
    let uri: http::Uri = with_scheme
        .parse()
        .map_err(|problem: http::uri::InvalidUri| error(problem.to_string()))?;
    match uri.scheme_str() {
        Some("http" | "https" | "socks5") => Ok(uri),
        _ => Err(error("it begins with another protocol".to_owned())),
    }
}

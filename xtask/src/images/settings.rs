//! What the user's environment says of how packages are reached, for a build and for nothing after it.
//!
//! A mirror's address may hold a password, and an authority of one network is nothing to trust in another one. So both
//! are mounted into a build as pip's own configuration, in a folder that is empty in the image.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The environment that builds are given.
pub type Environment = BTreeMap<String, String>;

/// Where pip looks for the machine's configuration.
pub(super) const MOUNTED_AT: &str = "/etc/xdg/pip";
const AUTHORITIES: &str = "authorities.pem";

/// Variables of pip that are true for any machine in the same network, by their names in its configuration.
const PIP: [(&str, &str); 6] = [
    ("PIP_INDEX_URL", "index-url"),
    ("PIP_EXTRA_INDEX_URL", "extra-index-url"),
    ("PIP_TRUSTED_HOST", "trusted-host"),
    ("PIP_PROXY", "proxy"),
    ("PIP_DEFAULT_TIMEOUT", "timeout"),
    ("PIP_RETRIES", "retries"),
];
/// Buildah itself gives these to what runs in a build, and to nothing else.
const PROXIES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
];
/// Variables that name a file of trusted authorities, the most special one first.
const AUTHORITY_VARIABLES: [&str; 4] = [
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
];
/// Where systems keep that file: Debian's, Fedora's.
const AUTHORITY_FILES: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

/// Writes pip's configuration for the inside of a build into `folder`.
pub(super) fn write(environment: &Environment, folder: &Path) -> Result<()> {
    let mut lines = vec!["[global]".to_owned()];
    for (variable, key) in PIP {
        if let Some(value) = environment.get(variable).filter(|value| !value.is_empty()) {
            // Several addresses are one a line, and further lines are indented.
            let value = value.split_whitespace().collect::<Vec<_>>().join("\n    ");
            lines.push(format!("{key} = {value}"));
        }
    }
    if let Some(authorities) = authorities(environment) {
        fs::copy(&authorities, folder.join(AUTHORITIES))
            .with_context(|| format!("failed to copy {}", authorities.display()))?;
        lines.push(format!("cert = {MOUNTED_AT}/{AUTHORITIES}"));
    }
    write_private(&folder.join("pip.conf"), &(lines.join("\n") + "\n"))
}

/// An address may hold a password.
fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    let file = fs::File::options()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("failed to write {}", path.display()))
}

fn authorities(environment: &Environment) -> Option<PathBuf> {
    let named = AUTHORITY_VARIABLES
        .iter()
        .filter_map(|name| environment.get(*name));
    let usual = AUTHORITY_FILES.iter().map(ToString::to_string);
    let mut paths = named.cloned().chain(usual).map(PathBuf::from);
    paths.find(|path| path.is_file())
}

/// Addresses of the user's network, which no image may hold.
pub(super) fn addresses(environment: &Environment) -> Vec<&str> {
    let variables = PIP.iter().map(|(variable, _)| variable).chain(&PROXIES);
    let values = variables.filter_map(|variable| environment.get(*variable));
    values
        .flat_map(|value| value.split_whitespace())
        .filter(|value| value.contains("://"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        variables.iter().map(owned).collect()
    }

    #[test]
    fn pip_is_told_what_the_environment_says() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let bundle = folder.path().join("bundle.pem");
        fs::write(&bundle, "an authority")?;
        let environment = environment(&[
            ("PIP_INDEX_URL", "https://user:word@mirror.example/simple"),
            ("PIP_EXTRA_INDEX_URL", "https://a.example https://b.example"),
            ("PIP_DEFAULT_TIMEOUT", "180"),
            ("PIP_PROXY", ""),
            ("PIP_FIND_LINKS", "/a/folder/of/this/machine"),
            ("PIP_CERT", "/no/such/file"),
            ("SSL_CERT_FILE", &bundle.to_string_lossy()),
        ]);
        let inside = folder.path().join("inside");
        fs::create_dir(&inside)?;
        write(&environment, &inside)?;
        let expected = "\
[global]
index-url = https://user:word@mirror.example/simple
extra-index-url = https://a.example
    https://b.example
timeout = 180
cert = /etc/xdg/pip/authorities.pem
";
        assert_eq!(fs::read_to_string(inside.join("pip.conf"))?, expected);
        assert_eq!(
            fs::read_to_string(inside.join("authorities.pem"))?,
            "an authority"
        );
        Ok(())
    }

    #[test]
    fn addresses_are_those_that_a_build_is_given() {
        let environment = environment(&[
            ("HTTPS_PROXY", "http://proxy.example:3128"),
            ("PIP_DEFAULT_TIMEOUT", "180"),
            ("PIP_EXTRA_INDEX_URL", "https://a.example https://b.example"),
            ("OTHER", "https://other.example"),
        ]);
        assert_eq!(
            addresses(&environment),
            [
                "https://a.example",
                "https://b.example",
                "http://proxy.example:3128"
            ]
        );
    }
}

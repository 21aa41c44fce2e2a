//! The cluster's certificates: an authority for clients and servers, and another one for etcd.
//!
//! etcd trusts its own authority alone, because whoever it lets in reads and writes every object past RBAC.

use std::fs;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use super::layout::{Layout, write_private};

const DAY: Duration = Duration::from_hours(24);
/// Longer than anybody keeps a cluster that is made within seconds.
const VALIDITY: Duration = Duration::from_hours(365 * 24);

/// The authority of the cluster's clients and servers.
pub(super) const CLUSTER: &str = "cluster-ca";
/// The authority of etcd.
pub(super) const ETCD: &str = "etcd-ca";
/// Signs the tokens of service accounts.
pub(super) const SERVICE_ACCOUNTS: &str = "service-accounts";

/// Who a certificate speaks for, and where it is accepted.
pub(super) struct Identity<'a> {
    pub(super) user: &'a str,
    pub(super) group: Option<&'a str>,
    /// Names and addresses under which it serves; empty for a client.
    pub(super) hosts: &'a [&'a str],
    pub(super) expired: bool,
}

impl<'a> Identity<'a> {
    pub(super) fn client(user: &'a str, group: Option<&'a str>) -> Self {
        Self {
            user,
            group,
            hosts: &[],
            expired: false,
        }
    }

    pub(super) fn server(user: &'a str, hosts: &'a [&'a str]) -> Self {
        Self {
            user,
            group: None,
            hosts,
            expired: false,
        }
    }
}

/// A certificate and its private key, both as PEM.
pub(super) struct Signed {
    pub(super) certificate: String,
    pub(super) key: String,
}

/// A certificate authority whose key lies in the cluster's folder.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(super) certificate: String,
}

impl Authority {
    /// Makes the authority called `name` and writes its certificate and key.
    pub(super) fn create(layout: &Layout, name: &str) -> Result<Self> {
        let key = KeyPair::generate().context("failed to make a key")?;
        let parameters = authority_parameters(name);
        let certificate = parameters
            .self_signed(&key)
            .context("failed to sign an authority")?
            .pem();
        write_private(&layout.certificate(name), &certificate)?;
        write_private(&layout.key(name), &key.serialize_pem())?;
        Ok(Self {
            issuer: Issuer::new(parameters, key),
            certificate,
        })
    }

    /// The authority called `name` that was made before.
    pub(super) fn open(layout: &Layout, name: &str) -> Result<Self> {
        let read = |path: std::path::PathBuf| {
            fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))
        };
        let certificate = read(layout.certificate(name))?;
        let key = KeyPair::from_pem(&read(layout.key(name))?).context("failed to read an authority's key")?;
        Ok(Self {
            issuer: Issuer::new(authority_parameters(name), key),
            certificate,
        })
    }

    /// A new key, and a certificate for it that says what `identity` says.
    pub(super) fn sign(&self, identity: &Identity<'_>) -> Result<Signed> {
        let failed = || format!("failed to sign a certificate for {}", identity.user);
        ensure!(!identity.user.is_empty(), "a certificate needs a user");
        let hosts: Vec<String> = identity.hosts.iter().map(ToString::to_string).collect();
        let mut parameters = CertificateParams::new(hosts).with_context(failed)?;
        parameters
            .distinguished_name
            .push(DnType::CommonName, identity.user);
        if let Some(group) = identity.group {
            parameters
                .distinguished_name
                .push(DnType::OrganizationName, group);
        }
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        if !identity.hosts.is_empty() {
            parameters
                .extended_key_usages
                .push(ExtendedKeyUsagePurpose::ServerAuth);
        }
        parameters.use_authority_key_identifier_extension = true;
        set_validity(&mut parameters, identity.expired);
        let key = KeyPair::generate().with_context(failed)?;
        let certificate = parameters.signed_by(&key, &self.issuer).with_context(failed)?;
        Ok(Signed {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }

    /// Signs, and writes certificate and key under `name`.
    pub(super) fn sign_to_files(&self, layout: &Layout, name: &str, identity: &Identity<'_>) -> Result<()> {
        let signed = self.sign(identity)?;
        write_private(&layout.certificate(name), &signed.certificate)?;
        write_private(&layout.key(name), &signed.key)
    }
}

/// Writes the key that signs service-account tokens, and the public one that verifies them.
pub(super) fn create_service_account_key(layout: &Layout) -> Result<()> {
    let key = KeyPair::generate().context("failed to make a key")?;
    write_private(&layout.public_key(SERVICE_ACCOUNTS), &key.public_key_pem())?;
    write_private(&layout.key(SERVICE_ACCOUNTS), &key.serialize_pem())
}

/// The same for making and for opening an authority: what it signs must name its issuer in the same way.
fn authority_parameters(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters
        .distinguished_name
        .push(DnType::CommonName, format!("mlops local {name}"));
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    set_validity(&mut parameters, false);
    parameters
}

fn set_validity(parameters: &mut CertificateParams, expired: bool) {
    if expired {
        parameters.not_before = date_time_ymd(2001, 1, 1);
        parameters.not_after = date_time_ymd(2002, 1, 1);
    } else {
        let now = SystemTime::now();
        // A little in the past, so that a clock that is set back does not shut everybody out.
        parameters.not_before = (now - DAY).into();
        parameters.not_after = (now + VALIDITY).into();
    }
}

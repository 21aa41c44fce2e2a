//! The client's side of mutual TLS, as Terraform does it: a fresh certificate that is its own authority, on P-521; and of
//! the server's side, the one certificate of the handshake.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P521_SHA512,
};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::server::ParsedCertificate;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};

use super::broken;
use crate::testing::Result;

/// A client's certificate and key.
#[derive(Debug)]
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
    pem: String,
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self {
            certificate: self.certificate.clone(),
            key: self.key.clone_key(),
            pem: self.pem.clone(),
        }
    }
}

impl Identity {
    /// Makes a key and a certificate like those of Terraform.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn generate() -> Result<Self> {
        Self::try_generate().map_err(|error| broken("failed to make the client's certificate", &error))
    }

    /// Another certificate of the same key, as somebody has it who renewed it.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn renewed(&self) -> Result<Self> {
        let key = PrivateKeyDer::Pkcs8(self.key.clone_key());
        let key = KeyPair::from_der_and_sign_algo(&key, &PKCS_ECDSA_P521_SHA512);
        key.and_then(|key| Self::certified(&key))
            .map_err(|error| broken("failed to make the client's certificate anew", &error))
    }

    fn try_generate() -> std::result::Result<Self, rcgen::Error> {
        Self::certified(&KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512)?)
    }

    fn certified(key: &KeyPair) -> std::result::Result<Self, rcgen::Error> {
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned()])?;
        parameters.distinguished_name = DistinguishedName::new();
        parameters
            .distinguished_name
            .push(DnType::CommonName, "localhost");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        parameters.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ClientAuth,
            ExtendedKeyUsagePurpose::ServerAuth,
        ];
        let certificate = parameters.self_signed(key)?;
        Ok(Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()),
        })
    }

    /// This certificate with the key of `other`, which does not belong to it.
    #[must_use]
    pub fn with_key_of(&self, other: &Self) -> Self {
        Self {
            key: other.key.clone_key(),
            ..self.clone()
        }
    }

    /// The certificate in PEM, for `PLUGIN_CLIENT_CERT`.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }
}

/// Trusts `server` alone, and shows `identity` if there is one.
pub(super) fn client_config(
    server: &CertificateDer<'static>,
    identity: Option<&Identity>,
) -> Result<Arc<ClientConfig>> {
    let configured = try_client_config(server.clone(), identity);
    configured.map_err(|error| broken("failed to set up TLS", &error))
}

fn try_client_config(
    server: CertificateDer<'static>,
    identity: Option<&Identity>,
) -> std::result::Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let keys = provider.key_provider;
    let verifier = OnlyThisServer {
        trusted: server,
        algorithms: provider.signature_verification_algorithms,
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(Identity { certificate, key, .. }) => {
            let key = keys.load_private_key(PrivateKeyDer::Pkcs8(key.clone_key()))?;
            // Not checked here whether they belong together: that is what the other side must do.
            let shown = CertifiedKey::new(vec![certificate.clone()], key);
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(shown)))
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

/// Accepts the certificate of the handshake line, if it is valid for `localhost` and for a server, and no other.
#[derive(Debug)]
struct OnlyThisServer {
    trusted: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for OnlyThisServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if end_entity.as_ref() != self.trusted.as_ref() {
            return Err(CertificateError::UnknownIssuer.into());
        }
        let certificate = ParsedCertificate::try_from(end_entity)?;
        verify_server_name(&certificate, server_name)?;
        let mut roots = RootCertStore::empty();
        roots.add(self.trusted.clone())?;
        let algorithms = self.algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(&certificate, &roots, &[], now, algorithms) {
            // go-plugin's servers show a certificate that is its own authority, and Go's verification takes that.
            Err(error) if !error.to_string().contains("CaUsedAsEndEntity") => Err(error),
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

//! What is said of certificates that do not hold.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::kubernetes::{
    connection::{Connection, ConnectionConfig, Request},
    error::{Action, Failure, Subject, UnreachableCause},
};

struct Server {
    host: String,
    certificate: String,
}

/// A server whose certificate ends in `last_year`; it answers everything with 418.
async fn server(last_year: i32) -> Server {
    let _already_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    stream.read_u8().await.unwrap();
                    stream
                        .write_all(b"HTTP/1.1 418 X\r\ncontent-length: 0\r\n\r\n")
                        .await
                        .unwrap();
                }
            });
        }
    });
    Server {
        host,
        certificate: certificate.pem(),
    }
}

/// Why the server was not reached; none if it answered.
async fn cause(config: ConnectionConfig) -> Option<UnreachableCause> {
    let request = Request::get(Action::Read, Subject::Other("x".to_owned()), "/x".to_owned());
    let error = Connection::new(config).send(&request).await.unwrap_err();
    match error.failure() {
        Failure::Unreachable { cause, .. } => Some(*cause),
        _ => error
            .status()
            .map(|status| assert_eq!(status.code, 418))
            .and(None),
    }
}

#[tokio::test]
async fn certificates_are_told_apart() {
    let (good, old) = (server(2900).await, server(2001).await);
    let to = |server: &Server, ca: &Server| ConnectionConfig {
        host: Some(server.host.clone()),
        cluster_ca_certificate: Some(ca.certificate.clone()),
        ..ConnectionConfig::default()
    };
    assert_eq!(
        cause(to(&old, &old)).await,
        Some(UnreachableCause::CertificateExpired)
    );
    assert_eq!(
        cause(to(&good, &old)).await,
        Some(UnreachableCause::UnknownAuthority)
    );
    let named = ConnectionConfig {
        tls_server_name: Some("other.org".to_owned()),
        ..to(&good, &good)
    };
    assert_eq!(cause(named).await, Some(UnreachableCause::WrongName));
    let unchecked = ConnectionConfig {
        insecure: Some(true),
        ..to(&old, &good)
    };
    for config in [to(&good, &good), unchecked] {
        assert_eq!(cause(config).await, None, "it answers");
    }
}

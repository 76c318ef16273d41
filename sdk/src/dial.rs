//! One way to get a byte stream to a relay, for everything this crate does: nothing here looks up a name or opens a
//! socket by another path, so a proxy cannot be gone around.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_socks::tcp::Socks5Stream;
use url::Host;

use crate::{Error, Proxy, Relay};

/// A connection that does not answer by then is given up; a circuit through Tor takes its time.
const DIRECT: Duration = Duration::from_secs(20);
const PROXIED: Duration = Duration::from_secs(90);

/// A stream to the relay, whatever is below it.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// The system's certificate authorities and those of `roots`.
pub(crate) fn tls(roots: Option<&Path>) -> Result<Arc<ClientConfig>, Error> {
    let mut store = RootCertStore::empty();
    // What the system has broken is the system's business: other authorities still count.
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = roots {
        let unusable = |cause: String| Error::Roots {
            file: file.display().to_string(),
            cause,
        };
        let found =
            CertificateDer::pem_file_iter(file).map_err(|error| unusable(error.to_string()))?;
        let mut count = 0;
        for certificate in found {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            store
                .add(certificate)
                .map_err(|error| unusable(error.to_string()))?;
            count += 1;
        }
        if count == 0 {
            return Err(unusable("it holds none".to_owned()));
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("invariant: the provider has cipher suites for both versions")
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

impl Relay {
    /// A fresh stream to the relay.
    pub(crate) async fn dial(&self) -> Result<Box<dyn Stream>, Error> {
        let patience = if self.proxy.is_some() {
            PROXIED
        } else {
            DIRECT
        };
        timeout(patience, self.dial_now())
            .await
            .unwrap_or_else(|_| Err(self.unreachable("it did not answer in time")))
    }

    async fn dial_now(&self) -> Result<Box<dyn Stream>, Error> {
        let raw = match &self.proxy {
            None => self.direct().await?,
            Some(proxy) => self.through(proxy).await?,
        };
        let Some(tls) = &self.tls else {
            return Ok(raw);
        };
        let name = match &self.host {
            Host::Domain(name) => {
                ServerName::try_from(name.clone()).map_err(|error| self.unreachable(error))?
            }
            Host::Ipv4(ip) => ServerName::IpAddress((*ip).into()),
            Host::Ipv6(ip) => ServerName::IpAddress((*ip).into()),
        };
        match TlsConnector::from(Arc::clone(tls)).connect(name, raw).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(self.not_proven(&error)),
        }
    }

    async fn direct(&self) -> Result<Box<dyn Stream>, Error> {
        let stream = match &self.host {
            Host::Domain(name) => TcpStream::connect((name.as_str(), self.port)).await,
            Host::Ipv4(ip) => TcpStream::connect((*ip, self.port)).await,
            Host::Ipv6(ip) => TcpStream::connect((*ip, self.port)).await,
        };
        let stream = stream.map_err(|error| self.unreachable(error))?;
        // A message is one small write that should not wait for the next.
        stream
            .set_nodelay(true)
            .map_err(|error| self.unreachable(error))?;
        Ok(Box::new(stream))
    }

    async fn through(&self, proxy: &Proxy) -> Result<Box<dyn Stream>, Error> {
        let socket = TcpStream::connect((proxy.host.as_str(), proxy.port))
            .await
            .map_err(|error| Error::Unreachable {
                host: format!("the proxy {}:{}", proxy.host, proxy.port),
                cause: error.to_string(),
            })?;
        // The name goes to the proxy as it is: address type 3 of RFC 1928.
        let target = (
            self.host.to_string().trim_matches(['[', ']']).to_owned(),
            self.port,
        );
        let stream = match &proxy.login {
            None => Socks5Stream::connect_with_socket(socket, target).await,
            Some((user, password)) => {
                Socks5Stream::connect_with_password_and_socket(socket, target, user, password).await
            }
        };
        Ok(Box::new(stream.map_err(|error| {
            self.unreachable(format!("the proxy says: {error}"))
        })?))
    }

    pub(crate) fn unreachable(&self, cause: impl ToString) -> Error {
        Error::Unreachable {
            host: self.authority(),
            cause: cause.to_string(),
        }
    }

    fn not_proven(&self, error: &io::Error) -> Error {
        let certificate = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .filter(|error| matches!(error, rustls::Error::InvalidCertificate(_)));
        match certificate {
            Some(cause) => Error::Certificate {
                host: self.authority(),
                cause: cause.to_string(),
            },
            None => self.unreachable(error),
        }
    }
}

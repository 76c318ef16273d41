//! TLS of the relay's own, for those who put no proxy in front of it.
//!
//! A connection is decrypted by a task of its own and handed on as a socket pair, so that everything behind the door is
//! the same with TLS and without. That costs a copy and a few KiB for each connection; whoever wants those back puts a
//! proxy in front.

use std::fmt;
use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use actix_web::rt::net::TcpStream;
#[cfg(unix)]
use actix_web::rt::net::UnixStream;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXUPPER;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt as _;
#[cfg(unix)]
use tokio::io::copy_bidirectional;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::keyfile;
use crate::listen::Stream;

mod error;

pub use error::TlsError;

/// Holds certificate and key of a relay that signs for itself.
const OWN_FILE: &str = "tls.pem";
/// How long a client may take to agree on keys.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How often the files are looked at for a renewed certificate.
pub(crate) const LOOK: Duration = Duration::from_secs(5);
/// What somebody reads who speaks plain HTTP to a port that speaks TLS.
const PLAIN_HTTP: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n\
    This relay speaks TLS: begin the address with https://\n";

/// Certificate and key, and where they came from.
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    source: Option<Source>,
    fingerprint: String,
}

/// Files that somebody else renews.
#[derive(Debug)]
struct Source {
    certificate: PathBuf,
    key: PathBuf,
    seen: RwLock<[Option<Stamp>; 2]>,
}

impl fmt::Debug for Tls {
    /// The key is behind several pointers that each decide what they show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

/// When a file was last changed, and its length.
type Stamp = (SystemTime, u64);

/// The certificate in use, which may be replaced while connections go on.
struct Current(RwLock<Arc<CertifiedKey>>);

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current")
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

impl Tls {
    /// With a certificate chain and its key, both PEM. They are read again when they change.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let seen = RwLock::new([stamp(certificate), stamp(key)]);
        let source = Source {
            certificate: certificate.into(),
            key: key.into(),
            seen,
        };
        Self::new(source.load()?, Some(source))
    }

    /// With a certificate that the relay signed itself, for `names` (host names or IP addresses): the one in `directory`,
    /// or a new one that is put there for the owner alone.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn self_signed(directory: &Path, names: Vec<String>) -> Result<Self, TlsError> {
        let file = directory.join(OWN_FILE);
        let unusable = |error| TlsError::Unusable(file.clone(), error);
        let pem = match keyfile::read(&file).map_err(unusable)? {
            Some(pem) => pem,
            None => {
                let pem = sign(names)?;
                keyfile::write_new(&file, pem.as_bytes()).map_err(unusable)?;
                pem
            }
        };
        Self::new(
            certified(pem.as_bytes(), &file, pem.as_bytes(), &file)?,
            None,
        )
    }

    fn new(certified: CertifiedKey, source: Option<Source>) -> Result<Self, TlsError> {
        let fingerprint = fingerprint(&certified);
        let current = Arc::new(Current(RwLock::new(Arc::new(certified))));
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|_| TlsError::System)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            current,
            source,
            fingerprint,
        })
    }

    /// Whether the relay signed its certificate itself, so that browsers warn and people compare fingerprints.
    pub fn is_self_signed(&self) -> bool {
        self.source.is_none()
    }

    /// SHA-256 of the certificate as browsers show it: 32 pairs of hexadecimal digits with colons between them.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Takes over a certificate that has been renewed. One that is of no use is reported, and the old one stays.
    pub(crate) fn refresh(&self) {
        let Some(source) = &self.source else {
            return;
        };
        let found = [stamp(&source.certificate), stamp(&source.key)];
        {
            let mut seen = source.seen.write().unwrap_or_else(PoisonError::into_inner);
            if *seen == found {
                return;
            }
            *seen = found;
        }
        match source.load() {
            Ok(certified) => {
                let mut current = self
                    .current
                    .0
                    .write()
                    .unwrap_or_else(PoisonError::into_inner);
                *current = Arc::new(certified);
                tracing::info!("the certificate was renewed");
            }
            // The sentence would name a file; which one it is, the person knows.
            Err(_) => tracing::warn!("the new certificate cannot be used; the old one stays"),
        }
    }

    /// Agrees on keys with whoever connected, and hands on what they say.
    ///
    /// # Errors
    /// Where they do not speak TLS, or take too long.
    pub(crate) async fn accept(&self, mut socket: TcpStream) -> io::Result<Stream> {
        socket.set_nodelay(true).ok();
        let secured = timeout(HANDSHAKE, async {
            let mut first = [0];
            socket.peek(&mut first).await?;
            // A method of HTTP begins with a capital letter, a TLS record with 22 (RFC 8446 §5.1).
            if first[0].is_ascii_uppercase() {
                socket.write_all(PLAIN_HTTP).await?;
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.acceptor.accept(socket).await
        });
        hand_on(secured.await??)
    }
}

#[cfg(unix)]
fn hand_on(mut secured: TlsStream<TcpStream>) -> io::Result<Stream> {
    let (near, mut far) = UnixStream::pair()?;
    actix_web::rt::spawn(async move {
        // However it ends, both ends learn it by being closed.
        copy_bidirectional(&mut secured, &mut far).await.ok();
    });
    Ok(near.into())
}

#[cfg(not(unix))]
fn hand_on(_: TlsStream<TcpStream>) -> io::Result<Stream> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Source {
    fn load(&self) -> Result<CertifiedKey, TlsError> {
        let read = |file: &Path| match keyfile::read(file) {
            Ok(Some(text)) => Ok(text),
            Ok(None) => Err(TlsError::Unusable(
                file.into(),
                io::ErrorKind::NotFound.into(),
            )),
            Err(error) => Err(TlsError::Unusable(file.into(), error)),
        };
        let (chain, key) = (read(&self.certificate)?, read(&self.key)?);
        certified(
            chain.as_bytes(),
            &self.certificate,
            key.as_bytes(),
            &self.key,
        )
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    let found = fs::metadata(file).ok()?;
    Some((found.modified().ok()?, found.len()))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(default_provider())
}

/// A chain and its key, which must belong together.
fn certified(
    chain: &[u8],
    chain_file: &Path,
    key: &[u8],
    key_file: &Path,
) -> Result<CertifiedKey, TlsError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::NoCertificate(chain_file.into()))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(chain_file.into()));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey(key_file.into()))?;
    CertifiedKey::from_der(chain, key, &provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            TlsError::Strangers(chain_file.into(), key_file.into())
        }
        rustls::Error::InvalidCertificate(_) => TlsError::NoCertificate(chain_file.into()),
        _ => TlsError::NoKey(key_file.into()),
    })
}

/// A key and a certificate for it, one after the other.
fn sign(names: Vec<String>) -> Result<zeroize::Zeroizing<String>, TlsError> {
    let key = rcgen::KeyPair::generate().map_err(|_| TlsError::System)?;
    let mut parameters = rcgen::CertificateParams::new(names).map_err(|_| TlsError::System)?;
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, "Roomkey relay");
    let certificate = parameters.self_signed(&key).map_err(|_| TlsError::System)?;
    Ok(zeroize::Zeroizing::new(format!(
        "{}{}",
        certificate.pem(),
        key.serialize_pem()
    )))
}

fn fingerprint(certified: &CertifiedKey) -> String {
    let Some(leaf) = certified.cert.first() else {
        return String::new();
    };
    let pairs: Vec<_> = digest(&SHA256, leaf)
        .as_ref()
        .iter()
        .map(|byte| HEXUPPER.encode(&[*byte]))
        .collect();
    pairs.join(":")
}

/// The names that a certificate of the relay's own is made for: this machine's, and what the public address calls it.
pub fn own_names(
    listening: Option<IpAddr>,
    lan: Option<IpAddr>,
    host: Option<&str>,
) -> Vec<String> {
    let listening = listening.filter(|address| !address.is_unspecified());
    let mut names: Vec<_> = ["localhost", "127.0.0.1", "::1"]
        .map(str::to_owned)
        .into_iter()
        .chain(
            [listening, lan]
                .into_iter()
                .flatten()
                .map(|it| it.to_string()),
        )
        .chain(host.map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    names
}

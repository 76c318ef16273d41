//! Why there is no TLS.

use std::path::PathBuf;
use std::{error, fmt, io};

/// Why a certificate or its key is of no use. Displays as one sentence.
#[derive(Debug)]
pub enum TlsError {
    /// The file cannot be read or written.
    Unusable(PathBuf, io::Error),
    /// There is no certificate in the file.
    NoCertificate(PathBuf),
    /// There is no private key in the file.
    NoKey(PathBuf),
    /// The key in the second file is not that of the certificate in the first.
    Strangers(PathBuf, PathBuf),
    /// The operating system gives no randomness.
    System,
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(path, error) => write!(f, "Cannot use {}: {error}.", path.display()),
            Self::NoCertificate(path) => write!(
                f,
                "{} does not hold a certificate chain in PEM; it was left as it is.",
                path.display()
            ),
            Self::NoKey(path) => write!(
                f,
                "{} does not hold a private key in PEM that TLS can use; it was left as it is.",
                path.display()
            ),
            Self::Strangers(chain, key) => write!(
                f,
                "The key in {} does not belong to the certificate in {}.",
                key.display(),
                chain.display()
            ),
            Self::System => f.write_str("This system offers too little to make a certificate."),
        }
    }
}

impl error::Error for TlsError {}

//! What can be wrong with settings.

use std::path::PathBuf;
use std::{error, fmt, io};

/// Why settings are of no use. Displays as one sentence.
#[derive(Debug)]
pub enum SettingsError {
    /// The file cannot be read.
    File(PathBuf, io::Error),
    /// The file is not what it should be.
    Syntax(PathBuf, String),
    /// The public address is not http or https.
    PublicUrl,
    /// The onion address is not http or https, or not an onion.
    OnionUrl,
    /// A certificate without key or the reverse.
    HalfTls,
    /// A certificate was given and one of the relay's own asked for.
    TwoCertificates,
    /// TLS on a Unix socket.
    TlsOnSocket,
    /// This system has no Unix sockets, which TLS is handed on through.
    NoTlsHere,
    /// There is no such log level.
    LogLevel,
    /// There is no place for a key, because the environment names no home.
    NoHome,
    /// The named limit is zero.
    Zero(&'static str),
    /// A room may not have that many members.
    TooManyMembers(u16),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "Cannot read {}: {error}.", path.display()),
            Self::Syntax(path, problem) => {
                write!(f, "{} is not a valid configuration: {problem}.", path.display())
            }
            Self::PublicUrl => f.write_str(
                "The public address must begin with http:// or https:// and name a host.",
            ),
            Self::OnionUrl => f.write_str(
                "The onion address must begin with http:// or https:// and end with .onion.",
            ),
            Self::HalfTls => f.write_str(
                "TLS needs both --tls-cert and --tls-key.",
            ),
            Self::TwoCertificates => f.write_str(
                "Please choose: either --tls-cert and --tls-key, or --tls-self-signed.",
            ),
            Self::TlsOnSocket => f.write_str(
                "A Unix socket is for a proxy that does TLS; leave the certificate to it.",
            ),
            Self::NoTlsHere => f.write_str(
                "The relay does TLS itself on Unix systems only; put a proxy in front of it here.",
            ),
            Self::LogLevel => {
                f.write_str("The log level must be off, error, warn, info, debug or trace.")
            }
            Self::NoHome => f.write_str(
                "No home directory is set, so please say with --data-dir where the key should live.",
            ),
            Self::TooManyMembers(most) => {
                write!(f, "A room can have at most {most} members.")
            }
            Self::Zero(name) => write!(f, "The setting {name} must not be zero."),
        }
    }
}

impl error::Error for SettingsError {}

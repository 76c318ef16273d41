//! What can go wrong before there is a session. Each is one sentence for a person, with what to do where that is known.

/// Why a relay could not be reached or understood.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is not one of a relay.
    #[error(
        "{address} is not a relay's address; write it like https://chat.example or http://192.168.1.5:8080"
    )]
    Address {
        /// As it was given.
        address: String,
    },
    /// The proxy is not one that keeps names to itself.
    #[error(
        "{proxy} is not a usable proxy; write it like socks5h://127.0.0.1:9050, so that the proxy resolves names"
    )]
    Proxy {
        /// As it was given, without a password.
        proxy: String,
    },
    /// Nothing answers there.
    #[error("could not reach {host}: {cause}")]
    Unreachable {
        /// Whom we called.
        host: String,
        /// What the system or the proxy said.
        cause: String,
    },
    /// The TLS certificate is not good for this host.
    #[error(
        "{host} does not prove who it is: {cause}; if the certificate is your own, name it with --ca"
    )]
    Certificate {
        /// Whom we called.
        host: String,
        /// What is wrong with it.
        cause: String,
    },
    /// Whoever answers does not speak as a relay does.
    #[error("{host} answers, but not like a Roomkey relay: {cause}")]
    NotARelay {
        /// Whom we called.
        host: String,
        /// What was strange.
        cause: String,
    },
    /// The relay speaks another version of the protocol.
    #[error(
        "this relay speaks version {theirs} of the protocol and this program version {ours}: update the older one"
    )]
    Version {
        /// The relay's.
        theirs: u64,
        /// Ours.
        ours: u8,
    },
    /// A file with certificates could not be used.
    #[error("could not use the certificates in {file}: {cause}")]
    Roots {
        /// Its path.
        file: String,
        /// What is wrong with it.
        cause: String,
    },
}

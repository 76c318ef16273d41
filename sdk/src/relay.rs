//! Where a relay is and how to get there.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use rustls::ClientConfig;
use url::{Host, Url};

use crate::Error;
use crate::dial;

/// A relay's address with everything that is needed to call it. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) tls: Option<Arc<ClientConfig>>,
    pub(crate) proxy: Option<Proxy>,
}

impl Relay {
    /// Reads an address: `https://host[:port]`, `http://host[:port]`, or a bare host, which means `https` unless it is a
    /// loopback, private or onion address (their relays speak plain HTTP, and the tunnel seals what matters).
    ///
    /// `roots` is a PEM file with further certificate authorities or the relay's own certificate.
    ///
    /// # Errors
    /// [`Error::Address`] and [`Error::Roots`].
    pub fn new(address: &str, proxy: Option<Proxy>, roots: Option<&Path>) -> Result<Self, Error> {
        let wrong = || Error::Address {
            address: address.to_owned(),
        };
        let text = address.trim();
        let lower = text.to_ascii_lowercase();
        let url = if lower.starts_with("https://") || lower.starts_with("http://") {
            Url::parse(text)
        } else if text.contains("://") {
            return Err(wrong());
        } else {
            Url::parse(&format!("https://{text}"))
        };
        let mut url = url.map_err(|_| wrong())?;
        if !lower.starts_with("http") && url.host().is_some_and(|host| is_near(&host)) {
            url = Url::parse(&format!("http://{text}")).map_err(|_| wrong())?;
        }
        let host = url.host().ok_or_else(wrong)?.to_owned();
        let port = url.port_or_known_default().ok_or_else(wrong)?;
        let tls = match url.scheme() {
            "https" => Some(dial::tls(roots)?),
            _ => None,
        };
        Ok(Self {
            host,
            port,
            tls,
            proxy,
        })
    }

    /// `host` or `host:port`, as in a `Host` header.
    pub fn authority(&self) -> String {
        let usual = if self.tls.is_some() { 443 } else { 80 };
        if self.port == usual {
            self.host.to_string()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The address of the app on this relay, with a slash at its end.
    pub fn base(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/", self.authority())
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relay({})", self.base())
    }
}

/// Loopback, private networks and onion services.
fn is_near(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            *name == "localhost" || name.ends_with(".onion") || name.ends_with(".local")
        }
        Host::Ipv4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Host::Ipv6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// A SOCKS 5 proxy that resolves names itself (RFC 1928, address type 3), so that no query for the relay's name leaves this
/// machine. Tor's client is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Tor keeps connections with different users on different circuits.
    pub(crate) login: Option<(String, String)>,
}

impl FromStr for Proxy {
    type Err = Error;

    /// `socks5h://[user:password@]host:port`. Plain `socks5://` would resolve names on this machine and is refused.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Proxy {
            proxy: text.rsplit('@').next().unwrap_or_default().to_owned(),
        };
        let url = Url::parse(text.trim()).map_err(|_| wrong())?;
        if url.scheme() != "socks5h" || !matches!(url.path(), "" | "/") {
            return Err(wrong());
        }
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(wrong)?;
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some((user.to_owned(), password.unwrap_or_default().to_owned())),
        };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(1080),
            login,
        })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({}:{})", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(address: &str) -> Option<String> {
        Relay::new(address, None, None)
            .ok()
            .map(|relay| relay.base())
    }

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for (typed, expected) in [
            ("https://chat.example", "https://chat.example/"),
            (
                "https://chat.example:8443/#/r/x",
                "https://chat.example:8443/",
            ),
            ("HTTP://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
            ("chat.example", "https://chat.example/"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("192.168.1.5:8080", "http://192.168.1.5:8080/"),
            ("localhost:80", "http://localhost/"),
            ("[::1]:8080", "http://[::1]:8080/"),
            ("abcdefghijklmnop.onion", "http://abcdefghijklmnop.onion/"),
        ] {
            assert_eq!(base(typed).as_deref(), Some(expected), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in ["", "   ", "ftp://chat.example", "http://", "a b"] {
            assert_eq!(base(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_proxy_that_would_resolve_names_here_is_refused() {
        assert!("socks5://127.0.0.1:9050".parse::<Proxy>().is_err());
        assert!("http://127.0.0.1:9050".parse::<Proxy>().is_err());
        assert!("127.0.0.1:9050".parse::<Proxy>().is_err());
        let proxy: Proxy = "socks5h://127.0.0.1:9050".parse().unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("127.0.0.1", 9050));
    }

    #[test]
    fn a_proxys_password_is_in_no_message() {
        let proxy: Proxy = "socks5h://me:hush@[::1]:9050".parse().unwrap();
        assert_eq!(format!("{proxy:?}"), "Proxy(::1:9050)");
        let error = "socks5://me:hush@localhost:1".parse::<Proxy>().unwrap_err();
        assert!(!error.to_string().contains("hush"), "{error}");
    }
}

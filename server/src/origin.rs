//! Which names a browser may reach the relay by, and which pages may open a connection: those that the relay itself
//! serves. Without a public address that is an IP address or `localhost`: any other name could be one that somebody
//! else points at this machine, to make it part of a page of their own (DNS rebinding).

use std::net::{Ipv4Addr, Ipv6Addr};

/// An address as an origin, `scheme://host[:port]` in lower case and without a default port (RFC 6454 §4). `None` for
/// anything else than http and https.
pub(crate) fn of_url(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.is_empty() || authority.contains(['@', ' ']) {
        return None;
    }
    let host = without_default_port(&scheme, authority);
    Some(format!("{scheme}://{host}"))
}

/// The host of an http or https address, without port and brackets.
pub(crate) fn host_of_url(url: &str) -> Option<String> {
    let origin = of_url(url)?;
    let (_, authority) = origin.split_once("://")?;
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => authority.split(':').next()?,
    };
    Some(host.to_owned())
}

fn without_default_port(scheme: &str, authority: &str) -> String {
    let port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.to_ascii_lowercase();
    authority
        .strip_suffix(port)
        .map(str::to_owned)
        .unwrap_or(authority)
}

/// The addresses that a relay was told it has, and how it is spoken to where it was told nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    /// Whether the relay does TLS itself.
    pub(crate) tls: bool,
    /// Origins as [`of_url`] makes them.
    pub(crate) named: Vec<String>,
}

impl Origins {
    /// Whether a request with this `Host` may go on. Behind a proxy, which a public address stands for, any may: there
    /// it is the origin that counts. Programs may leave it out; browsers never do.
    pub(crate) fn allow_host(&self, host: Option<&str>) -> bool {
        !self.named.is_empty() || host.is_none_or(is_local)
    }

    /// Whether a WebSocket request with these headers may go on. Native clients send no origin; a browser always does,
    /// and its page must come from an address that the relay was told it has, or from the local host that it talks to.
    pub(crate) fn allow(&self, origin: Option<&str>, host: Option<&str>) -> bool {
        let Some(origin) = origin else {
            return true;
        };
        let Some(origin) = of_url(origin) else {
            return false;
        };
        if self.named.contains(&origin) {
            return true;
        }
        let scheme = if self.tls { "https" } else { "http" };
        let authority = origin
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"));
        authority.is_some_and(|authority| {
            host.is_some_and(|host| {
                is_local(host) && without_default_port(scheme, host) == authority
            })
        })
    }
}

/// Whether an authority is `localhost` or an IP address, with or without a port.
fn is_local(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            address.parse::<Ipv6Addr>().is_ok()
                && port.strip_prefix(':').map_or(port.is_empty(), is_port)
        });
    }
    let (name, port) = match authority.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (authority, None),
    };
    port.is_none_or(is_port)
        && (name.eq_ignore_ascii_case("localhost") || name.parse::<Ipv4Addr>().is_ok())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(public: Option<&str>) -> Origins {
        Origins {
            tls: false,
            named: public.map(str::to_owned).into_iter().collect(),
        }
    }

    fn is_allowed(origin: Option<&str>, host: Option<&str>, public: Option<&str>) -> bool {
        named(public).allow(origin, host)
    }

    fn is_host_allowed(host: Option<&str>, public: Option<&str>) -> bool {
        named(public).allow_host(host)
    }

    #[test]
    fn a_relay_with_tls_is_spoken_to_with_tls() {
        let origins = Origins {
            tls: true,
            named: Vec::new(),
        };
        let host = Some("192.0.2.7");
        assert!(origins.allow(Some("https://192.0.2.7"), host));
        assert!(origins.allow(Some("https://192.0.2.7"), Some("192.0.2.7:443")));
        assert!(!origins.allow(Some("http://192.0.2.7"), host));
    }

    #[test]
    fn an_origin_is_normalised() {
        assert_eq!(
            of_url("https://Chat.Example:443/x#y").as_deref(),
            Some("https://chat.example")
        );
        assert_eq!(
            of_url("http://[::1]:8080").as_deref(),
            Some("http://[::1]:8080")
        );
        for bad in [
            "",
            "null",
            "ftp://host",
            "https://",
            "https://user@host",
            "chrome-extension://x",
        ] {
            assert_eq!(of_url(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_page_of_the_same_local_host_may_connect() {
        let host = Some("192.0.2.7:8080");
        assert!(is_allowed(None, host, None));
        assert!(is_allowed(Some("http://192.0.2.7:8080"), host, None));
        assert!(is_allowed(
            Some("http://localhost"),
            Some("localhost:80"),
            None
        ));
        assert!(is_allowed(
            Some("http://[::1]:1"),
            Some("[::1]:1"),
            Some("https://chat.example")
        ));
        assert!(!is_allowed(Some("https://192.0.2.7:8080"), host, None));
        assert!(!is_allowed(Some("http://192.0.2.7"), host, None));
        assert!(!is_allowed(Some("https://evil.example"), host, None));
        assert!(!is_allowed(Some("null"), host, None));
        assert!(!is_allowed(Some("http://192.0.2.7:8080"), None, None));
    }

    #[test]
    fn a_page_of_a_name_that_nobody_configured_may_not_connect() {
        let (origin, host) = (Some("http://evil.example"), Some("evil.example"));
        assert!(!is_allowed(origin, host, None));
        assert!(!is_allowed(origin, host, Some("https://chat.example")));
    }

    #[test]
    fn without_a_public_address_only_local_hosts_are_answered() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "192.0.2.7:1",
            "localhost",
            "LocalHost:80",
            "[::1]",
            "[2001:db8::1]:8080",
        ] {
            assert!(is_host_allowed(Some(host), None), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "127.0.0.1:8080:80",
            "127.0.0.1:x",
            "127.1",
            "::1",
            "[::1]x",
            "[::1",
        ] {
            assert!(!is_host_allowed(Some(host), None), "{host}");
            assert!(is_host_allowed(Some(host), Some("https://chat.example")));
        }
        assert!(is_host_allowed(None, None));
    }

    #[test]
    fn a_page_of_the_public_address_may_connect_through_a_proxy() {
        let public = Some("https://chat.example");
        let host = Some("127.0.0.1:8080");
        assert!(is_allowed(Some("https://chat.example"), host, public));
        assert!(!is_allowed(Some("http://chat.example"), host, public));
    }
}

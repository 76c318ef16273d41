//! Which pages may open a connection from a browser: those that the relay itself serves.

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

fn without_default_port(scheme: &str, authority: &str) -> String {
    let port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.to_ascii_lowercase();
    authority
        .strip_suffix(port)
        .map(str::to_owned)
        .unwrap_or(authority)
}

/// Whether a WebSocket request with these headers may go on. Native clients send no origin; a browser always does, and
/// its page must come from the host that it talks to, or from the relay's public address.
pub(crate) fn is_allowed(origin: Option<&str>, host: Option<&str>, public: Option<&str>) -> bool {
    let Some(origin) = origin else {
        return true;
    };
    let Some(origin) = of_url(origin) else {
        return false;
    };
    if public == Some(origin.as_str()) {
        return true;
    }
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    host.is_some_and(|host| without_default_port(scheme, host) == authority)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_page_of_the_same_host_may_connect() {
        let host = Some("chat.example:8080");
        assert!(is_allowed(None, host, None));
        assert!(is_allowed(Some("http://chat.example:8080"), host, None));
        assert!(is_allowed(
            Some("https://chat.example"),
            Some("chat.example"),
            None
        ));
        assert!(is_allowed(
            Some("https://chat.example"),
            Some("chat.example:443"),
            None
        ));
        assert!(!is_allowed(Some("http://chat.example"), host, None));
        assert!(!is_allowed(Some("https://evil.example"), host, None));
        assert!(!is_allowed(Some("null"), host, None));
        assert!(!is_allowed(Some("http://chat.example:8080"), None, None));
    }

    #[test]
    fn a_page_of_the_public_address_may_connect_through_a_proxy() {
        let public = Some("https://chat.example");
        let host = Some("127.0.0.1:8080");
        assert!(is_allowed(Some("https://chat.example"), host, public));
        assert!(!is_allowed(Some("http://chat.example"), host, public));
    }
}

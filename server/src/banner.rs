//! What the relay prints when it starts.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::listen::Address;
use crate::tls::Tls;

/// The address by which other machines of the network reach this one, as far as the routing table knows. Nothing is
/// sent: connecting a datagram socket only picks a route.
pub fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // RFC 5737 reserves this network for documentation; any address outside the local networks would do.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified() && !address.is_loopback()).then_some(address)
}

/// The link for people: the public address, or the one that the relay listens on. A Unix socket has none.
pub fn link(listening: &Address, public_url: Option<&str>, tls: bool) -> Option<String> {
    if let Some(url) = public_url {
        return Some(format!("{}/", url.trim_end_matches('/')));
    }
    let Address::Tcp(listening) = listening else {
        return None;
    };
    let host = if listening.ip().is_unspecified() {
        lan_address().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    } else {
        listening.ip()
    };
    let (scheme, default) = if tls { ("https", 443) } else { ("http", 80) };
    Some(match listening.port() {
        port if port == default => format!("{scheme}://{}/", bracketed(host)),
        port => format!("{scheme}://{}:{port}/", bracketed(host)),
    })
}

fn bracketed(host: IpAddr) -> String {
    match host {
        IpAddr::V4(host) => host.to_string(),
        IpAddr::V6(host) => format!("[{host}]"),
    }
}

/// Address, QR code and fingerprint, ready to print.
pub fn render(
    listening: &Address,
    public_url: Option<&str>,
    tls: Option<&Tls>,
    fingerprint: &str,
) -> String {
    let link = link(listening, public_url, tls.is_some());
    let place = link.clone().unwrap_or_else(|| listening.to_string());
    let mut text = format!("\nRoomkey is running.\n\n  {place}\n\n");
    if let Some(Ok(code)) = link.map(QrCode::new) {
        let image = code
            .render::<Dense1x2>()
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .build();
        for line in image.lines() {
            // Writing into a string cannot fail.
            writeln!(text, "  {line}").ok();
        }
    }
    if let Some(tls) = tls.filter(|tls| tls.is_self_signed()) {
        text.push_str("\n  Browsers will warn: the relay signed its certificate itself. Its SHA-256 must be\n");
        let (first, second) = tls.fingerprint().split_at(48.min(tls.fingerprint().len()));
        writeln!(text, "  {first}\n  {second}").ok();
    }
    write!(text, "\n  Key fingerprint  {fingerprint}\n").ok();
    match listening {
        Address::Tcp(address) if address.ip().is_unspecified() => {
            writeln!(text, "  Everybody on this network can reach it.").ok();
        }
        Address::Unix(_) if public_url.is_none() => {
            writeln!(
                text,
                "  It answers to the names that --public-url gives it; none is set."
            )
            .ok();
        }
        _ => {}
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;

    #[test]
    fn the_link_names_the_public_address_first() {
        let listening = Address::Tcp(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let link = |listening, public| link(listening, public, false).unwrap();
        assert_eq!(link(&listening, None), "http://127.0.0.1:8080/");
        assert_eq!(
            link(&listening, Some("https://chat.example")),
            "https://chat.example/"
        );
        let v6 = Address::Tcp(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 80)));
        assert_eq!(link(&v6, None), "http://[::1]/");
        assert_eq!(super::link(&v6, None, true).unwrap(), "https://[::1]:80/");
    }

    #[test]
    fn the_banner_holds_link_code_and_fingerprint() {
        let listening = Address::Tcp(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let text = render(&listening, None, None, "abcdefghijklmnopqrstuvwxyz");
        assert!(text.contains("http://127.0.0.1:8080/"));
        assert!(text.contains("abcdefghijklmnopqrstuvwxyz"));
        assert!(text.contains('█') && text.contains('▀'));
    }

    #[test]
    fn a_socket_has_no_link_of_its_own() {
        let socket = Address::Unix("/run/roomkey.sock".into());
        let text = render(&socket, None, None, "abc");
        assert!(text.contains("unix:/run/roomkey.sock"));
        assert!(text.contains("--public-url") && !text.contains('█'));
        let text = render(&socket, Some("https://chat.example"), None, "abc");
        assert!(text.contains("https://chat.example/") && text.contains('█'));
        assert!(!text.contains("--public-url"));
    }
}

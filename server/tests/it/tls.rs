//! TLS of the relay's own: the same rooms behind it, certificates that are renewed, and one that the relay signs itself.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crypto::wire::{Keep, RelayToClient};
use roomkey_server::tls::Tls;

use crate::common::{TestRelay, open_history, room, without_rates};
use crate::peer::Peer;
use crate::program::{program, sentence, start, stop};
use crate::socket::{Socket, read_head};

/// The first certificate of a file.
fn leaf(file: &Path) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file).unwrap()
}

/// Connects to a relay whose certificate is exactly this one.
async fn connect(
    relay: SocketAddr,
    certificate: CertificateDer<'static>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::IpAddress(relay.ip().into());
    TlsConnector::from(Arc::new(config))
        .connect(name, TcpStream::connect(relay).await?)
        .await
}

/// A port whose connections reach the relay through TLS, so that members who know nothing of TLS can use it. It is gone
/// with the runtime.
fn bridge(
    runtime: &Runtime,
    relay: SocketAddr,
    certificate: &CertificateDer<'static>,
) -> SocketAddr {
    let certificate = certificate.clone();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((mut plain, _)) = listener.accept().await {
            let certificate = certificate.clone();
            tokio::spawn(async move {
                if let Ok(mut secured) = connect(relay, certificate).await {
                    copy_bidirectional(&mut plain, &mut secured).await.ok();
                }
            });
        }
    });
    address
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

fn colons(certificate: &CertificateDer<'_>) -> String {
    let pairs: Vec<_> = digest(&SHA256, certificate)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    pairs.join(":")
}

#[test]
fn a_relay_that_signs_for_itself_prints_what_to_compare_and_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        let mut command = program(folder.path());
        command.args(["--listen", "127.0.0.1:0", "--tls-self-signed"]);
        start(command)
    };
    let (child, address, banner) = run();
    let file = folder.path().join("tls.pem");
    let certificate = leaf(&file);
    let shown: String = banner.split_whitespace().collect();
    assert!(shown.contains(&colons(&certificate)), "{banner}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(banner.contains(&format!("https://{address}/")), "{banner}");
    let runtime = runtime();
    assert!(
        runtime
            .block_on(connect(address, certificate.clone()))
            .is_ok()
    );
    stop(child);
    let (child, _, again) = run();
    assert!(
        again
            .split_whitespace()
            .collect::<String>()
            .contains(&colons(&certificate))
    );
    stop(child);
}

#[test]
fn browsers_insist_on_tls_only_where_they_trust_the_certificate() {
    let folder = tempfile::tempdir().unwrap();
    renew(folder.path(), "chat.example");
    let (chain, key) = (folder.path().join("chain"), folder.path().join("key"));
    let own = Tls::self_signed(folder.path(), vec!["127.0.0.1".into()]).unwrap();
    let bought = Tls::from_files(&chain, &key).unwrap();
    let runtime = runtime();
    for (tls, file, insists) in [
        (own, folder.path().join("tls.pem"), false),
        (bought, chain, true),
    ] {
        let relay = TestRelay::with(|config| {
            config.public_url = Some("https://chat.example".into());
            config.onion_url = Some("http://abcdefghij.onion".into());
            config.tls = Some(Arc::new(tls));
        });
        let page = runtime.block_on(async {
            let mut stream = connect(relay.address, leaf(&file)).await.unwrap();
            let request = "GET / HTTP/1.1\r\nHost: chat.example\r\nConnection: close\r\n\r\n";
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut page = Vec::new();
            stream.read_to_end(&mut page).await.ok();
            String::from_utf8_lossy(&page).to_ascii_lowercase()
        });
        assert!(page.starts_with("http/1.1 200 "), "{page}");
        assert_eq!(page.contains("strict-transport-security"), insists);
        assert!(
            page.contains("onion-location: http://abcdefghij.onion\r\n"),
            "{page}"
        );
    }
}

#[test]
fn members_talk_through_tls_and_their_page_must_come_through_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::self_signed(folder.path(), vec!["127.0.0.1".into()]).unwrap();
    let relay = TestRelay::with(|config| {
        without_rates(config);
        config.tls = Some(Arc::new(tls));
    });
    let runtime = runtime();
    let door = bridge(
        &runtime,
        relay.address,
        &leaf(&folder.path().join("tls.pem")),
    );

    let mut alice = Peer::connect(door, None);
    alice.join(&room(1), open_history(), None);
    let mut bert = Peer::connect(door, None);
    bert.join(&room(1), open_history(), None);
    for filling in 1..=200 {
        alice.say_through(Keep::Ring, filling);
    }
    let mut heard = Vec::new();
    while heard.len() < 200 {
        if let RelayToClient::Delivered { envelope, .. } = bert.next() {
            heard.push(envelope[0]);
        }
    }
    assert!(heard.into_iter().eq(1..=200));
    // Whoever hangs up is gone at the relay too.
    drop((alice, bert));
    relay.reaches("open_connections", 0);

    let protocol = format!("Sec-WebSocket-Protocol: {}\r\n", crypto::wire::SUBPROTOCOL);
    for (scheme, answer) in [("https", "HTTP/1.1 101 "), ("http", "HTTP/1.1 403 ")] {
        let headers = format!("{protocol}Origin: {scheme}://{door}\r\n");
        let (_stream, head) = Socket::upgrade(door, &headers);
        assert!(head.starts_with(answer), "{head}");
    }
}

#[test]
fn plain_http_is_told_to_use_tls_and_a_silent_or_babbling_client_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::self_signed(folder.path(), vec!["127.0.0.1".into()]).unwrap();
    let relay = TestRelay::with(|config| config.tls = Some(Arc::new(tls)));
    let mut plain = Socket::tcp(relay.address);
    write!(plain, "GET / HTTP/1.1\r\nHost: {}\r\n\r\n", relay.address).unwrap();
    let head = read_head(&mut plain);
    assert!(head.starts_with("HTTP/1.1 400 "), "{head}");

    let _silent = Socket::tcp(relay.address);
    let mut babbling = Socket::tcp(relay.address);
    babbling
        .write_all(&[22, 3, 1, 0xff, 0xff, 7, 7, 7])
        .unwrap();
    let runtime = runtime();
    let certificate = leaf(&folder.path().join("tls.pem"));
    assert!(
        runtime
            .block_on(connect(relay.address, certificate))
            .is_ok()
    );
}

/// Writes a new certificate and its key, and returns the certificate.
fn renew(folder: &Path, name: &str) -> CertificateDer<'static> {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters =
        rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned(), name.to_owned()]).unwrap();
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    let certificate = parameters.self_signed(&key).unwrap();
    fs::write(folder.join("key"), key.serialize_pem()).unwrap();
    fs::write(folder.join("chain"), certificate.pem()).unwrap();
    certificate.der().clone()
}

#[test]
fn a_renewed_certificate_is_taken_over_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (chain, key) = (folder.path().join("chain"), folder.path().join("key"));
    let first = renew(folder.path(), "first");
    let tls = Tls::from_files(&chain, &key).unwrap();
    let relay = TestRelay::with(|config| config.tls = Some(Arc::new(tls)));
    let runtime = runtime();
    let knows = |certificate: &CertificateDer<'static>| {
        runtime
            .block_on(connect(relay.address, certificate.clone()))
            .is_ok()
    };
    assert!(knows(&first));
    fs::write(&chain, "broken").unwrap();
    for _ in 0..3 {
        relay.advance(5);
        assert!(knows(&first));
    }
    let second = renew(folder.path(), "second, with a longer name");
    // The runner's own deadline ends a wait that is in vain.
    while !knows(&second) {
        relay.advance(5);
    }
    assert!(!knows(&first));
}

#[test]
fn what_is_wrong_with_a_certificate_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    renew(folder.path(), "one");
    fs::copy(path("chain"), path("other-chain")).unwrap();
    renew(folder.path(), "two");
    fs::write(path("broken"), "-----BEGIN NONSENSE-----\n").unwrap();
    for (arguments, part) in [
        (
            vec!["--tls-cert".into(), path("chain")],
            "both --tls-cert and --tls-key",
        ),
        (
            vec![
                "--tls-cert".into(),
                path("missing"),
                "--tls-key".into(),
                path("key"),
            ],
            "Cannot use",
        ),
        (
            vec![
                "--tls-cert".into(),
                path("broken"),
                "--tls-key".into(),
                path("key"),
            ],
            "does not hold a certificate",
        ),
        (
            vec![
                "--tls-cert".into(),
                path("chain"),
                "--tls-key".into(),
                path("broken"),
            ],
            "does not hold a private key",
        ),
        (
            vec![
                "--tls-cert".into(),
                path("other-chain"),
                "--tls-key".into(),
                path("key"),
            ],
            "does not belong to the certificate",
        ),
        (
            vec![
                "--tls-self-signed".into(),
                "--listen".into(),
                format!("unix:{}", path("socket")),
            ],
            "A Unix socket is for a proxy",
        ),
        (
            vec!["--onion-url".into(), "https://chat.example".into()],
            "must begin with http:// or https:// and end with .onion",
        ),
    ] {
        let mut command = program(&folder.path().join("state"));
        command.args(&arguments);
        if !arguments.iter().any(|argument| argument == "--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let sentence = sentence(command);
        assert!(sentence.contains(part), "{sentence}");
    }
}

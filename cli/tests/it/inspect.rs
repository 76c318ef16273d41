//! `verify` and `doctor`.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are outside of test functions"
)]

use std::fs;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::program::{Program, roomkey};
use crate::relay;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/// A server of files and one header, as a relay would be to `verify`.
async fn serve(files: Vec<(&'static str, &'static str)>, policy: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let files = files.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    request.push(stream.read_u8().await?);
                }
                let text = String::from_utf8_lossy(&request);
                let path = text.split(' ').nth(1).unwrap_or_default();
                let found = files.iter().find(|(name, _)| *name == path);
                let (status, body) =
                    found.map_or(("404 Not Found", "no"), |(_, body)| ("200 OK", *body));
                let answer = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\ncontent-security-policy: {policy}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).await
            });
        }
    });
    address
}

async fn verify(address: SocketAddr) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.html"), "<p>page").unwrap();
    fs::create_dir(folder.path().join("icons")).unwrap();
    fs::write(folder.path().join("icons/a.svg"), "<svg>").unwrap();
    fs::write(folder.path().join("index.html.br"), "packed").unwrap();
    let url = format!("http://{address}");
    let mut program = Program::start(roomkey(
        address,
        &["verify", &url, "--app", folder.path().to_str().unwrap()],
    ));
    let end = program.end().await;
    (end.code, end.stderr)
}

#[tokio::test]
async fn an_app_that_is_the_known_one_passes() {
    let address = serve(vec![("/", "<p>page"), ("/icons/a.svg", "<svg>")], POLICY).await;
    let (code, stderr) = verify(address).await;
    assert_eq!(code, Some(0), "{stderr}");
}

#[tokio::test]
async fn a_changed_missing_or_unprotected_app_is_not_trusted() {
    for (files, policy) in [
        (
            vec![("/", "<p>page<script src=x>"), ("/icons/a.svg", "<svg>")],
            POLICY,
        ),
        (vec![("/", "<p>page")], POLICY),
        (
            vec![("/", "<p>page"), ("/icons/a.svg", "<svg>")],
            "default-src *",
        ),
    ] {
        let (code, stderr) = verify(serve(files, policy).await).await;
        assert_eq!(code, Some(4), "{stderr}");
        assert!(stderr.contains("do not match"), "{stderr}");
    }
}

#[tokio::test]
async fn the_doctor_finds_a_relay_well_and_tells_plain_http() {
    let relay = relay::start();
    let url = format!("http://{}", relay.address);
    let mut program = Program::start(roomkey(relay.address, &["doctor", &url]));
    program.line("better").await;
    program.line("security headers arrive").await;
    program.line("clock").await;
    program.line("the WebSocket opens").await;
}

#[tokio::test]
async fn the_doctor_says_how_to_mend_what_a_proxy_broke() {
    let address = serve(vec![("/", "<title>Roomkey</title>")], POLICY).await;
    let url = format!("http://{address}");
    let mut program = Program::start(roomkey(address, &["doctor", &url]));
    program.line("must not remove x-content-type-options").await;
    program.line("/relay.json through").await;
    program.line("pass Upgrade and Connection").await;
    let end = program.end().await;
    assert_eq!(end.code, Some(4), "{}", end.stderr);
}

#[tokio::test]
async fn the_doctor_cannot_help_where_nobody_answers() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{gone}");
    let end = Program::start(roomkey(gone, &["doctor", &url])).end().await;
    assert_eq!(end.code, Some(3), "{}", end.stderr);
}

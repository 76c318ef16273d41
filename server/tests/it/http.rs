//! What a browser gets, and with which headers.

use std::io::{Read, Write};

use crate::common::TestRelay;
use crate::socket::Socket;

struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn status(&self) -> &str {
        self.head.get(9..12).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn request(relay: &TestRelay, method: &str, path: &str, headers: &str) -> Answer {
    request_from("127.0.0.1", relay, method, path, headers)
}

fn request_from(host: &str, relay: &TestRelay, method: &str, path: &str, headers: &str) -> Answer {
    let mut stream = Socket::tcp(relay.address);
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"
    )
    .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let body = bytes.split_off(end + 4);
    Answer {
        head: String::from_utf8(bytes).unwrap(),
        body,
    }
}

fn get(relay: &TestRelay, path: &str) -> Answer {
    request(relay, "GET", path, "")
}

const EVERYWHERE: [&str; 7] = [
    "/",
    "/health",
    "/relay.json",
    "/build.json",
    "/nothing",
    "/%23/r/x",
    "/ws",
];

#[test]
fn every_answer_carries_the_security_headers() {
    let relay = TestRelay::start();
    for path in EVERYWHERE {
        let answer = get(&relay, path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"),
            "{policy}"
        );
        assert!(policy.ends_with(
            "require-trusted-types-for 'script'; trusted-types roomkey-worker roomkey-service"
        ));
        assert!(
            !policy.contains("report")
                && !policy.contains("unsafe-inline")
                && !policy.contains("http")
        );
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            Some("same-origin")
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some("same-origin")
        );
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(
            answer
                .header("permissions-policy")
                .unwrap()
                .contains("geolocation=()")
        );
        // For notes that are spoken, and for nothing but this page.
        assert!(
            answer
                .header("permissions-policy")
                .unwrap()
                .contains("microphone=(self)")
        );
        assert_eq!(
            answer.header("strict-transport-security"),
            None,
            "plain http must stay reachable"
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn a_relay_behind_tls_insists_on_it() {
    let relay = TestRelay::with(|config| config.public_url = Some("https://chat.example".into()));
    assert_eq!(
        get(&relay, "/").header("strict-transport-security"),
        Some("max-age=31536000")
    );
}

#[test]
fn the_front_page_is_there_with_or_without_the_app() {
    let relay = TestRelay::start();
    let answer = get(&relay, "/");
    assert_eq!(answer.status(), "200");
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(answer.text().contains("Roomkey"));
}

#[test]
fn the_relay_describes_itself() {
    let relay = TestRelay::start();
    let answer = get(&relay, "/relay.json");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let about: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let peer = relay.peer();
    assert_eq!(about["version"], 1);
    assert_eq!(about["fingerprint"], peer.tunnel.fingerprint().to_string());
    let salt: String = peer
        .tunnel
        .salt()
        .0
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(about["salt"], salt);
    assert_eq!(about["max_members"], 64);
    assert_eq!(about["limits"]["envelope"], 65536);
    assert_eq!(about["limits"]["file"], 25 * 1024 * 1024);
}

#[test]
fn the_build_lists_a_hash_of_every_file() {
    let relay = TestRelay::start();
    let build: serde_json::Value =
        serde_json::from_slice(&get(&relay, "/build.json").body).unwrap();
    for (name, hash) in build["assets"].as_object().unwrap() {
        assert_eq!(hash.as_str().unwrap().len(), 64);
        let path = if name == "index.html" {
            "/".to_owned()
        } else {
            format!("/{name}")
        };
        assert_eq!(get(&relay, &path).status(), "200", "{name}");
    }
}

#[test]
fn health_is_one_word() {
    let relay = TestRelay::start();
    assert_eq!(get(&relay, "/health").text(), "ok\n");
}

#[test]
fn an_unknown_path_is_not_found() {
    let relay = TestRelay::start();
    for path in [
        "/nothing",
        "/r/blue-otter",
        "/../Cargo.toml",
        "/index.html.br",
        "/metrics",
        "//",
    ] {
        assert_eq!(get(&relay, path).status(), "404", "{path}");
    }
}

#[test]
fn a_link_whose_number_sign_was_encoded_leads_to_a_way_back() {
    let relay = TestRelay::start();
    for path in [
        "/%23/r/blue-otter",
        "/%23%2Fr%2Fblue-otter",
        "/%2523/r/blue-otter",
    ] {
        let answer = get(&relay, path);
        assert_eq!(answer.status(), "200");
        assert!(answer.text().contains("rewritten on the way"));
        assert!(
            !answer.text().contains("blue-otter"),
            "the page does not repeat the name"
        );
    }
    assert_eq!(get(&relay, "/relay/recover.js").status(), "200");
    assert_eq!(get(&relay, "/relay/plain.css").status(), "200");
}

#[test]
fn only_reading_is_possible() {
    let relay = TestRelay::start();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = request(&relay, method, "/", "");
        assert_eq!(answer.status(), "405");
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
    let answer = request(&relay, "HEAD", "/", "");
    assert_eq!(answer.status(), "200");
    assert!(answer.body.is_empty());
}

#[test]
fn counters_are_shown_only_when_asked_for() {
    let relay = TestRelay::start();
    assert_eq!(get(&relay, "/metrics").status(), "404");
    let _peer = relay.peer();
    let page = relay.metrics();
    assert!(page.contains("\nroomkey_tunnels_full_total 1\n"), "{page}");
    assert!(page.contains("\nroomkey_open_connections 1\n"), "{page}");
    assert!(!page.contains('{'), "no labels: {page}");
}

#[test]
fn a_name_that_nobody_configured_is_not_answered() {
    let relay = TestRelay::start();
    for path in EVERYWHERE {
        let answer = request_from("evil.example:8080", &relay, "GET", path, "");
        assert_eq!(answer.status(), "421", "{path}");
        assert!(answer.text().contains("--public-url"));
        assert_eq!(answer.text().lines().count(), 1);
        assert!(answer.header("content-security-policy").is_some());
    }
    for host in ["localhost:1", "[::1]", "192.0.2.7:8080"] {
        assert_eq!(
            request_from(host, &relay, "GET", "/health", "").status(),
            "200"
        );
    }
    let relay = TestRelay::with(|config| config.public_url = Some("https://chat.example".into()));
    assert_eq!(
        request_from("chat.example", &relay, "GET", "/health", "").status(),
        "200"
    );
}

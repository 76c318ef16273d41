//! What the program writes down about those who use it: nothing, at any level, in any format.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};

use crypto::room::RoomKeys;
use crypto::wire::{ClientToRelay, Keep, LocalId, Opening, Order, RelayToClient};
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use rand_core::Rng as _;

use crate::common::{open_history, rng};
use crate::control::{ControlKey, digest_of};
use crate::peer::Peer;
use crate::program::{program, start, stop};
use crate::socket::{BINARY, Socket};

/// Every way in that HTTP has to offer, each with a mark.
const REQUESTS: [&str; 8] = [
    "GET /planted-path?planted-query HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: planted-agent\r\n\r\n",
    "GET /planted-path?planted-query HTTP/1.1\r\nHost: planted-host\r\n\r\n",
    "GET /%23/r/planted-path HTTP/1.1\r\nHost: 127.0.0.1\r\nReferer: http://planted-referer/\r\n\r\n",
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://planted-origin\r\nCookie: planted-cookie\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 198.51.100.77\r\nForwarded: for=198.51.100.77\r\n\r\n",
    "POST /planted-path HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 12\r\n\r\nplanted-body",
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nplanted-header: planted-value\r\nAuthorization: planted-secret\r\nbad header\r\n\r\n",
    "planted-method / HTTP/1.1\r\n\r\n",
];

/// Bytes as somebody might have printed them.
fn spellings(bytes: &[u8]) -> Vec<String> {
    let start = &bytes[..bytes.len().min(15)];
    let list = start.iter().take(4).map(u8::to_string);
    let mut spellings = vec![
        HEXLOWER.encode(&start[..3]),
        HEXUPPER.encode(&start[..3]),
        BASE64_NOPAD.encode(&start[..6]),
        BASE64URL_NOPAD.encode(&start[..6]),
        BASE32_NOPAD.encode(&start[..5]),
        BASE32_NOPAD.encode(&start[..5]).to_lowercase(),
        list.collect::<Vec<_>>().join(", "),
    ];
    // Three bytes of digits alone could be part of a time.
    spellings.retain(|text| {
        text.bytes()
            .any(|byte| byte.is_ascii_alphabetic() || byte == b',')
    });
    spellings
}

/// Does with the relay whatever can be done with it, and returns what must not be in its log.
fn use_everything(address: SocketAddr) -> Vec<String> {
    let mut marks: Vec<String> = ["planted", "127.0.0.1", "198.51.100.77", "####", "RoomId"]
        .map(str::to_owned)
        .into();
    for request in REQUESTS {
        let mut stream = Socket::tcp(address);
        marks.push(format!(":{}", stream.local_addr().unwrap().port()));
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).ok();
    }
    // A handshake that fails.
    let mut socket = Socket::open(address);
    socket.binary();
    socket.send(BINARY, b"planted-hello");
    socket.ended();

    let mut root = [0; 64];
    rng().fill_bytes(&mut root);
    let keys = RoomKeys::from_bytes(&root);
    let control = ControlKey::new(77);
    let opening = Opening {
        control_key: Some(control.public()),
        purge_digest: Some(digest_of(&[9; 32])),
        ..open_history()
    };
    let enter = |resume| {
        let mut peer = Peer::connect(address, None);
        let joined = peer.join(&keys, opening, resume);
        (peer, joined)
    };
    let (mut alice, a) = enter(None);
    let (bob, b) = enter(None);
    marks.extend([&alice, &bob].map(|peer| {
        let local = peer.socket.stream.local_addr().unwrap();
        format!(":{}", local.port())
    }));
    for secret in [
        &keys.room_id().0[..],
        &a.member.0,
        &a.token.0,
        &b.member.0,
        &b.token.0,
        &control.public(),
        &digest_of(&[9; 32]),
    ] {
        marks.extend(spellings(secret));
    }
    alice.say_through(Keep::Ring, b'#');
    alice.say_through(Keep::Anchor, b'#');
    drop(bob);
    let (mut bob, _) = enter(b.resume(0));
    // Refusals of several kinds, an order, and a purge.
    bob.publish(Keep::Ring, b'#');
    bob.send(&ClientToRelay::Leave);
    bob.send(&ClientToRelay::Leave);
    bob.settle();
    bob.send_bytes(&[b"\x01planted-frame".to_vec()]);
    bob.ended();
    alice.send(&control.sign_for(&keys, &alice, 7, Order::Lock(true)));
    while !matches!(alice.next(), RelayToClient::RoomChanged { .. }) {}
    let mut stranger = Peer::connect(address, None);
    let join = stranger.join_frame(&keys, opening, None);
    stranger.send(&join);
    stranger.next();
    alice.send(&ClientToRelay::Purge {
        local: LocalId(8),
        secret: [9; 32],
        notice: crate::common::envelope(b'#'),
    });
    alice.ended();
    marks
}

#[test]
fn nothing_that_names_a_room_a_member_or_an_address_is_ever_logged() {
    for (level, format) in [("trace", "text"), ("trace", "json"), ("info", "json")] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = program(folder.path());
        command.args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
        command.args(["--log-level", level, "--log-format", format]);
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "1");
        let (child, address, _) = start(command);
        let marks = use_everything(address);
        let log = String::from_utf8(stop(child).stderr).unwrap();
        let expected = if level == "trace" {
            "connection ended"
        } else {
            "closing"
        };
        assert!(
            log.contains(expected),
            "the test watches the wrong stream: {log}"
        );
        for mark in marks {
            assert!(!log.contains(&mark), "{mark} is in the log: {log}");
        }
    }
}

#[test]
fn a_structured_log_is_one_object_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.args(["--listen", "127.0.0.1:0", "--log-level", "debug"]);
    command.env("ROOMKEY_LOG_FORMAT", "json");
    let (child, address, _) = start(command);
    drop(Peer::connect(address, None));
    let mut refused = Socket::open(address);
    refused.binary();
    refused.send(0x81, b"text");
    refused.ended();
    let log = String::from_utf8(stop(child).stderr).unwrap();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ended = |line: &&serde_json::Value| line["message"] == "connection ended";
    let codes: Vec<u64> = lines
        .iter()
        .filter(ended)
        .filter_map(|line| line["code"].as_u64())
        .collect();
    assert!(codes.contains(&4000), "{log}");
    assert!(lines.iter().all(|line| line["timestamp"].is_string()));
}

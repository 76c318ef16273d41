//! Peers that send what is no HTTP, no WebSocket, no record or no frame, each by name.

use std::io::{Read, Write};
use std::net::Shutdown;

use crypto::tunnel::{AwaitFinished, Handshake, Pin};
use crypto::wire::record::pack;
use crypto::wire::{ClientToRelay, CloseCode, Keep, LocalId, Refusal, RelayToClient};

use crate::common::{TestRelay, envelope, forward_secret, rng, room};
use crate::hostile::{aftermath, all_is_well, refused};
use crate::peer::{Peer, handshake};
use crate::socket::{BINARY, Socket};

#[test]
fn compressed_frame_is_a_protocol_error() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let record = peer.tunnel.seal(&pack([[4u8]]));
    peer.socket.send(BINARY | 0x40, &record);
    assert_eq!(peer.ended(), Some(CloseCode::Other(1002)));
    aftermath(&relay, peer);
}

#[test]
fn unmasked_frame_is_a_protocol_error() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.socket.stream.write_all(&[BINARY, 1, 0]).unwrap();
    assert_eq!(peer.ended(), Some(CloseCode::Other(1002)));
    aftermath(&relay, peer);
}

#[test]
fn text_message_is_not_data() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.socket.send(0x81, b"hello");
    assert_eq!(peer.ended(), Some(CloseCode::Other(1003)));
    aftermath(&relay, peer);
}

#[test]
fn wrong_origin_gets_no_connection() {
    let relay = TestRelay::with(|config| config.public_url = Some("https://chat.example".into()));
    let upgrade = |origin: &str| {
        let headers = format!("Sec-WebSocket-Protocol: roomkey.1\r\nOrigin: {origin}\r\n");
        Socket::upgrade(relay.address, &headers).1
    };
    for origin in [
        "https://evil.example",
        "null",
        "http://chat.example",
        "\u{e9}",
    ] {
        assert!(upgrade(origin).starts_with("HTTP/1.1 403 "), "{origin}");
    }
    for origin in ["https://chat.example", &format!("http://{}", relay.address)] {
        assert!(upgrade(origin).starts_with("HTTP/1.1 101 "), "{origin}");
    }
    aftermath(&relay, ());
}

#[test]
fn wrong_subprotocol_is_told_which_one_is_right() {
    let relay = TestRelay::start();
    for headers in ["", "Sec-WebSocket-Protocol: roomkey.2, chat\r\n"] {
        let (mut stream, head) = Socket::upgrade(relay.address, headers);
        assert!(head.starts_with("HTTP/1.1 426 "), "{head}");
        let mut body = [0; 11];
        stream.read_exact(&mut body).unwrap();
        assert_eq!(&body, b"This relay ");
    }
    let (_, head) = Socket::upgrade(relay.address, "Sec-WebSocket-Protocol: chat, roomkey.1\r\n");
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    aftermath(&relay, ());
}

#[test]
fn http_garbage_harms_nobody() {
    let relay = TestRelay::start();
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    ] {
        let mut stream = Socket::tcp(relay.address);
        stream.write_all(garbage).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok();
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    aftermath(&relay, ());
}

#[test]
fn websocket_garbage_before_the_handshake_harms_nobody() {
    let relay = TestRelay::start();
    for (first, content) in [
        (BINARY, &[][..]),
        (BINARY, &[9; 450]),
        (BINARY, &[2; 67]),
        (0x81, b"hi"),
    ] {
        let mut socket = relay.socket();
        socket.binary();
        socket.send(first, content);
        let ended = socket.ended();
        assert!(
            matches!(ended, Some(CloseCode::Handshake | CloseCode::Version)),
            "{ended:?}"
        );
    }
}

/// A socket on which the relay has said hello, and the answer that it has not been given yet.
fn answered(relay: &TestRelay) -> (Socket, AwaitFinished, Vec<u8>) {
    let mut socket = relay.socket();
    let hello = socket.binary();
    let (waiting, answer) = Handshake::new(Pin::FirstUse, None, None)
        .answer(&hello, &mut rng())
        .unwrap();
    (socket, waiting, answer)
}

#[test]
fn wrong_version_is_named_as_the_reason() {
    let relay = TestRelay::start();
    let (mut socket, _, mut answer) = answered(&relay);
    answer[1] = 2;
    socket.send(BINARY, &answer);
    assert_eq!(socket.ended(), Some(CloseCode::Version));
}

#[test]
fn bad_ciphertext_fails_like_any_wrong_key() {
    let relay = TestRelay::start();
    let (mut socket, waiting, mut answer) = answered(&relay);
    *answer.last_mut().unwrap() ^= 1;
    socket.send(BINARY, &answer);
    // The relay goes on as if nothing were wrong, and neither side can read the other.
    assert!(waiting.finish(&socket.binary()).is_err());
    socket.send(BINARY, &[0; 64]);
    assert_eq!(socket.ended(), Some(CloseCode::Record));
}

#[test]
fn worthless_key_share_is_refused() {
    let relay = TestRelay::start();
    let (mut socket, _, mut answer) = answered(&relay);
    answer[2..34].fill(0);
    socket.send(BINARY, &answer);
    assert_eq!(socket.ended(), Some(CloseCode::Handshake));
}

#[test]
fn stale_ticket_asks_for_a_full_handshake() {
    let relay = TestRelay::start();
    let ticket = relay.peer().tunnel.ticket();
    relay.advance(2 * 3600);
    let mut socket = relay.socket();
    assert_eq!(
        handshake(&mut socket, ticket).unwrap_err(),
        Some(CloseCode::BadTicket)
    );
    all_is_well(&relay);
}

#[test]
fn ticket_of_an_earlier_life_asks_for_a_full_handshake() {
    let ticket = TestRelay::start().peer().tunnel.ticket();
    let relay = TestRelay::start();
    relay.peer();
    let mut socket = relay.socket();
    assert_eq!(
        handshake(&mut socket, ticket).unwrap_err(),
        Some(CloseCode::BadTicket)
    );
}

#[test]
fn reused_ticket_is_good_only_once() {
    let relay = TestRelay::start();
    let peer = relay.peer();
    Peer::connect(relay.address, peer.tunnel.ticket());
    let mut socket = relay.socket();
    let second = handshake(&mut socket, peer.tunnel.ticket());
    assert_eq!(second.unwrap_err(), Some(CloseCode::BadTicket));
}

#[test]
fn truncated_record_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let record = peer
        .tunnel
        .seal(&pack([ClientToRelay::Ping { echo: 1 }.encode()]));
    peer.socket.send(BINARY, &record[..record.len() - 1]);
    assert_eq!(peer.ended(), Some(CloseCode::Record));
    aftermath(&relay, peer);
}

#[test]
fn empty_record_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.send_bytes(&[]);
    assert_eq!(peer.ended(), Some(CloseCode::Frame));
    aftermath(&relay, peer);
}

#[test]
fn reordered_records_end_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let first = peer
        .tunnel
        .seal(&pack([ClientToRelay::Ping { echo: 1 }.encode()]));
    let second = peer
        .tunnel
        .seal(&pack([ClientToRelay::Ping { echo: 2 }.encode()]));
    peer.socket.send(BINARY, &second);
    peer.socket.send(BINARY, &first);
    assert_eq!(peer.ended(), Some(CloseCode::Record));
    aftermath(&relay, peer);
}

#[test]
fn replayed_record_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let record = peer
        .tunnel
        .seal(&pack([ClientToRelay::Ping { echo: 1 }.encode()]));
    peer.socket.send(BINARY, &record);
    assert_eq!(peer.next(), RelayToClient::Pong { echo: 1 });
    peer.socket.send(BINARY, &record);
    assert_eq!(peer.ended(), Some(CloseCode::Record));
    aftermath(&relay, peer);
}

#[test]
fn another_tunnels_record_ends_the_connection() {
    let relay = TestRelay::start();
    let mut alice = relay.member(&room(1), forward_secret());
    let mut mallory = relay.member(&room(2), forward_secret());
    // What Alice would say in her room, word for word, through a connection of somebody else.
    let publish = ClientToRelay::Publish {
        local: LocalId(1),
        keep: Keep::Ring,
        envelope: envelope(1),
    };
    let record = alice.tunnel.seal(&pack([publish.encode()]));
    mallory.socket.send(BINARY, &record);
    assert_eq!(mallory.ended(), Some(CloseCode::Record));
    alice.socket.send(BINARY, &record);
    assert!(matches!(alice.next(), RelayToClient::Accepted { .. }));
    aftermath(&relay, (alice, mallory));
}

#[test]
fn truncated_frame_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let mut join = peer.join_frame(&room(1), forward_secret(), None).encode();
    join.pop();
    peer.send_bytes(&[join]);
    assert_eq!(peer.ended(), Some(CloseCode::Frame));
    aftermath(&relay, peer);
}

#[test]
fn frame_from_the_future_is_refused_and_the_connection_lives() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.send_bytes(&[vec![0x0F, 1, 2, 3]]);
    assert_eq!(refused(&mut peer), Refusal::Unsupported);
    peer.settle();
}

#[test]
fn frames_of_one_record_are_all_heard() {
    let relay = TestRelay::start();
    let mut peer = relay.member(&room(1), forward_secret());
    let frames: Vec<_> = (0..20)
        .map(|local| {
            ClientToRelay::Publish {
                local: LocalId(local),
                keep: Keep::Ring,
                envelope: envelope(1),
            }
            .encode()
        })
        .collect();
    peer.send_bytes(&frames);
    for expected in 0..20 {
        assert!(
            matches!(peer.next(), RelayToClient::Accepted { local, .. } if local == LocalId(expected))
        );
    }
}

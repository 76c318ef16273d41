//! Peers that break the rules, each by name. What matters is the same for all: the relay ends or refuses them with the
//! right code, and a well-behaved member does not notice.

use std::io::{Read, Write};
use std::net::Shutdown;

use crypto::tunnel::{Handshake, Pin};
use crypto::wire::record::pack;
use crypto::wire::{
    ClientToRelay, CloseCode, Keep, LocalId, MAX_FRAME, MAX_RECORD, Refusal, RelayToClient,
};

use crate::common::{
    BINARY, Incoming, Peer, Socket, TestRelay, envelope, forward_secret, frame, handshake, rng,
    room,
};

/// Proves that the relay still serves others.
fn all_is_well(relay: &TestRelay) {
    let mut alice = relay.member(&room(200), forward_secret());
    let mut bob = relay.member(&room(200), forward_secret());
    let seq = alice_says(&mut alice);
    loop {
        if let RelayToClient::Delivered { seq: received, .. } = bob.next() {
            assert_eq!(received.0, seq);
            return;
        }
    }
}

fn alice_says(alice: &mut Peer) -> u64 {
    let published = alice.publish(Keep::Ring, 1);
    loop {
        if let RelayToClient::Accepted { local, seq } = alice.next() {
            assert_eq!(local, published);
            return seq.0;
        }
    }
}

fn refused(peer: &mut Peer) -> Refusal {
    match peer.next() {
        RelayToClient::Refused { refusal, .. } => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn oversized_frame_is_not_even_read() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    // The head alone: a gigabyte is announced and never sent.
    let mut head = vec![BINARY, 0x80 | 127];
    head.extend((1u64 << 30).to_be_bytes());
    head.extend([0; 4]);
    peer.socket.stream.write_all(&head).unwrap();
    assert_eq!(peer.ended(), Some(CloseCode::TooLarge));
    all_is_well(&relay);
}

#[test]
fn oversized_frame_in_pieces_is_not_collected() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.socket.send(0x02, &vec![0; MAX_RECORD / 2]);
    peer.socket.send(0x00, &vec![0; MAX_RECORD / 2]);
    peer.socket.send(0x00, &vec![0; MAX_RECORD / 2]);
    assert_eq!(peer.ended(), Some(CloseCode::TooLarge));
}

#[test]
fn oversized_hello_is_refused_before_the_handshake() {
    let relay = TestRelay::start();
    let mut socket = relay.socket();
    socket.binary();
    socket.send(BINARY, &[2; 601]);
    assert_eq!(socket.ended(), Some(CloseCode::TooLarge));
}

#[test]
fn oversized_frame_inside_a_record_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.send_bytes(&[vec![3; MAX_FRAME + 1]]);
    assert_eq!(peer.ended(), Some(CloseCode::Frame));
}

#[test]
fn envelope_of_an_impossible_length_is_refused() {
    let relay = TestRelay::start();
    let mut peer = relay.member(&room(1), forward_secret());
    for length in [0, 1, 455, 457] {
        peer.send(&ClientToRelay::Publish {
            local: LocalId(1),
            keep: Keep::Ring,
            envelope: vec![0; length],
        });
        assert_eq!(refused(&mut peer), Refusal::TooLarge);
    }
    assert_eq!(peer.say(Keep::Ring, 1), 1);
}

#[test]
fn publish_before_join_is_refused() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let local = peer.publish(Keep::Ring, 1);
    assert!(matches!(
        peer.next(),
        RelayToClient::Refused { refusal: Refusal::NotJoined, local: Some(refused), .. } if refused == local
    ));
    peer.send(&ClientToRelay::Leave);
    assert_eq!(refused(&mut peer), Refusal::NotJoined);
}

#[test]
fn joining_twice_is_refused() {
    let relay = TestRelay::start();
    let mut peer = relay.member(&room(1), forward_secret());
    let join = peer.join_frame(&room(2), forward_secret(), None);
    peer.send(&join);
    assert_eq!(refused(&mut peer), Refusal::AlreadyJoined);
}

#[test]
fn slow_reader_is_cut_off_and_costs_the_others_nothing() {
    let relay = TestRelay::with(|config| {
        config.limits.mailbox_bytes = 64 * 1024;
        config.limits.frame_burst = 1e9;
        config.limits.byte_burst = 1e12;
    });
    let mut slow = relay.peer();
    let slow_seat = slow.join(&room(1), forward_secret(), None);
    let mut alice = relay.member(&room(1), forward_secret());
    let mut bob = relay.member(&room(1), forward_secret());
    // Far more than the kernel buffers for one connection, while nobody reads at the other end.
    let mut away = false;
    let mut said = 0;
    while !away {
        for _ in 0..100 {
            alice.publish(Keep::Transient, 1);
            said += 1;
        }
        for frame in alice.settle() {
            away |= frame
                == RelayToClient::Away {
                    member: slow_seat.member,
                };
        }
        let heard = bob.settle();
        let deliveries = heard
            .iter()
            .filter(|frame| matches!(frame, RelayToClient::Delivered { .. }));
        assert_eq!(deliveries.count(), 100, "the other member got everything");
        assert!(said < 1_000_000, "the slow reader is never cut off");
    }
    // It may come back for its seat, and learns that it missed something.
    let mut back = relay.peer();
    let joined = back.join(&room(1), forward_secret(), slow_seat.resume(0));
    assert_eq!(joined.member, slow_seat.member);
    assert!(joined.missed);
}

#[test]
fn slow_reader_that_never_overflows_is_cut_off_by_time() {
    let relay = TestRelay::with(|config| {
        config.limits.frame_burst = 1e9;
        config.limits.byte_burst = 1e12;
        config.limits.mailbox_bytes = 1 << 30;
        config.limits.mailbox_frames = 1 << 30;
    });
    let mut slow = relay.peer();
    let seat = slow.join(&room(1), forward_secret(), None);
    let mut alice = relay.member(&room(1), forward_secret());
    for _ in 0..300 {
        for _ in 0..100 {
            alice.publish(Keep::Transient, 1);
        }
        alice.settle();
    }
    // Alice talks on while time passes, so only the stalled one falls silent.
    let mut gone = false;
    while !gone {
        relay.advance(1);
        gone = alice.settle().contains(&RelayToClient::Away {
            member: seat.member,
        });
    }
}

#[test]
fn slow_writer_does_not_get_past_the_handshake_deadline() {
    let relay = TestRelay::start();
    let mut socket = relay.socket();
    let hello = socket.binary();
    let (_, answer) = Handshake::new(Pin::FirstUse, None, None)
        .answer(&hello, &mut rng())
        .unwrap();
    let bytes = frame(BINARY, &answer);
    socket.stream.write_all(&bytes[..bytes.len() - 1]).unwrap();
    relay.advance(10);
    assert_eq!(socket.ended(), Some(CloseCode::Handshake));
    all_is_well(&relay);
}

#[test]
fn half_open_connection_is_noticed_and_leaves_the_room() {
    let relay = TestRelay::start();
    let mut dead = relay.peer();
    let seat = dead.join(&room(1), forward_secret(), None);
    let mut alice = relay.member(&room(1), forward_secret());
    assert!(matches!(dead.next(), RelayToClient::Arrived { .. }));
    relay.advance(10);
    assert_eq!(dead.socket.receive(), Incoming::Ping);
    // It does not answer, as if its cable were cut. Alice does.
    alice.settle();
    relay.advance(15);
    assert_eq!(dead.socket.ended(), Some(CloseCode::Idle));
    assert_eq!(
        alice.next(),
        RelayToClient::Away {
            member: seat.member
        }
    );
}

#[test]
fn half_closed_connection_leaves_the_room() {
    let relay = TestRelay::start();
    let mut alice = relay.member(&room(1), forward_secret());
    let mut bob = relay.peer();
    let seat = bob.join(&room(1), forward_secret(), None);
    alice.settle();
    bob.socket.stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(
        alice.next(),
        RelayToClient::Away {
            member: seat.member
        }
    );
}

#[test]
fn handshake_and_hang_up_leaves_nothing_behind() {
    let relay = TestRelay::with(|config| {
        config.limits.handshakes_at_once = 4;
        config.limits.max_connections = 8;
    });
    for _ in 0..30 {
        let mut socket = relay.socket();
        // Either its hello or, while the ones before are still being buried, a polite no.
        assert_ne!(socket.receive(), Incoming::End);
    }
    let peer = loop {
        let mut socket = relay.socket();
        if let Incoming::Binary(_) = socket.receive() {
            break socket;
        }
    };
    drop(peer);
}

#[test]
fn join_storm_fills_the_room_and_no_more() {
    let relay = TestRelay::with(|config| {
        config.limits.frame_burst = 1e9;
        config.limits.byte_burst = 1e12;
        config.limits.patience = 1e9;
    });
    let mut seats = Vec::new();
    for _ in 0..64 {
        let mut peer = Peer::connect(
            relay.address,
            seats.last().and_then(|peer: &Peer| peer.tunnel.ticket()),
        );
        peer.join(&room(1), forward_secret(), None);
        seats.push(peer);
    }
    // Ten thousand members' worth of joins, over a few connections.
    let mut full = 0;
    for _ in 0..10 {
        let mut peer = relay.peer();
        let join = peer.join_frame(&room(1), forward_secret(), None).encode();
        for _ in 0..10 {
            peer.send_bytes(&vec![join.clone(); 100]);
            for _ in 0..100 {
                assert_eq!(refused(&mut peer), Refusal::RoomFull);
                full += 1;
            }
        }
    }
    assert_eq!(full, 10_000);
    all_is_well(&relay);
}

#[test]
fn join_storm_from_one_connection_is_refused_and_ended() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let join = peer.join_frame(&room(1), forward_secret(), None).encode();
    for _ in 0..10 {
        peer.send_bytes(&vec![join.clone(); 100]);
    }
    assert_eq!(peer.ended(), Some(CloseCode::TooFast));
    all_is_well(&relay);
}

#[test]
fn another_rooms_proof_opens_no_door() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let ClientToRelay::Join { proof, opening, .. } =
        peer.join_frame(&room(2), forward_secret(), None)
    else {
        unreachable!()
    };
    let wrong = ClientToRelay::Join {
        room: room(1).room_id(),
        proof,
        opening,
        resume: None,
    };
    peer.send(&wrong);
    assert_eq!(refused(&mut peer), Refusal::BadProof);
    peer.send(&ClientToRelay::Look {
        room: room(1).room_id(),
        proof,
    });
    assert_eq!(refused(&mut peer), Refusal::BadProof);
    // Guessing on is not tolerated for long.
    for _ in 0..20 {
        peer.send(&wrong);
    }
    assert_eq!(peer.ended(), Some(CloseCode::TooFast));
}

#[test]
fn replayed_join_proof_is_worthless_in_another_tunnel() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let recorded = peer.join_frame(&room(1), forward_secret(), None);
    peer.join(&room(1), forward_secret(), None);
    let mut thief = relay.peer();
    thief.send(&recorded);
    assert_eq!(refused(&mut thief), Refusal::BadProof);
}

#[test]
fn compressed_frame_is_a_protocol_error() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let record = peer.tunnel.seal(&pack([[4u8]]));
    peer.socket.send(BINARY | 0x40, &record);
    assert_eq!(peer.ended(), Some(CloseCode::Other(1002)));
}

#[test]
fn unmasked_frame_is_a_protocol_error() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.socket.stream.write_all(&[BINARY, 1, 0]).unwrap();
    assert_eq!(peer.ended(), Some(CloseCode::Other(1002)));
}

#[test]
fn text_message_is_not_data() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.socket.send(0x81, b"hello");
    assert_eq!(peer.ended(), Some(CloseCode::Other(1003)));
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
    all_is_well(&relay);
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

#[test]
fn wrong_version_is_named_as_the_reason() {
    let relay = TestRelay::start();
    let mut socket = relay.socket();
    let hello = socket.binary();
    let (_, mut answer) = Handshake::new(Pin::FirstUse, None, None)
        .answer(&hello, &mut rng())
        .unwrap();
    answer[1] = 2;
    socket.send(BINARY, &answer);
    assert_eq!(socket.ended(), Some(CloseCode::Version));
}

#[test]
fn bad_ciphertext_fails_like_any_wrong_key() {
    let relay = TestRelay::start();
    let mut socket = relay.socket();
    let hello = socket.binary();
    let (waiting, mut answer) = Handshake::new(Pin::FirstUse, None, None)
        .answer(&hello, &mut rng())
        .unwrap();
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
    let mut socket = relay.socket();
    let hello = socket.binary();
    let (_, mut answer) = Handshake::new(Pin::FirstUse, None, None)
        .answer(&hello, &mut rng())
        .unwrap();
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
}

#[test]
fn empty_record_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.send_bytes(&[]);
    assert_eq!(peer.ended(), Some(CloseCode::Frame));
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
}

#[test]
fn truncated_frame_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let mut join = peer.join_frame(&room(1), forward_secret(), None).encode();
    join.pop();
    peer.send_bytes(&[join]);
    assert_eq!(peer.ended(), Some(CloseCode::Frame));
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

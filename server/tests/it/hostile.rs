//! Peers that break the rules, each by name. What matters is the same for all: the relay ends or refuses them with the
//! right code, and a well-behaved member does not notice.

use std::io::Write;
use std::net::Shutdown;

use crypto::tunnel::{Handshake, Pin};
use crypto::wire::{
    ClientToRelay, CloseCode, Keep, LocalId, MAX_FRAME, MAX_RECORD, Refusal, RelayToClient, RoomId,
};

use crate::common::{TestRelay, forward_secret, rng, room, without_rates};
use crate::peer::Peer;
use crate::socket::{BINARY, Incoming, frame};

/// Proves that the relay still serves others.
pub(crate) fn all_is_well(relay: &TestRelay) {
    let mut alice = relay.member(&room(200), forward_secret());
    let mut bob = relay.member(&room(200), forward_secret());
    let seq = alice.say_through(Keep::Ring, 1);
    loop {
        if let RelayToClient::Delivered { seq: received, .. } = bob.next() {
            assert_eq!(received.0, seq);
            return;
        }
    }
}

/// Proves that nothing of a peer is left once it has gone, and that the relay serves others.
pub(crate) fn aftermath<Peers>(relay: &TestRelay, peers: Peers) {
    all_is_well(relay);
    drop(peers);
    relay.is_back_to_nothing();
    all_is_well(relay);
}

pub(crate) fn refused(peer: &mut Peer) -> Refusal {
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
    aftermath(&relay, peer);
}

#[test]
fn oversized_frame_in_pieces_is_not_collected() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.socket.send(0x02, &vec![0; MAX_RECORD / 2]);
    peer.socket.send(0x00, &vec![0; MAX_RECORD / 2]);
    peer.socket.send(0x00, &vec![0; MAX_RECORD / 2]);
    assert_eq!(peer.ended(), Some(CloseCode::TooLarge));
    aftermath(&relay, peer);
}

#[test]
fn oversized_hello_is_refused_before_the_handshake() {
    let relay = TestRelay::start();
    let mut socket = relay.socket();
    socket.binary();
    socket.send(BINARY, &[2; 601]);
    assert_eq!(socket.ended(), Some(CloseCode::TooLarge));
    aftermath(&relay, socket);
}

#[test]
fn oversized_frame_inside_a_record_ends_the_connection() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.send_bytes(&[vec![3; MAX_FRAME + 1]]);
    assert_eq!(peer.ended(), Some(CloseCode::Frame));
    aftermath(&relay, peer);
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
    aftermath(&relay, peer);
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
    aftermath(&relay, peer);
}

#[test]
fn joining_twice_is_refused() {
    let relay = TestRelay::start();
    let mut peer = relay.member(&room(1), forward_secret());
    let join = peer.join_frame(&room(2), forward_secret(), None);
    peer.send(&join);
    assert_eq!(refused(&mut peer), Refusal::AlreadyJoined);
    aftermath(&relay, peer);
}

#[test]
fn slow_reader_is_cut_off_and_costs_the_others_nothing() {
    let relay = TestRelay::with(|config| {
        config.limits.mailbox_bytes = 64 * 1024;
        without_rates(config);
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
    assert!(joined.missed.is_something());
    aftermath(&relay, (slow, alice, bob, back));
}

#[test]
fn slow_reader_that_never_overflows_is_cut_off_by_time() {
    let relay = TestRelay::with(|config| {
        without_rates(config);
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
    aftermath(&relay, (slow, alice));
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
    aftermath(&relay, socket);
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
    aftermath(&relay, (dead, alice));
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
    aftermath(&relay, (alice, bob));
}

#[test]
fn handshake_and_hang_up_ten_thousand_times_leaves_nothing_behind() {
    let relay = TestRelay::with(|config| {
        config.limits.handshakes_at_once = 8;
        config.limits.max_connections = 16;
        config.limits.handshake_burst = 1e9;
    });
    let mut alice = relay.member(&room(1), forward_secret());
    let mut ticket = None;
    let mut served = 0;
    for round in 0..10_000 {
        let mut socket = relay.socket();
        match socket.receive() {
            Incoming::Binary(hello) => {
                served += 1;
                let handshake = Handshake::new(Pin::FirstUse, None, None);
                match round % 4 {
                    // Gone after the hello, in the middle of the answer, right after it, and after joining.
                    0 => {}
                    1 => {
                        let (_, answer) = handshake.answer(&hello, &mut rng()).unwrap();
                        let half = frame(BINARY, &answer[..200]);
                        socket.stream.write_all(&half[..100]).ok();
                    }
                    2 if round % 100 == 2 => {
                        let (_, answer) = handshake.answer(&hello, &mut rng()).unwrap();
                        socket.send(BINARY, &answer);
                    }
                    _ => drop(socket.stream.shutdown(Shutdown::Both)),
                }
            }
            // While the ones before are still being buried, a polite no.
            Incoming::Close(code) => assert_eq!(code, CloseCode::Busy),
            other => panic!("{other:?}"),
        }
        drop(socket);
        if round % 1000 == 0 {
            alice.say_through(Keep::Ring, 1);
            relay.reaches("open_connections", 1);
            let peer = Peer::connect(relay.address, ticket.take());
            ticket = peer.tunnel.ticket();
        }
    }
    assert!(served > 1000, "only {served} were served at all");
    aftermath(&relay, alice);
}

#[test]
fn join_storm_fills_the_room_and_no_more() {
    let relay = TestRelay::with(|config| {
        without_rates(config);
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
    aftermath(&relay, seats);
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
    aftermath(&relay, peer);
}

#[test]
fn a_room_that_nobody_has_the_key_of_cannot_be_entered() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    // The neutral point as an address: this one proof holds for every tunnel, so anybody could enter.
    let mut room = [0; 32];
    room[0] = 1;
    let mut proof = [0; 64];
    proof[0] = 1;
    let room = RoomId(room);
    peer.send(&ClientToRelay::Look { room, proof });
    assert_eq!(refused(&mut peer), Refusal::BadProof);
    peer.send(&ClientToRelay::Join {
        room,
        proof,
        opening: forward_secret(),
        resume: None,
    });
    assert_eq!(refused(&mut peer), Refusal::BadProof);
    aftermath(&relay, peer);
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
    aftermath(&relay, peer);
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
    aftermath(&relay, (peer, thief));
}

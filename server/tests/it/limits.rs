//! What happens at the edge of every limit.

use std::time::Duration;

use crypto::wire::envelope::{MIN_ENVELOPE, is_plausible};
use crypto::wire::{
    ClientToRelay, CloseCode, Keep, LocalId, MAX_ENVELOPE, Missed, Refusal, RelayToClient, Seq,
};

use crate::common::{TestRelay, envelope, forward_secret, open_history, room, without_rates};
use crate::peer::{Peer, handshake};
use crate::socket::Incoming;

#[test]
fn sending_too_fast_is_refused_with_a_time_and_goes_on_after_it() {
    let relay = TestRelay::with(|config| {
        config.limits.frame_burst = 10.0;
        config.limits.frames_per_second = 2.0;
    });
    let mut peer = relay.member(&room(1), forward_secret());
    for _ in 0..5 {
        peer.say(Keep::Ring, 1);
    }
    let published = peer.publish(Keep::Ring, 1);
    let RelayToClient::Refused {
        refusal,
        local,
        retry_after,
    } = peer.next()
    else {
        panic!("expected a refusal")
    };
    assert_eq!((refusal, local), (Refusal::TooFast, Some(published)));
    assert_eq!(retry_after, Duration::from_millis(500));
    relay.clock.advance(retry_after);
    assert_eq!(peer.say(Keep::Ring, 1), 6);
}

#[test]
fn bytes_are_counted_apart_from_frames() {
    let relay = TestRelay::with(|config| {
        config.limits.byte_burst = 1000.0;
        config.limits.bytes_per_second = 100.0;
    });
    let mut peer = relay.member(&room(1), forward_secret());
    peer.say(Keep::Ring, 1);
    peer.publish(Keep::Ring, 1);
    assert!(matches!(
        peer.next(),
        RelayToClient::Refused {
            refusal: Refusal::TooFast,
            ..
        }
    ));
}

#[test]
fn a_flood_that_goes_on_is_ended() {
    let relay = TestRelay::with(|config| config.limits.patience = 50.0);
    let mut peer = relay.member(&room(1), forward_secret());
    for _ in 0..300 {
        peer.publish(Keep::Ring, 1);
    }
    assert_eq!(peer.ended(), Some(CloseCode::TooFast));
}

#[test]
fn a_flood_of_websocket_pings_is_ended() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    for _ in 0..1000 {
        peer.socket.send(0x89, b"");
    }
    assert_eq!(peer.ended(), Some(CloseCode::TooFast));
}

#[test]
fn a_relay_without_a_place_for_another_room_says_so() {
    let relay = TestRelay::with(|config| config.limits.max_rooms = 1);
    let _first = relay.member(&room(1), forward_secret());
    let mut second = relay.peer();
    let join = second.join_frame(&room(2), forward_secret(), None);
    second.send(&join);
    assert!(matches!(
        second.next(),
        RelayToClient::Refused {
            refusal: Refusal::RelayFull,
            ..
        }
    ));
    second.join(&room(1), forward_secret(), None);
}

#[test]
fn a_connection_too_many_is_told_that_the_relay_is_busy() {
    let relay = TestRelay::with(|config| config.limits.max_connections = 2);
    let _first = relay.peer();
    let _second = relay.peer();
    assert_eq!(relay.socket().receive(), Incoming::Close(CloseCode::Busy));
}

#[test]
fn handshakes_at_once_are_bounded() {
    let relay = TestRelay::with(|config| config.limits.handshakes_at_once = 1);
    let mut first = relay.socket();
    first.binary();
    assert_eq!(relay.socket().receive(), Incoming::Close(CloseCode::Busy));
}

#[test]
fn key_operations_are_bounded_and_tickets_are_not() {
    let relay = TestRelay::with(|config| {
        config.limits.handshake_burst = 1.0;
        config.limits.handshakes_per_second = 1.0;
    });
    let peer = relay.peer();
    let mut refused = relay.socket();
    assert_eq!(
        handshake(&mut refused, None).unwrap_err(),
        Some(CloseCode::Busy)
    );
    Peer::connect(relay.address, peer.tunnel.ticket());
    relay.advance(1);
    relay.peer();
}

#[test]
fn a_silent_peer_is_pinged_and_one_that_answers_stays() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    for _ in 0..5 {
        relay.advance(10);
        assert_eq!(peer.socket.receive(), Incoming::Ping);
        peer.socket.send(0x8A, b"");
        peer.settle();
    }
}

#[test]
fn a_ping_is_answered_on_both_layers() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.socket.send(0x89, b"there?");
    assert_eq!(peer.socket.receive(), Incoming::Pong(b"there?".to_vec()));
    peer.send(&ClientToRelay::Ping { echo: 77 });
    assert_eq!(peer.next(), RelayToClient::Pong { echo: 77 });
}

#[test]
fn memory_that_is_used_up_shortens_the_history_and_stops_nobody() {
    let relay = TestRelay::with(|config| config.limits.memory = 6 * 1024);
    let mut alice = relay.member(&room(1), open_history());
    for filling in 0..30 {
        alice.say(Keep::Ring, filling);
    }
    let mut bob = relay.peer();
    let joined = bob.join(&room(1), open_history(), None);
    assert!(joined.replayed().len() < 15);
    assert_eq!(joined.head.0, 30);
}

#[test]
fn entering_again_waits_until_the_last_replay_is_read() {
    let relay = TestRelay::start();
    let mut alice = relay.member(&room(1), open_history());
    alice.say(Keep::Ring, 1);
    let mut bob = relay.peer();
    let join = bob.join_frame(&room(1), open_history(), None).encode();
    // In one record, so that nothing is written in between.
    bob.send_bytes(&[join.clone(), ClientToRelay::Leave.encode(), join]);
    let refused = loop {
        if let RelayToClient::Refused {
            refusal,
            retry_after,
            ..
        } = bob.next()
        {
            break (refusal, retry_after);
        }
    };
    assert_eq!(refused, (Refusal::TooFast, Duration::from_secs(1)));
    let joined = bob.join(&room(1), open_history(), None);
    assert_eq!(joined.replayed(), [1]);
}

#[test]
fn an_anchor_is_no_place_for_large_things() {
    let relay = TestRelay::start();
    let mut alice = relay.member(&room(1), forward_secret());
    // The longest envelope up to eight KiB, and the next one.
    let zeros = vec![0; MAX_ENVELOPE];
    let lengths: Vec<usize> = (0..=MAX_ENVELOPE)
        .filter(|length| is_plausible(&zeros[..*length]))
        .collect();
    let fits = lengths.iter().rposition(|length| *length <= 8192).unwrap();
    let mut publish = |local, keep, length| {
        alice.send(&ClientToRelay::Publish {
            local: LocalId(local),
            keep,
            envelope: vec![1; length],
        });
        alice.next()
    };
    let accepted = |frame| matches!(frame, RelayToClient::Accepted { .. });
    assert!(accepted(publish(1, Keep::Anchor, lengths[fits])));
    assert!(accepted(publish(2, Keep::Ring, lengths[fits + 1])));
    assert!(matches!(
        publish(3, Keep::Anchor, lengths[fits + 1]),
        RelayToClient::Refused {
            refusal: Refusal::TooLarge,
            local: Some(LocalId(3)),
            ..
        }
    ));
}

#[test]
fn a_room_as_a_whole_can_be_too_fast_and_keeps_its_members() {
    let relay = TestRelay::with(|config| {
        config.limits.room_frame_burst = 5.0;
        config.limits.room_frames_per_second = 2.0;
        config.limits.patience = 1.0;
    });
    let mut alice = relay.member(&room(1), forward_secret());
    let mut bob = relay.member(&room(1), forward_secret());
    for _ in 0..3 {
        alice.say_through(Keep::Ring, 1);
    }
    for _ in 0..2 {
        bob.say_through(Keep::Ring, 1);
    }
    // Each of them has said little; all together it was enough. Nobody is sent away for it, however often.
    alice.settle();
    for _ in 0..20 {
        let published = alice.publish(Keep::Ring, 1);
        let RelayToClient::Refused {
            refusal,
            local,
            retry_after,
        } = alice.next()
        else {
            panic!("expected a refusal")
        };
        assert_eq!((refusal, local), (Refusal::TooFast, Some(published)));
        assert_eq!(retry_after, Duration::from_millis(500));
    }
    relay.member(&room(2), forward_secret()).say(Keep::Ring, 1);
    relay.clock.advance(Duration::from_millis(500));
    assert_eq!(alice.say(Keep::Ring, 1), 6);
}

#[test]
fn what_is_refused_for_the_room_can_be_sent_again_under_the_same_number() {
    let relay = TestRelay::with(|config| {
        config.limits.room_byte_burst = 1000.0;
        config.limits.room_bytes_per_second = 1000.0;
    });
    let mut alice = relay.member(&room(1), forward_secret());
    alice.say(Keep::Ring, 1);
    alice.say(Keep::Ring, 1);
    let publish = ClientToRelay::Publish {
        local: LocalId(77),
        keep: Keep::Ring,
        envelope: envelope(1),
    };
    alice.send(&publish);
    let RelayToClient::Refused { retry_after, .. } = alice.next() else {
        panic!("expected a refusal")
    };
    relay.clock.advance(retry_after);
    for _ in 0..2 {
        // Confirmed again for nothing, even where the room could take no more.
        alice.send(&publish);
        assert!(matches!(
            alice.next(),
            RelayToClient::Accepted {
                local: LocalId(77),
                seq: Seq(3)
            }
        ));
    }
}

#[test]
fn newcomers_come_one_after_the_other_and_members_return_at_once() {
    let relay = TestRelay::with(|config| {
        config.limits.room_join_burst = 2.0;
        config.limits.room_joins_per_second = 1.0;
    });
    let mut alice = relay.peer();
    let a = alice.join(&room(1), forward_secret(), None);
    let _bob = relay.member(&room(1), forward_secret());
    let mut carol = relay.peer();
    let join = carol.join_frame(&room(1), forward_secret(), None);
    carol.send(&join);
    let RelayToClient::Refused {
        refusal,
        retry_after,
        ..
    } = carol.next()
    else {
        panic!("expected a refusal")
    };
    assert_eq!(
        (refusal, retry_after),
        (Refusal::TooFast, Duration::from_secs(1))
    );
    relay.peer().join(&room(1), forward_secret(), a.resume(0));
    relay.member(&room(2), forward_secret());
    relay.advance(1);
    carol.join(&room(1), forward_secret(), None);
}

#[test]
fn seats_are_counted_over_all_rooms_and_come_back_with_their_holders() {
    let relay = TestRelay::with(|config| config.limits.max_seats = 2);
    let mut alice = relay.member(&room(1), forward_secret());
    let _bob = relay.member(&room(2), forward_secret());
    let mut carol = relay.peer();
    let join = carol.join_frame(&room(3), forward_secret(), None);
    carol.send(&join);
    assert!(matches!(
        carol.next(),
        RelayToClient::Refused {
            refusal: Refusal::RelayFull,
            ..
        }
    ));
    assert_eq!(relay.count("open_rooms"), 2, "no empty room is left over");
    alice.send(&ClientToRelay::Leave);
    alice.settle();
    carol.join(&room(3), forward_secret(), None);
}

#[test]
fn when_memory_is_short_the_oldest_envelopes_of_all_rooms_go_first() {
    // Half of it is for what rooms keep: about thirty envelopes, each kept in the ring and for those who resume.
    let relay = TestRelay::with(|config| config.limits.memory = 60 * 1024);
    let mut talkers: Vec<Peer> = (1..=3)
        .map(|number| relay.member(&room(number), open_history()))
        .collect();
    for _ in 0..20 {
        for talker in &mut talkers {
            relay.clock.advance(Duration::from_millis(1));
            talker.say(Keep::Ring, 1);
        }
    }
    assert!(relay.count("reliefs_total") > 0);
    assert!(relay.count("kept_bytes") <= 30 * 1024);
    // The first room's talker is quiet from now on, and the others push its envelopes out.
    let left = |number| {
        let mut peer = relay.peer();
        let joined = peer.join(&room(number), open_history(), None);
        joined.replayed()
    };
    let before = left(1);
    assert_eq!(before.last(), Some(&20), "the newest are still there");
    // Whoever enters is told how many of those that the room promises are gone.
    let mut newcomer = relay.peer();
    let joined = newcomer.join(&room(1), open_history(), None);
    let gone = 20 - u32::try_from(before.len()).unwrap();
    assert!(gone > 0);
    assert_eq!(joined.missed, Missed::Messages(gone));
    for _ in 0..20 {
        for talker in &mut talkers[1..] {
            relay.clock.advance(Duration::from_millis(1));
            talker.say_through(Keep::Ring, 1);
        }
    }
    assert_eq!(left(1), [0; 0]);
    assert_eq!(left(2).last(), Some(&40));
    assert_eq!(left(3).last(), Some(&40));
}

#[test]
fn whoever_was_away_too_long_is_told_how_many_messages_are_gone() {
    // The buffer for those who resume holds ten envelopes.
    let relay = TestRelay::with(|config| {
        config.limits.resume_bytes = 10 * (MIN_ENVELOPE + 26);
        without_rates(config);
    });
    let mut alice = relay.member(&room(1), forward_secret());
    let mut bob = relay.peer();
    let joined = bob.join(&room(1), forward_secret(), None);
    drop(bob);
    for _ in 0..12 {
        alice.say_through(Keep::Ring, 1);
        alice.say_through(Keep::Transient, 1);
    }
    let mut bob = relay.peer();
    let back = bob.join(&room(1), forward_secret(), joined.resume(0));
    // Twelve messages and twelve announcements of keys; the last ten of both are there.
    assert_eq!(back.replayed(), (15..=24).collect::<Vec<_>>());
    assert_eq!(back.missed, Missed::Messages(7));
    let mut bob = relay.peer();
    let back = bob.join(&room(1), forward_secret(), joined.resume(13));
    // What is gone is no message, but something.
    assert_eq!(back.missed, Missed::Unknown);
    let mut bob = relay.peer();
    let back = bob.join(&room(1), forward_secret(), joined.resume(14));
    assert_eq!(back.missed, Missed::Nothing);
}

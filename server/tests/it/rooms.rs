//! What members of a room can rely on.

use std::time::Duration;

use crypto::wire::{
    ClientToRelay, CloseCode, JoinOutcome, Keep, Lifetime, LocalId, Missed, Opening, Refusal,
    RelayToClient, RoomMode, RoomState, TimeLeft,
};

use crate::common::{TestRelay, envelope, forward_secret, open_history, opening, room};
use crate::peer::{Joined, Peer};

fn seqs(frames: &[RelayToClient]) -> Vec<u64> {
    let deliveries = frames.iter().filter_map(|frame| match frame {
        RelayToClient::Delivered { seq, .. } => Some(seq.0),
        _ => None,
    });
    deliveries.collect()
}

fn entered(relay: &TestRelay, opening: Opening) -> (Peer, Joined) {
    let mut peer = relay.peer();
    let joined = peer.join(&room(1), opening, None);
    (peer, joined)
}

#[test]
fn an_envelope_reaches_the_others_and_is_confirmed_to_its_author() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay, forward_secret());
    let (mut bob, b) = entered(&relay, forward_secret());
    assert_eq!(alice.next(), RelayToClient::Arrived { member: b.member });
    assert_eq!(alice.say(Keep::Ring, 7), 1);
    let RelayToClient::Delivered {
        seq,
        from,
        replayed,
        envelope: received,
    } = bob.next()
    else {
        panic!("expected the envelope")
    };
    assert_eq!(
        (seq.0, from, replayed, received),
        (1, a.member, false, envelope(7))
    );
    assert_eq!(alice.settle(), [], "the author gets no copy");
}

#[test]
fn rooms_do_not_hear_each_other() {
    let relay = TestRelay::start();
    let mut here = relay.member(&room(1), forward_secret());
    let mut there = relay.member(&room(2), forward_secret());
    here.say(Keep::Ring, 1);
    assert_eq!(there.settle(), []);
}

#[test]
fn the_opener_alone_decides_what_the_room_is_like() {
    let relay = TestRelay::start();
    let (_alice, a) = entered(&relay, open_history());
    let (_bob, b) = entered(&relay, forward_secret());
    assert_eq!(
        (a.outcome, a.mode, a.history, a.members),
        (JoinOutcome::Opened, RoomMode::OpenHistory, 35, 1)
    );
    assert_eq!(
        (b.outcome, b.mode, b.history, b.members),
        (JoinOutcome::Entered, RoomMode::OpenHistory, 35, 2)
    );
}

#[test]
fn an_opening_that_asks_for_an_odd_history_is_refused() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let join = peer.join_frame(&room(1), opening(RoomMode::OpenHistory, 36), None);
    peer.send(&join);
    assert!(matches!(
        peer.next(),
        RelayToClient::Refused {
            refusal: Refusal::BadOpening,
            ..
        }
    ));
    peer.join(&room(1), open_history(), None);
}

#[test]
fn a_newcomer_meets_everybody_then_reads_anchors_then_the_ring() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay, open_history());
    alice.say(Keep::Anchor, 1);
    alice.say(Keep::Ring, 2);
    alice.say(Keep::Transient, 3);
    alice.say(Keep::Anchor, 4);
    alice.say(Keep::Ring, 5);
    let (_bob, b) = entered(&relay, open_history());
    assert_eq!(
        b.replay.first(),
        Some(&RelayToClient::Arrived { member: a.member })
    );
    assert_eq!(b.replayed(), [1, 4, 2, 5]);
    assert_eq!(b.head.0, 5);
}

#[test]
fn the_ring_holds_the_last_thirty_five() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, open_history());
    for _ in 0..40 {
        alice.publish(Keep::Ring, 1);
    }
    alice.settle();
    let (_bob, b) = entered(&relay, open_history());
    assert_eq!(b.replayed(), (6..=40).collect::<Vec<_>>());
}

#[test]
fn a_forward_secret_room_shows_a_newcomer_anchors_only() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, forward_secret());
    alice.say(Keep::Anchor, 1);
    alice.say(Keep::Ring, 2);
    alice.say(Keep::Anchor, 3);
    let (_bob, b) = entered(&relay, forward_secret());
    assert_eq!(b.replayed(), [3]);
}

#[test]
fn an_envelope_that_is_sent_again_is_only_confirmed_again() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, forward_secret());
    let (mut bob, _) = entered(&relay, forward_secret());
    alice.settle();
    let publish = ClientToRelay::Publish {
        local: LocalId(5),
        keep: Keep::Ring,
        envelope: envelope(1),
    };
    for _ in 0..2 {
        alice.send(&publish);
        let RelayToClient::Accepted { local, seq } = alice.next() else {
            panic!("expected a confirmation")
        };
        assert_eq!((local, seq.0), (LocalId(5), 1));
    }
    assert_eq!(seqs(&bob.settle()), [1]);
}

#[test]
fn a_broken_connection_is_resumed_with_nothing_lost_or_doubled() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, forward_secret());
    let (bob, b) = entered(&relay, forward_secret());
    alice.settle();
    alice.say(Keep::Ring, 1);
    drop(bob);
    assert_eq!(alice.next(), RelayToClient::Away { member: b.member });
    alice.say(Keep::Ring, 2);
    alice.say(Keep::Transient, 3);
    for _ in 0..11 {
        // Word from her now and then, so that she is not taken for dead herself.
        relay.advance(10);
        alice.settle();
    }
    relay.advance(9);
    let mut bob = relay.peer();
    let back = bob.join(&room(1), forward_secret(), b.resume(1));
    assert_eq!(
        (back.outcome, back.member),
        (JoinOutcome::Resumed, b.member)
    );
    assert_eq!(back.replayed(), [2, 3]);
    assert_eq!(back.missed, Missed::Nothing);
    assert_eq!(alice.next(), RelayToClient::Returned { member: b.member });
    alice.say(Keep::Ring, 4);
    assert_eq!(seqs(&bob.settle()), [4]);
}

#[test]
fn an_envelope_that_was_accepted_before_the_break_is_confirmed_after_it() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay, forward_secret());
    let publish = ClientToRelay::Publish {
        local: LocalId(9),
        keep: Keep::Ring,
        envelope: envelope(1),
    };
    alice.send(&publish);
    alice.settle();
    drop(alice);
    let mut alice = relay.peer();
    let back = alice.join(&room(1), forward_secret(), a.resume(0));
    assert!(
        back.replayed().is_empty(),
        "its own envelope is not shown to the author"
    );
    alice.send(&publish);
    assert!(matches!(
        alice.next(),
        RelayToClient::Accepted {
            local: LocalId(9),
            ..
        }
    ));
    let (_bob, b) = entered(&relay, forward_secret());
    assert_eq!(b.head.0, 1);
}

#[test]
fn a_resumed_seat_ends_an_older_connection() {
    let relay = TestRelay::start();
    let (mut old, joined) = entered(&relay, forward_secret());
    let mut new = relay.peer();
    let back = new.join(&room(1), forward_secret(), joined.resume(0));
    assert_eq!((back.outcome, back.members), (JoinOutcome::Resumed, 1));
    assert_eq!(old.ended(), Some(CloseCode::Replaced));
    new.settle();
    assert_eq!(
        new.say(Keep::Ring, 1),
        1,
        "the old connection did not take the seat with it"
    );
}

#[test]
fn a_seat_cannot_be_taken_with_a_wrong_token() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay, forward_secret());
    let mut resume = a.resume(0).unwrap();
    resume.token.0[0] ^= 1;
    let mut other = relay.peer();
    let joined = other.join(&room(1), forward_secret(), Some(resume));
    assert_eq!(joined.outcome, JoinOutcome::Entered);
    assert_ne!(joined.member, a.member);
    assert_eq!(
        alice.settle(),
        [RelayToClient::Arrived {
            member: joined.member
        }]
    );
}

#[test]
fn a_seat_that_stays_away_for_two_minutes_departs() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, forward_secret());
    let (bob, b) = entered(&relay, forward_secret());
    drop(bob);
    let arrived = RelayToClient::Arrived { member: b.member };
    assert_eq!(
        [alice.next(), alice.next()],
        [arrived, RelayToClient::Away { member: b.member }]
    );
    for _ in 0..11 {
        // Word from her now and then, so that she is not taken for dead herself.
        relay.advance(10);
        assert!(alice.settle().is_empty());
    }
    relay.advance(9);
    assert!(alice.settle().is_empty());
    relay.advance(1);
    assert_eq!(alice.next(), RelayToClient::Departed { member: b.member });
    let mut late = relay.peer();
    assert_eq!(
        late.join(&room(1), forward_secret(), b.resume(0)).outcome,
        JoinOutcome::Entered
    );
}

#[test]
fn leaving_gives_the_seat_up_at_once() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, forward_secret());
    let (mut bob, b) = entered(&relay, forward_secret());
    alice.settle();
    bob.send(&ClientToRelay::Leave);
    assert_eq!(alice.next(), RelayToClient::Departed { member: b.member });
    assert_eq!(bob.settle(), []);
}

#[test]
fn who_returns_hears_of_departures_and_absences() {
    let relay = TestRelay::start();
    let (alice, a) = entered(&relay, forward_secret());
    let (mut bob, b) = entered(&relay, forward_secret());
    let (carol, c) = entered(&relay, forward_secret());
    drop(alice);
    drop(carol);
    while bob.next() != (RelayToClient::Away { member: c.member }) {}
    bob.send(&ClientToRelay::Leave);
    bob.settle();
    let mut alice = relay.peer();
    let back = alice.join(&room(1), forward_secret(), a.resume(0));
    assert_eq!(
        back.replay,
        [
            RelayToClient::Arrived { member: c.member },
            RelayToClient::Away { member: c.member },
            RelayToClient::Departed { member: b.member },
        ]
    );
}

#[test]
fn a_room_ends_with_its_lifetime_although_nobody_sends() {
    let relay = TestRelay::start();
    let hour = Opening {
        lifetime: Lifetime::For(Duration::from_secs(20)),
        ..forward_secret()
    };
    let (mut alice, a) = entered(&relay, hour);
    assert_eq!(a.time_left, TimeLeft::For(Duration::from_secs(20)));
    relay.advance(19);
    assert_eq!(alice.settle(), []);
    relay.advance(1);
    assert_eq!(alice.ended(), Some(CloseCode::Expired));
    // For ten minutes the address says that it is over; then it is free.
    let mut looker = relay.peer();
    let closed = |looker: &mut Peer| match looker.look(&room(1)) {
        RelayToClient::Looked {
            state: RoomState::Closed,
            time_left: TimeLeft::For(left),
            ..
        } => Some(left),
        _ => None,
    };
    assert!(closed(&mut looker).is_some_and(|left| left > Duration::from_secs(590)));
    let join = looker.join_frame(&room(1), forward_secret(), a.resume(0));
    looker.send(&join);
    assert!(matches!(
        looker.next(),
        RelayToClient::Refused {
            refusal: Refusal::RoomClosed,
            ..
        }
    ));
    relay.advance(601);
    let (_bob, b) = entered(&relay, forward_secret());
    assert_eq!((b.outcome, b.head.0), (JoinOutcome::Opened, 0));
}

#[test]
fn an_empty_room_vanishes_after_a_while() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, open_history());
    alice.say(Keep::Ring, 1);
    alice.send(&ClientToRelay::Leave);
    alice.settle();
    drop(alice);
    relay.advance(599);
    let mut looker = relay.peer();
    assert!(matches!(
        looker.look(&room(1)),
        RelayToClient::Looked {
            state: RoomState::Open,
            members: 0,
            ..
        }
    ));
    relay.advance(2);
    // Sweeping happens beside the sockets, so ask until it has.
    while !matches!(
        looker.look(&room(1)),
        RelayToClient::Looked {
            state: RoomState::Empty,
            ..
        }
    ) {
        relay.clock.advance(Duration::from_millis(500));
    }
}

#[test]
fn a_room_with_a_lifetime_keeps_its_history_while_nobody_is_there() {
    let relay = TestRelay::start();
    let day = Opening {
        lifetime: Lifetime::For(Duration::from_secs(86_400)),
        ..open_history()
    };
    let (mut alice, _) = entered(&relay, day);
    alice.say(Keep::Ring, 1);
    alice.send(&ClientToRelay::Leave);
    alice.settle();
    relay.advance(3600);
    let (_bob, b) = entered(&relay, day);
    assert_eq!((b.outcome, b.replayed()), (JoinOutcome::Entered, vec![1]));
}

#[test]
fn a_full_room_lets_nobody_in_until_somebody_is_away() {
    let relay = TestRelay::start();
    let two = Opening {
        max_members: 2,
        ..forward_secret()
    };
    let (_alice, _) = entered(&relay, two);
    let (bob, b) = entered(&relay, two);
    let mut carol = relay.peer();
    assert!(matches!(
        carol.look(&room(1)),
        RelayToClient::Looked {
            state: RoomState::Full,
            members: 2,
            ..
        }
    ));
    let join = carol.join_frame(&room(1), two, None);
    carol.send(&join);
    assert!(matches!(
        carol.next(),
        RelayToClient::Refused {
            refusal: Refusal::RoomFull,
            ..
        }
    ));
    drop(bob);
    while matches!(
        carol.look(&room(1)),
        RelayToClient::Looked {
            state: RoomState::Full,
            ..
        }
    ) {}
    let joined = carol.join(&room(1), two, None);
    assert_eq!(joined.members, 2);
    assert!(
        !joined
            .replay
            .contains(&RelayToClient::Arrived { member: b.member }),
        "the ghost gave way"
    );
}

#[test]
fn looking_tells_how_many_are_there_before_one_enters() {
    let relay = TestRelay::start();
    let mut looker = relay.peer();
    let RelayToClient::Looked { state, members, .. } = looker.look(&room(1)) else {
        panic!("expected a look")
    };
    assert_eq!((state, members), (RoomState::Empty, 0));
    let (_alice, _) = entered(&relay, open_history());
    let RelayToClient::Looked {
        state,
        members,
        mode,
        history,
        time_left,
    } = looker.look(&room(1))
    else {
        panic!("expected a look")
    };
    assert_eq!(
        (state, members, mode, history),
        (RoomState::Open, 1, RoomMode::OpenHistory, 35)
    );
    assert_eq!(time_left, TimeLeft::UntilEmpty);
}

#[test]
fn a_stopping_relay_says_goodbye_to_everybody() {
    let mut relay = TestRelay::start();
    let (mut alice, _) = entered(&relay, forward_secret());
    let mut fresh = relay.socket();
    relay.stop();
    assert_eq!(alice.ended(), Some(CloseCode::GoingAway));
    assert_eq!(fresh.ended(), Some(CloseCode::GoingAway));
}

#[test]
fn a_returning_client_needs_no_new_key_operation() {
    let relay = TestRelay::start();
    let peer = relay.peer();
    let mut back = Peer::connect(relay.address, peer.tunnel.ticket());
    assert_eq!(back.settle(), []);
    assert_eq!(
        back.join(&room(1), forward_secret(), None).outcome,
        JoinOutcome::Opened
    );
}

//! Orders about a room: who may give them, and what they do to everybody.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use crypto::room::RoomKeys;
use crypto::wire::{
    ClientToRelay, CloseCode, JoinOutcome, Keep, Lifetime, LocalId, Opening, Order, Refusal,
    RelayToClient, RoomState, Seq, TimeLeft, control_message,
};

use crate::common::{TestRelay, envelope, forward_secret, open_history, room};
use crate::hostile::refused;
use crate::peer::{Joined, Peer};

const SECRET: [u8; 32] = [9; 32];
const HOUR: Duration = Duration::from_secs(3600);

pub(crate) struct ControlKey(Ed25519KeyPair);

impl ControlKey {
    pub(crate) fn new(seed: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap())
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().unwrap()
    }

    fn sign(&self, by: &Peer, local: u32, order: Order) -> ClientToRelay {
        self.sign_for(&room(1), by, local, order)
    }

    /// An order about that room, good in the peer's tunnel alone.
    pub(crate) fn sign_for(
        &self,
        room: &RoomKeys,
        by: &Peer,
        local: u32,
        order: Order,
    ) -> ClientToRelay {
        let local = LocalId(local);
        let message = control_message(
            by.tunnel.exporter().as_bytes(),
            &room.room_id(),
            local,
            &order,
        );
        ClientToRelay::Control {
            local,
            signer: self.public(),
            order,
            signature: self.0.sign(&message).as_ref().try_into().unwrap(),
        }
    }

    /// Orders and waits until it is done.
    fn order(&self, by: &mut Peer, local: u32, order: Order) {
        by.send(&self.sign(by, local, order));
        loop {
            match by.next() {
                RelayToClient::Accepted { local: done, seq } => {
                    assert_eq!((done, seq), (LocalId(local), Seq(0)));
                    return;
                }
                RelayToClient::Refused { refusal, .. } => panic!("refused: {refusal:?}"),
                _ => {}
            }
        }
    }
}

pub(crate) fn digest_of(secret: &[u8; 32]) -> [u8; 32] {
    digest(&SHA256, secret).as_ref().try_into().unwrap()
}

/// A room that lives an hour, with a control key and a purge secret.
fn governed() -> Opening {
    Opening {
        control_key: Some(ControlKey::new(1).public()),
        purge_digest: Some(digest_of(&SECRET)),
        lifetime: Lifetime::For(HOUR),
        ..open_history()
    }
}

fn entered(relay: &TestRelay) -> (Peer, Joined) {
    let mut peer = relay.peer();
    let joined = peer.join(&room(1), governed(), None);
    (peer, joined)
}

fn refusal_of_join(peer: &mut Peer, resume: Option<&Joined>) -> Refusal {
    let resume = resume.and_then(|joined| joined.resume(0));
    let join = peer.join_frame(&room(1), governed(), resume);
    peer.send(&join);
    refused(peer)
}

fn state(peer: &mut Peer) -> (RoomState, TimeLeft) {
    match peer.look(&room(1)) {
        RelayToClient::Looked {
            state, time_left, ..
        } => (state, time_left),
        other => panic!("expected a look, got {other:?}"),
    }
}

/// What the room says about itself in the next frame that does.
fn changed(peer: &mut Peer) -> (bool, bool, TimeLeft) {
    loop {
        if let RelayToClient::RoomChanged {
            locked,
            purgeable,
            time_left,
        } = peer.next()
        {
            return (locked, purgeable, time_left);
        }
    }
}

fn purge(local: u32, secret: [u8; 32]) -> ClientToRelay {
    ClientToRelay::Purge {
        local: LocalId(local),
        secret,
        notice: envelope(0x77),
    }
}

/// Lets time pass for a few who answer its pings.
fn wait(relay: &TestRelay, seconds: u64, awake: &mut [&mut Peer]) {
    for _ in 0..seconds / 10 {
        relay.advance(10);
        for peer in &mut *awake {
            peer.settle();
        }
    }
}

#[test]
fn a_newcomer_hears_how_the_room_is_governed() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    assert_eq!((a.locked, a.purgeable), (false, true));
    ControlKey::new(1).order(&mut alice, 1, Order::PurgeDigest(None));
    assert_eq!(changed(&mut alice), (false, false, TimeLeft::For(HOUR)));
    let (_bob, b) = entered(&relay);
    assert_eq!((b.locked, b.purgeable), (false, false));
}

#[test]
fn a_locked_room_lets_nobody_new_in_and_its_own_members_back() {
    let relay = TestRelay::start();
    let key = ControlKey::new(1);
    let (mut alice, _) = entered(&relay);
    let (mut bob, b) = entered(&relay);
    let (mut carol, c) = entered(&relay);
    key.order(&mut alice, 1, Order::Lock(true));
    assert_eq!(changed(&mut bob), (true, true, TimeLeft::For(HOUR)));

    let mut dave = relay.peer();
    assert_eq!(state(&mut dave).0, RoomState::Locked);
    assert_eq!(refusal_of_join(&mut dave, None), Refusal::RoomLocked);

    // Somebody who left has no more claim than a stranger; somebody who was cut off has.
    carol.send(&ClientToRelay::Leave);
    carol.settle();
    assert_eq!(refusal_of_join(&mut carol, Some(&c)), Refusal::RoomLocked);
    drop(bob);
    let mut bob = relay.peer();
    let back = bob.join(&room(1), governed(), b.resume(0));
    assert_eq!((back.outcome, back.locked), (JoinOutcome::Resumed, true));

    key.order(&mut alice, 2, Order::Lock(false));
    assert_eq!(state(&mut dave).0, RoomState::Open);
    let joined = dave.join(&room(1), governed(), None);
    assert_eq!(
        (joined.outcome, joined.locked),
        (JoinOutcome::Entered, false)
    );
}

#[test]
fn a_member_who_was_cut_off_for_long_still_gets_into_the_locked_room_once() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay);
    let (bob, b) = entered(&relay);
    ControlKey::new(1).order(&mut alice, 1, Order::Lock(true));
    drop(bob);
    let departed = RelayToClient::Departed { member: b.member };
    let mut heard = Vec::new();
    while !heard.contains(&departed) {
        relay.advance(10);
        heard.extend(alice.settle());
    }
    let mut bob = relay.peer();
    let mut wrong = b.resume(0).unwrap();
    wrong.token.0[0] ^= 1;
    let join = bob.join_frame(&room(1), governed(), Some(wrong));
    bob.send(&join);
    assert_eq!(refused(&mut bob), Refusal::RoomLocked);

    let back = bob.join(&room(1), governed(), b.resume(0));
    assert_eq!(back.outcome, JoinOutcome::Entered);
    assert_ne!(back.member, b.member);
    // The old token is used up; the new one is what counts.
    let mut thief = relay.peer();
    assert_eq!(refusal_of_join(&mut thief, Some(&b)), Refusal::RoomLocked);
    drop(bob);
    let again = thief.join(&room(1), governed(), back.resume(0));
    assert_eq!(again.outcome, JoinOutcome::Resumed);
}

#[test]
fn only_a_control_key_of_this_room_orders_and_only_in_its_own_tunnel() {
    let relay = TestRelay::start();
    let key = ControlKey::new(1);
    let (mut alice, _) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    alice.settle();
    // Another key, although its signature is good.
    bob.send(&ControlKey::new(2).sign(&bob, 1, Order::Lock(true)));
    assert_eq!(refused(&mut bob), Refusal::NotAllowed);
    // The right key's signature over something else.
    let ClientToRelay::Control {
        local,
        signer,
        signature,
        ..
    } = key.sign(&bob, 2, Order::Lock(false))
    else {
        unreachable!()
    };
    bob.send(&ClientToRelay::Control {
        local,
        signer,
        order: Order::Lock(true),
        signature,
    });
    assert_eq!(refused(&mut bob), Refusal::NotAllowed);
    // What the opener signed in her own tunnel.
    bob.send(&key.sign(&alice, 3, Order::Lock(true)));
    assert_eq!(refused(&mut bob), Refusal::NotAllowed);
    // Without a seat not even the right key.
    let mut outside = relay.peer();
    outside.send(&key.sign(&outside, 4, Order::Lock(true)));
    assert_eq!(refused(&mut outside), Refusal::NotJoined);
    assert_eq!(state(&mut outside).0, RoomState::Open);
    assert_eq!(alice.settle(), []);
}

#[test]
fn a_room_without_a_control_key_obeys_nobody() {
    let relay = TestRelay::start();
    let mut alice = relay.member(&room(1), forward_secret());
    alice.send(&ControlKey::new(1).sign(&alice, 1, Order::Lock(true)));
    assert_eq!(refused(&mut alice), Refusal::NotAllowed);
    alice.send(&purge(2, SECRET));
    assert_eq!(refused(&mut alice), Refusal::NotAllowed);
}

#[test]
fn a_control_key_that_anybody_could_sign_with_opens_no_room() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let opening = Opening {
        control_key: Some(neutral),
        ..governed()
    };
    let join = peer.join_frame(&room(1), opening, None);
    peer.send(&join);
    assert_eq!(refused(&mut peer), Refusal::BadOpening);
    peer.join(&room(1), governed(), None);
    peer.send(&ControlKey::new(1).sign(&peer, 1, Order::Share(neutral)));
    assert_eq!(refused(&mut peer), Refusal::NotAllowed);
    peer.send(&ControlKey::new(1).sign(&peer, 2, Order::HandOn(neutral)));
    assert_eq!(refused(&mut peer), Refusal::NotAllowed);
    ControlKey::new(1).order(&mut peer, 3, Order::Lock(true));
}

#[test]
fn a_removed_seat_is_gone_at_once_and_its_token_worthless() {
    let relay = TestRelay::start();
    let key = ControlKey::new(1);
    let (mut alice, _) = entered(&relay);
    let (mut bob, b) = entered(&relay);
    let (mut carol, _) = entered(&relay);
    carol.settle();
    key.order(&mut alice, 1, Order::Remove(b.member));
    assert_eq!(bob.ended(), Some(CloseCode::Removed));
    assert_eq!(carol.next(), RelayToClient::Removed { member: b.member });
    assert_eq!(carol.settle(), []);
    key.order(&mut alice, 2, Order::Lock(true));
    let mut back = relay.peer();
    assert_eq!(refusal_of_join(&mut back, Some(&b)), Refusal::RoomLocked);
    // Removing nobody is no mistake: two people may have ordered the same.
    key.order(&mut alice, 3, Order::Remove(b.member));
}

#[test]
fn what_a_removed_member_still_sends_reaches_nobody() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay);
    let (mut bob, b) = entered(&relay);
    ControlKey::new(1).order(&mut alice, 1, Order::Remove(b.member));
    for _ in 0..20 {
        bob.publish(Keep::Ring, 1);
    }
    bob.ended();
    let delivered = |frame: &RelayToClient| matches!(frame, RelayToClient::Delivered { .. });
    assert!(!alice.settle().iter().any(delivered));
}

#[test]
fn a_seat_can_be_removed_while_its_holder_is_away() {
    let relay = TestRelay::start();
    let key = ControlKey::new(1);
    let (mut alice, _) = entered(&relay);
    let (bob, b) = entered(&relay);
    let (carol, c) = entered(&relay);
    drop(bob);
    drop(carol);
    while alice.next() != (RelayToClient::Away { member: b.member }) {}
    key.order(&mut alice, 1, Order::Remove(b.member));
    key.order(&mut alice, 2, Order::Lock(true));
    let mut back = relay.peer();
    assert_eq!(refusal_of_join(&mut back, Some(&b)), Refusal::RoomLocked);
    // Who was away as well hears that it was no ordinary departure.
    let joined = back.join(&room(1), governed(), c.resume(0));
    assert!(
        joined
            .replay
            .contains(&RelayToClient::Removed { member: b.member })
    );
}

#[test]
fn a_removed_member_whose_seat_had_lapsed_does_not_get_into_the_locked_room() {
    let relay = TestRelay::start();
    let key = ControlKey::new(1);
    let (mut alice, _) = entered(&relay);
    let (bob, b) = entered(&relay);
    drop(bob);
    while alice.next() != (RelayToClient::Away { member: b.member }) {}
    wait(&relay, 130, &mut [&mut alice]);
    key.order(&mut alice, 1, Order::Remove(b.member));
    key.order(&mut alice, 2, Order::Lock(true));
    let mut back = relay.peer();
    assert_eq!(refusal_of_join(&mut back, Some(&b)), Refusal::RoomLocked);
}

#[test]
fn a_lifetime_that_is_extended_ends_when_the_new_one_is_over() {
    let relay = TestRelay::start();
    let key = ControlKey::new(1);
    let (mut alice, _) = entered(&relay);
    let seconds = |seconds| Order::Lifetime(Lifetime::For(Duration::from_secs(seconds)));
    key.order(&mut alice, 1, seconds(20));
    let left = |seconds| TimeLeft::For(Duration::from_secs(seconds));
    assert_eq!(changed(&mut alice).2, left(20));
    wait(&relay, 10, &mut [&mut alice]);
    key.order(&mut alice, 2, seconds(30));
    assert_eq!(changed(&mut alice).2, left(30));
    wait(&relay, 20, &mut [&mut alice]);
    relay.advance(9);
    assert_eq!(alice.settle(), []);
    relay.advance(1);
    assert_eq!(alice.ended(), Some(CloseCode::Expired));
}

#[test]
fn a_lifetime_can_be_shortened_lifted_and_not_stretched_beyond_what_the_relay_gives() {
    let relay = TestRelay::start();
    let key = ControlKey::new(1);
    let (mut alice, _) = entered(&relay);
    key.order(&mut alice, 1, Order::Lifetime(Lifetime::UntilEmpty));
    assert_eq!(changed(&mut alice).2, TimeLeft::UntilEmpty);
    let year = Duration::from_secs(365 * 24 * 3600);
    key.order(&mut alice, 2, Order::Lifetime(Lifetime::For(year)));
    let week = Duration::from_secs(7 * 24 * 3600);
    assert_eq!(changed(&mut alice).2, TimeLeft::For(week));
    let second = Duration::from_secs(1);
    key.order(&mut alice, 3, Order::Lifetime(Lifetime::For(second)));
    assert_eq!(changed(&mut alice).2, TimeLeft::For(second));
    relay.advance(1);
    assert_eq!(alice.ended(), Some(CloseCode::Expired));
}

#[test]
fn control_is_shared_and_handed_on() {
    let relay = TestRelay::start();
    let [first, second, third] = [1, 2, 3].map(ControlKey::new);
    let (mut alice, _) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    first.order(&mut alice, 1, Order::Share(second.public()));
    second.order(&mut bob, 1, Order::Lock(true));
    first.order(&mut alice, 2, Order::Lock(false));
    first.order(&mut alice, 3, Order::HandOn(third.public()));
    alice.settle();
    alice.send(&first.sign(&alice, 4, Order::Lock(true)));
    assert_eq!(refused(&mut alice), Refusal::NotAllowed);
    third.order(&mut bob, 2, Order::Lock(true));
    second.order(&mut bob, 3, Order::Lock(false));
}

#[test]
fn control_is_not_shared_without_end() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay);
    for seed in 2..=16 {
        let key = ControlKey::new(seed).public();
        ControlKey::new(1).order(&mut alice, seed.into(), Order::Share(key));
    }
    let another = Order::Share(ControlKey::new(17).public());
    alice.send(&ControlKey::new(1).sign(&alice, 17, another));
    assert_eq!(refused(&mut alice), Refusal::NotAllowed);
    // Handing on takes no place.
    let heir = Order::HandOn(ControlKey::new(18).public());
    ControlKey::new(1).order(&mut alice, 18, heir);
}

#[test]
fn a_purge_tells_everybody_ends_everything_and_leaves_a_closed_door() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    let (mut bob, b) = entered(&relay);
    let (carol, c) = entered(&relay);
    alice.say_through(Keep::Ring, 1);
    drop(carol);
    bob.settle();
    alice.settle();
    alice.send(&purge(8, SECRET));
    assert_eq!(
        alice.next(),
        RelayToClient::Accepted {
            local: LocalId(8),
            seq: Seq(0)
        }
    );
    assert_eq!(alice.ended(), Some(CloseCode::Purged));
    let purged = loop {
        match bob.next() {
            RelayToClient::Away { .. } => {}
            frame => break frame,
        }
    };
    assert_eq!(
        purged,
        RelayToClient::Purged {
            from: a.member,
            notice: envelope(0x77)
        }
    );
    assert_eq!(bob.ended(), Some(CloseCode::Purged));

    let mut looker = relay.peer();
    let (closed, TimeLeft::For(left)) = state(&mut looker) else {
        panic!("expected an end")
    };
    assert_eq!(closed, RoomState::Closed);
    assert!(left <= HOUR && left > HOUR - Duration::from_secs(60));
    assert_eq!(refusal_of_join(&mut looker, None), Refusal::RoomClosed);
    // Whoever had a seat and was out of reach learns who it was, for a while.
    for member in [&b, &c] {
        let join = looker.join_frame(&room(1), governed(), member.resume(0));
        looker.send(&join);
        assert_eq!(looker.next(), purged);
        assert_eq!(refused(&mut looker), Refusal::RoomClosed);
    }
    wait(&relay, 600, &mut [&mut looker]);
    for resume in [None, Some(&b), Some(&c)] {
        assert_eq!(refusal_of_join(&mut looker, resume), Refusal::RoomClosed);
    }
    wait(&relay, 3000, &mut [&mut looker]);
    assert_eq!(state(&mut looker).0, RoomState::Empty);
    let joined = looker.join(&room(1), governed(), b.resume(0));
    assert_eq!((joined.outcome, joined.head), (JoinOutcome::Opened, Seq(0)));
}

#[test]
fn a_purged_room_without_a_lifetime_stays_closed_for_a_day() {
    let relay = TestRelay::start();
    let opening = Opening {
        lifetime: Lifetime::UntilEmpty,
        ..governed()
    };
    let mut alice = relay.member(&room(1), opening);
    alice.send(&purge(1, SECRET));
    assert_eq!(alice.ended(), Some(CloseCode::Purged));
    let mut looker = relay.peer();
    let day = Duration::from_secs(24 * 3600);
    assert_eq!(state(&mut looker), (RoomState::Closed, TimeLeft::For(day)));
}

#[test]
fn a_wrong_purge_secret_does_nothing_and_guessing_ends_the_connection() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    bob.send(&purge(1, [8; 32]));
    assert_eq!(refused(&mut bob), Refusal::NotAllowed);
    assert_eq!(state(&mut bob).0, RoomState::Open);
    for local in 2..30 {
        bob.send(&purge(local, [8; 32]));
    }
    assert_eq!(bob.ended(), Some(CloseCode::TooFast));
    alice.settle();
}

#[test]
fn a_purge_secret_can_be_changed_and_a_notice_must_look_like_one() {
    let relay = TestRelay::start();
    let (mut alice, _) = entered(&relay);
    let order = Order::PurgeDigest(Some(digest_of(&[5; 32])));
    ControlKey::new(1).order(&mut alice, 1, order);
    alice.send(&purge(2, SECRET));
    assert_eq!(refused(&mut alice), Refusal::NotAllowed);
    for notice in [vec![1; 10], vec![1; 20_000]] {
        alice.send(&ClientToRelay::Purge {
            local: LocalId(3),
            secret: [5; 32],
            notice,
        });
        assert_eq!(refused(&mut alice), Refusal::TooLarge);
    }
    alice.send(&purge(4, [5; 32]));
    assert_eq!(alice.ended(), Some(CloseCode::Purged));
}

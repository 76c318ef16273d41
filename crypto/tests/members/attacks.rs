//! Named attacks, by somebody who knows the room's name, by a member, or by a relay that has either on its side.

use std::time::Duration;

use crypto::envelope::Outer;
use crypto::identity::Identity;
use crypto::peer::PeerKey;
use crypto::wire::RoomMode::{ForwardSecret, OpenHistory};

use super::author::{Author, acquainted, letter, room};
use super::forge::{Forger, Room};
use super::receiver::Receiver;
use super::rng::Frozen;

#[test]
fn an_envelope_of_one_room_does_not_open_in_another() {
    for mode in [ForwardSecret, OpenHistory] {
        let (mut author, _, _) = acquainted(mode);
        let (_, mut elsewhere, _) = acquainted(mode);
        elsewhere.keys = room(2);
        let before = elsewhere.state();
        for sealed in [author.hello(), author.say("x")] {
            assert_eq!(
                elsewhere.receive(&sealed.envelope),
                "refused Authentication"
            );
        }
        assert_eq!(elsewhere.state(), before);
    }
}

/// A member of two rooms carries a body with its signature from one into the other: it can make the outer layer there,
/// and knows the sender's chain.
#[test]
fn a_body_carried_into_another_room_is_refused() {
    let (here, there) = (Room::new(&[1; 64]), Room::new(&[2; 64]));
    let mut forger = Forger::new(40);
    let mut receiver = Receiver::new(room(2), Identity::generate(&mut Frozen::new(2)));
    let start = [&1u16.to_be_bytes()[..], &0u32.to_be_bytes(), &[9; 32]].concat();
    let start = there.start(&forger.sid(), &start, &mut forger.rng);
    let mut parts = forger.parts();
    (parts.mode, parts.tlvs) = (1, vec![(1, start)]);
    let hello = forger.hello(&there, &parts);
    assert!(receiver.receive(&hello).starts_with("hello"));

    let header = forger.header(2, 1, 0);
    let body = forger.message_body(
        &here.id,
        &header,
        Forger::message_key([9; 32], 0),
        b"not for you",
    );
    assert_eq!(
        receiver.receive(&there.wrap(&header, &body, &mut forger.rng)),
        "refused Authentication"
    );
    // Not even with the tag renewed for this room: the signature names the other one.
    let text = forger.signed(&here.id, &header, &[], Forger::text(b"not for you", 312));
    let body = Forger::sealed(Forger::message_key([9; 32], 0), &there.id, &header, &text);
    assert_eq!(
        receiver.receive(&there.wrap(&header, &body, &mut forger.rng)),
        "refused Authentication"
    );
    let genuine = forger.message(&there, [9; 32], 0, b"for you");
    assert_eq!(
        receiver.receive(&genuine),
        "message at=1767323045678 for you"
    );
}

/// Mallory knows Alice's chain, as every member does, and speaks in her name.
#[test]
fn a_member_cannot_speak_for_another_with_the_chain_it_was_given() {
    let here = Room::new(&[1; 64]);
    let (mut alice, mut mallory) = (Forger::new(40), Forger::new(50));
    let mut receiver = Receiver::new(room(1), Identity::generate(&mut Frozen::new(2)));
    for forger in [&mut alice, &mut mallory] {
        let start = [&1u16.to_be_bytes()[..], &0u32.to_be_bytes(), &[9; 32]].concat();
        let start = here.start(&forger.sid(), &start, &mut forger.rng);
        let mut parts = forger.parts();
        (parts.mode, parts.tlvs) = (1, vec![(1, start)]);
        let hello = forger.hello(&here, &parts);
        assert!(receiver.receive(&hello).starts_with("hello"));
    }
    let before = receiver.state();
    // Alice's header, Alice's key, Mallory's signature.
    let header = alice.header(2, 1, 0);
    let forged = mallory.message_body(
        &here.id,
        &header,
        Forger::message_key([9; 32], 0),
        b"I am Alice",
    );
    assert_eq!(
        receiver.receive(&here.wrap(&header, &forged, &mut mallory.rng)),
        "refused Authentication"
    );
    // Alice's whole body under Mallory's header, and under another generation and epoch of Alice's own.
    let body = alice.message_body(&here.id, &header, Forger::message_key([9; 32], 0), b"hello");
    for other in [
        mallory.header(2, 1, 0),
        alice.header(2, 1, 1),
        alice.header(2, 2, 0),
    ] {
        let verdict = receiver.receive(&here.wrap(&other, &body, &mut mallory.rng));
        assert!(
            verdict == "refused Authentication" || verdict == "refused NoKey",
            "{verdict}"
        );
    }
    // Alice's signed text, moved to another generation whose key Mallory also knows.
    let text = alice.signed(&here.id, &header, &[], Forger::text(b"hello", 312));
    let later = alice.header(2, 1, 5);
    let moved = Forger::sealed(Forger::message_key([9; 32], 5), &here.id, &later, &text);
    assert_eq!(
        receiver.receive(&here.wrap(&later, &moved, &mut mallory.rng)),
        "refused Authentication"
    );
    assert_eq!(receiver.state(), before, "no forgery left a trace");
    assert!(
        receiver
            .receive(&here.wrap(&header, &body, &mut alice.rng))
            .starts_with("message")
    );
}

/// Alice writes to Mallory; Mallory passes the box on to Bob as if Alice had written to him.
#[test]
fn a_private_message_cannot_be_passed_on_as_if_it_were_for_somebody_else() {
    let here = Room::new(&[1; 64]);
    let alice = Forger::new(40);
    let mut bob = Receiver::new(room(1), Identity::generate(&mut Frozen::new(2)));
    let mut greeter = Forger::new(40);
    let parts = greeter.parts();
    bob.receive(&greeter.hello(&here, &parts));
    let (bob_sid, bob_dh) = (bob.me.sender_id().0, bob.me.dh_public());
    let header = alice.header(3, 0, 0);
    // Mallory cannot make Bob's box without one of the two secrets; even granted that, the signature names Mallory.
    let passed = alice.pairwise_body(
        &here,
        &header,
        (&bob_sid, &bob_dh),
        &[0xEE; 16],
        b"\x02meet me at noon",
    );
    let before = bob.state();
    assert_eq!(
        bob.receive(&here.wrap(&header, &passed, &mut greeter.rng)),
        "refused Authentication"
    );
    assert_eq!(bob.state(), before);
    let genuine = alice.pairwise_body(
        &here,
        &header,
        (&bob_sid, &bob_dh),
        &bob_sid,
        b"\x02meet me at noon",
    );
    let genuine = here.wrap(&header, &genuine, &mut greeter.rng);
    assert_eq!(
        bob.receive(&genuine),
        "private at=1767323045678 meet me at noon"
    );
    assert_eq!(bob.receive(&genuine), "refused Replayed");
}

#[test]
fn a_box_sent_back_to_its_author_is_for_others() {
    let keys = room(1);
    let (mut one, mut other) = (
        Author::new(&keys, ForwardSecret, 1),
        Author::new(&keys, ForwardSecret, 2),
    );
    let meet = |me: &Author, them: &mut Author| {
        let outer = Outer::open(&keys, &them.hello().envelope).unwrap();
        PeerKey::meet(&keys, &me.me, &outer.open_hello(&keys).unwrap()).unwrap()
    };
    let (other_as_seen, mut one_as_seen) = (meet(&one, &mut other), meet(&other, &mut one));
    let sealed = one.whisper(&other_as_seen, "there");
    let outer = Outer::open(&keys, &sealed.envelope).unwrap();
    // One direction's key opens nothing of the other direction.
    let mut own = Receiver::new(keys.clone(), Identity::thaw(&one.me.freeze()));
    own.receive(&one.hello().envelope);
    assert_eq!(own.receive(&sealed.envelope), "for others");
    assert!(one_as_seen.open(&outer, Duration::ZERO).is_ok());
}

#[test]
fn in_an_open_room_a_chain_comes_in_the_hello_alone() {
    let (mut author, mut receiver, peer) = acquainted(OpenHistory);
    author.next_epoch();
    // Two chains for two members would let an author show each a different message under one name.
    let announced = author.announce(&[&peer]);
    assert_eq!(
        receiver.receive(&announced.envelope),
        "refused Authentication"
    );
}

#[test]
fn a_hello_cannot_change_the_keys_of_its_session() {
    let here = Room::new(&[1; 64]);
    let mut forger = Forger::new(40);
    let mut receiver = Receiver::new(room(1), Identity::generate(&mut Frozen::new(2)));
    let mut parts = forger.parts();
    assert!(
        receiver
            .receive(&forger.hello(&here, &parts))
            .starts_with("hello")
    );
    parts.revision = 2;
    parts.dh = Forger::new(60).dh_public();
    assert_eq!(
        receiver.receive(&forger.hello(&here, &parts)),
        "refused Authentication"
    );
    parts.dh = forger.dh_public();
    assert!(
        receiver
            .receive(&forger.hello(&here, &parts))
            .starts_with("hello")
    );
    assert_eq!(
        receiver.receive(&forger.hello(&here, &parts)),
        "refused Replayed"
    );
}

/// A partitioning oracle needs one ciphertext that opens under many guessed keys. The envelope commits to its key, so
/// that no other key gets as far as the cipher.
#[test]
fn an_envelope_belongs_to_one_key() {
    let (mut author, receiver, _) = acquainted(ForwardSecret);
    let sealed = author.say("x");
    for guess in 2..200 {
        assert!(Outer::open(&room(guess), &sealed.envelope).is_err());
    }
    // The commitment of one key on the ciphertext of another opens under neither.
    let mut elsewhere = Author::new(&room(2), ForwardSecret, 1);
    let other = elsewhere.say("x");
    let mut mixed = sealed.envelope.clone();
    mixed[..56].copy_from_slice(&other.envelope[..56]);
    assert!(Outer::open(&room(2), &mixed).is_err());
    assert!(Outer::open(&receiver.keys, &mixed).is_err());
}

#[test]
fn no_two_envelopes_share_a_salt_and_no_two_messages_a_key() {
    let (mut author, mut receiver, peer) = acquainted(ForwardSecret);
    let mut salts = std::collections::HashSet::new();
    let mut names = std::collections::HashSet::new();
    for _ in 0..100 {
        for sealed in [author.say("same"), author.whisper(&peer, "same")] {
            assert!(salts.insert(sealed.envelope[..24].to_vec()));
            assert!(names.insert(sealed.header));
        }
    }
    // A failed attempt to seal uses up nothing and the next message continues the chain.
    assert!(author.try_say(&"x".repeat(70_000)).is_err());
    let next = author.say("next");
    assert_eq!(next.header.generation.0, 100);
    assert_eq!(
        receiver.receive(&next.envelope),
        "message at=1767323045678 next"
    );
    assert_eq!(letter("next").content.as_slice(), b"next");
}

//! A room has a life, and whoever comes with a seat of another one learns what they missed.

use crypto::wire::{Keep, Missed};

use crate::common::{TestRelay, forward_secret, room};

#[test]
fn everybody_in_a_room_and_whoever_comes_back_is_told_of_the_same_life() {
    let relay = TestRelay::start();
    let mut alice = relay.peer();
    let a = alice.join(&room(1), forward_secret(), None);
    let b = relay.peer().join(&room(1), forward_secret(), None);
    assert_eq!(a.life, b.life);
    drop(alice);
    let again = relay.peer().join(&room(1), forward_secret(), a.resume(0));
    assert_eq!(again.life, a.life);
    let other = relay.peer().join(&room(2), forward_secret(), None);
    assert_ne!(other.life, a.life);
}

#[test]
fn a_relay_that_was_started_anew_has_another_life_for_the_room() {
    let before = TestRelay::start();
    let a = before.peer().join(&room(1), forward_secret(), None);
    drop(before);
    let after = TestRelay::start();
    let again = after.peer().join(&room(1), forward_secret(), a.resume(7));
    assert_ne!(again.life, a.life);
    assert_eq!(again.missed, Missed::Nothing, "nothing was said yet");
}

#[test]
fn without_a_history_whoever_had_a_seat_elsewhere_is_told_how_much_was_said() {
    let relay = TestRelay::start();
    let mut alice = relay.member(&room(1), forward_secret());
    let stranger = relay.peer().join(&room(2), forward_secret(), None);
    let join = || {
        relay
            .peer()
            .join(&room(1), forward_secret(), stranger.resume(3))
    };
    alice.say_through(Keep::Transient, 1);
    alice.say_through(Keep::Anchor, 2);
    assert_eq!(join().missed, Missed::Nothing, "no words yet");
    alice.say_through(Keep::Ring, 3);
    alice.say_through(Keep::Ring, 4);
    assert_eq!(join().missed, Missed::Messages(2));
    let newcomer = relay.peer().join(&room(1), forward_secret(), None);
    assert_eq!(newcomer.missed, Missed::Nothing, "it was never theirs");
}

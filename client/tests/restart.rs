//! The relay forgets everything while letters are under way: whoever is in the room afterwards reads them once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use client::{Event, NotSent};
use crypto::wire::RoomMode;
use support::world::{Member, World};

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];
const ANN: usize = 0;
const BO: usize = 1;

/// Ann and Bo, who have spoken. Whatever Ann says next, the relay leaves unanswered.
fn interrupted(mode: RoomMode) -> World {
    let history = if mode == RoomMode::OpenHistory { 35 } else { 0 };
    let mut world = World::new(mode, history);
    world.join("Ann");
    world.join("Bo");
    world.say(ANN, "before");
    world.settle();
    world.relay.swallow = 1;
    world
}

/// The relay starts anew, Ann's tab too if wanted; somebody new is there before either of them.
fn restart(world: &mut World, reload: bool) -> usize {
    world.relay.restart();
    for who in [ANN, BO] {
        world.members[who].has_network = false;
        world.cut(who);
    }
    let cy = world.join("Cy");
    for who in [ANN, BO] {
        world.members[who].has_network = true;
    }
    if reload {
        world.reload(ANN);
    }
    world.calm();
    cy
}

#[test]
fn a_letter_that_outlives_the_relay_is_read_by_old_and_new() {
    for mode in BOTH {
        for reload in [false, true] {
            let mut world = interrupted(mode);
            let local = world.say(ANN, "under way");
            world.settle();
            world.say(ANN, "next");
            let cy = restart(&mut world, reload);
            assert!(world.members[ANN].sent().contains(&local));
            let case = format!("{mode:?}, reload: {reload}");
            assert_eq!(
                world.members[BO].heard(),
                ["before", "under way", "next"],
                "{case}"
            );
            let expected: &[&str] = match mode {
                RoomMode::ForwardSecret => &["under way", "next"],
                // Ann says again what she said last, and history is open.
                RoomMode::OpenHistory => &["before", "under way", "next"],
            };
            assert_eq!(world.members[cy].heard(), expected, "{case}");
            let dee = world.join("Dee");
            let expected: &[&str] = match mode {
                RoomMode::ForwardSecret => &[],
                RoomMode::OpenHistory => &["before", "under way", "next"],
            };
            assert_eq!(world.members[dee].heard(), expected, "{case}");
            world.pass(Duration::from_secs(400));
            let missing: Vec<_> = world.members.iter().map(Member::missing).collect();
            assert_eq!(missing, [0; 4], "{case}");
        }
    }
}

#[test]
fn a_letter_that_the_relay_had_before_it_forgot_everything_is_shown_once() {
    for mode in BOTH {
        for reload in [false, true] {
            let mut world = interrupted(mode);
            world.relay.swallow = 0;
            world.say(ANN, "kept");
            while world.deliver_up(ANN) {}
            while world.deliver_down(BO) {}
            assert_eq!(world.members[BO].heard(), ["before", "kept"]);
            let cy = restart(&mut world, reload);
            assert_eq!(world.members[BO].heard(), ["before", "kept"]);
            let expected: &[&str] = match mode {
                RoomMode::ForwardSecret => &["kept"],
                RoomMode::OpenHistory => &["before", "kept"],
            };
            assert_eq!(world.members[cy].heard(), expected);
            world.say(ANN, "after");
            world.settle();
            assert_eq!(world.members[BO].heard()[2..], ["after"]);
            assert_eq!(world.members[cy].heard().last().unwrap(), "after");
        }
    }
}

#[test]
fn what_was_said_before_it_stays_unread_by_those_who_come_with_the_restart() {
    let mut world = interrupted(RoomMode::ForwardSecret);
    let old = world.relay.published.clone();
    world.say(ANN, "under way");
    world.settle();
    let cy = restart(&mut world, true);
    let line = world.members[cy].line.unwrap();
    for (at, (_, from, _, envelope)) in old.into_iter().enumerate() {
        let delivered = crypto::wire::RelayToClient::Delivered {
            seq: crypto::wire::Seq(500 + at as u64),
            from,
            replayed: false,
            envelope,
        };
        world.relay.say(line, delivered);
    }
    world.settle();
    assert_eq!(world.members[cy].heard(), ["under way"]);
}

#[test]
fn a_private_letter_under_way_survives_a_reload_that_says_other_things_first() {
    for mode in BOTH {
        let mut world = interrupted(mode);
        world.act(BO, |session, now, rng| {
            session.share_signals(true, now, rng)
        });
        world.settle();
        world.relay.swallow = 1;
        world.say_to(ANN, BO, "psst");
        world.settle();
        world.reload(ANN);
        world.act(ANN, |session, now, rng| {
            session.share_signals(true, now, rng)
        });
        world.calm();
        assert_eq!(world.members[BO].heard(), ["before", "psst"]);
    }
}

#[test]
fn a_private_letter_to_somebody_who_did_not_come_back_is_said_to_be_unsent() {
    let mut world = interrupted(RoomMode::ForwardSecret);
    let local = world.say_to(ANN, BO, "psst");
    world.settle();
    world.relay.restart();
    world.members[BO].has_network = false;
    world.cut(BO);
    world.cut(ANN);
    world.pass(Duration::from_secs(60));
    let why = NotSent::Absent;
    assert!(
        world.members[ANN]
            .events
            .contains(&Event::NotSent { local, why })
    );
    world.calm();
    world.retry(ANN, local);
    world.settle();
    assert_eq!(world.members[BO].heard(), ["before", "psst"]);
}

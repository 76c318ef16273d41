//! A relay that is killed forgets everything, what it had taken and not yet handed on included. The authors have not.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use client::Event;
use crypto::wire::{Keep, RoomMode};
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

/// Ann, Cy, and Bo, who has lost the network.
fn alone(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    world.say(0, "before");
    world.settle();
    world.members[1].has_network = false;
    world.cut(1);
    world
}

fn comes_back(world: &mut World, index: usize) {
    world.members[index].has_network = true;
    world.wake(index);
    world.calm();
}

/// The relay is killed, and all but one have come back and said again what they said last.
fn restart_without(world: &mut World, who: usize) {
    world.relay.restart();
    for other in (0..3).filter(|other| *other != who) {
        world.cut(other);
    }
    world.calm_but(who);
}

fn alarms(world: &World, index: usize) -> usize {
    world.members[index].count(|event| {
        matches!(
            event,
            Event::Unverifiable { .. }
                | Event::Diverged { .. }
                | Event::Missing { .. }
                | Event::Unopened { .. }
        )
    })
}

fn messages_published(world: &World) -> usize {
    let published = world.relay.published.iter();
    published
        .filter(|(_, _, keep, _)| *keep == Keep::Ring)
        .count()
}

#[test]
fn what_a_killed_relay_had_taken_is_heard_by_whoever_was_cut_off() {
    for mode in BOTH {
        let mut world = alone(mode);
        world.say(0, "one");
        world.say(0, "two");
        world.settle();
        world.say_to(0, 1, "for you");
        world.settle();
        assert_eq!(world.members[0].sent().len(), 4, "the relay had it");
        world.relay.restart();
        world.say(0, "three");
        comes_back(&mut world, 1);
        assert_eq!(
            world.members[1].heard(),
            ["before", "one", "two", "for you", "three"]
        );
        // Who had it already hears nothing twice, and the author is told nothing twice.
        assert_eq!(world.members[2].heard(), ["before", "one", "two", "three"]);
        assert_eq!(world.members[0].sent().len(), 5);
        for member in 0..3 {
            assert_eq!(alarms(&world, member), 0, "{mode:?} {member}");
        }
    }
}

#[test]
fn not_even_a_reload_of_the_authors_tab_loses_it() {
    for mode in BOTH {
        let mut world = alone(mode);
        world.say(0, "one");
        world.say(0, "two");
        world.settle();
        world.relay.restart();
        world.reload(0);
        comes_back(&mut world, 1);
        assert_eq!(world.members[1].heard(), ["before", "one", "two"]);
        assert_eq!(world.members[2].heard(), ["before", "one", "two"]);
    }
}

#[test]
fn a_relay_that_is_killed_again_right_away_changes_nothing() {
    let mut world = alone(RoomMode::OpenHistory);
    world.say(0, "one");
    world.say(0, "two");
    world.settle();
    world.relay.restart();
    world.settle();
    world.relay.restart();
    comes_back(&mut world, 1);
    assert_eq!(world.members[1].heard(), ["before", "one", "two"]);
    assert_eq!(world.members[2].heard(), ["before", "one", "two"]);
}

#[test]
fn in_a_room_that_forgets_a_newcomer_hears_nothing_of_before_and_is_told_of_nothing() {
    let mut world = alone(RoomMode::ForwardSecret);
    world.say(0, "one");
    world.settle();
    world.relay.restart();
    let newcomer = world.join("Dee");
    comes_back(&mut world, 1);
    world.pass(Duration::from_secs(60));
    world.say(0, "after");
    world.settle();
    assert_eq!(world.members[newcomer].heard(), ["after"]);
    assert_eq!(alarms(&world, newcomer), 0);
    assert_eq!(world.members[1].heard(), ["before", "one", "after"]);
}

#[test]
fn what_the_relay_has_handed_on_long_ago_is_not_said_again() {
    let mut world = alone(RoomMode::OpenHistory);
    comes_back(&mut world, 1);
    world.pass(Duration::from_secs(130));
    world.say(0, "lately");
    world.settle();
    let before = messages_published(&world);
    world.relay.restart();
    comes_back(&mut world, 1);
    assert_eq!(messages_published(&world), before + 1);
}

#[test]
fn whose_seat_ran_out_says_nothing_again_to_a_relay_that_remembers() {
    let mut world = alone(RoomMode::OpenHistory);
    world.say(0, "one");
    world.settle();
    let before = messages_published(&world);
    world.members[0].has_network = false;
    world.cut(0);
    world.pass(Duration::from_secs(180));
    comes_back(&mut world, 0);
    assert_eq!(messages_published(&world), before);
}

#[test]
fn whoever_was_out_of_reach_when_a_chain_began_can_open_what_is_said_again() {
    for mode in BOTH {
        let mut world = alone(mode);
        // A reloaded tab begins a new chain. Bo has not been given it when the relay dies.
        world.reload(0);
        world.calm_but(1);
        world.say(0, "one");
        world.say_to(0, 1, "for you");
        world.settle();
        world.reload(0);
        world.calm_but(1);
        world.say(0, "two");
        world.settle();
        world.relay.restart();
        world.say(0, "three");
        comes_back(&mut world, 1);
        let expected = ["before", "one", "for you", "two", "three"];
        assert_eq!(world.members[1].heard(), expected, "{mode:?}");
        world.pass(Duration::from_secs(400));
        for member in 0..3 {
            assert_eq!(alarms(&world, member), 0, "{mode:?} {member}");
        }
    }
}

#[test]
fn a_newcomer_is_given_none_of_those_keys_in_a_room_that_forgets() {
    let mut world = alone(RoomMode::ForwardSecret);
    world.reload(0);
    world.calm_but(1);
    world.say(0, "one");
    world.settle();
    world.relay.restart();
    let newcomer = world.join("Dee");
    comes_back(&mut world, 1);
    world.say(0, "after");
    world.settle();
    assert_eq!(world.members[1].heard(), ["before", "one", "after"]);
    assert_eq!(world.members[newcomer].heard(), ["after"]);
}

fn gaps(world: &World, index: usize) -> usize {
    world.members[index].count(|event| matches!(event, Event::GapInHistory { .. }))
}

#[test]
fn the_first_to_be_back_is_told_of_a_gap_after_too_long_and_only_then() {
    for (away, told) in [(60, 0), (180, 1)] {
        for mode in BOTH {
            let mut world = alone(mode);
            world.say(0, "one");
            world.settle();
            world.relay.restart();
            for who in [0, 2] {
                world.members[who].has_network = false;
                world.cut(who);
            }
            world.pass(Duration::from_secs(away));
            comes_back(&mut world, 1);
            assert_eq!(gaps(&world, 1), told, "{mode:?} after {away}");
        }
    }
}

#[test]
fn whoever_is_back_before_anything_was_said_again_is_told_of_no_gap() {
    for mode in BOTH {
        let mut world = World::new(mode, 0);
        for name in ["Ann", "Bo", "Cy"] {
            world.join(name);
        }
        world.say(0, "one");
        world.settle();
        world.relay.restart();
        for who in 0..3 {
            world.cut(who);
        }
        world.calm();
        for who in 0..3 {
            assert_eq!(gaps(&world, who), 0, "{mode:?} {who}");
        }
    }
}

#[test]
fn a_seat_that_is_gone_is_known_to_be_forgotten_however_long_its_holder_was_away() {
    let mut world = alone(RoomMode::OpenHistory);
    comes_back(&mut world, 1);
    world.say(0, "one");
    while world.deliver_up(0) {}
    while world.deliver_down(0) {}
    world.relay.restart();
    world.members[0].has_network = false;
    for who in 0..3 {
        world.cut(who);
    }
    world.calm_but(0);
    for _ in 0..20 {
        // The new life soon counts further than the old one did.
        world.say(1, "meanwhile");
        world.settle();
    }
    world.pass(Duration::from_secs(200));
    comes_back(&mut world, 0);
    assert_eq!(world.members[1].heard(), ["before", "one"]);
}

/// Bo hears "one", misses "two" across one end of the relay, hears "three", and the relay ends again.
fn late(mode: RoomMode, two: impl Fn(&mut World)) -> World {
    let mut world = World::new(mode, 0);
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    world.say(0, "one");
    world.settle();
    world.members[1].has_network = false;
    world.cut(1);
    two(&mut world);
    world.settle();
    restart_without(&mut world, 1);
    comes_back(&mut world, 1);
    world.say(2, "by Cy");
    world.settle();
    world.say(0, "three");
    world.settle();
    world
}

#[test]
fn words_that_come_after_newer_ones_are_shown_where_they_belong() {
    for mode in BOTH {
        let mut world = late(mode, |world| {
            world.say(0, "two");
            world.say_to(0, 1, "for you");
        });
        let before = world.members[1].heard();
        assert_eq!(before, ["one", "by Cy", "three"], "{mode:?}");
        assert_eq!(gaps(&world, 1), 1, "{mode:?}");
        world.reload(1);
        world.relay.restart();
        world.calm();
        let expected = ["one", "by Cy", "two", "for you", "three"];
        assert_eq!(world.members[1].heard(), expected, "{mode:?}");
        assert_eq!(alarms(&world, 1), 0);
        let late = |event: &Event| matches!(event, Event::Said(message) if message.late.is_some());
        assert_eq!(world.members[1].count(late), 2);
        assert_eq!(world.members[2].count(late), 0);
    }
}

#[test]
fn a_room_that_is_settled_again_puts_nothing_among_older_words() {
    let mut world = late(RoomMode::OpenHistory, |world| {
        world.say(0, "two");
    });
    world.pass(Duration::from_secs(200));
    let line = world.members[1].line.unwrap();
    for (at, (_, from, _, envelope)) in world.relay.published.clone().into_iter().enumerate() {
        let delivered = crypto::wire::RelayToClient::Delivered {
            seq: crypto::wire::Seq(500 + at as u64),
            from,
            replayed: false,
            envelope,
        };
        world.relay.say(line, delivered);
    }
    world.settle();
    assert_eq!(world.members[1].heard(), ["one", "by Cy", "three", "two"]);
}

#[test]
fn what_was_said_to_others_meanwhile_and_is_said_again_alarms_nobody() {
    let mut world = World::new(RoomMode::ForwardSecret, 0);
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    world.say(0, "one");
    world.settle();
    world.members[1].has_network = false;
    world.cut(1);
    restart_without(&mut world, 1);
    world.pass(Duration::from_secs(120));
    for _ in 0..3 {
        world.say(0, "to Cy");
        world.settle();
    }
    comes_back(&mut world, 1);
    assert_eq!(gaps(&world, 1), 1);
    world.say(0, "two");
    world.settle();
    world.relay.restart();
    world.calm();
    world.pass(Duration::from_secs(60));
    assert_eq!(world.members[1].heard(), ["one", "two"]);
    assert_eq!(alarms(&world, 1), 0);
}

#[test]
fn what_was_said_between_two_ends_of_a_relay_is_for_those_who_missed_both() {
    for mode in BOTH {
        let mut world = World::new(mode, 0);
        for name in ["Ann", "Bo", "Cy"] {
            world.join(name);
        }
        world.say(0, "one");
        world.settle();
        world.members[1].has_network = false;
        world.cut(1);
        world.say(0, "two");
        world.settle();
        restart_without(&mut world, 1);
        world.say(0, "three");
        world.settle();
        // Nobody can hand private words to somebody without a seat.
        let local = world.say_to(0, 1, "for you");
        let why = client::NotSent::Absent;
        assert!(
            world.members[0]
                .events
                .contains(&Event::NotSent { local, why })
        );
        world.reload(0);
        world.calm_but(1);
        world.say(0, "four");
        world.settle();
        world.relay.restart();
        comes_back(&mut world, 1);
        let expected = ["one", "two", "three", "four"];
        assert_eq!(world.members[1].heard(), expected, "{mode:?}");
        assert_eq!((gaps(&world, 1), alarms(&world, 1)), (0, 0), "{mode:?}");
    }
}

/// Bo was away for so long that six things are said to Cy alone, and takes a seat while Ann says them again.
fn seated_amid_repetition(cy_leaves: bool) -> World {
    let mut world = alone(RoomMode::ForwardSecret);
    world.pass(Duration::from_secs(150));
    for index in 0..6 {
        world.say(0, &format!("to Cy {index}"));
        world.settle();
    }
    if cy_leaves {
        world.leave(2);
    }
    let before = messages_published(&world);
    world.relay.restart();
    for who in [0, 2] {
        world.cut(who);
        world.wake(who);
    }
    while messages_published(&world) < before + 2 {
        let moved = [0, 2].map(|who| world.deliver_up(who) | world.deliver_down(who));
        if moved == [false; 2] {
            world.jump(Duration::from_secs(1));
        }
    }
    assert!(messages_published(&world) < before + 6);
    // Bo has a seat again, and nobody knows yet whose it is.
    world.members[1].has_network = true;
    world.wake(1);
    while !world.members[1].is_online() {
        assert!(world.deliver_up(1) | world.deliver_down(1));
    }
    for _ in 0..3 {
        world.deliver_up(0);
        world.deliver_down(0);
        world.deliver_down(1);
    }
    world
}

#[test]
fn whoever_takes_a_seat_amid_repetition_is_told_of_the_gap_and_of_nothing_else() {
    // Ann's chain goes on for Bo, or ends with Cy, so that Bo is never given it.
    for cy_leaves in [false, true] {
        let mut world = seated_amid_repetition(cy_leaves);
        world.calm();
        world.say(0, "to all");
        world.pass(Duration::from_secs(60));
        assert_eq!(world.members[1].heard(), ["before", "to all"]);
        assert_eq!((gaps(&world, 1), alarms(&world, 1)), (1, 0), "{cy_leaves}");
    }
}

#[test]
fn what_crosses_the_return_of_somebody_whose_seat_was_given_up_alarms_nobody() {
    let mut world = alone(RoomMode::ForwardSecret);
    world.pass(Duration::from_secs(150));
    world.say(0, "to Cy");
    world.settle();
    world.members[1].has_network = true;
    world.wake(1);
    while !world.members[1].is_online() {
        assert!(world.deliver_up(1) | world.deliver_down(1));
    }
    world.say(0, "sealed without Bo");
    while world.deliver_up(0) {}
    world.calm();
    world.say(0, "to all");
    world.pass(Duration::from_secs(60));
    assert_eq!(world.members[1].heard(), ["before", "to all"]);
    assert_eq!((gaps(&world, 1), alarms(&world, 1)), (1, 0));
}

#[test]
fn however_late_somebody_says_again_what_a_relay_forgot_nobody_takes_it_for_a_split() {
    for away in [80, 100, 3_600] {
        for mode in BOTH {
            let mut world = World::new(mode, if mode == RoomMode::OpenHistory { 35 } else { 0 });
            for name in ["Ann", "Bo", "Cy"] {
                world.join(name);
            }
            for round in 0..12 {
                world.say(round % 3, &format!("before {round}"));
                world.settle();
            }
            // Only Cy hears what Ann says last.
            world.members[1].has_network = false;
            world.cut(1);
            for word in 0..30 {
                world.say(0, &format!("late {word}"));
                world.settle();
            }
            world.members[0].has_network = false;
            world.relay.restart();
            for who in 0..3 {
                world.cut(who);
            }
            world.members[1].has_network = true;
            world.calm_but(0);
            for round in 0..12 {
                world.say(1 + round % 2, &format!("meanwhile {round}"));
                world.settle();
            }
            world.pass(Duration::from_secs(away - 25));
            world.members[0].has_network = true;
            world.wake(0);
            for round in 0..40 {
                for _ in 0..3 {
                    for who in 0..3 {
                        world.deliver_up(who);
                        world.deliver_down(who);
                    }
                }
                world.say(1 + round % 2, &format!("amid {round}"));
            }
            world.calm();
            for round in 0..15 {
                world.say(round % 3, &format!("after {round}"));
                world.pass(Duration::from_secs(30));
            }
            let late = |heard: &String| heard.starts_with("late");
            let heard = world.members[1].heard();
            assert_eq!(heard.iter().filter(|it| late(it)).count(), 30);
            for member in 0..3 {
                let diverged = |event: &Event| matches!(event, Event::Diverged { .. });
                let count = world.members[member].count(diverged);
                assert_eq!(count, 0, "{mode:?} {away} {member}");
            }
        }
    }
}

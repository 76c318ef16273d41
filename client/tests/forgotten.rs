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

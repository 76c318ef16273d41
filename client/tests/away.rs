//! Out of reach for a while: what was said meanwhile is read later, or counted as lost. Never silence.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use client::Event;
use crypto::wire::{Missed, RelayToClient, RoomMode};
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Ann, and Bo, whose connection has just broken.
fn alone(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    world.join("Ann");
    world.join("Bo");
    world.say(0, "before");
    world.settle();
    world.members[1].has_network = false;
    world.cut(1);
    world
}

fn gaps(world: &World, index: usize) -> Vec<Option<u32>> {
    let events = world.members[index].events.iter();
    let gap = |event: &Event| match event {
        Event::GapInHistory { count } => Some(*count),
        _ => None,
    };
    events.filter_map(gap).collect()
}

#[test]
fn whoever_is_away_for_less_than_two_minutes_reads_everything_later() {
    for mode in BOTH {
        let mut world = alone(mode);
        let bo = world.sid(1);
        for after in [20, 30, 30, 30] {
            world.pass(seconds(after));
            world.say(0, "meanwhile");
            world.settle();
        }
        assert!(
            world.members[0].events.contains(&Event::PersonLeft(bo)),
            "shown as gone after 45 seconds all the same"
        );
        world.calm();
        assert_eq!(world.members[1].heard()[1..], ["meanwhile"; 4]);
        assert_eq!(world.members[1].missing(), 0);
        assert_eq!(gaps(&world, 1), []);
        assert_eq!(world.members[0].people(), ["Bo"]);
    }
}

#[test]
fn private_words_wait_for_somebody_whose_seat_is_held() {
    let mut world = alone(RoomMode::ForwardSecret);
    world.pass(seconds(60));
    let local = world.say_to(0, 1, "for you");
    world.settle();
    assert!(world.members[0].sent().contains(&local));
    world.calm();
    assert_eq!(world.members[1].heard(), ["before", "for you"]);
}

#[test]
fn whoever_leaves_on_purpose_reads_nothing_later() {
    let mut world = World::new(RoomMode::ForwardSecret, 35);
    world.join("Ann");
    world.join("Bo");
    world.say(0, "before");
    world.settle();
    let before = epoch(&world);
    world.leave(1);
    world.say(0, "after");
    world.settle();
    assert_ne!(epoch(&world), before, "Bo has the chain of the earlier one");
}

/// Of the last message that Ann sent.
fn epoch(world: &World) -> u16 {
    let mut sent = world.members[0].events.iter().rev();
    sent.find_map(|event| match event {
        Event::Sent { id, .. } => Some(id.epoch.0),
        _ => None,
    })
    .unwrap()
}

#[test]
fn a_gap_is_counted_where_the_relay_can_count_it() {
    for (missed, count) in [(Missed::Messages(7), Some(7)), (Missed::Unknown, None)] {
        let mut world = alone(RoomMode::ForwardSecret);
        world.relay.tamper = Some(Box::new(move |_, frame| {
            let mut frame = frame;
            if let RelayToClient::Joined { missed: told, .. } = &mut frame {
                *told = missed;
            }
            vec![frame]
        }));
        world.calm();
        assert_eq!(gaps(&world, 1), [count]);
    }
}

#[test]
fn a_seat_that_was_given_up_meanwhile_is_a_gap() {
    let mut world = alone(RoomMode::ForwardSecret);
    world.pass(seconds(150));
    world.say(0, "unheard");
    world.settle();
    world.calm();
    assert_eq!(world.members[1].heard(), ["before"]);
    assert_eq!(gaps(&world, 1), [None]);
}

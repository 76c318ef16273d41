//! What waits to be announced gives way to what is newer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use client::Event;
use crypto::wire::{Keep, RoomMode};
use support::world::World;

fn two(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    world.join("Ann");
    world.join("Bo");
    world
}

fn hellos(world: &World) -> usize {
    let published = world.relay.published.iter();
    published
        .filter(|(_, _, keep, _)| *keep == Keep::Anchor)
        .count()
}

#[test]
fn of_several_names_that_wait_only_the_last_is_announced() {
    for mode in [RoomMode::ForwardSecret, RoomMode::OpenHistory] {
        let mut world = two(mode);
        let before = hellos(&world);
        world.relay.burst = Some(0);
        for name in ["Anna", "Annie", "Hannah", "Nan", "Annette"] {
            world.rename(0, name);
            world.settle();
        }
        assert_eq!(hellos(&world), before);
        world.relay.burst = None;
        world.pass(Duration::from_secs(10));
        assert_eq!(hellos(&world), before + 1);
        assert_eq!(world.members[1].people(), ["Annette"]);
        world.say(0, "still here");
        world.settle();
        assert_eq!(world.members[1].heard(), ["still here"]);
    }
}

#[test]
fn nobody_is_shown_typing_because_of_a_key_pressed_before_the_connection_broke() {
    let mut world = two(RoomMode::ForwardSecret);
    for who in [0, 1] {
        world.act(who, |session, now, rng| {
            session.share_signals(true, now, rng);
        });
        world.settle();
    }
    world.relay.swallow = 1;
    world.act(0, |session, now, rng| session.typing(None, now, rng));
    world.settle();
    world.members[0].has_network = false;
    world.cut(0);
    world.pass(Duration::from_secs(20));
    world.calm();
    let typing = |event: &Event| matches!(event, Event::Typing { .. });
    assert_eq!(world.members[1].count(typing), 0);
}

//! A relay that shows members different conversations, and does what it can to keep them from noticing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use client::Event;
use crypto::wire::{MemberId, Missed, RelayToClient, RoomMode};
use support::relay::Line;
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];
const ANN: usize = 0;
const BO: usize = 1;

/// Ann, Bo and Cy, in the middle of a conversation.
fn three(mode: RoomMode) -> World {
    let mut world = World::new(mode, if mode == RoomMode::OpenHistory { 35 } else { 0 });
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    for index in 0..12 {
        world.say(index % 3, &format!("{index}"));
        world.settle();
    }
    world
}

fn alarms(world: &World) -> usize {
    let diverged = |event: &Event| matches!(event, Event::Diverged { .. });
    let members = world.members.iter();
    members.map(|member| member.count(diverged)).sum()
}

fn seat(world: &World, index: usize) -> MemberId {
    let seats = world.relay.lines_of(world.members[index].session.room());
    let line = world.members[index].line.unwrap();
    seats.iter().find(|(other, _)| *other == line).unwrap().1
}

/// Everybody's connection breaks and is there again at once.
fn reconnect(world: &mut World) {
    for who in 0..3 {
        world.cut(who);
        world.wake(who);
    }
}

#[test]
fn a_relay_that_breaks_every_connection_over_and_over_does_not_silence_the_alarm() {
    for mode in BOTH {
        for reload in [false, true] {
            let mut world = three(mode);
            assert_eq!(alarms(&world), 0);
            let ann = seat(&world, ANN);
            // Bo never gets anything of Ann's; after every break the relay says that something is gone.
            let bo: Rc<Cell<Option<Line>>> = Rc::new(Cell::new(world.members[BO].line));
            let victim = Rc::clone(&bo);
            world.relay.tamper = Some(Box::new(move |line, frame| {
                let mut frame = frame;
                match &mut frame {
                    RelayToClient::Delivered { from, .. }
                        if *from == ann && Some(line) == victim.get() =>
                    {
                        return Vec::new();
                    }
                    RelayToClient::Joined { missed, .. } => *missed = Missed::Unknown,
                    _ => {}
                }
                vec![frame]
            }));
            for round in 0..25 {
                for who in 0..3 {
                    world.say(who, &format!("split {round} {who}"));
                    world.settle();
                }
                reconnect(&mut world);
                if reload {
                    world.reload(BO);
                }
                bo.set(world.members[BO].line);
                world.settle();
            }
            assert!(alarms(&world) > 0, "nobody noticed: {mode:?}, {reload}");
        }
    }
}

#[test]
fn long_absences_raise_no_alarm() {
    for mode in BOTH {
        let mut world = three(mode);
        for round in 0..8 {
            world.members[BO].has_network = false;
            world.cut(BO);
            world.pass(Duration::from_secs(150));
            for index in 0..5 {
                world.say(index % 2 * 2, &format!("unheard {round} {index}"));
                world.settle();
            }
            world.calm();
            for who in [0, 2, 1, 0, 1, 2] {
                world.say(who, &format!("heard {round} {who}"));
                world.settle();
            }
        }
        assert_eq!(alarms(&world), 0, "{mode:?}");
    }
}

#[test]
fn restarts_of_the_relay_raise_no_alarm() {
    for mode in BOTH {
        let mut world = three(mode);
        for round in 0..8 {
            world.relay.restart();
            reconnect(&mut world);
            world.say(round % 3, &format!("first {round}"));
            world.calm();
            for who in 0..3 {
                world.say(who, &format!("later {round} {who}"));
                world.settle();
            }
        }
        assert_eq!(alarms(&world), 0, "{mode:?}");
    }
}

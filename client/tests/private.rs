//! Words for one person, and the signs of life that members show each other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use client::{Body, Direction, Event, MessageId, NotSent, Text};
use crypto::wire::{ClientToRelay, RelayToClient, RoomMode};
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

/// Three members who have all spoken, so that no key is under way any more.
fn three(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    for name in ["Anna", "Bela", "Cleo"] {
        world.join(name);
    }
    for member in 0..3 {
        world.say(member, "hello");
        world.settle();
    }
    world.pass(Duration::from_secs(60));
    world
}

fn forget(world: &mut World) {
    for member in &mut world.members {
        member.events.clear();
    }
}

/// Everything that went over a member's socket, as far as the relay can tell: which way, which frames, how large, and
/// what stands in front of the envelope.
fn traffic(world: &World, member: usize) -> Vec<(Direction, usize, Vec<String>)> {
    let records = world.members[member].events.iter().filter_map(|event| {
        let Event::Wire(record) = event else {
            return None;
        };
        let frames = record.frames.iter().map(|frame| {
            let outside = match record.direction {
                Direction::ToRelay => match ClientToRelay::decode(&frame.frame).unwrap() {
                    ClientToRelay::Publish { keep, envelope, .. } => {
                        format!("{keep:?} {}", envelope.len())
                    }
                    _ => String::new(),
                },
                Direction::FromRelay => match RelayToClient::decode(&frame.frame).unwrap() {
                    RelayToClient::Delivered {
                        replayed, envelope, ..
                    } => format!("{replayed} {}", envelope.len()),
                    _ => String::new(),
                },
            };
            format!("{} {} {outside}", frame.label, frame.bytes)
        });
        Some((record.direction, record.record.len(), frames.collect()))
    });
    records.collect()
}

fn id_of(world: &World, member: usize) -> MessageId {
    let last = world.members[member].said();
    last.last().unwrap().id.unwrap()
}

#[test]
fn private_words_reach_one_person_and_nobody_else() {
    for mode in BOTH {
        let mut world = three(mode);
        forget(&mut world);
        world.say_to(0, 1, "only for you");
        world.settle();
        let bela = world.members[1].said();
        assert_eq!(bela.len(), 1);
        assert_eq!(bela[0].body, Body::text("only for you"));
        assert_eq!(bela[0].from, world.sid(0));
        assert_eq!(bela[0].to, Some(world.sid(1)));
        assert_eq!(world.members[0].sent().len(), 1);
        assert!(world.members[2].said().is_empty());
        let is_noise = |event: &Event| {
            matches!(
                event,
                Event::Unverifiable { .. } | Event::Missing { .. } | Event::Unsupported
            )
        };
        assert_eq!(world.members[2].count(is_noise), 0);
    }
}

#[test]
fn neither_the_relay_nor_a_third_member_can_tell_private_words_from_public_ones() {
    for mode in BOTH {
        for length in [1, 40, 300, 301, 500, 5_000, 16 * 1024] {
            let text = "a".repeat(length);
            let mut world = three(mode);
            forget(&mut world);
            world.say(0, &text);
            world.settle();
            let public = [0, 1, 2].map(|member| traffic(&world, member));
            assert!(!public[2].is_empty());

            let mut world = three(mode);
            forget(&mut world);
            world.say_to(0, 1, &text);
            world.settle();
            let private = [0, 1, 2].map(|member| traffic(&world, member));
            assert_eq!(private, public, "{length} bytes in {mode:?}");
        }
    }
}

#[test]
fn whoever_is_not_there_is_said_not_to_have_got_it_and_a_retry_works_once_they_are() {
    let mut world = three(RoomMode::ForwardSecret);
    world.members[1].has_network = false;
    world.cut(1);
    world.pass(Duration::from_secs(121));
    forget(&mut world);
    let local = world.say_to(0, 1, "are you there?");
    world.say(0, "this waits for nobody");
    world.settle();
    let why = NotSent::Absent;
    assert!(
        world.members[0]
            .events
            .contains(&Event::NotSent { local, why })
    );
    assert_eq!(world.members[2].heard(), ["this waits for nobody"]);

    world.calm();
    world.retry(0, local);
    world.settle();
    assert!(world.members[0].sent().contains(&local));
    assert_eq!(
        world.members[1].heard().last().map(String::as_str),
        Some("are you there?")
    );
    assert_eq!(world.members[2].heard().len(), 1);
}

#[test]
fn a_reload_does_not_make_private_words_public() {
    let mut world = three(RoomMode::ForwardSecret);
    world.members[0].has_network = false;
    world.cut(0);
    let local = world.say_to(0, 1, "written in the tunnel");
    forget(&mut world);
    world.reload(0);
    let again = world.members[0]
        .events
        .iter()
        .find_map(|event| match event {
            Event::Composed(message) if message.local == Some(local) => Some(message.to),
            _ => None,
        });
    assert_eq!(again, Some(Some(world.sid(1))));
    world.calm();
    assert_eq!(world.members[1].heard(), ["written in the tunnel"]);
    assert!(world.members[2].heard().is_empty());
}

#[test]
fn what_is_said_about_a_message_names_it_for_everybody() {
    let mut world = three(RoomMode::OpenHistory);
    forget(&mut world);
    world.say(0, "first");
    world.settle();
    let to = id_of(&world, 1);
    let reply = Body::Reply {
        to,
        text: Text::from("second"),
    };
    world.post(1, None, reply.clone());
    world.settle();
    let edit = Body::Edit {
        of: to,
        text: Text::from("First!"),
    };
    world.post(0, None, edit.clone());
    world.settle();
    let heard: Vec<_> = world.members[2]
        .said()
        .iter()
        .map(|said| said.body.clone())
        .collect();
    assert_eq!(heard, [Body::text("first"), reply, edit.clone()]);
    // Only the author's own session lets it through, and only the author's own signature is taken.
    let refused = world.act(1, |session, now, rng| session.post(edit, now, rng));
    assert!(refused.is_err());
}

fn typing(world: &World, member: usize) -> Vec<(bool, bool)> {
    let events = world.members[member].events.iter();
    events
        .filter_map(|event| match event {
            Event::Typing {
                is_typing, to_me, ..
            } => Some((*is_typing, *to_me)),
            _ => None,
        })
        .collect()
}

fn share(world: &mut World, member: usize) {
    world.act(member, |session, now, rng| {
        session.share_signals(true, now, rng)
    });
    world.settle();
}

fn publishes(world: &World, member: usize) -> usize {
    let frames = traffic(world, member)
        .into_iter()
        .flat_map(|(.., frames)| frames);
    frames.filter(|frame| frame.starts_with("Publish")).count()
}

#[test]
fn typing_is_shown_between_those_who_both_chose_it_and_nobody_else_learns_anything() {
    for mode in BOTH {
        let mut world = three(mode);
        share(&mut world, 0);
        forget(&mut world);
        world.act(0, |session, now, rng| session.typing(None, now, rng));
        world.settle();
        assert_eq!(publishes(&world, 0), 0, "there is nobody to tell");

        share(&mut world, 1);
        forget(&mut world);
        world.pass(Duration::from_secs(5));
        world.act(0, |session, now, rng| session.typing(None, now, rng));
        world.act(2, |session, now, rng| session.typing(None, now, rng));
        world.settle();
        assert_eq!(typing(&world, 1), [(true, false)]);
        assert!(typing(&world, 0).is_empty() && typing(&world, 2).is_empty());
        assert_eq!(publishes(&world, 2), 0, "it is off for Cleo");

        world.act(0, |session, now, rng| session.typing(None, now, rng));
        world.settle();
        assert_eq!(publishes(&world, 0), 1, "every key is not worth a frame");
        world.pass(Duration::from_secs(11));
        assert_eq!(typing(&world, 1).last(), Some(&(false, false)));
    }
}

#[test]
fn a_sign_of_life_is_as_small_as_the_shortest_message() {
    let mut world = three(RoomMode::ForwardSecret);
    for member in 0..3 {
        share(&mut world, member);
    }
    forget(&mut world);
    world.say(0, "a");
    world.settle();
    let size = |world: &World| traffic(world, 2)[0].1;
    let message = size(&world);
    forget(&mut world);
    world.act(0, |session, now, rng| session.typing(None, now, rng));
    world.settle();
    assert_eq!(size(&world), message);
    forget(&mut world);
    let up_to = MessageId {
        sid: world.sid(1),
        epoch: crypto::wire::Epoch(1),
        generation: crypto::wire::Generation(0),
    };
    world.act(0, |session, now, rng| session.seen(up_to, false, now, rng));
    world.settle();
    assert_eq!(size(&world), message);
    let sid = world.sid(0);
    assert!(
        world.members[1]
            .events
            .contains(&Event::Seen { sid, up_to })
    );
}

#[test]
fn typing_for_one_person_is_told_to_nobody_else() {
    let mut world = three(RoomMode::ForwardSecret);
    for member in 0..3 {
        share(&mut world, member);
    }
    forget(&mut world);
    let to = Some(world.sid(1));
    world.act(0, |session, now, rng| session.typing(to, now, rng));
    world.settle();
    assert_eq!(typing(&world, 1), [(true, true)]);
    assert!(typing(&world, 2).is_empty());
    world.act(0, |session, now, rng| session.stopped_typing(now, rng));
    world.settle();
    assert_eq!(typing(&world, 1), [(true, true), (false, false)]);
}

#[test]
fn whoever_switches_it_off_is_neither_shown_nor_told_anything_more() {
    let mut world = three(RoomMode::ForwardSecret);
    for member in 0..2 {
        share(&mut world, member);
    }
    world.act(1, |session, now, rng| {
        session.share_signals(false, now, rng)
    });
    world.settle();
    forget(&mut world);
    world.act(0, |session, now, rng| session.typing(None, now, rng));
    world.act(1, |session, now, rng| session.typing(None, now, rng));
    world.settle();
    assert_eq!(publishes(&world, 0) + publishes(&world, 1), 0);
}

#[test]
fn a_newcomer_and_a_reloaded_tab_learn_who_shows_theirs() {
    let mut world = three(RoomMode::ForwardSecret);
    share(&mut world, 0);
    let dora = world.join("Dora");
    share(&mut world, dora);
    world.reload(0);
    world.settle();
    share(&mut world, 0);
    world.pass(Duration::from_secs(15));
    forget(&mut world);
    for (from, to) in [(0, dora), (dora, 0)] {
        world.act(from, |session, now, rng| session.typing(None, now, rng));
        world.settle();
        assert_eq!(typing(&world, to), [(true, false)], "{from} to {to}");
    }
}

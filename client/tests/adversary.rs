//! A relay that lies. Whatever it does with the bytes it is given, nobody is shown what was not signed for this room by
//! its sender, nobody is shown anything twice, and what is kept from people is reported to them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use client::{End, Event, Status};
use crypto::room::RoomKeys;
use crypto::tunnel::{Fingerprint, Pin};
use crypto::wire::{
    CloseCode, Keep, MemberId, RelayToClient, RoomId, RoomMode, RoomState, Seq, TimeLeft,
};
use proptest::prelude::*;
use support::relay::Line;
use support::tunnel::spki;
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

/// The time at which every world begins.
const START: Duration = Duration::from_secs(1_800_000_000);

fn room(world: &World) -> RoomId {
    RoomKeys::from_bytes(&world.root).room_id()
}

fn two(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    world.join("Ann");
    world.join("Bo");
    world
}

fn line(world: &World, index: usize) -> Line {
    world.members[index].line.unwrap()
}

/// Puts an envelope into somebody's socket.
fn plant(world: &mut World, to: usize, seq: u64, from: MemberId, envelope: Vec<u8>) {
    let line = line(world, to);
    world.relay.say(
        line,
        RelayToClient::Delivered {
            seq: Seq(seq),
            from,
            replayed: false,
            envelope,
        },
    );
    world.settle();
}

#[test]
fn envelopes_played_again_are_shown_once() {
    for mode in BOTH {
        let mut world = two(mode);
        for index in 0..5 {
            world.say(0, &format!("{index}"));
            world.settle();
        }
        let published = world.relay.published.clone();
        for (at, (_, from, _, envelope)) in published.into_iter().enumerate() {
            plant(&mut world, 1, 100 + at as u64, from, envelope.clone());
            plant(&mut world, 1, 200 + at as u64, MemberId([9; 16]), envelope);
        }
        world.say(0, "5");
        world.settle();
        assert_eq!(world.members[1].heard(), ["0", "1", "2", "3", "4", "5"]);
    }
}

#[test]
fn a_whole_conversation_played_again_after_a_reload_is_not_shown_again() {
    for mode in BOTH {
        let mut world = two(mode);
        for index in 0..3 {
            world.say(0, &format!("{index}"));
            world.settle();
        }
        world.reload(1);
        world.settle();
        let published = world.relay.published.clone();
        for (at, (_, from, _, envelope)) in published.into_iter().enumerate() {
            plant(&mut world, 1, 100 + at as u64, from, envelope);
        }
        assert_eq!(world.members[1].heard(), ["0", "1", "2"]);
    }
}

#[test]
fn changed_bytes_are_dropped_and_counted() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(0, "real");
        world.settle();
        let (_, from, _, envelope) = world.relay.published.last().unwrap().clone();
        for at in (0..envelope.len()).step_by(37) {
            let mut changed = envelope.clone();
            changed[at] ^= 1;
            plant(&mut world, 1, 100 + at as u64, from, changed);
        }
        for length in [0, 1, 24, 56, 100, envelope.len() - 1] {
            plant(
                &mut world,
                1,
                1_000 + length as u64,
                from,
                envelope[..length].to_vec(),
            );
        }
        assert_eq!(world.members[1].heard(), ["real"]);
        let counted =
            world.members[1].count(|event| matches!(event, Event::Unverifiable { count: 1 }));
        assert_eq!(counted, envelope.len().div_ceil(37) + 6);
        world.say(0, "still here");
        world.settle();
        assert_eq!(world.members[1].heard(), ["real", "still here"]);
    }
}

#[test]
fn envelopes_of_another_room_are_not_from_this_one() {
    let mut world = two(RoomMode::OpenHistory);
    let mut other = two(RoomMode::OpenHistory);
    other.root = [7; 64];
    other.members.clear();
    other.join("Ann");
    other.say(0, "elsewhere");
    other.settle();
    for (at, (_, _, _, envelope)) in other.relay.published.clone().into_iter().enumerate() {
        let from = world.relay.published[0].1;
        plant(&mut world, 1, 100 + at as u64, from, envelope);
    }
    assert!(world.members[1].heard().is_empty());
    assert_eq!(world.members[1].people(), ["Ann"]);
    assert!(world.members[1].count(|event| matches!(event, Event::Unverifiable { .. })) > 0);
}

#[test]
fn the_seat_that_the_relay_names_makes_nobody_an_author() {
    let mut world = two(RoomMode::ForwardSecret);
    world.join("Cy");
    world.relay.tamper = Some(Box::new(|_, frame| {
        vec![match frame {
            RelayToClient::Delivered {
                seq,
                replayed,
                envelope,
                ..
            } => RelayToClient::Delivered {
                seq,
                from: MemberId([0xAB; 16]),
                replayed,
                envelope,
            },
            other => other,
        }]
    }));
    world.say(0, "mine");
    world.settle();
    let ann = world.sid(0);
    let said = world.members[2].said();
    assert_eq!(said.len(), 1);
    assert_eq!((said[0].from, said[0].name.as_str()), (ann, "Ann"));
}

#[test]
fn a_dropped_message_is_reported_as_missing() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(0, "one");
        world.settle();
        let victim = line(&world, 1);
        let mut armed = true;
        world.relay.tamper = Some(Box::new(move |line, frame| {
            let is_it = line == victim && matches!(frame, RelayToClient::Delivered { .. });
            if is_it && std::mem::take(&mut armed) {
                Vec::new()
            } else {
                vec![frame]
            }
        }));
        world.say(0, "two");
        world.say(0, "three");
        world.settle();
        assert_eq!(world.members[1].heard(), ["one", "three"]);
        world.pass(Duration::from_secs(310));
        assert_eq!(world.members[1].missing(), 1);
    }
}

#[test]
fn a_dropped_chain_key_is_reported_and_asked_for_again() {
    let mut world = two(RoomMode::ForwardSecret);
    let victim = line(&world, 1);
    let mut armed = true;
    world.relay.tamper = Some(Box::new(move |line, frame| {
        let is_it = line == victim && matches!(frame, RelayToClient::Delivered { .. });
        if is_it && std::mem::take(&mut armed) {
            Vec::new()
        } else {
            vec![frame]
        }
    }));
    // The announcement is the first envelope of the two.
    world.say(0, "unreadable");
    world.settle();
    assert!(world.members[1].heard().is_empty());
    world.pass(Duration::from_secs(31));
    assert!(
        world.members[1]
            .events
            .contains(&Event::Unopened { count: 1 })
    );
    world.say(0, "readable");
    world.settle();
    assert_eq!(world.members[1].heard(), ["readable"]);
}

#[test]
fn members_who_are_shown_different_conversations_are_told() {
    for mode in BOTH {
        let mut world = two(mode);
        world.join("Cy");
        for index in 0..12 {
            world.say(index % 3, &format!("{index}"));
            world.settle();
        }
        let alarms = |world: &World| -> usize {
            world
                .members
                .iter()
                .map(|member| member.count(|event| matches!(event, Event::Diverged { .. })))
                .sum()
        };
        assert_eq!(alarms(&world), 0);
        // From now on Bo never gets anything of Ann's.
        let bo = line(&world, 1);
        let ann = Rc::new(RefCell::new(None));
        let seat = world
            .relay
            .lines_of(room(&world))
            .into_iter()
            .find(|(line, _)| *line == world.members[0].line.unwrap());
        *ann.borrow_mut() = seat.map(|(_, member)| member);
        world.relay.tamper = Some(Box::new(move |line, frame| match frame {
            RelayToClient::Delivered { from, .. } if line == bo && Some(from) == *ann.borrow() => {
                Vec::new()
            }
            other => vec![other],
        }));
        for index in 0..18 {
            world.say(index % 3, &format!("split {index}"));
            world.settle();
        }
        assert!(alarms(&world) > 0, "nobody noticed");
    }
}

/// Three people, eighteen messages, and a relay that keeps Ann's from Bo and lies about numbers. How many alarms.
fn alarms_of_a_split(
    mode: RoomMode,
    mut lie: impl FnMut(RelayToClient) -> RelayToClient + 'static,
) -> usize {
    let mut world = World::new(mode, 35);
    let is_split = Rc::new(RefCell::new(None));
    let split = Rc::clone(&is_split);
    world.relay.tamper = Some(Box::new(move |line, frame| match frame {
        RelayToClient::Delivered { from, .. } if Some((line, from)) == *split.borrow() => {
            Vec::new()
        }
        other => vec![lie(other)],
    }));
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    let alarms = |world: &World| -> usize {
        let diverged = |event: &Event| matches!(event, Event::Diverged { .. });
        world
            .members
            .iter()
            .map(|member| member.count(diverged))
            .sum()
    };
    for index in 0..12 {
        world.say(index % 3, &format!("{index}"));
        world.settle();
    }
    assert_eq!(alarms(&world), 0, "an alarm without a cause");
    let (ann, bo) = (line(&world, 0), line(&world, 1));
    let seats = world.relay.lines_of(room(&world));
    let seat = seats.iter().find(|(line, _)| *line == ann).unwrap().1;
    *is_split.borrow_mut() = Some((bo, seat));
    for index in 0..18 {
        world.say(index % 3, &format!("split {index}"));
        world.settle();
    }
    alarms(&world)
}

#[test]
fn a_relay_that_names_an_endless_head_does_not_silence_the_alarm() {
    for mode in BOTH {
        let alarms = alarms_of_a_split(mode, |frame| match frame {
            RelayToClient::CaughtUp { .. } => RelayToClient::CaughtUp {
                head: Seq(u64::MAX),
            },
            other => other,
        });
        assert!(alarms > 0, "nobody noticed");
    }
}

#[test]
fn a_relay_that_counts_downwards_does_not_silence_the_alarm() {
    for mode in BOTH {
        let mut next = u64::MAX;
        let alarms = alarms_of_a_split(mode, move |frame| match frame {
            RelayToClient::Delivered {
                from,
                replayed,
                envelope,
                ..
            } => {
                next -= 1;
                RelayToClient::Delivered {
                    seq: Seq(next),
                    from,
                    replayed,
                    envelope,
                }
            }
            RelayToClient::Accepted { local, .. } => {
                next -= 1;
                RelayToClient::Accepted {
                    local,
                    seq: Seq(next),
                }
            }
            other => other,
        });
        assert!(alarms > 0, "nobody noticed");
    }
}

/// What any member can make: rubbish in an envelope that bears another's name.
fn forged(world: &World, id: client::MessageId) -> Vec<u8> {
    let root = hkdf::Hkdf::<sha2::Sha512>::from_prk(&world.root).unwrap();
    let mut key = [0; 32];
    root.expand(b"roomkey/1 room-key", &mut key).unwrap();
    let context = [b"roomkey/1 env", &room(world).0[..]].concat();
    let mut plaintext = vec![1, 2];
    plaintext.extend_from_slice(&id.sid.0);
    plaintext.extend_from_slice(&id.epoch.0.to_be_bytes());
    plaintext.extend_from_slice(&id.generation.0.to_be_bytes());
    plaintext.resize(crypto::wire::envelope::bucket(200), 7);
    let mut rng = support::rng::TestRng::seeded(id.generation.0.into());
    crypto::cobblestone::seal(&key, &context, &plaintext, &mut rng)
}

fn last_sent(world: &World, index: usize) -> client::MessageId {
    let sent = world.members[index].events.iter().rev();
    let ids = sent.filter_map(|event| match event {
        Event::Sent { id, .. } => Some(*id),
        _ => None,
    });
    ids.into_iter().next().unwrap()
}

#[test]
fn a_message_whose_key_never_comes_is_nobodys_fault() {
    let mut world = two(RoomMode::ForwardSecret);
    world.say(0, "genuine");
    world.settle();
    let mut claimed = last_sent(&world, 0);
    claimed.epoch.0 += 7;
    let forged = forged(&world, claimed);
    plant(&mut world, 1, 50, MemberId([9; 16]), forged);
    world.pass(Duration::from_secs(31));
    let told = &world.members[1].events;
    assert!(told.contains(&Event::Unopened { count: 1 }));
    let blames = |event: &Event| matches!(event, Event::Missing { .. });
    assert_eq!(world.members[1].count(blames), 0);
}

#[test]
fn an_envelope_that_only_bears_our_name_takes_no_letter_out_of_the_outbox() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(0, "one");
        world.settle();
        let mut next = last_sent(&world, 0);
        next.generation.0 += 1;
        world.relay.swallow = 1;
        let local = world.say(0, "two");
        world.settle();
        let forged = forged(&world, next);
        plant(&mut world, 0, 50, MemberId([9; 16]), forged);
        assert!(!world.members[0].sent().contains(&local), "it is not sent");
        assert_eq!(
            world.members[0].count(|event| matches!(event, Event::Unverifiable { .. })),
            1
        );
        world.pass(Duration::from_secs(10));
        assert!(world.members[0].sent().contains(&local));
        assert_eq!(world.members[1].heard(), ["one", "two"]);
    }
}

#[test]
fn whoever_is_away_for_as_long_as_a_seat_lasts_is_given_no_keys_even_if_theirs_never_ends() {
    let mut world = two(RoomMode::ForwardSecret);
    world.relay.grace = Duration::from_secs(1_000_000);
    world.say(0, "for two");
    world.settle();
    let before = last_sent(&world, 0);
    world.members[1].has_network = false;
    world.cut(1);
    world.pass(Duration::from_secs(121));
    let bo = world.sid(1);
    assert!(world.members[0].events.contains(&Event::PersonLeft(bo)));
    world.say(0, "for nobody");
    world.settle();
    assert_ne!(
        last_sent(&world, 0).epoch,
        before.epoch,
        "Bo has the key of that chain"
    );
    world.members[1].has_network = true;
    world.wake(1);
    world.pass(Duration::from_secs(40));
    world.say(0, "for two again");
    world.settle();
    assert_eq!(world.members[1].heard(), ["for two", "for two again"]);
    assert!(
        world.members[1].missing() > 0,
        "what was not for Bo is reported"
    );
}

/// Hellos of people who are not in this world, as one member could make them up by the thousand.
fn made_up(mode: RoomMode, count: u64) -> Vec<Vec<u8>> {
    let keys = RoomKeys::from_bytes(&[42; 64]);
    let one = |seed| {
        let mut rng = support::rng::TestRng::seeded(1_000_000 + seed);
        let me = crypto::identity::Identity::generate(&mut rng);
        let sender = crypto::sender::SenderKey::new(mode, Duration::ZERO, &mut rng);
        let introduction = crypto::hello::Introduction {
            revision: 1,
            sent_at: Duration::from_secs(1_800_000_000),
            mode,
            name: format!("Ghost {seed}"),
            bot: None,
            voucher: None,
            control_key: None,
            own_control: None,
            charter: Vec::new(),
        };
        sender
            .seal_hello(&keys, &me, &introduction, &mut rng)
            .unwrap()
            .envelope
    };
    (0..count).map(one).collect()
}

#[test]
fn a_seat_holds_one_person_and_no_ghost_outlives_it() {
    for mode in BOTH {
        let mut world = two(mode);
        let (ghost, bo) = (MemberId([5; 16]), world.relay.lines_of(room(&world)));
        let bo_seat = bo
            .iter()
            .find(|(line, _)| Some(*line) == world.members[1].line)
            .unwrap()
            .1;
        let ann = line(&world, 0);
        world
            .relay
            .say(ann, RelayToClient::Arrived { member: ghost });
        let hellos = made_up(mode, 6);
        for (at, hello) in hellos.iter().enumerate() {
            let from = if at < 3 { ghost } else { bo_seat };
            plant(&mut world, 0, 100 + at as u64, from, hello.clone());
        }
        assert_eq!(world.members[0].people(), ["Bo", "Ghost 0"]);
        assert_eq!(
            world.members[0].count(|event| matches!(event, Event::Unverifiable { .. })),
            5
        );
        world
            .relay
            .say(ann, RelayToClient::Departed { member: ghost });
        world.settle();
        assert_eq!(world.members[0].people(), ["Bo"]);
        // The seat is given up, and still nobody else's.
        plant(&mut world, 0, 200, ghost, hellos[1].clone());
        world
            .relay
            .say(ann, RelayToClient::Arrived { member: ghost });
        plant(&mut world, 0, 201, ghost, hellos[1].clone());
        assert_eq!(world.members[0].people(), ["Bo"]);
    }
}

#[test]
fn somebody_who_says_hello_over_and_over_is_not_answered_each_time() {
    let mut world = two(RoomMode::ForwardSecret);
    let seat = MemberId([5; 16]);
    let ann = line(&world, 0);
    world
        .relay
        .say(ann, RelayToClient::Arrived { member: seat });
    world.say(0, "spoken lately");
    world.settle();
    let keys = RoomKeys::from_bytes(&world.root);
    let mut rng = support::rng::TestRng::seeded(77);
    let me = crypto::identity::Identity::generate(&mut rng);
    let sender = crypto::sender::SenderKey::new(RoomMode::ForwardSecret, Duration::ZERO, &mut rng);
    let before = world.relay.published.len();
    for revision in 1..=20 {
        let introduction = crypto::hello::Introduction {
            revision,
            sent_at: world.now.wall,
            mode: RoomMode::ForwardSecret,
            name: "Eve".to_owned(),
            bot: None,
            voucher: None,
            control_key: None,
            own_control: None,
            charter: Vec::new(),
        };
        let hello = sender
            .seal_hello(&keys, &me, &introduction, &mut rng)
            .unwrap();
        plant(
            &mut world,
            0,
            100 + u64::from(revision),
            seat,
            hello.envelope,
        );
    }
    assert_eq!(world.relay.published.len(), before + 1);
    world.pass(Duration::from_secs(15));
    assert_eq!(world.relay.published.len(), before + 2);
}

#[test]
fn a_hello_of_somebody_who_left_brings_nobody_back() {
    for mode in BOTH {
        let mut world = two(mode);
        let cy = world.join("Cy");
        world.say(0, "to all");
        world.settle();
        let hellos: Vec<_> = world
            .relay
            .published
            .iter()
            .filter(|(_, _, keep, _)| *keep == Keep::Anchor)
            .cloned()
            .collect();
        let seat = hellos.last().unwrap().1;
        world.leave(cy);
        assert_eq!(world.members[0].people(), ["Bo"]);
        let ann = line(&world, 0);
        world
            .relay
            .say(ann, RelayToClient::Arrived { member: seat });
        for (at, (_, from, _, envelope)) in hellos.into_iter().enumerate() {
            plant(&mut world, 0, 100 + at as u64, from, envelope);
        }
        assert_eq!(world.members[0].people(), ["Bo"]);
    }
}

#[test]
fn somebody_who_left_reads_nothing_later_even_if_the_relay_goes_on_delivering() {
    let mut world = two(RoomMode::ForwardSecret);
    let cy = world.join("Cy");
    world.say(0, "for three");
    world.settle();
    assert_eq!(world.members[cy].heard(), ["for three"]);
    // Cy's connection breaks for good; the relay tells the others that Cy left and keeps feeding Cy's session.
    let lines = world.relay.lines_of(room(&world));
    let seat = lines
        .iter()
        .find(|(line, _)| Some(*line) == world.members[cy].line)
        .unwrap()
        .1;
    for index in 0..2 {
        let line = line(&world, index);
        world
            .relay
            .say(line, RelayToClient::Departed { member: seat });
    }
    world.settle();
    world.say(0, "for two");
    world.say(1, "me too");
    world.settle();
    assert_eq!(world.members[1].heard(), ["for three", "for two"]);
    assert_eq!(world.members[cy].heard(), ["for three"]);
}

#[test]
fn an_open_room_shows_a_newcomer_exactly_the_last_ones() {
    for history in [0u16, 35, 200] {
        let mut world = World::new(RoomMode::OpenHistory, history);
        world.join("Ann");
        world.join("Bo");
        for index in 0..320 {
            world.say(index % 2, &format!("{index}"));
            world.settle();
            if index == 290 {
                world.rename(0, "Anna");
            }
        }
        world.leave(1);
        let cy = world.join("Cy");
        let expected: Vec<_> = (320 - usize::from(history)..320)
            .map(|index| index.to_string())
            .collect();
        assert_eq!(world.members[cy].heard(), expected);
        assert!(
            world.members[cy]
                .said()
                .iter()
                .all(|message| message.replayed)
        );
        assert_eq!(
            world.members[cy].people(),
            ["Anna"],
            "authors who left are no people"
        );
        assert_eq!(world.members[cy].missing(), 0);
        world.pass(Duration::from_secs(400));
        assert_eq!(world.members[cy].missing(), 0);
    }
}

#[test]
fn a_forward_secret_newcomer_reads_nothing_from_before() {
    let mut world = two(RoomMode::ForwardSecret);
    for index in 0..4 {
        world.say(index % 2, &format!("old {index}"));
        world.settle();
    }
    let old = world.relay.published.clone();
    let cy = world.join("Cy");
    world.say(0, "new");
    world.settle();
    // The relay has kept what it should not have kept, and shows it now.
    for (at, (_, from, _, envelope)) in old.into_iter().enumerate() {
        plant(&mut world, cy, 100 + at as u64, from, envelope);
    }
    world.pass(Duration::from_secs(60));
    assert_eq!(world.members[cy].heard(), ["new"]);
}

#[test]
fn the_kind_of_room_cannot_be_lied_about() {
    // To a newcomer, by a relay that would like a history to keep.
    let mut world = two(RoomMode::ForwardSecret);
    world.relay.tamper = Some(Box::new(|_, frame| {
        vec![match frame {
            RelayToClient::Looked {
                state,
                members,
                history,
                time_left,
                ..
            } => RelayToClient::Looked {
                state,
                members,
                mode: RoomMode::OpenHistory,
                history,
                time_left,
            },
            RelayToClient::Joined {
                member,
                token,
                outcome,
                history,
                time_left,
                members,
                head,
                missed,
                ..
            } => {
                let mode = RoomMode::OpenHistory;
                RelayToClient::Joined {
                    member,
                    token,
                    outcome,
                    mode,
                    history,
                    time_left,
                    members,
                    head,
                    missed,
                }
            }
            other => other,
        }]
    }));
    let config = client::Config {
        accepts_any_mode: true,
        ..world.config("Cy")
    };
    let cy = world.add_with(config);
    world.settle();
    assert_eq!(
        *world.members[cy].status(),
        Status::Ended(End::ModeDisputed)
    );
    assert!(world.members[cy].count(|event| matches!(event, Event::RoomModeDisputed { .. })) > 0);

    // Between the door and the seat.
    let mut world = World::new(RoomMode::OpenHistory, 35);
    world.relay.tamper = Some(Box::new(|_, frame| {
        vec![match frame {
            RelayToClient::Looked { .. } => RelayToClient::Looked {
                state: RoomState::Open,
                members: 1,
                mode: RoomMode::ForwardSecret,
                history: 0,
                time_left: TimeLeft::UntilEmpty,
            },
            other => other,
        }]
    }));
    let ann = world.join("Ann");
    assert_eq!(
        *world.members[ann].status(),
        Status::Ended(End::ModeDisputed)
    );
}

/// What becomes of somebody who asks for a room that forgets, when there is one that keeps.
fn arrives_in_a_keeping_room(looks_empty: bool, accepts_any_mode: bool) -> Status {
    let mut world = World::new(RoomMode::OpenHistory, 200);
    world.join("Eve");
    if looks_empty {
        world.relay.tamper = Some(Box::new(|_, frame| {
            vec![match frame {
                RelayToClient::Looked { .. } => RelayToClient::Looked {
                    state: RoomState::Empty,
                    members: 0,
                    mode: RoomMode::ForwardSecret,
                    history: 0,
                    time_left: TimeLeft::UntilEmpty,
                },
                other => other,
            }]
        }));
    }
    world.mode = RoomMode::ForwardSecret;
    let config = client::Config {
        accepts_any_mode,
        ..world.config("Ann")
    };
    let ann = world.add_with(config);
    world.settle();
    if !accepts_any_mode {
        assert!(
            !world.members[ann]
                .events
                .iter()
                .any(|event| matches!(event, Event::Entered { .. }))
        );
    }
    world.members[ann].status().clone()
}

#[test]
fn nobody_is_put_into_a_room_that_keeps_after_asking_for_one_that_forgets() {
    for looks_empty in [false, true] {
        let disputed = Status::Ended(End::ModeDisputed);
        assert_eq!(arrives_in_a_keeping_room(looks_empty, false), disputed);
        assert_eq!(arrives_in_a_keeping_room(looks_empty, true), Status::Online);
    }
}

#[test]
fn a_member_in_another_kind_of_room_gets_no_keys() {
    let mut world = two(RoomMode::ForwardSecret);
    // A second relay put somebody into an open room of the same name; now its envelopes turn up here.
    let mut other = World::new(RoomMode::OpenHistory, 200);
    other.join("Eve");
    other.say(0, "psst");
    other.settle();
    for (at, (_, from, _, envelope)) in other.relay.published.clone().into_iter().enumerate() {
        let ann = line(&world, 0);
        world
            .relay
            .say(ann, RelayToClient::Arrived { member: from });
        plant(&mut world, 0, 100 + at as u64, from, envelope);
    }
    assert!(world.members[0].heard().is_empty());
    assert_eq!(world.members[0].people(), ["Bo"]);
    assert_eq!(
        world.members[0].count(|event| matches!(event, Event::RoomModeDisputed { .. })),
        1
    );
    assert!(
        world.members[0].is_online(),
        "one member alone cannot end it for the others"
    );
}

#[test]
fn another_relay_key_stops_everything_until_somebody_trusts_it() {
    let mut world = World::new(RoomMode::ForwardSecret, 0);
    let expected = Fingerprint::of_spki(b"the relay we know");
    let found = Fingerprint::of_spki(&spki());
    let config = client::Config {
        pin: Pin::Known(expected),
        ..world.config("Ann")
    };
    let ann = world.add_with(config);
    world.settle();
    assert_eq!(
        *world.members[ann].status(),
        Status::Ended(End::WrongRelayKey)
    );
    assert!(
        world.members[ann]
            .events
            .contains(&Event::RelayKeyChanged { expected, found })
    );
    world.pass(Duration::from_secs(60));
    assert!(!world.members[ann].is_online());
    world.members[ann].session.trust_new_key(found);
    world.settle();
    assert!(world.members[ann].is_online());
    assert_eq!(world.members[ann].session.fingerprint(), Some(found));
}

#[test]
fn another_salt_or_version_ends_it_with_the_cause() {
    for (change, end) in [
        (
            Box::new(|world: &mut World| world.relay.salt = [9; 16]) as Box<dyn Fn(&mut World)>,
            End::SaltChanged,
        ),
        (
            Box::new(|world: &mut World| world.relay.version = 0),
            End::RelayTooOld,
        ),
        (
            Box::new(|world: &mut World| world.relay.version = 2),
            End::RelayTooNew,
        ),
    ] {
        let mut world = World::new(RoomMode::ForwardSecret, 0);
        change(&mut world);
        let ann = world.join("Ann");
        assert_eq!(*world.members[ann].status(), Status::Ended(end));
        assert_eq!(world.members[ann].session.deadline(), None);
    }
}

#[test]
fn final_close_codes_end_it_and_what_waits_is_said_to_be_unsent() {
    for (code, end) in [
        (CloseCode::Expired, End::Expired),
        (
            CloseCode::Purged,
            End::Purged {
                by: None,
                at: START,
            },
        ),
        (CloseCode::Removed, End::Removed { by: None }),
        (CloseCode::Replaced, End::Replaced),
        (CloseCode::Version, End::RelayTooNew),
    ] {
        let mut world = two(RoomMode::ForwardSecret);
        let ann = line(&world, 0);
        let local = world.say(0, "too late");
        world.relay.close(ann, code);
        world.deliver_down(0);
        assert_eq!(*world.members[0].status(), Status::Ended(end));
        let not_sent = Event::NotSent {
            local,
            why: client::NotSent::Ended,
        };
        assert!(world.members[0].events.contains(&not_sent));
    }
}

#[test]
fn a_duplicated_tab_ends_the_older_one() {
    let mut world = two(RoomMode::ForwardSecret);
    let frozen = {
        let member = &mut world.members[0];
        member.session.freeze(world.now, &mut member.rng)
    };
    let copy = world.add("placeholder");
    world.settle();
    world.cut(copy);
    world.revive(copy, &frozen);
    world.settle();
    assert_eq!(*world.members[0].status(), Status::Ended(End::Replaced));
    assert!(world.members[copy].is_online());
}

#[test]
fn no_two_lives_of_a_session_seal_under_one_name() {
    for mode in BOTH {
        let mut world = two(mode);
        let frozen = {
            let member = &mut world.members[0];
            member.session.freeze(world.now, &mut member.rng)
        };
        for life in 0..4 {
            for index in 0..3 {
                world.say(0, &format!("{life} {index}"));
                world.settle();
            }
            if life % 2 == 0 {
                world.reload(0);
            } else {
                world.cut(0);
                world.revive(0, &frozen);
            }
            world.pass(Duration::from_secs(3));
        }
        let mut ids: Vec<_> = world.members[0]
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Sent { id, .. } => Some(*id),
                _ => None,
            })
            .collect();
        let sent = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), sent), (12, 12));
    }
}

/// What a lying relay does with one frame.
#[derive(Clone, Copy, Debug)]
enum Lie {
    Pass,
    Drop,
    Twice,
    Hold,
    Release,
    Relabel,
    Flip,
    Truncate,
    OldOne,
}

fn lie() -> impl Strategy<Value = Lie> {
    prop_oneof![
        10 => Just(Lie::Pass),
        1 => Just(Lie::Drop),
        1 => Just(Lie::Twice),
        1 => Just(Lie::Hold),
        2 => Just(Lie::Release),
        1 => Just(Lie::Relabel),
        1 => Just(Lie::Flip),
        1 => Just(Lie::Truncate),
        1 => Just(Lie::OldOne),
    ]
}

fn lying(lies: Vec<Lie>) -> support::relay::Tamper {
    let mut turn = 0;
    let mut held: Vec<(Line, RelayToClient)> = Vec::new();
    let mut old: Vec<Vec<u8>> = Vec::new();
    Box::new(move |line, frame| {
        let RelayToClient::Delivered {
            seq,
            from,
            replayed,
            envelope,
        } = frame
        else {
            return vec![frame];
        };
        turn += 1;
        old.push(envelope.clone());
        let again = |envelope| RelayToClient::Delivered {
            seq,
            from,
            replayed,
            envelope,
        };
        match lies[turn % lies.len()] {
            Lie::Pass => vec![again(envelope)],
            Lie::Drop => Vec::new(),
            Lie::Twice => vec![again(envelope.clone()), again(envelope)],
            Lie::Hold => {
                held.push((line, again(envelope)));
                Vec::new()
            }
            Lie::Release => {
                let mut out = vec![again(envelope)];
                out.extend(held.drain(..).rev().map(|(_, frame)| frame));
                out
            }
            Lie::Relabel => {
                vec![RelayToClient::Delivered {
                    seq: Seq(seq.0 / 2),
                    from: MemberId([1; 16]),
                    replayed: true,
                    envelope,
                }]
            }
            Lie::Flip => {
                let mut envelope = envelope;
                let at = turn * 131 % envelope.len();
                envelope[at] ^= 0x10;
                vec![again(envelope)]
            }
            Lie::Truncate => vec![again(envelope[..envelope.len() * (turn % 7) / 7].to_vec())],
            Lie::OldOne => {
                let older = old[turn * 7 % old.len()].clone();
                vec![again(older), again(envelope)]
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_relay_does_only_what_was_said_is_shown_and_only_once(
        lies in proptest::collection::vec(lie(), 5..60),
        open in any::<bool>(),
        reloads in any::<bool>(),
    ) {
        let mut world = World::new(if open { RoomMode::OpenHistory } else { RoomMode::ForwardSecret }, 35);
        for name in ["0", "1", "2"] {
            world.join(name);
        }
        // In the first moments what crosses an arrival is lost without a word, and in an open room nobody can tell
        // what the relay withholds of a sender from what its ring has dropped, until that sender has been heard once.
        let mut said = Vec::new();
        for who in 0..3 {
            let text = format!("{who}:first");
            world.say(who, &text);
            said.push(text);
        }
        world.pass(Duration::from_secs(15));
        world.relay.tamper = Some(lying(lies));
        for index in 0..24 {
            let who = index % 3;
            let text = format!("{who}:{index}");
            world.say(who, &text);
            said.push(text);
            world.settle();
            if reloads && index == 12 {
                world.reload(1);
                world.settle();
            }
        }
        // Nobody can miss what nothing follows: one honest round, and the time after which gaps count.
        world.relay.tamper = None;
        for who in 0..3 {
            let text = format!("{who}:last");
            world.say(who, &text);
            said.push(text);
            world.settle();
        }
        world.pass(Duration::from_secs(320));
        for (listener, member) in world.members.iter().enumerate() {
            let heard = member.heard();
            let mut once = heard.clone();
            once.sort();
            once.dedup();
            prop_assert_eq!(once.len(), heard.len(), "shown twice");
            for message in member.said() {
                let text = support::world::text(&message.body);
                prop_assert!(said.contains(&text), "shown but never said: {}", text);
                let author: usize = text.split(':').next().unwrap().parse().unwrap();
                prop_assert_eq!(message.from, world.sid(author));
                prop_assert!(author != listener);
            }
            let expected = said.iter().filter(|text| !text.starts_with(&format!("{listener}:"))).count();
            let reported = member.count(|event| {
                matches!(event, Event::Missing { .. } | Event::Unopened { .. } | Event::Unverifiable { .. } | Event::Diverged { .. })
            });
            prop_assert!(heard.len() == expected || reported > 0, "a gap went unreported");
        }
    }
}

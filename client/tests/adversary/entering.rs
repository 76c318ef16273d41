//! What newcomers are shown, and what they can be made to believe.

use super::*;

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
                life,
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
                    life,
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

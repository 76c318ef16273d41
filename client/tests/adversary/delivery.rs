//! What the relay does to single envelopes.

use super::*;

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
        lose_next(&mut world, 1);
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
    lose_next(&mut world, 1);
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

//! Who is here, when the relay says something else.

use super::*;

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

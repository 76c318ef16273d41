//! Two people and an honest relay.

use super::*;

#[test]
fn two_people_talk_in_both_kinds_of_room() {
    for mode in BOTH {
        let mut world = two(mode);
        assert!(world.members.iter().all(|member| member.is_online()));
        assert_eq!(world.members[0].people(), ["Bo"]);
        assert_eq!(world.members[1].people(), ["Ann"]);
        world.say(0, "hello");
        world.settle();
        world.say(1, "hi");
        world.say(1, "how are you?");
        world.settle();
        assert_eq!(world.members[1].heard(), ["hello"]);
        assert_eq!(world.members[0].heard(), ["hi", "how are you?"]);
        assert_eq!(world.members[1].sent().len(), 2);
    }
}

#[test]
fn leaving_is_seen_at_once_and_is_final() {
    let mut world = two(RoomMode::ForwardSecret);
    world.leave(1);
    assert_eq!(
        world.members[0].count(|event| matches!(event, Event::PersonLeft(_))),
        1
    );
    assert_eq!(*world.members[1].status(), Status::Ended(client::End::Left));
    assert_eq!(world.members[1].session.deadline(), None);
    let (now, member) = (world.now, &mut world.members[1]);
    assert_eq!(
        member.session.say("x", now, &mut member.rng),
        Err(client::SayError::Ended)
    );
}

#[test]
fn a_new_name_reaches_everybody_with_the_old_one() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(0, "before");
        world.settle();
        world.rename(0, "Anna");
        world.settle();
        world.say(0, "after");
        world.settle();
        let names: Vec<_> = world.members[1]
            .said()
            .iter()
            .map(|message| message.name.clone())
            .collect();
        assert_eq!(names, ["Ann", "Anna"]);
        assert_eq!(world.members[1].people(), ["Anna"]);
        let changed = world.members[1]
            .events
            .iter()
            .find_map(|event| match event {
                Event::PersonChanged { previous_name, .. } => previous_name.clone(),
                _ => None,
            });
        assert_eq!(changed.as_deref(), Some("Ann"));
    }
}

#[test]
fn going_too_fast_delays_and_loses_nothing() {
    for mode in BOTH {
        let mut world = two(mode);
        world.relay.burst = Some(3);
        for index in 0..12 {
            world.say(0, &format!("{index}"));
        }
        world.pass(seconds(30));
        let expected: Vec<_> = (0..12).map(|index| index.to_string()).collect();
        assert_eq!(world.members[1].heard(), expected);
        assert!(world.members[0].count(|event| matches!(event, Event::TooFast { .. })) > 0);
        assert_eq!(
            world.members[0].count(|event| matches!(event, Event::NotSent { .. })),
            0
        );
    }
}

#[test]
fn at_the_door_one_waits_to_be_asked_in() {
    let mut world = World::new(RoomMode::OpenHistory, 35);
    world.join("Ann");
    let config = client::Config {
        auto_enter: false,
        ..world.config("Bo")
    };
    let bo = world.add_with(config);
    world.settle();
    assert_eq!(*world.members[bo].status(), Status::AtDoor);
    let door = world.members[bo]
        .events
        .iter()
        .find_map(|event| match event {
            Event::Door {
                members,
                mode,
                history,
                ..
            } => Some((*members, *mode, *history)),
            _ => None,
        });
    assert_eq!(door, Some((1, RoomMode::OpenHistory, 35)));
    assert!(world.members[0].people().is_empty());
    world.enter(bo);
    world.settle();
    assert_eq!(world.members[0].people(), ["Bo"]);
}

#[test]
fn a_clock_hours_off_is_mentioned_once_and_harms_nothing() {
    let mut world = World::new(RoomMode::ForwardSecret, 0);
    world.join("Ann");
    let bo = world.add("Bo");
    world.members[bo].clock_error = 3 * 3600;
    let cy = world.add("Cy");
    world.members[cy].clock_error = -3 * 3600;
    world.settle();
    for index in 0..3 {
        world.say(bo, &format!("b{index}"));
        world.say(cy, &format!("c{index}"));
        world.settle();
    }
    assert_eq!(world.members[0].heard().len(), 6);
    let skews: Vec<_> = world.members[0]
        .events
        .iter()
        .filter_map(|event| match event {
            Event::ClockSkew { sid, ahead, .. } => Some((*sid, *ahead)),
            _ => None,
        })
        .collect();
    assert_eq!(skews, [(world.sid(bo), true), (world.sid(cy), false)]);
}

#[test]
fn many_members_and_many_epochs_read_everything() {
    for mode in BOTH {
        let mut world = World::new(mode, 35);
        for index in 0..5 {
            world.join(&format!("M{index}"));
        }
        let mut expected = Vec::new();
        for round in 0..270 {
            world.say(0, &format!("{round}"));
            expected.push(round.to_string());
            world.settle();
        }
        world.leave(4);
        world.say(0, "last");
        expected.push("last".into());
        world.settle();
        for member in &world.members[1..4] {
            assert_eq!(member.heard(), expected);
            assert_eq!(member.missing(), 0);
            assert_eq!(
                member.count(|event| matches!(event, Event::Diverged { .. })),
                0
            );
        }
    }
}

#[test]
fn a_new_name_does_not_take_away_the_key_of_a_message_under_way() {
    let mut world = two(RoomMode::OpenHistory);
    world.reload(0);
    world.say(0, "under way");
    for _ in 0..4 {
        world.deliver_down(0);
        world.deliver_up(0);
    }
    world.cut(0);
    world.rename(0, "Anna");
    world.calm();
    assert_eq!(world.members[1].heard(), ["under way"]);
    assert_eq!(world.members[1].people(), ["Anna"]);
}

#[test]
fn debug_of_a_session_tells_no_secret() {
    let world = two(RoomMode::ForwardSecret);
    let shown = format!("{:?}", world.members[0].session);
    let expected = format!("Session {{ me: {:?}, status: Online, .. }}", world.sid(0));
    assert_eq!(shown, expected);
}

#[test]
fn every_byte_on_the_wire_is_shown_as_the_relay_sees_it_and_says_nothing() {
    let mut world = World::new(RoomMode::ForwardSecret, 0);
    world.join("Annabella");
    world.join("Bonifatius");
    world.say(0, "a planted secret");
    world.settle();
    let mut publishes = 0;
    for event in &world.members[0].events {
        let Event::Wire(record) = event else { continue };
        for bytes in record
            .frames
            .iter()
            .map(|frame| &frame.frame)
            .chain([&record.record])
        {
            for secret in [&b"planted"[..], b"Annabella", b"Bonifatius"] {
                assert!(!bytes.windows(secret.len()).any(|window| window == secret));
            }
        }
        publishes += record
            .frames
            .iter()
            .filter(|frame| frame.label == "Publish")
            .count();
    }
    // A hello, the chain key for Bo, and the message: all of one size.
    assert_eq!(publishes, 3);
    let lengths: Vec<_> = world
        .relay
        .published
        .iter()
        .map(|(_, _, _, envelope)| envelope.len())
        .collect();
    assert!(
        lengths.iter().all(|length| *length == lengths[0]),
        "{lengths:?}"
    );
}

#[test]
fn a_topic_that_waits_gives_way_to_a_newer_one() {
    let mut world = World::new(RoomMode::ForwardSecret, 0);
    world.join("Ann");
    world.join("Bo");
    world.members[0].has_network = false;
    world.cut(0);
    let topic = |text: &str| Body::Topic(text.to_owned());
    let first = world.post(0, None, topic("first"));
    world.say(0, "words");
    world.post(0, None, topic("second"));
    let why = NotSent::Replaced;
    let replaced = Event::NotSent { local: first, why };
    assert!(world.members[0].events.contains(&replaced));
    world.calm();
    assert_eq!(world.members[1].heard(), ["words", "Topic(\"second\")"]);
}

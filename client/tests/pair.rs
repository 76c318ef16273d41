//! Members over a wire that cuts, delays and loses: nothing is lost, doubled or put out of order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use client::{Event, Status};
use crypto::wire::RoomMode;
use proptest::prelude::*;
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn two(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    world.join("Ann");
    world.join("Bo");
    world
}

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
fn a_message_said_offline_goes_out_later_in_order() {
    for mode in BOTH {
        let mut world = two(mode);
        world.members[0].has_network = false;
        world.cut(0);
        let local = world.say(0, "one");
        world.say(0, "two");
        assert!(matches!(
            world.members[0].status(),
            Status::Waiting { queued: 2, .. }
        ));
        world.pass(seconds(20));
        assert!(world.members[1].heard().is_empty());
        world.members[0].has_network = true;
        world.wake(0);
        world.settle();
        assert_eq!(world.members[1].heard(), ["one", "two"]);
        assert_eq!(world.members[0].sent()[0], local);
    }
}

#[test]
fn a_cut_after_the_relay_accepted_doubles_nothing() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(0, "once");
        while world.deliver_up(0) {}
        // The relay has it; its answer is lost with the connection.
        world.cut(0);
        world.say(0, "after");
        world.calm();
        assert_eq!(world.members[1].heard(), ["once", "after"]);
        assert_eq!(world.members[0].sent().len(), 2);
    }
}

#[test]
fn what_was_said_while_somebody_was_away_is_replayed_to_them() {
    for mode in BOTH {
        let mut world = two(mode);
        world.members[1].has_network = false;
        world.cut(1);
        for index in 0..5 {
            world.say(0, &format!("{index}"));
            world.settle();
        }
        world.pass(seconds(30));
        world.calm();
        assert_eq!(world.members[1].heard(), ["0", "1", "2", "3", "4"]);
        assert!(
            world.members[1]
                .said()
                .iter()
                .all(|message| message.replayed)
        );
        assert_eq!(world.members[1].missing(), 0);
    }
}

#[test]
fn a_short_absence_makes_no_line_and_a_long_one_does() {
    let mut world = two(RoomMode::ForwardSecret);
    world.members[1].has_network = false;
    world.cut(1);
    world.pass(seconds(20));
    let away = |event: &Event| matches!(event, Event::PersonAway(_));
    let returned = |event: &Event| matches!(event, Event::PersonReturned(_));
    let left = |event: &Event| matches!(event, Event::PersonLeft(_));
    let arrived = |event: &Event| matches!(event, Event::PersonArrived(_));
    assert_eq!(world.members[0].count(away), 1);
    world.members[1].has_network = true;
    world.wake(1);
    world.settle();
    assert_eq!(world.members[0].count(returned), 1);
    assert_eq!(world.members[0].count(left), 0);
    assert_eq!(world.members[0].count(arrived), 1);

    world.members[1].has_network = false;
    world.cut(1);
    world.pass(seconds(46));
    assert_eq!(world.members[0].count(left), 1);
    assert!(world.members[0].people().is_empty());
    world.members[1].has_network = true;
    world.wake(1);
    world.settle();
    assert_eq!(world.members[0].count(returned), 1);
    assert_eq!(world.members[0].count(arrived), 2);
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
fn a_relay_that_never_answers_is_reported_and_a_retry_doubles_nothing() {
    let mut world = two(RoomMode::ForwardSecret);
    // The announcement and the first letter are taken; then the relay swallows what comes.
    world.say(0, "first");
    world.settle();
    world.relay.swallow = 4;
    let local = world.say(0, "second");
    world.pass(seconds(60));
    let not_sent = Event::NotSent {
        local,
        why: client::NotSent::Unanswered,
    };
    assert!(world.members[0].events.contains(&not_sent));
    world.say(0, "third");
    world.settle();
    world.retry(0, local);
    world.settle();
    assert_eq!(world.members[1].heard(), ["first", "third", "second"]);
    assert_eq!(world.members[1].missing(), 0);
}

#[test]
fn a_relay_that_restarts_is_found_again_by_everybody() {
    for mode in BOTH {
        let mut world = two(mode);
        world.join("Cy");
        world.say(0, "before");
        world.settle();
        world.relay.restart();
        for index in 0..3 {
            world.cut(index);
        }
        world.say(1, "while it was gone");
        world.calm();
        assert!(world.members.iter().all(|member| member.is_online()));
        world.say(0, "after");
        world.settle();
        assert_eq!(
            world.members[2].heard(),
            ["before", "while it was gone", "after"]
        );
        for member in &world.members {
            assert_eq!(
                member.count(|event| matches!(event, Event::PersonLeft(_))),
                0,
                "no noise"
            );
            assert_eq!(member.missing(), 0);
        }
    }
}

#[test]
fn somebody_away_for_longer_than_the_grace_comes_back_to_a_new_seat() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(0, "first");
        world.settle();
        world.members[1].has_network = false;
        world.cut(1);
        world.pass(seconds(150));
        world.say(0, "second");
        world.settle();
        world.calm();
        world.say(0, "third");
        world.say(1, "back");
        world.settle();
        let heard = world.members[1].heard();
        match mode {
            RoomMode::ForwardSecret => {
                assert_eq!(heard, ["first", "third"]);
                assert_eq!(
                    world.members[1].count(|event| matches!(event, Event::GapInHistory { .. })),
                    1
                );
            }
            RoomMode::OpenHistory => assert_eq!(heard, ["first", "second", "third"]),
        }
        assert_eq!(world.members[0].heard(), ["back"]);
    }
}

#[test]
fn a_resume_that_cannot_replay_everything_says_so_and_heals() {
    let mut world = two(RoomMode::ForwardSecret);
    world.join("Cy");
    world.relay.buffer = 3;
    world.say(0, "zero");
    world.settle();
    world.members[1].has_network = false;
    world.cut(1);
    world.leave(2);
    for index in 0..9 {
        world.say(0, &format!("{index}"));
        world.settle();
    }
    world.calm();
    assert_eq!(
        world.members[1].count(|event| matches!(event, Event::GapInHistory { .. })),
        1
    );
    world.say(0, "again");
    world.settle();
    assert_eq!(world.members[1].heard().last().unwrap(), "again");
}

#[test]
fn a_reload_keeps_identity_seat_and_queue() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(1, "before");
        world.say(0, "question");
        world.settle();
        let sid = world.sid(1);
        world.members[1].has_network = false;
        world.cut(1);
        world.say(1, "unsent");
        world.say(0, "meanwhile");
        world.settle();
        world.members[1].has_network = true;
        let events = world.members[1].events.len();
        world.reload(1);
        world.settle();
        assert_eq!(world.sid(1), sid);
        assert!(world.members[1].is_online());
        assert_eq!(world.members[1].people(), ["Ann"]);
        let after = &world.members[1].events[events..];
        assert!(
            after
                .iter()
                .any(|event| matches!(event, Event::Composed(_)))
        );
        assert_eq!(world.members[1].heard(), ["question", "meanwhile"]);
        world.say(1, "after");
        world.say(0, "answer");
        world.settle();
        assert_eq!(world.members[0].heard(), ["before", "unsent", "after"]);
        assert_eq!(
            world.members[1].heard(),
            ["question", "meanwhile", "answer"]
        );
        assert_eq!(world.members[0].missing() + world.members[1].missing(), 0);
        let left = |event: &Event| matches!(event, Event::PersonLeft(_));
        assert_eq!(world.members[0].count(left), 0);
    }
}

#[test]
fn an_old_saved_state_is_good_enough() {
    for mode in BOTH {
        let mut world = two(mode);
        world.say(0, "one");
        world.settle();
        let frozen = {
            let member = &mut world.members[0];
            member.session.freeze(world.now, &mut member.rng)
        };
        // The tab went on after it was saved, and died without another save.
        world.say(0, "two");
        world.say(1, "three");
        world.rename(0, "Anna");
        world.settle();
        world.cut(0);
        world.revive(0, &frozen);
        world.pass(seconds(5));
        world.say(0, "four");
        world.say(1, "five");
        world.pass(seconds(5));
        assert_eq!(world.members[1].heard(), ["one", "two", "four"]);
        assert_eq!(world.members[0].heard().last().unwrap(), "five");
        assert_eq!(world.members[1].missing(), 0);
    }
}

#[test]
fn a_saved_state_lasts_as_long_as_the_seat() {
    let mut world = two(RoomMode::ForwardSecret);
    let member = &mut world.members[0];
    let frozen = member.session.freeze(world.now, &mut member.rng);
    let thaw = |wall| {
        let now = client::Now { wall, ..world.now };
        let config = world.config("Ann");
        let mut rng = world.members[0].rng.clone();
        client::Session::thaw(config, &frozen, now, &mut rng).map(|_| ())
    };
    let saved = world.now.wall;
    assert_eq!(thaw(saved + seconds(120)), Ok(()));
    assert_eq!(thaw(saved + seconds(121)), Err(client::ThawError::Expired));
    assert_eq!(thaw(saved - seconds(121)), Err(client::ThawError::Expired));
}

#[test]
fn a_saved_state_belongs_to_its_room_and_cannot_be_changed() {
    let mut world = two(RoomMode::ForwardSecret);
    let member = &mut world.members[0];
    let frozen = member.session.freeze(world.now, &mut member.rng);
    let mut changed = frozen.clone();
    *changed.last_mut().unwrap() ^= 1;
    let config = world.config("Ann");
    let now = world.now;
    assert!(client::Session::thaw(config, &changed, now, &mut world.members[0].rng).is_err());
    world.root = [7; 64];
    let config = world.config("Ann");
    assert!(client::Session::thaw(config, &frozen, now, &mut world.members[0].rng).is_err());
}

#[test]
fn reconnecting_needs_no_rsa() {
    let mut world = two(RoomMode::ForwardSecret);
    assert_eq!(world.relay.full_handshakes, 2);
    for _ in 0..3 {
        world.cut(0);
        world.calm();
    }
    assert_eq!(world.relay.full_handshakes, 2);
    world.relay.restart();
    world.cut(0);
    world.calm();
    assert!(
        world.members[0].is_online(),
        "a forgotten ticket leads to a full handshake"
    );
}

#[test]
fn a_silent_relay_is_given_up_after_25_seconds() {
    let mut world = two(RoomMode::ForwardSecret);
    // Nothing is delivered, not even the answer to a ping.
    for _ in 0..26 {
        world.jump(seconds(1));
    }
    assert!(!world.members[0].is_online());
    world.calm();
    assert!(world.members[0].is_online());
}

#[test]
fn a_quiet_connection_stays_open() {
    let mut world = two(RoomMode::ForwardSecret);
    world.pass(seconds(600));
    assert!(world.members[0].is_online());
    assert_eq!(
        world.members[0].count(|event| matches!(event, Event::Status(Status::Waiting { .. }))),
        0
    );
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

/// What can happen between two looks at the world.
#[derive(Clone, Debug)]
enum Step {
    Say(usize),
    Up(usize),
    Down(usize),
    Cut(usize),
    Vanish(usize),
    Wake(usize),
    Reload(usize),
    Rename(usize),
    Jump(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3usize;
    prop_oneof![
        6 => who.clone().prop_map(Step::Say),
        8 => who.clone().prop_map(Step::Up),
        8 => who.clone().prop_map(Step::Down),
        2 => who.clone().prop_map(Step::Cut),
        1 => who.clone().prop_map(Step::Vanish),
        2 => who.clone().prop_map(Step::Wake),
        1 => who.clone().prop_map(Step::Reload),
        1 => who.prop_map(Step::Rename),
        3 => (1..1_200u64).prop_map(Step::Jump),
    ]
}

fn chaos(mode: RoomMode, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut world = World::new(mode, 200);
    for name in ["0", "1", "2"] {
        world.join(name);
    }
    let mut said = [0; 3];
    for step in steps {
        match *step {
            Step::Say(who) => {
                world.say(who, &format!("{who}:{}", said[who]));
                said[who] += 1;
            }
            Step::Up(who) => drop(world.deliver_up(who)),
            Step::Down(who) => drop(world.deliver_down(who)),
            Step::Cut(who) => world.cut(who),
            Step::Vanish(who) => world.vanish(who),
            Step::Wake(who) => world.wake(who),
            Step::Reload(who) => world.reload(who),
            Step::Rename(who) => world.rename(who, &format!("{who} {}", said[who])),
            Step::Jump(milliseconds) => world.jump(Duration::from_millis(milliseconds)),
        }
    }
    world.calm();
    for (listener, member) in world.members.iter().enumerate() {
        prop_assert!(member.is_online());
        let heard = member.heard();
        for speaker in (0..3).filter(|speaker| *speaker != listener) {
            let from: Vec<_> = heard
                .iter()
                .filter(|text| text.starts_with(&format!("{speaker}:")))
                .collect();
            let expected: Vec<_> = (0..said[speaker])
                .map(|index| format!("{speaker}:{index}"))
                .collect();
            prop_assert_eq!(
                from,
                expected.iter().collect::<Vec<_>>(),
                "{} heard {}",
                listener,
                speaker
            );
        }
        let seqs: Vec<_> = member.said().iter().map(|message| message.seq).collect();
        prop_assert!(
            seqs.is_sorted_by(|one, next| one < next),
            "shown in the room's order"
        );
        prop_assert_eq!(member.people().len(), 2);
        let alarms = member.count(|event| {
            matches!(
                event,
                Event::Missing { .. }
                    | Event::Unverifiable { .. }
                    | Event::Unsupported
                    | Event::Diverged { .. }
                    | Event::GapInHistory { .. }
                    | Event::Unopened { .. }
                    | Event::NotSent { .. }
                    | Event::PersonLeft(_)
            )
        });
        prop_assert_eq!(alarms, 0, "no false alarm");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_connections_nothing_is_lost_doubled_or_reordered(
        steps in proptest::collection::vec(step(), 1..70),
        open in any::<bool>(),
    ) {
        chaos(if open { RoomMode::OpenHistory } else { RoomMode::ForwardSecret }, &steps)?;
    }
}

//! Connections that break, and relays that start anew.

use super::*;

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
        why: NotSent::Unanswered,
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

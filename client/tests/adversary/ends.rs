//! Endings that the relay decides on.

use super::*;

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

//! Tabs that are loaded again.

use super::*;

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

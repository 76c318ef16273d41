//! Members over a wire that cuts, delays and loses: nothing is lost, doubled or put out of order.

mod support;

use std::time::Duration;

use client::{Event, Status};
use crypto::wire::RoomMode;
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

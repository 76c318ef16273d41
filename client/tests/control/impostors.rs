//! Those who only say that they govern.

use super::*;

#[test]
fn a_member_that_says_it_governs_is_not_obeyed() {
    let mut world = three(RoomMode::ForwardSecret);
    let keys = RoomKeys::from_bytes(&world.root);
    // Bo forges under its own identity: everything is right but the right.
    let now = world.now;
    let sealed = world.act(BO, |session, _, rng| session.freeze(now, rng));
    let state = keys.open_tab(&sealed).unwrap();
    // The identity follows the format, the time and nothing else.
    let identity = Identity::thaw(state[9..73].try_into().unwrap());
    assert_eq!(identity.sender_id(), world.sid(BO));
    let control = ControlKey::of(&identity, &keys.room_id());
    let mut rng = TestRng::seeded(11);
    for (at, command) in [
        Command::Remove(world.sid(ANN)),
        Command::Lock(true),
        Command::Share {
            to: world.sid(BO),
            key: control.public(),
        },
        Command::Filters(b"nothing at all".to_vec()),
    ]
    .into_iter()
    .enumerate()
    {
        let statement = control.state(50, now.wall, command).unwrap();
        let sealed = Notice::Statement(statement)
            .seal(&keys, &identity, &mut rng)
            .unwrap();
        plant(
            &mut world,
            CY,
            RelayToClient::Delivered {
                seq: Seq(900 + at as u64),
                from: MemberId([1; 16]),
                replayed: false,
                envelope: sealed.envelope,
            },
        );
    }
    assert_eq!(orders(&world.members[CY]), []);
    assert_eq!(world.members[CY].people(), ["Ann", "Bo"]);
    let governance = world.members[CY].session.governance();
    assert_eq!(governance.holders, [world.sid(ANN)]);
    assert_eq!(governance.filters, None);
}

#[test]
fn what_the_relay_alone_says_removes_nobody_for_good() {
    let mut world = three(RoomMode::ForwardSecret);
    let room = RoomKeys::from_bytes(&world.root).room_id();
    let (_, seat) = world.relay.lines_of(room)[2];
    plant(&mut world, BO, RelayToClient::Removed { member: seat });
    assert_eq!(orders(&world.members[BO]), []);
    assert!(world.members[BO].session.governance().removed.is_empty());
    let cy = world.members[CY].line.unwrap();
    world.relay.close(cy, CloseCode::Removed);
    world.settle();
    assert_eq!(
        *world.members[CY].status(),
        Status::Ended(End::Removed { by: None })
    );
}

#[test]
fn members_with_another_opener_in_mind_are_named_and_change_nothing() {
    let mut world = three(RoomMode::ForwardSecret);
    // Another life of the room, with another opener, of which the relay shows a member to this one.
    let mut other = World::new(RoomMode::ForwardSecret, 34);
    other.root = world.root;
    for name in ["Zed", "Zoe", "Zac", "Zip"] {
        other.join(name);
    }
    let hellos: Vec<_> = other
        .relay
        .published
        .iter()
        .filter(|(_, _, keep, _)| *keep == crypto::wire::Keep::Anchor)
        .map(|(_, from, _, envelope)| (*from, envelope.clone()))
        .collect();
    let (from, envelope) = hellos.last().unwrap().clone();
    for _ in 0..2 {
        plant(
            &mut world,
            BO,
            RelayToClient::Delivered {
                seq: Seq(900),
                from,
                replayed: false,
                envelope: envelope.clone(),
            },
        );
    }
    let disputed =
        |event: &Event| matches!(event, Event::ControlDisputed { by } if by.name == "Zip");
    assert_eq!(world.members[BO].count(disputed), 1);
    assert_eq!(
        world.members[BO].session.governance().holders,
        [world.sid(ANN)]
    );
}

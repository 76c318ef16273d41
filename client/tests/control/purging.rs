//! The end of a room for everybody.

use super::*;

#[test]
fn a_purge_ends_it_for_everybody_with_a_name_and_a_time() {
    for mode in BOTH {
        let mut world = three(mode);
        world.say(BO, "words");
        world.settle();
        order!(world, ANN, purge).unwrap();
        for who in [ANN, BO, CY] {
            match world.members[who].status() {
                Status::Ended(End::Purged { by: Some(by), at }) => {
                    assert_eq!(by.name, "Ann");
                    assert_eq!(by.me, who == ANN);
                    assert_eq!(*at, world.now.wall);
                }
                other => panic!("{other:?}"),
            }
        }
        let late = world.join("Dee");
        let looked = |event: &Event| {
            matches!(
                event,
                Event::Door {
                    state: RoomState::Closed,
                    ..
                }
            )
        };
        assert_eq!(world.members[late].count(looked), 1);
    }
}

#[test]
fn whoever_was_out_of_reach_during_a_purge_learns_who_it_was_and_when() {
    for reload in [false, true] {
        let mut world = three(RoomMode::ForwardSecret);
        world.members[BO].has_network = false;
        world.cut(BO);
        let purged_at = world.now.wall;
        order!(world, ANN, purge).unwrap();
        world.pass(Duration::from_secs(60));
        world.members[BO].has_network = true;
        if reload {
            world.reload(BO);
        }
        world.wake(BO);
        world.settle();
        let Status::Ended(End::Purged { by: Some(by), at }) = world.members[BO].status() else {
            panic!("{:?}", world.members[BO].status());
        };
        assert_eq!((by.name.as_str(), *at), ("Ann", purged_at));
        // Somebody who was never here learns that it is closed.
        let dee = world.join("Dee");
        assert!(!matches!(
            world.members[dee].status(),
            Status::Ended(End::Purged { .. })
        ));
    }
}

#[test]
fn everybody_may_purge_where_it_was_said_so_and_only_there() {
    let mut world = three(RoomMode::ForwardSecret);
    order!(world, ANN, set_purge_policy, PurgePolicy::Everyone).unwrap();
    order!(world, ANN, set_purge_policy, PurgePolicy::Holder).unwrap();
    assert_eq!(order!(world, CY, purge), Err(OrderError::NotHolder));
    order!(world, ANN, set_purge_policy, PurgePolicy::Everyone).unwrap();
    order!(world, CY, purge).unwrap();
    match world.members[BO].status() {
        Status::Ended(End::Purged { by: Some(by), .. }) => assert_eq!(by.name, "Cy"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn somebody_control_was_shared_with_purges_with_a_secret_of_their_own() {
    let mut world = three(RoomMode::ForwardSecret);
    let bo = world.sid(BO);
    order!(world, ANN, share_control, bo).unwrap();
    order!(world, BO, purge).unwrap();
    assert!(matches!(
        world.members[CY].status(),
        Status::Ended(End::Purged { by: Some(by), .. }) if by.name == "Bo"
    ));
}

#[test]
fn a_purge_notice_that_is_no_relays_last_word_ends_nothing() {
    let mut world = three(RoomMode::ForwardSecret);
    let (keys, forger) = (
        RoomKeys::from_bytes(&world.root),
        Identity::generate(&mut TestRng::seeded(9)),
    );
    let notice = Notice::Purged {
        at: Duration::from_secs(1),
    };
    let sealed = notice
        .seal(&keys, &forger, &mut TestRng::seeded(10))
        .unwrap();
    plant(
        &mut world,
        BO,
        RelayToClient::Delivered {
            seq: Seq(900),
            from: MemberId([1; 16]),
            replayed: false,
            envelope: sealed.envelope.clone(),
        },
    );
    world.pass(Duration::from_secs(60));
    assert!(world.members[BO].is_online());
    // And where the relay does end it, it puts nobody's name to it who did not sign.
    plant(
        &mut world,
        BO,
        RelayToClient::Purged {
            from: MemberId([1; 16]),
            notice: sealed.envelope,
        },
    );
    assert!(matches!(
        world.members[BO].status(),
        Status::Ended(End::Purged { by: None, .. })
    ));
}

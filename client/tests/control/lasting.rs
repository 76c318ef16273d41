//! What outlives a cut, a reload, a relay that says no.

use super::*;

#[test]
fn control_survives_a_reload_and_a_restart_of_the_relay() {
    for reload in [true, false] {
        let mut world = three(RoomMode::ForwardSecret);
        let cy = world.sid(CY);
        order!(world, ANN, share_control, cy).unwrap();
        order!(world, ANN, lock).unwrap();
        if reload {
            for who in [ANN, BO, CY] {
                world.reload(who);
                world.settle();
            }
        } else {
            world.relay.restart();
            for who in [BO, CY, ANN] {
                world.cut(who);
                world.wake(who);
                world.settle();
            }
            world.calm();
        }
        for (who, mine) in [(ANN, true), (BO, false), (CY, true)] {
            let governance = world.members[who].session.governance();
            assert_eq!(
                (governance.mine, governance.locked),
                (mine, true),
                "{who} {reload}"
            );
        }
        order!(world, CY, unlock).unwrap();
        order!(world, ANN, lock).unwrap();
        for who in [ANN, BO, CY] {
            assert!(world.members[who].session.governance().locked);
            let refused = |event: &Event| matches!(event, Event::OrderRefused { .. });
            assert_eq!(world.members[who].count(refused), 0);
        }
    }
}

#[test]
fn an_order_that_the_relay_refuses_is_said_and_nobody_is_told_it_was_given() {
    let mut world = three(RoomMode::ForwardSecret);
    world.relay.tamper = Some(Box::new(|_, frame| {
        vec![match frame {
            RelayToClient::Accepted { local, seq: Seq(0) } => RelayToClient::Refused {
                refusal: Refusal::BadOpening,
                local: Some(local),
                retry_after: Duration::ZERO,
            },
            other => other,
        }]
    }));
    order!(world, ANN, extend, Lifetime::UntilEmpty).unwrap();
    let refused = Event::OrderRefused {
        order: Some(Ordered::Lifetime(Lifetime::UntilEmpty)),
        refusal: Refusal::BadOpening,
    };
    assert!(world.members[ANN].events.contains(&refused));
    assert_eq!(orders(&world.members[BO]), []);
}

#[test]
fn an_order_under_way_when_the_connection_breaks_is_given_again() {
    let mut world = three(RoomMode::ForwardSecret);
    world
        .act(ANN, |session, now, rng| session.lock(now, rng))
        .unwrap();
    world.cut(ANN);
    assert_eq!(order!(world, ANN, unlock), Err(OrderError::Offline));
    world.calm();
    for who in [ANN, BO, CY] {
        assert!(world.members[who].session.governance().locked);
        assert_eq!(
            orders(&world.members[who]),
            [("Ann".to_owned(), Ordered::Lock)]
        );
    }
}

#[test]
fn an_order_under_way_when_the_tab_is_reloaded_is_given_again() {
    for is_carried_out in [false, true] {
        let mut world = three(RoomMode::ForwardSecret);
        world
            .act(ANN, |session, now, rng| session.lock(now, rng))
            .unwrap();
        let cy = world.sid(CY);
        world
            .act(ANN, |session, now, rng| session.share_control(cy, now, rng))
            .unwrap();
        while is_carried_out && world.deliver_up(ANN) {}
        world.reload(ANN);
        world.calm();
        for who in [ANN, BO, CY] {
            let governance = world.members[who].session.governance();
            assert!(governance.locked);
            assert_eq!(governance.holders, [world.sid(ANN), cy]);
        }
        let told = orders(&world.members[BO]);
        assert_eq!(told[0], ("Ann".to_owned(), Ordered::Lock));
        assert_eq!(told.len(), 2);
    }
}

#[test]
fn a_purge_under_way_when_the_tab_is_reloaded_still_ends_the_room() {
    for is_carried_out in [false, true] {
        let mut world = three(RoomMode::ForwardSecret);
        world
            .act(ANN, |session, now, rng| session.purge(now, rng))
            .unwrap();
        while is_carried_out && world.deliver_up(ANN) {}
        world.reload(ANN);
        world.calm();
        for who in [ANN, BO, CY] {
            let Status::Ended(End::Purged { by: Some(by), .. }) = world.members[who].status()
            else {
                panic!("{who}: {:?}", world.members[who].status());
            };
            assert_eq!((by.name.as_str(), by.me), ("Ann", who == ANN));
        }
    }
}

#[test]
fn a_notice_that_waits_to_be_sent_survives_a_reload() {
    let mut world = three(RoomMode::ForwardSecret);
    world
        .act(ANN, |session, now, rng| {
            session.set_filter_defaults(b"no images".to_vec(), now, rng)
        })
        .unwrap();
    world.reload(ANN);
    world.calm();
    let filters = world.members[BO].session.governance().filters;
    assert_eq!(filters.as_deref(), Some(&b"no images"[..]));
}

#[test]
fn two_who_compare_see_the_same_and_remember_it_over_a_reload() {
    let mut world = three(RoomMode::ForwardSecret);
    let (ann, bo) = (world.sid(ANN), world.sid(BO));
    let shown = world.members[ANN].session.safety(&bo);
    assert_eq!(shown, world.members[BO].session.safety(&ann));
    assert_ne!(shown, world.members[CY].session.safety(&ann));
    world.act(ANN, |session, _, _| session.set_verified(bo, true));
    world.reload(ANN);
    world.settle();
    let session = &world.members[ANN].session;
    assert!(session.is_verified(&bo) && !session.is_verified(&world.sid(CY)));
    let told = Event::Verified {
        sid: bo,
        verified: true,
    };
    assert_eq!(world.members[ANN].count(|event| *event == told), 2);
    world.act(ANN, |session, _, _| session.set_verified(bo, false));
    assert!(!world.members[ANN].session.is_verified(&bo));
}

#[test]
fn with_a_second_secret_nobody_opens_an_empty_room_unasked() {
    let mut world = World::new(RoomMode::ForwardSecret, 0);
    let config = client::Config {
        second_secret: true,
        ..world.config("Ann")
    };
    world.add_with(config);
    world.settle();
    assert_eq!(*world.members[ANN].status(), Status::AtDoor);
    world.enter(ANN);
    world.settle();
    assert!(world.members[ANN].is_online());
    // Whoever was in goes back in, even if the relay has forgotten the room.
    world.relay.restart();
    world.cut(ANN);
    world.calm();
    assert!(world.members[ANN].is_online());
}

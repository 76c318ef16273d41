//! What whoever governs may change, and for whom.

use super::*;

#[test]
fn whoever_opens_a_room_governs_it_and_nobody_else_does() {
    for mode in BOTH {
        let mut world = three(mode);
        for (who, governs) in [(ANN, true), (BO, false), (CY, false)] {
            let governance = world.members[who].session.governance();
            assert_eq!(governance.mine, governs);
            assert_eq!(governance.holders, [world.sid(ANN)]);
            assert_eq!(governance.may_purge, governs);
        }
        assert_eq!(order!(world, BO, lock), Err(OrderError::NotHolder));
        assert_eq!(order!(world, BO, purge), Err(OrderError::NotHolder));
        assert!(world.relay.orders.is_empty());
    }
}

#[test]
fn a_locked_room_lets_nobody_new_in_and_its_own_back() {
    let mut world = three(RoomMode::ForwardSecret);
    order!(world, ANN, lock).unwrap();
    for who in [ANN, BO, CY] {
        assert!(world.members[who].session.governance().locked);
        assert_eq!(
            orders(&world.members[who]),
            [("Ann".to_owned(), Ordered::Lock)]
        );
    }
    world.join("Dee");
    let looked = |event: &Event| {
        matches!(
            event,
            Event::Door {
                state: RoomState::Locked,
                ..
            }
        )
    };
    assert_eq!(world.members[3].count(looked), 1);
    world.enter(3);
    world.settle();
    assert_eq!(*world.members[3].status(), Status::Ended(End::Locked));

    world.cut(BO);
    world.calm();
    assert!(world.members[BO].is_online());
    assert!(world.members[BO].session.governance().locked);
    order!(world, ANN, unlock).unwrap();
    let late = world.join("Eve");
    assert!(world.members[late].is_online());
}

#[test]
fn a_lifetime_is_extended_for_everybody_and_everybody_learns_by_whom() {
    let mut world = three(RoomMode::ForwardSecret);
    let day = Lifetime::For(Duration::from_secs(86_400));
    order!(world, ANN, extend, day).unwrap();
    for who in [ANN, BO, CY] {
        let told = |event: &Event| matches!(event, Event::RoomChanged { time_left: TimeLeft::For(left), .. } if left.as_secs() == 86_400);
        assert_eq!(world.members[who].count(told), 1);
        let expected = [("Ann".to_owned(), Ordered::Lifetime(day))];
        assert_eq!(orders(&world.members[who]), expected);
    }
}

#[test]
fn control_is_shared_and_handed_on_and_each_governs_under_their_own_name() {
    for mode in BOTH {
        let mut world = three(mode);
        let (bo, cy) = (world.sid(BO), world.sid(CY));
        order!(world, ANN, share_control, bo).unwrap();
        assert!(world.members[BO].session.governance().mine);
        order!(world, BO, lock).unwrap();
        order!(world, ANN, unlock).unwrap();
        order!(world, ANN, hand_on, cy).unwrap();
        assert_eq!(order!(world, ANN, lock), Err(OrderError::NotHolder));
        order!(world, CY, lock).unwrap();
        let given: Vec<_> = orders(&world.members[BO])
            .into_iter()
            .map(|(by, _)| by)
            .collect();
        assert_eq!(given, ["Ann", "Bo", "Ann", "Ann", "Cy"]);
        let dee = world.sid(CY);
        assert!(
            world.members[ANN]
                .session
                .governance()
                .holders
                .contains(&dee)
        );
        for who in [ANN, BO, CY] {
            assert!(world.members[who].session.governance().locked);
        }
    }
}

#[test]
fn whoever_shares_control_can_take_it_back_by_removing_and_the_opener_stays() {
    let mut world = three(RoomMode::ForwardSecret);
    let (ann, bo) = (world.sid(ANN), world.sid(BO));
    order!(world, ANN, share_control, bo).unwrap();
    assert_eq!(order!(world, BO, remove, ann), Err(OrderError::Nobody));
    assert!(world.members[ANN].is_online());
    order!(world, ANN, remove, bo).unwrap();
    assert!(matches!(
        world.members[BO].status(),
        Status::Ended(End::Removed { .. })
    ));
    let withdrawn = |order: &Order| matches!(order, Order::Withdraw(_));
    assert!(world.relay.orders.iter().any(withdrawn));
    assert_eq!(world.members[CY].session.governance().holders, [ann]);
}

#[test]
fn filter_defaults_reach_those_who_come_later() {
    let mut world = three(RoomMode::ForwardSecret);
    order!(world, ANN, set_filter_defaults, b"no images".to_vec()).unwrap();
    let too_long = vec![0; crypto::control::LONGEST_VALUE + 1];
    assert_eq!(
        order!(world, ANN, set_filter_defaults, too_long),
        Err(OrderError::TooLong)
    );
    let dee = world.join("Dee");
    for who in [ANN, BO, CY, dee] {
        let filters = world.members[who].session.governance().filters;
        assert_eq!(filters.as_deref(), Some(&b"no images"[..]));
    }
    let old = |event: &Event| matches!(event, Event::Ordered { replayed: true, .. });
    assert_eq!(world.members[dee].count(old), 1);
}

#[test]
fn the_rules_outlive_whoever_made_them() {
    let mut world = three(RoomMode::ForwardSecret);
    order!(world, ANN, set_filter_defaults, b"no images".to_vec()).unwrap();
    let cy = world.sid(CY);
    order!(world, ANN, hand_on, cy).unwrap();
    world.leave(ANN);
    let dee = world.join("Dee");
    let governance = world.members[dee].session.governance();
    assert_eq!(governance.filters.as_deref(), Some(&b"no images"[..]));
    assert_eq!(governance.holders, [cy]);
    order!(world, CY, lock).unwrap();
    assert!(world.members[dee].session.governance().locked);
}

#[test]
fn an_opener_lays_rules_down_from_the_start() {
    let mut world = World::new(RoomMode::ForwardSecret, 0);
    let config = client::Config {
        rules: Rules {
            purge: PurgePolicy::Everyone,
            filters: Some(b"plain".to_vec()),
        },
        ..world.config("Ann")
    };
    world.add_with(config);
    world.settle();
    world.join("Bo");
    let governance = world.members[BO].session.governance();
    assert_eq!(governance.purge, PurgePolicy::Everyone);
    assert!(governance.may_purge && !governance.mine);
    assert_eq!(governance.filters.as_deref(), Some(&b"plain"[..]));
}

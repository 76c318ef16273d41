//! Who governs a room, what follows from it, and what does not: a relay or a member that lies about it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use client::{End, Event, OrderError, Ordered, Rules, Status};
use crypto::control::{Command, ControlKey, Notice, PurgePolicy};
use crypto::identity::Identity;
use crypto::room::RoomKeys;
use crypto::wire::{
    CloseCode, Lifetime, MemberId, Order, Refusal, RelayToClient, RoomMode, RoomState, Seq,
    TimeLeft,
};
use support::rng::TestRng;
use support::world::{Member, World};

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];
const ANN: usize = 0;
const BO: usize = 1;
const CY: usize = 2;

fn three(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    world
}

/// Gives an order and carries it out.
macro_rules! order {
    ($world:expr, $who:expr, $method:ident $(, $argument:expr)*) => {{
        let given = $world.act($who, |session, now, rng| session.$method($($argument,)* now, rng));
        $world.settle();
        given
    }};
}

/// Every order that somebody has learned of, with the name of who gave it.
fn orders(member: &Member) -> Vec<(String, Ordered)> {
    let learned = member.events.iter().filter_map(|event| match event {
        Event::Ordered { by, order, .. } => Some((by.name.clone(), order.clone())),
        _ => None,
    });
    learned.collect()
}

fn plant(world: &mut World, to: usize, frame: RelayToClient) {
    let line = world.members[to].line.unwrap();
    world.relay.say(line, frame);
    world.settle();
}

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
fn whoever_is_removed_is_out_and_knows_by_whom() {
    for mode in BOTH {
        let mut world = three(mode);
        let cy = world.sid(CY);
        order!(world, ANN, remove, cy).unwrap();
        match world.members[CY].status() {
            Status::Ended(End::Removed { by: Some(by) }) => assert_eq!(by.name, "Ann"),
            other => panic!("{other:?}"),
        }
        assert_eq!(world.members[ANN].people(), ["Bo"]);
        assert_eq!(world.members[BO].people(), ["Ann"]);
        let [(by, Ordered::Remove(whom))] = &orders(&world.members[BO])[..] else {
            panic!("nothing was said");
        };
        assert_eq!((by.as_str(), whom.name.as_str()), ("Ann", "Cy"));
        world.say(ANN, "between us");
        world.settle();
        assert_eq!(world.members[BO].heard(), ["between us"]);
    }
}

#[test]
fn whoever_is_removed_reads_nothing_more_even_if_the_relay_goes_on_delivering() {
    let mut world = three(RoomMode::ForwardSecret);
    for who in [ANN, BO] {
        world.say(who, "before");
        world.settle();
    }
    // The relay does as if, keeps the seat and hands on whatever comes; Cy's client does not mind being removed.
    world.relay.lazy = true;
    let cy = world.sid(CY);
    let now = world.now;
    let frozen = world.act(CY, |session, _, rng| session.freeze(now, rng));
    world
        .act(ANN, |session, now, rng| session.remove(cy, now, rng))
        .unwrap();
    for who in [ANN, BO] {
        while world.deliver_up(who) {}
        while world.deliver_down(who) {}
    }
    let before = world.relay.published.len();
    for who in [ANN, BO, ANN, BO] {
        world.say(who, "secret");
        while world.deliver_up(who) {}
        for other in [ANN, BO] {
            while world.deliver_down(other) {}
        }
    }
    // Everything that was sealed since, handed to a Cy that has learned nothing of the removal.
    let published = world.relay.published.split_off(before);
    assert!(published.len() >= 4);
    world.relay.tamper = Some(Box::new(|_, frame| match frame {
        RelayToClient::Delivered { .. } => Vec::new(),
        other => vec![other],
    }));
    world.revive(CY, &frozen);
    world.settle();
    world.relay.tamper = None;
    assert!(world.members[CY].is_online());
    let heard = world.members[CY].heard().len();
    for (at, (_, from, _, envelope)) in published.into_iter().enumerate() {
        plant(
            &mut world,
            CY,
            RelayToClient::Delivered {
                seq: Seq(1_000 + at as u64),
                from,
                replayed: false,
                envelope,
            },
        );
    }
    world.pass(Duration::from_secs(120));
    assert_eq!(world.members[CY].heard().len(), heard);
    assert!(!world.members[CY].heard().contains(&"secret".to_owned()));
    let lost = |event: &Event| matches!(event, Event::Unverifiable { .. } | Event::Unopened { .. });
    assert!(world.members[CY].count(lost) > 0);
}

#[test]
fn what_the_removed_still_sends_is_shown_to_nobody() {
    for mode in BOTH {
        let mut world = three(mode);
        world.relay.lazy = true;
        let cy = world.sid(CY);
        world
            .act(ANN, |session, now, rng| session.remove(cy, now, rng))
            .unwrap();
        for who in [ANN, BO] {
            while world.deliver_up(who) {}
            while world.deliver_down(who) {}
        }
        world.say(CY, "still here");
        world.rename(CY, "Cynthia");
        while world.deliver_up(CY) {}
        for who in [ANN, BO] {
            while world.deliver_down(who) {}
            assert!(world.members[who].heard().is_empty());
            assert!(
                !world.members[who]
                    .people()
                    .iter()
                    .any(|name| name.starts_with('C'))
            );
        }
    }
}

#[test]
fn the_removed_are_not_let_in_again_under_the_same_key_by_newcomers_either() {
    let mut world = three(RoomMode::ForwardSecret);
    let cy = world.sid(CY);
    let now = world.now;
    let frozen = world.act(CY, |session, _, rng| session.freeze(now, rng));
    order!(world, ANN, remove, cy).unwrap();
    let dee = world.join("Dee");
    assert_eq!(world.members[dee].session.governance().removed, [cy]);
    world.revive(CY, &frozen);
    world.settle();
    for who in [ANN, BO, dee] {
        assert!(!world.members[who].people().contains(&"Cy".to_owned()));
    }
    // Its own client learns it from those who are there.
    assert!(matches!(
        world.members[CY].status(),
        Status::Ended(End::Removed { by: Some(_) })
    ));
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

//! What is left to somebody who was removed.

use super::*;

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

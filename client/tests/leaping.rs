//! Moving to a fresh room: who is asked, who is not, and what anybody else can tell of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use client::{Config, Event, Invitation, InvitationId, Invited, NotSent, SayError};
use crypto::name::RoomName;
use crypto::room::RoomKeys;
use crypto::wire::{ClientToRelay, LocalId, RelayToClient, RoomMode, SenderId};
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];
const SPELLED: &str = "maple-orbit-tulip-canyon-velvet";

/// Three members who have all spoken, so that no key is under way any more.
fn three(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    for name in ["Anna", "Bela", "Cleo"] {
        world.join(name);
    }
    for member in 0..3 {
        world.say(member, "hello");
        world.settle();
    }
    world.pass(Duration::from_secs(60));
    forget(&mut world);
    world
}

fn forget(world: &mut World) {
    for member in &mut world.members {
        member.events.clear();
    }
}

fn name() -> RoomName {
    RoomName::parse(SPELLED).unwrap()
}

/// `from` asks these members to come along.
fn ask(world: &mut World, from: usize, whom: &[usize], name: &RoomName) -> Vec<LocalId> {
    let people: Vec<SenderId> = whom.iter().map(|member| world.sid(*member)).collect();
    world.act(from, |session, now, rng| {
        session.invite(&people, name, now, rng).unwrap()
    })
}

fn asked(world: &World, member: usize) -> Vec<&Invited> {
    let events = world.members[member].events.iter();
    events
        .filter_map(|event| match event {
            Event::Invited(invited) => Some(invited),
            _ => None,
        })
        .collect()
}

fn gone(world: &World, member: usize) -> Vec<InvitationId> {
    let events = world.members[member].events.iter();
    events
        .filter_map(|event| match event {
            Event::InvitationGone(id) => Some(*id),
            _ => None,
        })
        .collect()
}

fn leads_to(world: &World, member: usize, id: InvitationId) -> Option<Invitation> {
    world.members[member].session.invitation(id)
}

/// What the relay could tell of a member's socket: which frames, how large, and what stands in front of the envelope.
fn traffic(world: &World, member: usize) -> Vec<(usize, Vec<String>)> {
    let records = world.members[member].events.iter().filter_map(|event| {
        let Event::Wire(record) = event else {
            return None;
        };
        let frames = record.frames.iter().map(|frame| {
            let kept = match ClientToRelay::decode(&frame.frame) {
                Ok(ClientToRelay::Publish { keep, .. }) => format!("{keep:?}"),
                _ => String::new(),
            };
            let replayed = match RelayToClient::decode(&frame.frame) {
                Ok(RelayToClient::Delivered { replayed, .. }) => replayed,
                _ => false,
            };
            format!("{} {} {kept} {replayed}", frame.label, frame.bytes)
        });
        Some((record.record.len(), frames.collect()))
    });
    records.collect()
}

#[test]
fn whoever_is_ticked_is_asked_and_nobody_else_learns_anything() {
    for mode in BOTH {
        let mut world = three(mode);
        world.join("Dora");
        forget(&mut world);
        let locals = ask(&mut world, 0, &[1, 3], &name());
        world.settle();
        let party: Vec<_> = [1, 3].map(|member| world.sid(member)).into();
        for member in [1, 3] {
            let [invited] = asked(&world, member)[..] else {
                panic!("asked once");
            };
            assert_eq!(invited.by.sid, world.sid(0));
            assert_eq!(invited.by.name, "Anna");
            let named: Vec<_> = invited.party.iter().map(|by| by.sid).collect();
            assert_eq!(named, party);
            let mine: Vec<_> = invited.party.iter().map(|by| by.me).collect();
            assert_eq!(mine, [member == 1, member == 3]);
            let leads = leads_to(&world, member, invited.id).unwrap();
            assert_eq!((leads.name, leads.party), (name(), party.clone()));
        }
        assert_eq!(world.members[0].sent(), locals);
        let others = [0, 2].map(|member| {
            let quiet = |event: &Event| !matches!(event, Event::Wire(_) | Event::Sent { .. });
            world.members[member].count(quiet)
        });
        assert_eq!(others, [0, 0], "{mode:?}");
    }
}

#[test]
fn the_name_is_in_no_event_and_no_debug_output() {
    let mut world = three(RoomMode::ForwardSecret);
    ask(&mut world, 0, &[1], &name());
    world.settle();
    let id = asked(&world, 1)[0].id;
    let leads = leads_to(&world, 1, id).unwrap();
    let shown = format!("{leads:?}");
    for member in &world.members {
        let all = format!("{shown}{:?}{:?}", member.events, member.session);
        let word = SPELLED.split('-').find(|word| all.contains(word));
        assert_eq!(word, None);
    }
}

#[test]
fn an_invitation_cannot_be_told_from_private_words() {
    for mode in BOTH {
        for crowd in [1, 2] {
            let whom = &[1, 2][..crowd];
            let mut world = three(mode);
            ask(&mut world, 0, whom, &name());
            world.settle();
            let invited = [0, 1, 2].map(|member| traffic(&world, member));
            assert!(!invited[2].is_empty());

            let mut world = three(mode);
            let words = "a".repeat(SPELLED.len() + 1 + 16 * crowd);
            for member in whom {
                let to = world.sid(*member);
                world.members[0].events.clear();
                world.act(0, |session, now, rng| {
                    let body = client::Body::text(words.as_str());
                    session.say_to(to, body, now, rng).unwrap()
                });
            }
            world.settle();
            let said = [1, 2].map(|member| traffic(&world, member));
            assert_eq!(invited[1..], said, "{crowd} in {mode:?}");
        }
    }
}

#[test]
fn whoever_is_removed_asks_nobody_any_more() {
    let mut world = three(RoomMode::ForwardSecret);
    ask(&mut world, 2, &[1], &name());
    world.settle();
    let id = asked(&world, 1)[0].id;
    let cleo = world.sid(2);
    let removed = world.act(0, |session, now, rng| session.remove(cleo, now, rng));
    removed.unwrap();
    world.settle();
    assert_eq!(gone(&world, 1), [id]);
    assert_eq!(leads_to(&world, 1, id), None);
    assert_eq!(asked(&world, 1).len(), 1);
}

#[test]
fn a_later_invitation_takes_the_place_of_an_earlier_one_under_another_handle() {
    let mut world = three(RoomMode::OpenHistory);
    ask(&mut world, 0, &[1], &name());
    ask(&mut world, 2, &[1], &name());
    let other = RoomName::parse("another-room").unwrap();
    ask(&mut world, 0, &[1], &other);
    world.settle();
    let ids: Vec<_> = asked(&world, 1).iter().map(|invited| invited.id).collect();
    assert_eq!(gone(&world, 1), [ids[0]]);
    let names = ids.iter().map(|id| leads_to(&world, 1, *id));
    let names: Vec<_> = names.map(|leads| leads.map(|leads| leads.name)).collect();
    assert_eq!(names, [None, Some(name()), Some(other)]);

    world.act(1, |session, _, _| session.decline(ids[1]));
    assert_eq!(leads_to(&world, 1, ids[1]), None);
    assert_eq!(gone(&world, 1).len(), 1, "nobody needs to be told");
}

#[test]
fn whoever_is_cut_off_is_asked_when_they_are_back() {
    let mut world = three(RoomMode::ForwardSecret);
    world.members[1].has_network = false;
    world.cut(1);
    ask(&mut world, 0, &[1], &name());
    world.settle();
    assert!(asked(&world, 1).is_empty());
    world.members[1].has_network = true;
    world.calm();
    let [invited] = asked(&world, 1)[..] else {
        panic!("asked once");
    };
    assert!(invited.replayed);
    assert_eq!(leads_to(&world, 1, invited.id).unwrap().name, name());
}

#[test]
fn whoever_has_left_is_said_not_to_have_got_it() {
    let mut world = three(RoomMode::ForwardSecret);
    world.leave(1);
    forget(&mut world);
    let locals = ask(&mut world, 0, &[1, 2], &name());
    world.settle();
    let (local, why) = (locals[0], NotSent::Absent);
    let told = world.members[0].events.iter();
    let absent: Vec<_> = told
        .filter(|event| matches!(event, Event::NotSent { .. }))
        .collect();
    assert_eq!(absent, [&Event::NotSent { local, why }]);
    assert_eq!(asked(&world, 2).len(), 1);
}

#[test]
fn a_reload_forgets_neither_who_asked_nor_whom() {
    let mut world = three(RoomMode::OpenHistory);
    world.members[0].has_network = false;
    world.cut(0);
    ask(&mut world, 0, &[1], &name());
    forget(&mut world);
    world.reload(0);
    let composed = |event: &Event| matches!(event, Event::Composed(_));
    assert_eq!(world.members[0].count(composed), 0);
    world.members[0].has_network = true;
    world.calm();
    assert_eq!(asked(&world, 1).len(), 1);

    forget(&mut world);
    world.reload(1);
    let [invited] = asked(&world, 1)[..] else {
        panic!("asked again");
    };
    assert_eq!(invited.by.sid, world.sid(0));
    assert_eq!(leads_to(&world, 1, invited.id).unwrap().name, name());
}

#[test]
fn nobody_is_asked_twice_or_by_themselves() {
    let mut world = three(RoomMode::ForwardSecret);
    let [anna, bela] = [0, 1].map(|member| world.sid(member));
    for people in [&[][..], &[anna], &[bela, bela]] {
        let refused = world.act(0, |session, now, rng| {
            session.invite(people, &name(), now, rng)
        });
        assert_eq!(refused, Err(SayError::Empty));
    }
    let crowd: Vec<_> = (0..=client::MOST_INVITED)
        .map(|n| SenderId((n as u128 + 1).to_be_bytes()))
        .collect();
    let refused = world.act(0, |session, now, rng| {
        session.invite(&crowd, &name(), now, rng)
    });
    assert!(matches!(refused, Err(SayError::TooLong { .. })));
}

fn elsewhere(world: &World, name: &str) -> Config {
    Config {
        keys: RoomKeys::from_bytes(&[77; 64]),
        ..world.config(name)
    }
}

/// Everything that a member has sent into its tunnel, as the relay reads it.
fn frames(world: &World, member: usize) -> Vec<Vec<u8>> {
    let records = world.members[member].events.iter();
    records
        .filter_map(|event| match event {
            Event::Wire(record) => Some(record.frames.iter().map(|frame| frame.frame.clone())),
            _ => None,
        })
        .flatten()
        .collect()
}

#[test]
fn those_who_come_along_know_each_other_and_the_relay_knows_nobody_again() {
    for mode in BOTH {
        let mut world = World::new(mode, 35);
        for name in ["Anna", "Bela", "Cleo"] {
            world.join(name);
            world.say(world.members.len() - 1, "hello");
        }
        world.settle();
        let sids = [0, 1].map(|member| world.sid(member));
        world.act(0, |session, _, _| session.set_verified(sids[1], true));
        let passports =
            [0, 1].map(|member| world.act(member, |session, _, rng| session.passport(rng)));
        assert_eq!(passports.each_ref().map(client::Passport::sender_id), sids);
        let config = elsewhere(&world, "Anna");
        let anna = world.arrive(config, &passports[0]);
        world.settle();
        world.leave(0);
        let config = elsewhere(&world, "Bela");
        let bela = world.arrive(config, &passports[1]);
        world.settle();
        world.say(anna, "here we are");
        world.say(bela, "at last");
        world.settle();
        assert_eq!([anna, bela].map(|member| world.sid(member)), sids);
        assert_eq!(world.members[bela].heard(), ["here we are"]);
        assert_eq!(world.members[anna].heard(), ["at last"]);
        assert!(world.members[anna].session.is_verified(&sids[1]));
        assert!(!world.members[bela].session.is_verified(&sids[0]));

        // Twelve bytes that occur in both rooms would tie them together. Only what is all alike may.
        let windows = |member: usize| -> BTreeSet<Vec<u8>> {
            let all = frames(&world, member);
            let windows = all.iter().flat_map(|frame| frame.windows(12));
            windows
                .filter(|window| window.iter().collect::<BTreeSet<_>>().len() > 8)
                .map(<[u8]>::to_vec)
                .collect()
        };
        for (before, after) in [(0, anna), (1, bela)] {
            let (before, after) = (windows(before), windows(after));
            assert!(before.len() > 1_000 && after.len() > 1_000);
            assert_eq!(before.intersection(&after).next(), None);
        }
    }
}

#[test]
fn a_key_that_has_been_somewhere_does_not_go_there_again() {
    let mut world = three(RoomMode::ForwardSecret);
    let sid = world.sid(0);
    let passport = world.act(0, |session, _, rng| session.passport(rng));
    // Back to where it is, by an invitation that leads in a circle.
    let config = world.config("Anna");
    let again = world.arrive(config, &passport);
    world.settle();
    assert_ne!(world.sid(again), sid);
    assert!(world.members[1].people().len() == 3);

    let config = elsewhere(&world, "Anna");
    let first = world.arrive(config, &passport);
    world.settle();
    assert_eq!(world.sid(first), sid);
    // Nor does it forget where it was when its tab is reloaded.
    let frozen = world.act(first, |session, now, rng| session.freeze(now, rng));
    let (config, now) = (elsewhere(&world, "Anna"), world.now);
    let passport = world.act(first, |session, _, rng| {
        *session = client::Session::thaw(config, &frozen, now, rng).unwrap();
        session.passport(rng)
    });
    for config in [world.config("Anna"), elsewhere(&world, "Anna")] {
        let stranger = world.arrive(config, &passport);
        assert_ne!(world.sid(stranger), sid);
    }
}

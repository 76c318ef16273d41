//! Events in, actions out.

use client::{Body, By, End, MessageId, NotSent, Ordered};
use crypto::control::PurgePolicy;
use crypto::identity::Tag;
use crypto::wire::{Epoch, Generation, LocalId, RoomMode, Seq, TimeLeft};

mod door;
mod governing;
mod saying;

use super::*;
use crate::state::{Delivery, EndReason, PersonId};

const NOW: Now = Now {
    wall: Duration::from_secs(1_800_000_000),
    mono: Duration::from_secs(50),
};

fn sid(byte: u8) -> SenderId {
    SenderId([byte; 16])
}

fn person(byte: u8, name: &str) -> client::Person {
    client::Person {
        sid: sid(byte),
        name: name.to_owned(),
        tag: Tag::of(&sid(byte)),
        bot: None,
        me: byte == 1,
        joined_at: NOW.wall,
        away: false,
    }
}

fn message(from: u8, local: Option<u32>, seq: Option<u64>) -> Message {
    Message {
        id: local.is_none().then_some(MessageId {
            sid: sid(from),
            epoch: Epoch(2),
            generation: Generation(9),
        }),
        local: local.map(LocalId),
        from: sid(from),
        name: "Brave\u{202e} Heron".to_owned(),
        tag: Tag::of(&sid(from)),
        mine: from == 1,
        to: None,
        seq: seq.map(Seq),
        sent_at: NOW.wall,
        received_at: NOW.wall,
        body: Body::text("hello"),
        replayed: false,
        late: None,
    }
}

fn translator() -> Translator {
    let face = Face {
        emoji: ["a"; 4],
        words: ["a"; 4],
        hue: 0,
    };
    let known = Known {
        face,
        masked: "m".to_owned(),
        address: "00".to_owned(),
        guessable: false,
        pinned: true,
        key_took: Duration::ZERO,
        wanted: Some(Mode::OpenHistory { last: 35 }),
    };
    Translator::new(known, Vec::new())
}

fn governance() -> client::Governance {
    client::Governance {
        mine: true,
        holders: vec![sid(1), sid(9)],
        locked: true,
        purge: PurgePolicy::Everyone,
        may_purge: true,
        filters: None,
        removed: Vec::new(),
    }
}

fn tell(translator: &mut Translator, event: Event) -> Vec<Action> {
    let around = Around {
        now: NOW,
        me: &|| person(1, "Quiet Otter"),
        people: &Vec::new,
        governance: &governance,
        is_verified: &|_| false,
    };
    translator.translate(event, &around)
}

fn entered(outcome: JoinOutcome) -> Event {
    let fingerprint = "abcdefghijklmnopqrstuvwxya".parse();
    Event::Entered {
        outcome,
        mode: RoomMode::OpenHistory,
        history: 35,
        time_left: TimeLeft::For(Duration::from_secs(60)),
        me: sid(1),
        fingerprint: fingerprint.expect("a fingerprint"),
    }
}

fn status(status: client::Status) -> Event {
    Event::Status(status)
}

#[test]
fn before_the_room_a_status_is_a_step_and_inside_it_is_the_strip() {
    let mut translator = translator();
    let connecting = || status(client::Status::Connecting { attempt: 3 });
    let step = Action::Step(Step::Reaching { attempt: 3 });
    assert_eq!(tell(&mut translator, connecting()), [step]);
    tell(&mut translator, entered(JoinOutcome::Entered));
    let strip = Action::Status(Status::Connecting {
        attempt: 3,
        queued: 0,
    });
    assert_eq!(tell(&mut translator, connecting()), [strip]);
}

#[test]
fn a_wait_is_told_in_the_time_of_day() {
    let mut translator = translator();
    tell(&mut translator, entered(JoinOutcome::Opened));
    let until = NOW.mono + Duration::from_secs(7);
    let waiting = status(client::Status::Waiting { until, queued: 2 });
    let until = NOW.wall + Duration::from_secs(7);
    let expected = Action::Status(Status::Waiting { until, queued: 2 });
    assert_eq!(tell(&mut translator, waiting), [expected]);
}

#[test]
fn entering_brings_the_card_and_this_person_and_resuming_does_not() {
    let mut translator = translator();
    let first = tell(&mut translator, entered(JoinOutcome::Opened));
    let [
        Action::Entered { card, .. },
        Action::PersonCame { person, .. },
        Action::Rules(rules),
    ] = &first[..]
    else {
        panic!("unexpected: {first:?}")
    };
    assert!(card.opened_by_me && person.me && rules.mine);
    assert_eq!(card.closes_at, Some(NOW.wall + Duration::from_secs(60)));
    let again = tell(&mut translator, entered(JoinOutcome::Resumed));
    assert_eq!(again[0], Action::Status(Status::Online));
}

#[test]
fn whoever_was_here_before_us_comes_silently() {
    let mut translator = translator();
    let silently = |actions: &[Action]| match actions {
        [Action::PersonCame { silently, .. }, Action::Rules(_)] => *silently,
        other => panic!("unexpected: {other:?}"),
    };
    let before = tell(&mut translator, Event::PersonArrived(person(2, "B")));
    assert!(silently(&before));
    tell(&mut translator, Event::CaughtUp);
    let after = tell(&mut translator, Event::PersonArrived(person(3, "C")));
    assert!(!silently(&after));
}

#[test]
fn names_are_made_safe_on_the_way_in() {
    let mut translator = translator();
    let hostile = person(2, "Ann\u{202e}a\n\u{200b}");
    let actions = tell(&mut translator, Event::PersonArrived(hostile));
    let [Action::PersonCame { person, .. }, Action::Rules(_)] = &actions[..] else {
        panic!("unexpected: {actions:?}")
    };
    assert!(
        !person.name.contains(['\u{202e}', '\n', '\u{200b}']),
        "{:?}",
        person.name
    );
    assert_eq!(person.skeleton, text::skeleton(&person.name));
    let said = tell(&mut translator, Event::Said(message(2, None, Some(4))));
    let [Action::Said { said, .. }] = &said[..] else {
        panic!("unexpected: {said:?}")
    };
    assert!(!said.name.contains('\u{202e}'));
}

#[test]
fn an_own_message_is_sending_until_it_is_sent_and_has_a_reason_if_it_is_not() {
    let mut translator = translator();
    let composed = tell(&mut translator, Event::Composed(message(1, Some(5), None)));
    let [Action::Said { said, .. }] = &composed[..] else {
        panic!("unexpected: {composed:?}")
    };
    assert_eq!((said.local, &said.delivery), (Some(5), &Delivery::Sending));
    let sent = Event::Sent {
        local: LocalId(5),
        seq: Seq(8),
        id: MessageId {
            sid: sid(1),
            epoch: Epoch(2),
            generation: Generation(9),
        },
    };
    let replayed = tell(&mut translator, Event::Said(message(1, None, Some(8))));
    let [Action::Said { said, .. }] = &replayed[..] else {
        panic!("unexpected: {replayed:?}")
    };
    let relayed = Action::Relayed {
        local: 5,
        id: said.id.clone(),
    };
    assert_eq!(tell(&mut translator, sent), [relayed]);
    let failed = Event::NotSent {
        local: LocalId(6),
        why: NotSent::Unanswered,
    };
    let failed = tell(&mut translator, failed);
    let [
        Action::Delivery {
            delivery: Delivery::Failed(why),
            ..
        },
    ] = &failed[..]
    else {
        panic!("unexpected: {failed:?}")
    };
    assert!(why.ends_with('.'));
}

#[test]
fn an_own_message_that_the_relay_had_kept_is_relayed() {
    let said = tell(&mut translator(), Event::Said(message(1, None, Some(4))));
    let [Action::Said { said, .. }] = &said[..] else {
        panic!("unexpected: {said:?}")
    };
    assert_eq!((said.local, &said.delivery), (None, &Delivery::Relayed));
}

#[test]
fn a_version_apart_blocks_and_every_other_end_has_its_page() {
    let end = |end| tell(&mut translator(), status(client::Status::Ended(end)));
    assert_eq!(end(End::RelayTooOld), [Action::Block(Blocked::RelayTooOld)]);
    assert_eq!(end(End::RelayTooNew), [Action::Block(Blocked::RelayTooNew)]);
    assert!(
        end(End::WrongRelayKey).is_empty(),
        "the changed key was told already"
    );
    let pages = [
        (End::Left, EndReason::Left),
        (End::Expired, EndReason::Expired),
        (End::Removed { by: None }, EndReason::Removed(None)),
        (End::Replaced, EndReason::Replaced),
        (End::Locked, EndReason::Locked),
        (End::Full, EndReason::Full),
        (End::Closed, EndReason::Closed),
        (End::ModeDisputed, EndReason::ModeDisputed),
    ];
    for (from, expected) in pages {
        let told = end(from);
        assert!(
            matches!(&told[..], [Action::End { why, .. }] if *why == expected),
            "{told:?}"
        );
    }
}

#[test]
fn notices_call_people_by_their_names() {
    let mut translator = translator();
    tell(&mut translator, Event::PersonArrived(person(2, "Björn")));
    let missing = |from| Event::Missing { from, count: 2 };
    let told = tell(&mut translator, missing(sid(2)));
    let expected = Notice::Missing {
        name: "Björn".to_owned(),
        count: 2,
    };
    assert_eq!(
        told,
        [Action::Notice {
            notice: expected,
            at: NOW.wall
        }]
    );
    let told = tell(&mut translator, missing(sid(9)));
    let expected = Notice::Missing {
        name: text::NAMELESS.to_owned(),
        count: 2,
    };
    assert_eq!(
        told,
        [Action::Notice {
            notice: expected,
            at: NOW.wall
        }]
    );
}

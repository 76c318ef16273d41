//! Reducer scripts: a list of actions, and what the screen then shows.

mod leaping;
mod log;
mod people;
mod talk;

use std::rc::Rc;
use std::time::Duration;

use yew::Reducible;

use super::*;

const AT: Duration = Duration::from_secs(1_800_000_000);

fn face() -> Face {
    Face {
        emoji: ["🐢", "🌋", "🎺", "🧵"],
        words: ["turtle", "volcano", "trumpet", "thread"],
        hue: 120,
    }
}

fn card() -> RoomCard {
    RoomCard {
        face: face(),
        masked: "maple-•••••".to_owned(),
        address: "00".repeat(32),
        mode: Mode::OpenHistory { last: 35 },
        closes_at: Some(AT + Duration::from_secs(3600)),
        entered_at: AT,
        opened_by_me: true,
        guessable: false,
        me: PersonId([1; 16]),
        fingerprint: "a".repeat(26),
        pinned: true,
        key_took: Duration::from_millis(700),
        rules: Rules::default(),
        purges_at: None,
    }
}

fn tag() -> Tag {
    Tag {
        text: "k7qf".to_owned(),
        hue: 10,
        shape: 2,
    }
}

/// A list of people, by name and number; number 1 is this person. Every tag is different.
pub(crate) fn people(named: &[(&str, u8)]) -> People {
    let mut people = People::default();
    for (name, id) in named {
        let mut person = person(*id, name);
        person.tag.text = format!("tag{id}");
        people.put(person);
    }
    people
}

fn person(id: u8, name: &str) -> Person {
    Person {
        id: PersonId([id; 16]),
        name: name.to_owned(),
        skeleton: text::skeleton(name),
        tag: tag(),
        bot: None,
        me: id == 1,
        away: false,
        twin: false,
        joined_at: AT + Duration::from_secs(id.into()),
    }
}

pub(crate) fn said(id: &str, from: u8) -> Said {
    let mine = from == 1;
    Said {
        id: id.to_owned(),
        from: PersonId([from; 16]),
        name: "Brave Heron".to_owned(),
        tag: tag(),
        mine,
        to: None,
        what: What::Text(Wording::plain(id)),
        sent_at: AT,
        local: mine.then_some(7),
        delivery: if mine {
            Delivery::Sending
        } else {
            Delivery::Received
        },
        replayed: false,
        marks: Marks::default(),
    }
}

pub(crate) fn say(id: &str, from: u8) -> Action {
    Action::Said {
        said: Box::new(said(id, from)),
        at: AT,
    }
}

pub(crate) fn came(id: u8, name: &str, silently: bool) -> Action {
    Action::PersonCame {
        person: person(id, name),
        at: AT,
        silently,
    }
}

fn entered() -> Action {
    Action::Entered {
        card: Box::new(card()),
        earlier: Vec::new(),
        at: AT,
    }
}

fn run(actions: impl IntoIterator<Item = Action>) -> State {
    let page = Page {
        visible: true,
        focused: true,
        ..Page::default()
    };
    let start = Rc::new(State::new(Screen::Door(Door::default()), page));
    let end = actions
        .into_iter()
        .fold(start, |state, action| state.reduce(action));
    (*end).clone()
}

pub(crate) fn in_room(actions: impl IntoIterator<Item = Action>) -> State {
    run([entered(), came(1, "Quiet Otter", true)]
        .into_iter()
        .chain(actions))
}

fn room(state: &State) -> &Room {
    state.room().expect("a room is on the screen")
}

fn notices(state: &State) -> Vec<Notice> {
    let entries = room(state).log.entries().iter();
    entries
        .filter_map(|entry| match &entry.kind {
            EntryKind::Notice(notice) => Some(notice.clone()),
            EntryKind::Said(_) => None,
        })
        .collect()
}

fn messages(state: &State) -> Vec<(String, Delivery)> {
    let entries = room(state).log.entries().iter();
    entries
        .filter_map(|entry| match &entry.kind {
            EntryKind::Said(said) => Some((said.id.clone(), said.delivery.clone())),
            EntryKind::Notice(_) => None,
        })
        .collect()
}

#[test]
fn the_way_into_a_room_goes_through_its_steps() {
    let making = Making {
        masked: "m".into(),
        face: None,
        step: Step::Key(Progress::default()),
        resuming: false,
    };
    let half = Progress {
        done: 300_000,
        total: 600_000,
    };
    let state = run([Action::ShowMaking(making), Action::KeyProgress(half)]);
    let Screen::Making(making) = &state.screen else {
        panic!("not making: {:?}", state.screen)
    };
    assert_eq!(making.step, Step::Key(half));
    let reached = [
        Action::KeyReady(face()),
        Action::Step(Step::Reaching { attempt: 1 }),
        entered(),
    ];
    let state = reached
        .into_iter()
        .fold(Rc::new(state), |state, action| state.reduce(action));
    assert_eq!(room(&state).card.face, face());
    assert_eq!(room(&state).status, Status::Online);
}

#[test]
fn a_link_recipient_sees_the_face_before_anything_is_sent() {
    let invited = Invited {
        masked: "maple-•••••".to_owned(),
        face: None,
        progress: Progress::default(),
        suggested_name: "Brave Heron".to_owned(),
        pinned: true,
        guessable: false,
        second: false,
    };
    let state = run([Action::ShowInvited(invited), Action::KeyReady(face())]);
    let Screen::Invited(invited) = &state.screen else {
        panic!("not invited")
    };
    assert_eq!(invited.face, Some(face()));
    assert!(invited.progress.is_done());
}

#[test]
fn progress_that_comes_after_the_screen_has_gone_is_ignored() {
    let state = run([
        Action::KeyProgress(Progress { done: 1, total: 2 }),
        Action::KeyReady(face()),
    ]);
    assert_eq!(state.screen, Screen::Door(Door::default()));
}

#[test]
fn a_reload_shows_the_earlier_lines_and_says_so() {
    let earlier = vec![(AT, EntryKind::Said(said("a", 2)))];
    let state = run([Action::Entered {
        card: Box::new(card()),
        earlier,
        at: AT,
    }]);
    assert_eq!(messages(&state).len(), 1);
    assert_eq!(notices(&state), [Notice::Resumed]);
}

#[test]
fn a_new_seat_under_an_open_page_keeps_the_conversation() {
    let state = in_room([say("a", 2), came(2, "Brave Heron", true), entered()]);
    assert_eq!(messages(&state).len(), 1);
    assert_eq!(room(&state).people.present(), 2);
}

#[test]
fn a_changed_relay_key_stops_the_screen_and_keeps_the_conversation_behind_it() {
    let changed = Blocked::KeyChanged {
        expected: "a".into(),
        found: "b".into(),
    };
    let failed = Action::Delivery {
        local: 7,
        delivery: Delivery::Failed("no".into()),
    };
    let state = in_room([say("a", 1), Action::Block(changed), failed]);
    assert!(state.room().is_none());
    let state = Rc::new(state).reduce(entered());
    assert_eq!(
        messages(&state),
        [("a".to_owned(), Delivery::Failed("no".to_owned()))]
    );
}

#[test]
fn the_end_page_keeps_the_face_and_nothing_of_the_conversation() {
    let end = Action::End {
        why: EndReason::Expired,
        at: AT,
        can_rejoin: true,
    };
    let state = in_room([say("a", 2), end, Action::Forgotten]);
    let expected = Ended {
        why: EndReason::Expired,
        at: AT,
        face: Some(face()),
        can_rejoin: false,
    };
    assert_eq!(state.screen, Screen::Ended(expected));
    assert!(state.set_aside.is_none());
}

#[test]
fn actions_of_a_room_change_nothing_outside_one() {
    let before = run([]);
    let strays = [
        say("a", 2),
        came(2, "x", false),
        Action::ReadToEnd,
        Action::Discarded(1),
    ];
    let start = Rc::new(before.clone());
    let after = strays
        .into_iter()
        .fold(start, |state, action| state.reduce(action));
    assert_eq!(*after, before);
}

#[test]
fn a_new_message_leaves_the_people_and_the_card_untouched() {
    let before = in_room([]);
    let after = Rc::new(before.clone()).reduce(say("a", 2));
    assert!(
        room(&before).people == room(&after).people,
        "the same allocation"
    );
    assert!(room(&before).card == room(&after).card);
    assert!(room(&before).log != room(&after).log);
}

#[test]
fn the_wire_keeps_its_newest_records_and_counts_all() {
    let record = |n: u8| {
        Action::Wire(WireRecord {
            number: 0,
            at: AT,
            direction: if n.is_multiple_of(2) {
                Direction::Sent
            } else {
                Direction::Received
            },
            length: 10,
            record: Rc::from([n; 10]),
            frames: Vec::new(),
        })
    };
    let state = in_room((0..60).map(record));
    let wire = &room(&state).wire;
    assert_eq!(wire.count(), 60);
    assert_eq!(wire.newest_first().count(), WIRE_KEPT);
    assert_eq!(
        wire.newest_first().next().map(|record| record.number),
        Some(60)
    );
    assert_eq!(wire.totals(), (300, 300));
}

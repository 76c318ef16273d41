//! What was said.

use text::{FilterState, Filters};

use super::super::log::{BYTES, LINES};
use super::*;

#[test]
fn an_own_message_goes_from_sending_to_relayed() {
    let relayed = Action::Relayed {
        local: 7,
        id: "a".to_owned(),
    };
    let state = in_room([say("a", 1)]);
    assert_eq!(room(&state).log.sending(), 1);
    let state = Rc::new(state).reduce(relayed);
    assert_eq!(messages(&state), [("a".to_owned(), Delivery::Relayed)]);
    assert_eq!(room(&state).log.sending(), 0);
}

#[test]
fn a_failed_message_can_be_discarded_and_a_relayed_one_cannot() {
    let failed = |local| Action::Delivery {
        local,
        delivery: Delivery::Failed("no".to_owned()),
    };
    assert!(messages(&in_room([say("a", 1), failed(7), Action::Discarded(7)])).is_empty());
    let relayed = Action::Relayed {
        local: 7,
        id: "a".to_owned(),
    };
    assert_eq!(
        messages(&in_room([say("a", 1), relayed, Action::Discarded(7)])).len(),
        1
    );
}

#[test]
fn a_message_that_arrives_twice_is_shown_once() {
    assert_eq!(
        messages(&in_room([say("a", 2), say("b", 2), say("a", 2)])).len(),
        2
    );
}

#[test]
fn a_message_is_found_again_after_lines_before_it_have_gone() {
    let many = (0..6_000).map(|number| say(&number.to_string(), 2));
    let again = say("5999", 2);
    let state = in_room([Action::Several(many.collect()), again]);
    let log = &room(&state).log;
    let ids: Vec<&str> = log
        .entries()
        .iter()
        .filter_map(|entry| log.said(entry.id))
        .map(|said| said.id.as_str())
        .collect();
    assert_eq!(ids.iter().filter(|id| **id == "5999").count(), 1);
    for id in [ids.first(), ids.last()].into_iter().flatten() {
        let line = log.line_of(id).and_then(|line| log.said(line));
        assert_eq!(line.map(|said| said.id.as_str()), Some(*id));
    }
    assert_eq!(log.line_of("0"), None);
}

#[test]
fn a_replayed_own_message_counts_as_relayed() {
    let again = Said {
        local: None,
        delivery: Delivery::Relayed,
        replayed: true,
        ..said("a", 1)
    };
    let state = in_room([
        say("a", 1),
        Action::Said {
            said: Box::new(again),
            at: AT,
        },
    ]);
    assert_eq!(messages(&state), [("a".to_owned(), Delivery::Relayed)]);
}

#[test]
fn messages_while_the_tab_is_hidden_are_counted_and_marked() {
    let state = in_room([
        say("a", 2),
        Action::Visible(false),
        say("b", 2),
        say("c", 1),
        say("d", 2),
    ]);
    let log = &room(&state).log;
    assert_eq!(log.unread(), 2);
    assert_eq!(state.title(), "(2) 1 person · Roomkey");
    let first = log.first_unread();
    let state = Rc::new(state).reduce(Action::Visible(true));
    assert_eq!(room(&state).log.unread(), 0);
    assert_eq!(
        room(&state).log.first_unread(),
        first,
        "the line stays until it was read"
    );
    let state = state.reduce(Action::ReadToEnd);
    assert_eq!(room(&state).log.first_unread(), None);
}

#[test]
fn what_was_said_before_we_came_is_not_new() {
    let old = Said {
        replayed: true,
        ..said("a", 2)
    };
    let state = in_room([
        Action::Visible(false),
        Action::Said {
            said: Box::new(old),
            at: AT,
        },
    ]);
    assert_eq!(room(&state).log.unread(), 0);
}

#[test]
fn counted_notices_merge_and_others_do_not() {
    let note = |notice| Action::Notice { notice, at: AT };
    let state = in_room([
        note(Notice::Unverifiable { count: 1 }),
        note(Notice::Unverifiable { count: 2 }),
        note(Notice::Missing {
            name: "A".into(),
            count: 1,
        }),
        note(Notice::Missing {
            name: "B".into(),
            count: 1,
        }),
    ]);
    assert_eq!(notices(&state).len(), 4);
    assert!(notices(&state).contains(&Notice::Unverifiable { count: 3 }));
}

#[test]
fn changing_a_filter_hides_again_what_was_revealed_one_by_one() {
    let state = in_room([say("a", 2)]);
    let id = room(&state).log.entries().last().expect("a line").id;
    let state = Rc::new(state).reduce(Action::Reveal(id));
    assert!(room(&state).log.is_revealed(id));
    let filters = Filters {
        links: FilterState::Hide,
        ..Filters::default()
    };
    let state = state.reduce(Action::SetFilters(filters));
    assert!(!room(&state).log.is_revealed(id));
    assert_eq!(state.settings.filters, filters);
}

#[test]
fn a_long_log_takes_one_more_without_comparing_all_of_it() {
    let state = in_room((0..4_000).map(|n| say(&format!("m{n}"), 2)));
    let again = Rc::new(state.clone()).reduce(Action::Copied(None));
    assert_eq!(state, *again, "equality looks at pointers");
    assert_eq!(messages(&state).len(), 4_000);
}

fn text(id: &str, from: u8, bytes: usize) -> Action {
    let said = Said {
        what: What::Text(Wording::plain(&"x".repeat(bytes))),
        ..said(id, from)
    };
    Action::Said {
        said: Box::new(said),
        at: AT,
    }
}

#[test]
fn a_member_who_never_stops_talking_cannot_grow_the_page_for_ever() {
    let state = in_room((0..12_000).map(|n| say(&format!("m{n}"), 2)));
    let log = &room(&state).log;
    assert!(log.entries().len() <= LINES, "{}", log.entries().len());
    assert!(log.entries().len() > LINES / 2);
    assert_eq!(messages(&state).last().expect("the newest").0, "m11999");
    let Notice::Dropped { count } = notices(&state)[0] else {
        panic!("the first line does not say that lines are gone");
    };
    // What came in, and the line about coming in, less what is left beside the line about the gap.
    assert_eq!(count as usize, 12_001 - (log.entries().len() - 1));
}

#[test]
fn a_few_huge_messages_are_dropped_as_well() {
    let state = in_room((0..1_200).map(|n| text(&format!("m{n}"), 2, 16 * 1024)));
    let said: usize = room(&state)
        .log
        .entries()
        .iter()
        .map(|entry| entry.weight())
        .sum();
    assert!(said <= BYTES, "{said}");
    assert!(matches!(notices(&state)[0], Notice::Dropped { .. }));
    assert_eq!(messages(&state).last().expect("the newest").0, "m1199");
}

#[test]
fn an_own_message_that_is_not_relayed_yet_is_never_dropped() {
    let others = (0..2 * LINES).map(|n| say(&format!("m{n}"), 2));
    let state = in_room([say("mine", 1)].into_iter().chain(others));
    assert_eq!(room(&state).log.sending(), 1);
    let relayed = Action::Relayed {
        local: 7,
        id: "mine".to_owned(),
    };
    let state = Rc::new(state).reduce(relayed);
    assert_eq!(messages(&state)[0], ("mine".to_owned(), Delivery::Relayed));
}

#[test]
fn a_reader_keeps_the_place_when_lines_above_are_dropped() {
    let before = in_room((0..LINES - 10).map(|n| say(&format!("m{n}"), 2)));
    let line = room(&before).log.entries()[4_000].id;
    let after = (0..20).fold(Rc::new(before), |state, n| {
        state.reduce(say(&format!("n{n}"), 2))
    });
    let log = &room(&after).log;
    assert!(log.shifted() > 0);
    assert_eq!(log.entries()[4_000 - log.shifted()].id, line);
}

fn late(id: &str, from: u8, before: &str) -> Action {
    Action::CameLate {
        said: Box::new(said(id, from)),
        before: before.to_owned(),
        at: AT,
    }
}

#[test]
fn what_comes_late_stands_where_it_belongs_and_lines_keep_their_numbers() {
    let state = in_room([say("a", 2), say("b", 3), say("d", 2)]);
    let numbered = |state: &State| -> Vec<(String, EntryId)> {
        let log = &room(state).log;
        let ids = messages(state).into_iter().map(|(id, _)| id);
        ids.map(|id| (id.clone(), log.line_of(&id).unwrap()))
            .collect()
    };
    let before = numbered(&state);
    let mut state = Rc::new(state);
    let mut expected = vec!["a".to_owned(), "b".to_owned(), "d".to_owned()];
    // In order, as they mostly come, and against it.
    for number in 0..400 {
        let id = format!("c{number:03}");
        state = state.reduce(late(&id, 2, "d"));
        expected.insert(expected.len() - 1, id);
    }
    state = state.reduce(late("b2", 2, "c000"));
    state = state.reduce(late("b1", 2, "b2"));
    expected.splice(2..2, ["b1".to_owned(), "b2".to_owned()]);
    let shown: Vec<_> = messages(&state).into_iter().map(|(id, _)| id).collect();
    assert_eq!(shown, expected);
    let after = numbered(&state);
    assert!(before.iter().all(|line| after.contains(line)));
    assert!(after.is_sorted_by(|(_, one), (_, next)| one < next));
}

#[test]
fn what_comes_late_before_something_unknown_comes_last_and_twice_is_once() {
    let state = in_room([say("a", 2), late("b", 2, "gone"), late("b", 2, "a")]);
    let shown: Vec<_> = messages(&state).into_iter().map(|(id, _)| id).collect();
    assert_eq!(shown, ["a", "b"]);
}

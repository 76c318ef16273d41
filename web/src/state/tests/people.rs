//! Who is here.

use super::*;

#[test]
fn people_who_were_here_before_get_no_line_and_newcomers_do() {
    let state = in_room([came(2, "Brave Heron", true), came(3, "Clippy", false)]);
    let here = notices(&state);
    assert!(
        matches!(&here[..], [Notice::Opened { .. }, Notice::CameIn { name, .. }] if name == "Clippy")
    );
    assert_eq!(room(&state).people.present(), 3);
    assert!(!room(&state).people.is_alone());
}

#[test]
fn this_person_stands_first_and_the_others_in_the_order_they_came() {
    let state = in_room([came(3, "Late", true), came(2, "Early", true)]);
    let names: Vec<_> = room(&state)
        .people
        .list()
        .iter()
        .map(|person| person.name.as_str())
        .collect();
    assert_eq!(names, ["Quiet Otter", "Early", "Late"]);
}

#[test]
fn two_people_with_one_name_are_both_marked_until_one_changes_it() {
    let state = in_room([came(2, "Anna", true), came(3, "anna", true)]);
    let twins = |state: &State| {
        room(state)
            .people
            .list()
            .iter()
            .filter(|person| person.twin)
            .count()
    };
    assert_eq!(twins(&state), 2);
    let renamed = Action::PersonChanged {
        person: person(3, "Bert"),
        at: AT,
    };
    let state = Rc::new(state).reduce(renamed);
    assert_eq!(twins(&state), 0);
    assert!(
        matches!(notices(&state).last(), Some(Notice::Renamed { from, to, .. }) if from == "anna" && to == "Bert")
    );
}

#[test]
fn names_that_only_look_alike_are_twins() {
    let state = in_room([came(2, "Anna", true), came(3, "Аnnа", true)]);
    assert!(
        room(&state)
            .people
            .list()
            .iter()
            .filter(|person| !person.me)
            .all(|person| person.twin)
    );
}

#[test]
fn leaving_takes_a_person_off_the_list_with_a_line() {
    let gone = Action::PersonLeft {
        id: PersonId([2; 16]),
        at: AT,
    };
    let state = in_room([came(2, "Brave Heron", false), gone.clone(), gone]);
    assert_eq!(
        notices(&state).len(),
        3,
        "a departure that is told twice is one line"
    );
    assert!(room(&state).people.is_alone());
}

#[test]
fn a_short_absence_is_no_line() {
    let away = |away| Action::PersonAway {
        id: PersonId([2; 16]),
        away,
    };
    let state = in_room([came(2, "Brave Heron", true), away(true)]);
    assert!(
        room(&state)
            .people
            .find(PersonId([2; 16]))
            .is_some_and(|person| person.away)
    );
    let state = Rc::new(state).reduce(away(false));
    assert_eq!(notices(&state).len(), 1);
}

fn compared(ids: &[u8]) -> Action {
    Action::Rules(Rules {
        verified: ids.iter().map(|id| PersonId([*id; 16])).collect(),
        ..Rules::default()
    })
}

#[test]
fn another_key_under_a_compared_name_is_warned_of_even_when_the_first_has_left() {
    let left = Action::PersonLeft {
        id: PersonId([2; 16]),
        at: AT,
    };
    let is_warned = |state: &State| {
        notices(state)
            .iter()
            .any(|notice| matches!(notice, Notice::Impostor { .. }))
    };
    let start = [came(2, "Bert", false), compared(&[2]), left];
    assert!(is_warned(&in_room(
        start.clone().into_iter().chain([came(3, "BERT", false)])
    )));
    // The same key again, or a name that nobody was compared by, is no news.
    assert!(!is_warned(&in_room(
        start
            .into_iter()
            .chain([came(2, "Bert", false), came(4, "Cleo", false)])
    )));
    // A comparison that was taken back is none.
    assert!(!is_warned(&in_room([
        came(2, "Bert", false),
        compared(&[2]),
        compared(&[]),
        came(3, "Bert", false),
    ])));
}

#[test]
fn suggested_filters_are_taken_by_whoever_has_not_chosen_any() {
    let hide = text::Filters {
        links: text::FilterState::Hide,
        ..text::Filters::default()
    };
    let strict = text::Filters {
        strict: true,
        ..text::Filters::default()
    };
    let suggest = |filters| {
        Action::Rules(Rules {
            filters: Some(filters),
            ..Rules::default()
        })
    };
    assert_eq!(in_room([suggest(hide)]).settings.filters, hide);
    assert_eq!(
        in_room([suggest(hide), suggest(strict)]).settings.filters,
        strict
    );
    let own = [Action::SetFilters(strict), suggest(hide)];
    assert_eq!(in_room(own).settings.filters, strict);
}

#[test]
fn a_second_person_of_one_name_is_told_once_and_a_third_of_another_is_not() {
    let told = |state: &State| {
        let is_twin = |notice: &&Notice| matches!(notice, Notice::Twin { .. });
        notices(state).iter().filter(is_twin).count()
    };
    let twice = [came(2, "Bert", false), came(3, "BERT", false)];
    assert_eq!(told(&in_room(twice.clone())), 1);
    let again = twice
        .into_iter()
        .chain([came(3, "BERT", true), came(4, "Cleo", false)]);
    assert_eq!(told(&in_room(again)), 1);
    // Whoever was there before us is told of as well.
    assert_eq!(
        told(&in_room([came(2, "Bert", true), came(3, "Bert", true)])),
        1
    );
}

#[test]
fn a_bot_that_declares_itself_late_or_changes_its_destination_is_told_of_again() {
    let declares = |to: Option<&str>| Action::PersonChanged {
        person: Person {
            bot: to.map(str::to_owned),
            ..person(2, "Clippy")
        },
        at: AT,
    };
    let told = |actions: &[Option<&str>]| {
        let start = [came(2, "Clippy", false)];
        let state = in_room(
            start
                .into_iter()
                .chain(actions.iter().copied().map(declares)),
        );
        let is_bot = |notice: &&Notice| matches!(notice, Notice::Bot { .. });
        notices(&state).iter().filter(is_bot).count()
    };
    assert_eq!(told(&[None]), 0);
    assert_eq!(told(&[Some("here"), Some("here")]), 1);
    assert_eq!(told(&[Some("here"), Some("far away")]), 2);
}

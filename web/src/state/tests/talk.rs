//! Private words, answers, changes, timers, and who is not heard.

use super::*;
use crate::talk::export::{Format, export};
use crate::talk::find::find;

fn id(id: u8) -> PersonId {
    PersonId([id; 16])
}

fn private(key: &str, from: u8, to: u8) -> Action {
    let mut said = said(key, from);
    said.to = Some(id(to));
    said.local = None;
    said.delivery = if from == 1 {
        Delivery::Relayed
    } else {
        Delivery::Received
    };
    Action::Said {
        said: Box::new(said),
        at: AT,
    }
}

fn changed(about: &str, from: u8, partner: Option<u8>, change: Change) -> Action {
    Action::Changed {
        about: about.to_owned(),
        from: id(from),
        partner: partner.map(id),
        change,
    }
}

fn edit(text: &str) -> Change {
    Change::Edit(Wording::plain(text))
}

fn react(emoji: &str, on: bool) -> Change {
    Change::React {
        emoji: emoji.to_owned(),
        on,
    }
}

fn line(state: &State, key: &str) -> EntryId {
    room(state).log.line_of(key).expect("it was said")
}

fn at<'a>(state: &'a State, key: &str) -> &'a Said {
    room(state)
        .log
        .said(line(state, key))
        .expect("it is a message")
}

fn then(state: State, actions: impl IntoIterator<Item = Action>) -> State {
    let end = actions
        .into_iter()
        .fold(Rc::new(state), |state, action| state.reduce(action));
    (*end).clone()
}

fn company() -> State {
    in_room([came(2, "Brave Heron", true), came(3, "Clippy", true)])
}

/// Everything that others, the relay and time can cause.
fn from_outside() -> Vec<Action> {
    vec![
        say("a", 2),
        private("b", 2, 1),
        private("c", 3, 1),
        changed("a", 2, None, edit("A")),
        changed("b", 2, Some(2), Change::Delete),
        Action::Typing {
            id: id(2),
            is_typing: true,
            to_me: true,
        },
        Action::Topic {
            text: "t".into(),
            by: "x".into(),
            at: AT,
        },
        Action::PersonAway {
            id: id(2),
            away: true,
        },
        Action::PersonChanged {
            person: person(2, "Somebody Else"),
            at: AT,
        },
        Action::PersonLeft { id: id(2), at: AT },
        came(2, "Brave Heron", false),
        Action::Status(Status::Connecting {
            attempt: 1,
            queued: 0,
        }),
        entered(),
        Action::Visible(false),
        Action::Visible(true),
        Action::TimersPassed(AT),
        Action::ClearLog,
    ]
}

#[test]
fn nothing_that_comes_from_outside_changes_whom_the_next_message_is_for() {
    for scope in [None, Some(id(2)), Some(id(3))] {
        let mut state = then(company(), [Action::SpeakTo(scope)]);
        for action in from_outside() {
            let told = format!("{action:?}");
            state = then(state, [action]);
            let now = room(&state).talk.scope.as_ref().map(|whom| whom.id);
            assert_eq!(now, scope, "{told}");
        }
    }
}

#[test]
fn whoever_is_spoken_to_stays_named_after_leaving_and_under_a_new_name() {
    let renamed = Action::PersonChanged {
        person: person(2, "Bold Heron"),
        at: AT,
    };
    let left = Action::PersonLeft { id: id(2), at: AT };
    let state = then(company(), [Action::SpeakTo(Some(id(2))), renamed, left]);
    let scope = room(&state).talk.scope.as_ref().expect("still chosen");
    assert_eq!(scope.name, "Bold Heron");
}

#[test]
fn one_cannot_be_made_to_speak_to_a_stranger_or_to_oneself() {
    let state = then(
        company(),
        [Action::SpeakTo(Some(id(2))), Action::SpeakTo(Some(id(9)))],
    );
    assert_eq!(
        room(&state).talk.scope.as_ref().map(|it| it.id),
        Some(id(2))
    );
    let state = then(state, [Action::SpeakTo(None), Action::SpeakTo(Some(id(1)))]);
    assert_eq!(room(&state).talk.scope, None);
}

#[test]
fn answering_private_words_speaks_to_their_author_and_answering_public_ones_to_everybody() {
    let state = then(company(), [private("p", 2, 1), say("a", 3)]);
    let answer = Action::TurnTo(About::Answer(line(&state, "p")));
    let state = then(state, [answer]);
    assert_eq!(
        room(&state).talk.scope.as_ref().map(|it| it.id),
        Some(id(2))
    );
    assert!(matches!(room(&state).talk.about, About::Answer(_)));
    let answer = Action::TurnTo(About::Answer(line(&state, "a")));
    let state = then(state, [answer]);
    assert_eq!(room(&state).talk.scope, None);
    // Turning to somebody else leaves nothing of the other conversation in the text field.
    let state = then(state, [Action::SpeakTo(Some(id(3)))]);
    assert_eq!(room(&state).talk.about, About::Nothing);
}

#[test]
fn private_words_are_counted_for_each_person_until_they_are_turned_to() {
    let state = then(
        company(),
        [private("a", 2, 1), private("b", 2, 1), private("c", 3, 1)],
    );
    let unread = &room(&state).talk.unread;
    assert_eq!(
        (unread.get(&id(2)), unread.get(&id(3))),
        (Some(&2), Some(&1))
    );
    let state = then(state, [Action::SpeakTo(Some(id(2))), private("d", 1, 3)]);
    assert!(room(&state).talk.unread.is_empty());
    let state = then(state, [private("e", 2, 1)]);
    assert!(
        room(&state).talk.unread.is_empty(),
        "it is in front of them"
    );
}

#[test]
fn only_its_author_changes_a_message_and_the_old_words_are_kept_here() {
    let state = then(
        company(),
        [
            say("a", 2),
            changed("a", 3, None, edit("forged")),
            changed("a", 2, None, edit("new")),
            changed("nobody knows this", 2, None, edit("lost")),
        ],
    );
    let said = at(&state, "a");
    assert_eq!(said.what, What::Text(Wording::plain("new")));
    assert_eq!(said.marks.before, [Wording::plain("a")]);
}

#[test]
fn what_is_said_about_a_message_must_be_said_where_it_was_said() {
    let state = then(
        company(),
        [
            private("p", 2, 1),
            say("a", 2),
            changed("p", 2, None, edit("to everybody")),
            changed("a", 2, Some(2), edit("to one")),
            changed("p", 3, Some(3), react("👍", true)),
        ],
    );
    assert!(at(&state, "p").marks == Marks::default());
    assert!(at(&state, "a").marks == Marks::default());
    let state = then(state, [changed("p", 1, Some(2), react("👍", true))]);
    assert_eq!(at(&state, "p").marks.reactions.len(), 1);
}

#[test]
fn a_reaction_counts_once_for_each_person_and_goes_with_the_last() {
    let state = then(
        company(),
        [
            say("a", 2),
            changed("a", 1, None, react("👍", true)),
            changed("a", 1, None, react("👍", true)),
            changed("a", 3, None, react("👍", true)),
            changed("a", 1, None, react("👍", false)),
        ],
    );
    assert_eq!(at(&state, "a").marks.reactions[0].by, [id(3)]);
    let state = then(state, [changed("a", 3, None, react("👍", false))]);
    assert!(at(&state, "a").marks.reactions.is_empty());
    let flood = (0..100).map(|n| changed("a", 2, None, react(&format!("x{n}"), true)));
    let state = then(state, flood);
    assert!(at(&state, "a").marks.reactions.len() < 30);
}

fn answer(key: &str, from: u8, to: &str) -> Action {
    let mut said = said(key, from);
    said.marks.quote = Some(Quote {
        id: to.to_owned(),
        line: None,
        name: String::new(),
        text: None,
    });
    Action::Said {
        said: Box::new(said),
        at: AT,
    }
}

#[test]
fn an_answer_shows_what_it_answers_until_that_is_taken_back() {
    let state = then(
        company(),
        [say("a", 2), answer("b", 3, "a"), answer("c", 3, "unknown")],
    );
    let quote = at(&state, "b")
        .marks
        .quote
        .clone()
        .expect("it answers something");
    assert_eq!(quote.line, Some(line(&state, "a")));
    assert_eq!(quote.text, Some(Wording::plain("a")));
    assert_eq!(
        at(&state, "c").marks.quote.as_ref().map(|it| it.line),
        Some(None)
    );

    let state = then(state, [changed("a", 2, None, Change::Delete)]);
    assert_eq!(at(&state, "a").what, What::Deleted);
    let quote = at(&state, "b")
        .marks
        .quote
        .clone()
        .expect("it answers something");
    assert_eq!(quote.text, None);
    // Nothing brings it back.
    let state = then(state, [changed("a", 2, None, edit("again")), say("a", 2)]);
    assert_eq!(at(&state, "a").what, What::Deleted);
}

#[test]
fn a_public_answer_does_not_show_private_words() {
    let state = then(company(), [private("p", 2, 1), answer("b", 2, "p")]);
    let quote = at(&state, "b")
        .marks
        .quote
        .clone()
        .expect("it answers something");
    assert_eq!((quote.line, quote.text), (None, None));
}

#[test]
fn a_message_with_a_timer_goes_when_its_time_is_over_and_not_before_it_was_read() {
    let stays = Duration::from_secs(30);
    let mut timed = said("t", 2);
    timed.marks.timer = Some(Timer { stays, ends: None });
    let timed = Action::Said {
        said: Box::new(timed),
        at: AT,
    };
    let late = AT + Duration::from_secs(3_600);
    let state = then(
        company(),
        [timed, answer("b", 3, "t"), Action::TimersPassed(late)],
    );
    assert_eq!(at(&state, "t").what, What::Text(Wording::plain("t")));
    let read = Action::TimerStarted {
        line: line(&state, "t"),
        at: late,
    };
    let again = Action::TimerStarted {
        line: line(&state, "t"),
        at: late + stays,
    };
    let state = then(state, [read, again]);
    assert_eq!(room(&state).log.next_end(), Some(late + stays));
    let state = then(state, [Action::TimersPassed(late + stays)]);
    assert_eq!(at(&state, "t").what, What::Expired);
    assert_eq!(
        at(&state, "b").marks.quote.clone().and_then(|it| it.text),
        None
    );
    assert_eq!(room(&state).log.next_end(), None);
    assert!(find(&room(&state).log, "t").is_empty());
}

#[test]
fn muted_people_are_neither_counted_nor_unread() {
    let mute = Action::Mute {
        id: id(2),
        muted: true,
    };
    let state = then(
        company(),
        [
            Action::Visible(false),
            mute,
            say("a", 2),
            private("b", 2, 1),
            say("c", 3),
        ],
    );
    assert_eq!(room(&state).log.unread(), 1);
    assert!(room(&state).talk.unread.is_empty());
    let heard = Action::Mute {
        id: id(2),
        muted: false,
    };
    let state = then(state, [heard, say("d", 2)]);
    assert_eq!(room(&state).log.unread(), 2);
}

#[test]
fn a_cleared_log_keeps_what_is_still_on_its_way() {
    let state = then(
        company(),
        [say("a", 2), say("mine", 1), Action::ClearLog, say("b", 2)],
    );
    let keys: Vec<_> = messages(&state).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["mine", "b"]);
    let relayed = Action::Relayed {
        local: 7,
        id: "mine-2".into(),
    };
    let state = then(state, [relayed]);
    assert_eq!(at(&state, "mine-2").delivery, Delivery::Relayed);
}

#[test]
fn seen_goes_forward_only_and_counts_whoever_reached_the_line() {
    let seen = |who: u8, up_to: &str| Action::SeenBy {
        id: id(who),
        up_to: up_to.to_owned(),
    };
    let state = then(
        company(),
        [
            say("a", 1),
            say("b", 2),
            seen(2, "b"),
            seen(2, "a"),
            seen(3, "a"),
            seen(3, "what?"),
        ],
    );
    let talk = &room(&state).talk;
    assert_eq!(talk.seen_by(line(&state, "a")).count(), 2);
    assert_eq!(talk.seen_by(line(&state, "b")).count(), 1);
}

#[test]
fn searching_finds_all_words_in_any_order_and_the_newest_first() {
    let state = then(
        company(),
        [say("red fish", 2), say("Blue FISH", 3), say("bird", 2)],
    );
    let log = &room(&state).log;
    assert_eq!(
        find(log, "fish"),
        [line(&state, "Blue FISH"), line(&state, "red fish")]
    );
    assert_eq!(find(log, "fish red"), [line(&state, "red fish")]);
    assert!(find(log, "  ").is_empty());
    assert!(find(log, "cat").is_empty());
}

#[test]
fn an_exported_conversation_is_data_whatever_was_said() {
    let attack = "</pre><script>alert(1)</script>\"\\\u{202e}\u{1b}[2J\nnext";
    let state = then(company(), [say(attack, 2), private("psst", 3, 1)]);
    let log = &room(&state).log;
    let html = export(log, Format::Html, |_| "<b>".to_owned());
    assert!(!html.contains("<script") && !html.contains("<b>") && html.contains("&lt;script&gt;"));
    let json = export(log, Format::Json, |_| "now".to_owned());
    assert!(!json.contains("<script") && json.contains("\\\"\\\\"));
    assert!(json.contains("\"private\":true"));
    let text = export(log, Format::Text, |_| "14:02:03".to_owned());
    assert!(text.contains("[14:02:03 - Brave Heron ·k7qf (private)]: psst"));
    for file in [html, json, text] {
        assert!(
            !file.contains('\u{1b}') && !file.contains('\u{202e}'),
            "{file}"
        );
    }
}

#[test]
fn settings_come_back_from_their_bytes_and_nothing_else_does() {
    for theme in Theme::ALL {
        let settings = Settings {
            theme,
            format: LineFormat::Classic,
            size: TextSize::Huge,
            notify: Notify::Personal,
            volume: Volume::High,
            shares_signals: true,
            ..Settings::default()
        };
        assert_eq!(Settings::from_bytes(&settings.to_bytes()), Some(settings));
    }
    assert_eq!(Settings::from_bytes(&[]), None);
    assert_eq!(Settings::from_bytes(&[1; 12]), None);
    assert_eq!(Settings::from_bytes(&[255; Settings::BYTES]), None);
}

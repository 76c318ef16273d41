//! What deserves to be told.

use super::{discreet, shortened};
use crate::state::{Entry, EntryKind, Notice, Person, Room, Said, State};
use crate::words::{fill, talk};

/// The most remarkable thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum News {
    /// Somebody came in.
    Arrival,
    /// Somebody said something.
    Message,
    /// Somebody said this person's name.
    Mention,
    /// Somebody said something to this person alone.
    Private,
}

/// What happened between two states, if this person is not looking.
pub(super) fn news(before: &State, after: &State) -> Option<News> {
    let (old, room) = (before.room()?, after.room()?);
    if after.page.visible && after.page.focused {
        return None;
    }
    let last = old.log.entries().last().map(|entry| entry.id);
    let new = room.log.entries().iter().rev();
    new.take_while(|entry| Some(entry.id) > last)
        .filter_map(|entry| weigh(room, entry))
        .max()
}

fn weigh(room: &Room, entry: &Entry) -> Option<News> {
    match &entry.kind {
        EntryKind::Said(said) if said.mine || said.replayed => None,
        EntryKind::Said(said) if room.talk.muted.contains(&said.from) => None,
        EntryKind::Said(said) if said.to.is_some() => Some(News::Private),
        EntryKind::Said(said) => Some(if room.people.me().is_some_and(|me| mentions(said, me)) {
            News::Mention
        } else {
            News::Message
        }),
        EntryKind::Notice(Notice::CameIn { .. }) => Some(News::Arrival),
        EntryKind::Notice(_) => None,
    }
}

/// Whether a message names this person: by tag, which is theirs alone, or by their whole name.
pub fn mentions(said: &Said, me: &Person) -> bool {
    let Some(wording) = said.what.wording() else {
        return false;
    };
    let text = wording.text.to_lowercase();
    let name = me.name.to_lowercase();
    text.match_indices('@').any(|(at, _)| {
        let rest = &text[at + 1..];
        let Some(rest) = rest.strip_prefix(name.as_str()) else {
            return false;
        };
        match rest.strip_prefix('·') {
            Some(tag) => tag.starts_with(&me.tag.text.to_lowercase()),
            None => !rest.starts_with(char::is_alphanumeric),
        }
    })
}

/// The words of a notification. Without leave it says neither who nor what.
pub(super) fn sentence(state: &State, news: News) -> String {
    let words = talk();
    let Some(room) = state.room() else {
        return words.notify_test.to_owned();
    };
    let said = room.log.newest_from_others().map(|entry| &entry.kind);
    match said {
        Some(EntryKind::Said(said)) if state.settings.notify_tells && news != News::Arrival => {
            let text = said.what.wording().map_or("", |wording| &wording.text);
            // One line, without anything that could pretend to be something else.
            let text = shortened(&text::canonical(text).replace('\n', " "));
            fill(words.notify_open, &[("name", &said.name), ("text", &text)])
        }
        _ => discreet(&room.card.face.emoji.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::{came, in_room, said};
    use crate::state::{Action, Notify, PersonId, Settings, Wording};

    /// What a hidden page is told by one message of somebody else.
    fn told(text: &str, change: impl FnOnce(&mut Said)) -> Option<News> {
        let mut message = said("new", 2);
        message.what = crate::state::What::Text(Wording::plain(text));
        change(&mut message);
        let before = [came(2, "Brave Heron", true), Action::Visible(false)];
        let mut state = in_room(before);
        let old = state.clone();
        state.apply(Action::Said {
            said: Box::new(message),
            at: std::time::Duration::ZERO,
        });
        news(&old, &state)
    }

    #[test]
    fn what_is_for_this_person_weighs_more_than_what_is_for_all() {
        assert_eq!(told("hello", |_| {}), Some(News::Message));
        assert_eq!(told("@Quiet Otter hi", |_| {}), Some(News::Mention));
        assert_eq!(told("@quiet otter·k7qf hi", |_| {}), Some(News::Mention));
        assert_eq!(told("@Quiet Otter·zzzz hi", |_| {}), Some(News::Message));
        assert_eq!(told("@Quiet Otters", |_| {}), Some(News::Message));
        let private = told("hello", |said| said.to = Some(PersonId([1; 16])));
        assert_eq!(private, Some(News::Private));
    }

    #[test]
    fn what_was_said_before_or_by_this_person_is_no_news() {
        assert_eq!(told("hello", |said| said.replayed = true), None);
        assert_eq!(told("hello", |said| said.mine = true), None);
    }

    #[test]
    fn whoever_looks_at_the_page_is_told_nothing() {
        let before = in_room([came(2, "Brave Heron", true)]);
        let mut after = before.clone();
        after.apply(Action::Said {
            said: Box::new(said("new", 2)),
            at: std::time::Duration::ZERO,
        });
        assert_eq!(news(&before, &after), None);
    }

    #[test]
    fn muted_people_and_old_lines_are_no_news() {
        let mute = Action::Mute {
            id: PersonId([2; 16]),
            muted: true,
        };
        let mut state = in_room([came(2, "Brave Heron", true), mute, Action::Visible(false)]);
        let old = state.clone();
        state.apply(Action::Said {
            said: Box::new(said("new", 2)),
            at: std::time::Duration::ZERO,
        });
        assert_eq!(news(&old, &state), None);
        assert_eq!(news(&state, &state), None);
    }

    #[test]
    fn a_notification_says_neither_who_nor_what_unless_it_may() {
        let mut state = in_room([came(2, "Brave Heron", true), Action::Visible(false)]);
        state.apply(Action::Said {
            said: Box::new(said("secret plan\nline two", 2)),
            at: std::time::Duration::ZERO,
        });
        let discreet = sentence(&state, News::Message);
        assert_eq!(discreet, "New message in 🐢🌋🎺🧵");
        state.apply(Action::SetSettings(Settings {
            notify_tells: true,
            ..Settings::default()
        }));
        let open = sentence(&state, News::Message);
        assert_eq!(open, "Brave Heron: secret plan line two");
    }

    #[test]
    fn the_mode_decides_what_is_notified() {
        let all = [News::Arrival, News::Message, News::Mention, News::Private];
        let notified = |mode| {
            all.into_iter()
                .filter(|news| news.notifies(mode))
                .collect::<Vec<_>>()
        };
        assert_eq!(notified(Notify::Nothing), []);
        assert_eq!(notified(Notify::Personal), [News::Mention, News::Private]);
        assert_eq!(notified(Notify::All).len(), 3);
    }

    #[test]
    fn what_was_chosen_for_this_room_counts_before_what_holds_everywhere() {
        let mut state = in_room([]);
        assert_eq!(crate::alert::mode(&state), Notify::Nothing);
        state.apply(Action::NotifyHere(Some(Notify::All)));
        assert_eq!(crate::alert::mode(&state), Notify::All);
        state.apply(Action::SetSettings(Settings {
            notify: Notify::Personal,
            ..Settings::default()
        }));
        assert_eq!(crate::alert::mode(&state), Notify::All);
        state.apply(Action::NotifyHere(None));
        assert_eq!(crate::alert::mode(&state), Notify::Personal);
    }

    #[test]
    fn a_page_behind_another_window_is_not_being_looked_at() {
        let before = in_room([came(2, "Brave Heron", true), Action::Focused(false)]);
        let mut after = before.clone();
        after.apply(Action::Said {
            said: Box::new(said("new", 2)),
            at: std::time::Duration::ZERO,
        });
        assert_eq!(news(&before, &after), Some(News::Message));
    }
}

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
    if after.page.visible {
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

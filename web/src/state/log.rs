//! What was said, with notices in between.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use client::Style;

use super::people::{PersonId, Tag};

/// A line's place in the log. Stable; later lines have higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub u64);

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its key.
    pub id: EntryId,
    /// When it came up here (wall clock).
    pub at: Duration,
    /// What it is.
    pub kind: EntryKind,
}

/// A message or a notice.
#[derive(Clone, Debug, PartialEq)]
pub enum EntryKind {
    /// Somebody said something.
    Said(Said),
    /// Something happened.
    Notice(Notice),
}

/// A message. The text is as its author sent it: draw it only through
/// [`Cleaner::render`](crate::cleaner::Cleaner::render).
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Unique among all messages of the room: author, epoch, generation.
    pub id: String,
    /// The author.
    pub from: PersonId,
    /// The author's name when it was said, safe for display.
    pub name: String,
    /// The author's tag.
    pub tag: Tag,
    /// Written at this very screen.
    pub mine: bool,
    /// The content.
    pub what: What,
    /// When its author says it was sent (wall clock).
    pub sent_at: Duration,
    /// Its number while it is this page's own and not yet relayed.
    pub local: Option<u32>,
    /// How far it got.
    pub delivery: Delivery,
    /// It comes from before this person came in, or from a gap in the connection.
    pub replayed: bool,
}

/// Words and how they are meant. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wording {
    /// How they are meant.
    pub style: Style,
    /// The words, still hostile.
    pub text: Rc<str>,
}

impl Wording {
    /// Words that mean nothing but themselves.
    pub fn plain(text: &str) -> Self {
        Self {
            style: Style::Plain,
            text: Rc::from(text),
        }
    }
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Words, still hostile.
    Text(Wording),
    /// Something a newer version of the app sent.
    Newer,
}

/// How far a message got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It came from somebody else.
    Received,
    /// Waiting for the relay to take it.
    Sending,
    /// The relay took it.
    Relayed,
    /// The relay did not take it: the reason, in words. Retry with
    /// [`Handle::retry`](crate::handle::Handle::retry).
    Failed(String),
}

/// Something that happened. Names are safe for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This person came in; the first line of every log.
    Opened { by_me: bool },
    /// Somebody came in.
    CameIn {
        id: PersonId,
        name: String,
        tag: Tag,
    },
    /// Somebody left, or their seat's time ran out.
    Left {
        id: PersonId,
        name: String,
        tag: Tag,
    },
    /// Somebody took another name.
    Renamed {
        id: PersonId,
        from: String,
        to: String,
        tag: Tag,
    },
    /// A bot came in and may send what is said here to `destination`.
    Bot {
        id: PersonId,
        name: String,
        destination: String,
    },
    /// The page was reloaded here.
    Resumed,
    /// This many messages could not be verified and are not shown.
    Unverifiable { count: u32 },
    /// This many messages need a newer version of the app.
    Unsupported { count: u32 },
    /// This many messages of one member never arrived.
    Missing { name: String, count: u32 },
    /// The connection was gone for so long that the relay no longer has everything.
    Gap,
    /// The relay shows members different conversations.
    Diverged,
    /// This member was told another kind of room by the relay; nothing of theirs is shown.
    ModeDisputed { name: String },
    /// Somebody's clock differs from this one by this much.
    ClockSkew {
        name: String,
        ahead: bool,
        by: Duration,
    },
    /// Too much at once; the relay takes the next message after this time.
    TooFast { wait: Duration },
}

impl Notice {
    /// Whether this is one of the lines that [`Settings::shows_comings`](super::Settings) hides.
    pub fn is_coming_or_going(&self) -> bool {
        matches!(
            self,
            Self::CameIn { .. } | Self::Left { .. } | Self::Renamed { .. }
        )
    }
}

/// The log. Never reordered: a message that the relay placed later is appended later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    entries: Vec<Rc<Entry>>,
    next: u64,
    revealed: BTreeSet<EntryId>,
    first_unread: Option<EntryId>,
    unread: usize,
}

impl Log {
    /// All lines, oldest first.
    pub fn entries(&self) -> &[Rc<Entry>] {
        &self.entries
    }

    /// Where the "new messages" line belongs: above this entry.
    pub fn first_unread(&self) -> Option<EntryId> {
        self.first_unread
    }

    /// How many messages arrived while the tab was not in front.
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// Whether the person asked to see this one message without filters.
    pub fn is_revealed(&self, id: EntryId) -> bool {
        self.revealed.contains(&id)
    }

    /// The newest message of somebody else, for the polite announcer.
    pub fn newest_from_others(&self) -> Option<&Rc<Entry>> {
        self.entries
            .iter()
            .rev()
            .find(|entry| matches!(&entry.kind, EntryKind::Said(said) if !said.mine))
    }

    /// Whether anything was said at all.
    pub fn has_messages(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.kind, EntryKind::Said(_)))
    }

    /// A log that begins with the lines of an earlier life of this tab.
    pub fn restored(lines: Vec<(Duration, EntryKind)>) -> Self {
        let mut log = Self::default();
        for (at, kind) in lines {
            log.push(at, kind);
        }
        log
    }

    /// How many own messages still wait for the relay.
    pub fn sending(&self) -> usize {
        let waits = |entry: &&Rc<Entry>| matches!(&entry.kind, EntryKind::Said(said) if said.delivery == Delivery::Sending);
        self.entries.iter().filter(waits).count()
    }

    pub(super) fn push(&mut self, at: Duration, kind: EntryKind) -> EntryId {
        let id = EntryId(self.next);
        self.next += 1;
        self.entries.push(Rc::new(Entry { id, at, kind }));
        id
    }

    /// Adds a message unless it is already there, as happens when a replay overlaps.
    pub(super) fn say(&mut self, at: Duration, said: Said, is_visible: bool) {
        if let Some(index) = self.find(|known| known.id == said.id) {
            self.update(index, |known| {
                if known.mine && known.delivery != Delivery::Received {
                    known.delivery = Delivery::Relayed;
                }
            });
            return;
        }
        let counts = !said.mine && !is_visible && !said.replayed;
        let id = self.push(at, EntryKind::Said(said));
        if counts {
            self.unread += 1;
            self.first_unread.get_or_insert(id);
        }
    }

    /// Adds a notice; a notice that only counts is merged into the same one above it.
    pub(super) fn note(&mut self, at: Duration, notice: Notice) {
        if let Some(last) = self.entries.last_mut()
            && let EntryKind::Notice(above) = &last.kind
            && let Some(merged) = merge(above, &notice)
        {
            let id = last.id;
            *last = Rc::new(Entry {
                id,
                at,
                kind: EntryKind::Notice(merged),
            });
            return;
        }
        self.push(at, EntryKind::Notice(notice));
    }

    /// This page's own message `local` has its place in the room and its identity.
    pub(super) fn relayed(&mut self, local: u32, id: String) {
        if let Some(index) = self.find(|said| said.mine && said.local == Some(local)) {
            self.update(index, |said| {
                said.id = id;
                said.local = None;
                said.delivery = Delivery::Relayed;
            });
        }
    }

    /// Sets how far this page's own message `local` got.
    pub(super) fn set_delivery(&mut self, local: u32, delivery: Delivery) {
        if let Some(index) = self.find(|said| said.mine && said.local == Some(local)) {
            self.update(index, |said| said.delivery = delivery);
        }
    }

    /// Takes a message of this page off the log that never went out.
    pub(super) fn discard(&mut self, local: u32) {
        if let Some(index) = self
            .find(|said| said.local == Some(local) && matches!(said.delivery, Delivery::Failed(_)))
        {
            self.entries.remove(index);
        }
    }

    pub(super) fn reveal(&mut self, id: EntryId, revealed: bool) {
        if revealed {
            self.revealed.insert(id);
        } else {
            self.revealed.remove(&id);
        }
    }

    pub(super) fn reveal_none(&mut self) {
        self.revealed.clear();
    }

    /// The tab is in front again: nothing is unread, the line stays where it is.
    pub(super) fn clear_unread(&mut self) {
        self.unread = 0;
    }

    /// The person has read on: the line goes.
    pub(super) fn clear_line(&mut self) {
        self.unread = 0;
        self.first_unread = None;
    }

    fn find(&self, test: impl Fn(&Said) -> bool) -> Option<usize> {
        self.entries
            .iter()
            .rposition(|entry| matches!(&entry.kind, EntryKind::Said(said) if test(said)))
    }

    fn update(&mut self, index: usize, change: impl FnOnce(&mut Said)) {
        let entry = Rc::make_mut(&mut self.entries[index]);
        if let EntryKind::Said(said) = &mut entry.kind {
            change(said);
        }
    }
}

fn merge(above: &Notice, new: &Notice) -> Option<Notice> {
    match (above, new) {
        (Notice::Unverifiable { count: a }, Notice::Unverifiable { count: b }) => {
            Some(Notice::Unverifiable {
                count: a.saturating_add(*b),
            })
        }
        (Notice::Unsupported { count: a }, Notice::Unsupported { count: b }) => {
            Some(Notice::Unsupported {
                count: a.saturating_add(*b),
            })
        }
        (Notice::Missing { name: x, count: a }, Notice::Missing { name: y, count: b })
            if x == y =>
        {
            Some(Notice::Missing {
                name: x.clone(),
                count: a.saturating_add(*b),
            })
        }
        (Notice::Gap, Notice::Gap) => Some(Notice::Gap),
        (Notice::Diverged, Notice::Diverged) => Some(Notice::Diverged),
        (Notice::Resumed, Notice::Resumed) => Some(Notice::Resumed),
        (Notice::TooFast { .. }, Notice::TooFast { wait }) => Some(Notice::TooFast { wait: *wait }),
        _ => None,
    }
}

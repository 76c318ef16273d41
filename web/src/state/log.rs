//! What was said, with notices in between.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use client::Style;

use super::files::FileShown;
use super::notice::Notice;
use super::people::{PersonId, Tag};

/// The most lines kept. Members decide how much is said, so a page must decide what it holds.
pub(super) const LINES: usize = 5_000;
/// The most bytes of text kept.
pub(super) const BYTES: usize = 16 << 20;
/// What a line takes beside its text: names, ids, pointers.
const OVERHEAD: usize = 256;

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

impl Entry {
    /// About how many bytes of the page's memory it takes.
    pub fn weight(&self) -> usize {
        let text = match &self.kind {
            EntryKind::Said(said) => said.weight(),
            EntryKind::Notice(_) => 0,
        };
        text + OVERHEAD
    }

    /// It is this page's own and still on its way: the log is where it is retried from.
    fn is_pending(&self) -> bool {
        matches!(&self.kind, EntryKind::Said(said) if said.local.is_some())
    }
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

impl Said {
    /// The bytes that its author chose the number of.
    fn weight(&self) -> usize {
        match &self.what {
            What::Text(wording) => wording.text.len(),
            What::File(file) => file.name.saved.len(),
            What::Newer => 0,
        }
    }
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Words, still hostile.
    Text(Wording),
    /// A file that was offered.
    File(Rc<FileShown>),
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

/// The log. Never reordered: a message that the relay placed later is appended later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    entries: Vec<Rc<Entry>>,
    next: u64,
    revealed: BTreeSet<EntryId>,
    first_unread: Option<EntryId>,
    unread: usize,
    weight: usize,
    shifted: usize,
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

    /// By how many places the lines have moved up since the log began, because older ones were
    /// dropped.
    pub fn shifted(&self) -> usize {
        self.shifted
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
        let entry = Entry { id, at, kind };
        self.weight += entry.weight();
        self.entries.push(Rc::new(entry));
        self.make_room();
        id
    }

    /// Drops the oldest lines once there are too many, some more than needed so that this is rare,
    /// and leaves a line in their place.
    fn make_room(&mut self) {
        if self.entries.len() <= LINES && self.weight <= BYTES {
            return;
        }
        let (lines, bytes) = (LINES / 10 * 9, BYTES / 10 * 9);
        let length = self.entries.len();
        let (mut at, mut weight, mut dropped) = (Duration::ZERO, self.weight, 0_u32);
        let mut kept = Vec::with_capacity(length);
        for (index, entry) in self.entries.drain(..).enumerate() {
            let is_enough = length - index < lines && weight <= bytes;
            if is_enough || entry.is_pending() {
                kept.push(entry);
                continue;
            }
            weight -= entry.weight();
            at = entry.at;
            dropped = dropped.saturating_add(match &entry.kind {
                EntryKind::Notice(Notice::Dropped { count }) => *count,
                _ => 1,
            });
        }
        let kind = EntryKind::Notice(Notice::Dropped { count: dropped });
        let gap = Entry {
            id: EntryId(self.next),
            at,
            kind,
        };
        self.next += 1;
        self.weight = weight + gap.weight();
        kept.insert(0, Rc::new(gap));
        self.shifted += length - kept.len();
        let first = kept.get(1).map_or(EntryId(self.next), |entry| entry.id);
        self.revealed = self.revealed.split_off(&first);
        self.first_unread = self.first_unread.map(|line| line.max(first));
        self.entries = kept;
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
            && let Some(merged) = above.merged_with(&notice)
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
            let gone = self.entries.remove(index);
            self.weight -= gone.weight();
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
        self.weight -= entry.weight();
        if let EntryKind::Said(said) = &mut entry.kind {
            change(said);
        }
        self.weight += entry.weight();
        self.make_room();
    }
}

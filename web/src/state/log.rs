//! What was said, with notices in between.

use std::rc::Rc;
use std::time::Duration;

use sorted::Set;

use super::index::Index;
use super::notice::Notice;
use super::said::{Delivery, Said};

/// The most lines kept. Members decide how much is said, so a page must decide what it holds.
pub(super) const LINES: usize = 5_000;
/// The most bytes of text kept.
pub(super) const BYTES: usize = 16 << 20;
/// Between the numbers of two lines lies room for those that come late.
const STEP: u64 = 1 << 32;
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
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every line is a message, and all are behind a pointer"
)]
pub enum EntryKind {
    /// Somebody said something.
    Said(Said),
    /// Something happened.
    Notice(Notice),
}

/// The log. Never reordered: a message that the relay placed later is appended later, unless its author is known to have
/// said it before other lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    pub(super) entries: Vec<Rc<Entry>>,
    index: Index,
    next: u64,
    revealed: Set<EntryId>,
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
        self.next += STEP;
        let entry = Entry { id, at, kind };
        self.weight += entry.weight();
        self.index.push(&entry);
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
        self.next += STEP;
        self.weight = weight + gap.weight();
        kept.insert(0, Rc::new(gap));
        self.shifted += length - kept.len();
        let first = kept.get(1).map_or(EntryId(self.next), |entry| entry.id);
        self.revealed.retain(|line| *line >= first);
        self.first_unread = self.first_unread.map(|line| line.max(first));
        self.index = Index::of(&kept);
        self.entries = kept;
    }

    /// The message of a line.
    pub fn said(&self, id: EntryId) -> Option<&Said> {
        let at = self.entries.partition_point(|entry| entry.id < id);
        match &self.entries.get(at).filter(|entry| entry.id == id)?.kind {
            EntryKind::Said(said) => Some(said),
            EntryKind::Notice(_) => None,
        }
    }

    /// The line of a message, by the message's identity.
    pub fn line_of(&self, id: &str) -> Option<EntryId> {
        Some(self.entries[self.position(id)?].id)
    }

    /// Adds a message unless it is already there, as happens when a replay overlaps. `counts`: it is news. What is late
    /// goes right before the message that it belongs `before`, where that is known here.
    pub(super) fn say(&mut self, at: Duration, mut said: Said, before: Option<&str>, counts: bool) {
        if let Some(index) = self.position(&said.id) {
            self.update(index, |known| {
                if known.mine && known.delivery != Delivery::Received {
                    known.delivery = Delivery::Relayed;
                }
            });
            return;
        }
        self.look_up_quote(&mut said);
        if let Some((index, id)) = before.and_then(|before| self.room_before(before)) {
            self.unread += usize::from(counts);
            return self.insert(index, id, at, EntryKind::Said(said));
        }
        let id = self.push(at, EntryKind::Said(said));
        if counts {
            self.unread += 1;
            self.first_unread.get_or_insert(id);
        }
    }

    /// Where a line right before this message goes, and its number. None is left where very many have come late at once.
    fn room_before(&self, message: &str) -> Option<(usize, EntryId)> {
        let index = self.position(message)?;
        let next = self.entries.get(index)?.id.0;
        let former = index.checked_sub(1).and_then(|at| self.entries.get(at));
        let former = former.map_or_else(|| next.saturating_sub(STEP), |entry| entry.id.0);
        // Most come in order, each between the one before it and the same next line.
        let gap = next - former;
        let id = former + (gap / 1_024).max(gap.min(2_048) / 2);
        (former < id && id < next).then_some((index, EntryId(id)))
    }

    fn insert(&mut self, index: usize, id: EntryId, at: Duration, kind: EntryKind) {
        let entry = Entry { id, at, kind };
        self.weight += entry.weight();
        self.index.insert(index, &entry);
        self.entries.insert(index, Rc::new(entry));
        self.make_room();
    }

    /// Takes all lines away from this screen.
    pub(super) fn clear(&mut self) {
        let next = self.next;
        let pending = std::mem::take(&mut self.entries);
        *self = Self {
            next,
            shifted: self.shifted + pending.len(),
            ..Self::default()
        };
        for entry in pending.into_iter().filter(|entry| entry.is_pending()) {
            self.weight += entry.weight();
            self.shifted -= 1;
            self.index.push(&entry);
            self.entries.push(entry);
        }
    }

    /// Adds a notice; a notice that only counts is merged into the same one above it.
    pub(super) fn note(&mut self, at: Duration, notice: Notice) {
        if let Some(last) = self.entries.last_mut()
            && let EntryKind::Notice(above) = &last.kind
            && let Some(merged) = above.merged_with(&notice)
        {
            let id = last.id;
            // A notice has no identity, so the index stays as it is.
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
            self.index.remove(index);
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

    pub(super) fn find(&self, test: impl Fn(&Said) -> bool) -> Option<usize> {
        self.entries
            .iter()
            .rposition(|entry| matches!(&entry.kind, EntryKind::Said(said) if test(said)))
    }

    /// Where the newest message with this identity is.
    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.index.candidates(id).find(|at| {
            let entry = self.entries.get(*at);
            entry.is_some_and(|entry| matches!(&entry.kind, EntryKind::Said(said) if said.id == id))
        })
    }

    pub(super) fn update(&mut self, index: usize, change: impl FnOnce(&mut Said)) {
        let entry = Rc::make_mut(&mut self.entries[index]);
        self.weight -= entry.weight();
        if let EntryKind::Said(said) = &mut entry.kind {
            change(said);
        }
        self.weight += entry.weight();
        self.index.replace(index, entry);
        self.make_room();
    }
}

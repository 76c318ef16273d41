//! A short mark of every line's message, so that a message is found by its identity without looking at all lines: those
//! lie all over the memory, the marks beside each other.

use std::rc::Rc;

use super::log::{Entry, EntryKind};

/// One mark for each line, in the order of the lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Index(Vec<u64>);

/// What notices have. A message may have it as well: a mark only says where to look.
const NOTICE: u64 = 0;

/// FNV-1a.
fn mark(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |mark, byte| {
        (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn mark_of(entry: &Entry) -> u64 {
    match &entry.kind {
        EntryKind::Said(said) => mark(&said.id),
        EntryKind::Notice(_) => NOTICE,
    }
}

impl Index {
    /// The index of these lines.
    pub(super) fn of(entries: &[Rc<Entry>]) -> Self {
        Self(entries.iter().map(|entry| mark_of(entry)).collect())
    }

    /// A line was added at the end.
    pub(super) fn push(&mut self, entry: &Entry) {
        self.0.push(mark_of(entry));
    }

    /// The line at `index` is another one now.
    pub(super) fn replace(&mut self, index: usize, entry: &Entry) {
        if let Some(mark) = self.0.get_mut(index) {
            *mark = mark_of(entry);
        }
    }

    /// A line was put in at `index`.
    pub(super) fn insert(&mut self, index: usize, entry: &Entry) {
        self.0.insert(index, mark_of(entry));
    }

    /// The line at `index` is gone.
    pub(super) fn remove(&mut self, index: usize) {
        self.0.remove(index);
    }

    /// Where the message with this identity may be, newest first.
    pub(super) fn candidates(&self, id: &str) -> impl Iterator<Item = usize> {
        let wanted = mark(id);
        let marks = self.0.iter().enumerate().rev();
        marks.filter_map(move |(at, mark)| (*mark == wanted).then_some(at))
    }
}

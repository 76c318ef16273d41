//! What becomes of messages after they were said.

use std::rc::Rc;
use std::time::Duration;

use super::log::{Entry, EntryId, EntryKind, Log};
use super::people::PersonId;
use super::said::{Change, Said, What};

impl Log {
    /// The newest message that somebody else wrote, whoever it is for.
    pub fn newest_of(&self, id: PersonId) -> Option<&Said> {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match &entry.kind {
                EntryKind::Said(said) if said.from == id && !said.mine => Some(said),
                _ => None,
            })
    }

    /// Whoever wrote to this person alone last.
    pub fn newest_private(&self) -> Option<PersonId> {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match &entry.kind {
                EntryKind::Said(said) if said.to.is_some() && !said.mine => Some(said.from),
                _ => None,
            })
    }

    /// The last message of this person that can still be changed.
    pub fn last_own(&self) -> Option<EntryId> {
        let own =
            |entry: &&Rc<Entry>| matches!(&entry.kind, EntryKind::Said(said) if said.can_change());
        self.entries.iter().rev().find(own).map(|entry| entry.id)
    }

    /// When the next message with a timer goes.
    pub fn next_end(&self) -> Option<Duration> {
        let said = self.entries.iter().filter_map(|entry| match &entry.kind {
            EntryKind::Said(said) => said.marks.timer?.ends,
            EntryKind::Notice(_) => None,
        });
        said.min()
    }

    /// What an answer answers, as it stands here now. It must have been said in the same conversation.
    pub(super) fn look_up_quote(&self, said: &mut Said) {
        let partner = said.partner();
        let Some(quote) = &mut said.marks.quote else {
            return;
        };
        let line = self.line_of(&quote.id);
        let known = line.and_then(|line| self.said(line));
        if let Some(known) = known.filter(|known| known.partner() == partner) {
            quote.line = line;
            quote.name.clone_from(&known.name);
            quote.text = known.what.wording().cloned();
        }
    }

    /// Somebody said something about an earlier message. Unknown messages are none of our business.
    pub(super) fn change(
        &mut self,
        id: &str,
        who: PersonId,
        partner: Option<PersonId>,
        change: Change,
    ) -> bool {
        let Some(index) = self.position(id) else {
            return false;
        };
        let is_deletion = change == Change::Delete;
        let mut changed = false;
        self.update(index, |said| changed = said.change(who, partner, change));
        if changed && is_deletion {
            self.wipe_quotes(&[id.to_owned()]);
        }
        changed
    }

    /// A message with a timer was read.
    pub(super) fn start_timer(&mut self, line: EntryId, at: Duration) {
        let index = self.entries.partition_point(|entry| entry.id < line);
        if self.said(line).is_some() {
            self.update(index, |said| {
                if let Some(timer) = &mut said.marks.timer {
                    timer.ends.get_or_insert(at + timer.stays);
                }
            });
        }
    }

    /// Wipes the messages whose time is over.
    pub(super) fn expire(&mut self, now: Duration) {
        let mut gone = Vec::new();
        for index in 0..self.entries.len() {
            let EntryKind::Said(said) = &self.entries[index].kind else {
                continue;
            };
            let ends = said.marks.timer.and_then(|timer| timer.ends);
            if ends.is_some_and(|ends| ends <= now) {
                gone.push(said.id.clone());
                self.update(index, |said| said.wipe(What::Expired));
            }
        }
        self.wipe_quotes(&gone);
    }

    fn wipe_quotes(&mut self, gone: &[String]) {
        if gone.is_empty() {
            return;
        }
        for index in 0..self.entries.len() {
            let quotes_it = matches!(&self.entries[index].kind, EntryKind::Said(said)
                if said.marks.quote.as_ref().is_some_and(|quote| gone.contains(&quote.id)));
            if quotes_it {
                self.update(index, |said| {
                    if let Some(quote) = &mut said.marks.quote {
                        quote.text = None;
                    }
                });
            }
        }
    }
}

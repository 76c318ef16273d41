//! What the relay took lately, in case it forgets.
//!
//! A relay keeps everything in memory. When its process ends, what it had taken and not yet handed to everybody is gone
//! with it, and nobody can tell who got what. So authors keep the envelopes of what they said last, and of what carried the
//! keys to it, and once the relay has forgotten the room they publish the same bytes again, in order and ahead of
//! everything newer. Whoever had them already takes no envelope twice. They open for those they were sealed for and for
//! nobody else: no key is kept for this, and none is handed to anybody who was not given it at the time.

use std::collections::VecDeque;
use std::time::Duration;

use crypto::wire::{Keep, LocalId};

use super::Publication;
use crate::config::Now;

/// As long as the relay keeps a seat, and what its holder has not got yet, without a connection.
const LASTS: Duration = Duration::from_secs(120);
/// So long others may take to come back and say again what they said last.
const SETTLES: Duration = Duration::from_secs(60);
/// No more envelopes are kept than this,
const MOST: usize = 512;
/// and no more bytes. A tab keeps them across its reload where there is room for a few million.
const MOST_BYTES: usize = 512 * 1024;

/// See the module.
#[derive(Default)]
pub(crate) struct Lately {
    /// What the relay took, the newest last.
    pub(crate) taken: VecDeque<Publication>,
    /// What is to be said again, in order.
    pub(crate) again: VecDeque<Publication>,
    bytes: usize,
    /// A hello of earlier was said again.
    said_hello: bool,
    /// When the relay was last heard, while there is no connection.
    lost_at: Option<Duration>,
    /// How long it had not been heard when this tab was reloaded.
    lost_before: Duration,
    /// When the relay was found to have forgotten the room, by our wall clock.
    pub(crate) forgotten_at: Option<Duration>,
    /// When somebody last said again what it had forgotten, by the same clock.
    pub(crate) repeated_at: Option<Duration>,
}

impl Lately {
    /// The relay has this now. What it takes for the second time lasts no longer for it: it is for people who are on
    /// their way back, and their time runs from when it was first said.
    pub(crate) fn take(&mut self, mut publication: Publication, now: Duration) {
        publication.forget_wire();
        publication.matters_until.get_or_insert(now + LASTS);
        self.bytes += publication.envelope.len();
        self.taken.push_back(publication);
        let is_over = |taken: &Publication| taken.matters_until.is_some_and(|until| until < now);
        while self.taken.len() > MOST
            || self.bytes > MOST_BYTES
            || self.taken.front().is_some_and(is_over)
        {
            let Some(oldest) = self.taken.pop_front() else {
                break;
            };
            self.bytes -= oldest.envelope.len();
        }
    }

    /// The connection is gone, over which the relay was last heard at `heard`. Another try that fails changes nothing.
    pub(crate) fn disconnected(&mut self, heard: Duration) {
        self.lost_at.get_or_insert(heard);
    }

    /// A connection stands anew, in the seat that was ours.
    pub(crate) fn resumed(&mut self) {
        self.lost_at = None;
        self.lost_before = Duration::ZERO;
    }

    /// A connection stands anew, in another seat. If that is because the relay has `forgotten` the room, all of it is to be
    /// said again. Returns whether we may have been out of reach for longer than others keep what they said.
    pub(crate) fn reseated(&mut self, forgotten: bool, now: Now) -> bool {
        let lost_at = self.lost_at.take().unwrap_or(now.mono);
        let lost_before = std::mem::take(&mut self.lost_before);
        let is_long = now.mono.saturating_sub(lost_at) + lost_before >= LASTS;
        if !forgotten {
            return is_long;
        }
        self.forgotten_at = Some(now.wall);
        self.bytes = 0;
        // What time took while there was no connection does not count.
        let matters = |taken: &Publication| taken.matters_until.is_none_or(|it| it >= lost_at);
        let mut all: VecDeque<_> = self.taken.drain(..).filter(matters).collect();
        all.append(&mut self.again);
        self.again = all;
        for publication in &mut self.again {
            publication.forget_wire();
            publication.tries = 0;
            publication.carried = true;
        }
        is_long
    }

    /// Whether a message that came at `wall` may have come in another order than elsewhere, because the relay had
    /// forgotten the room after it was said or everybody is still saying again what it had forgotten. Some may do so
    /// much later: a device that slept at the time says it again when it wakes up.
    pub(crate) fn is_unsettled(&self, wall: Duration, sent_at: Duration) -> bool {
        let latest = self.forgotten_at.max(self.repeated_at);
        latest.is_some_and(|at| wall <= at + SETTLES) || self.is_older(sent_at)
    }

    /// Whether this was said before the relay was found to have forgotten the room.
    pub(crate) fn is_older(&self, sent_at: Duration) -> bool {
        self.forgotten_at.is_some_and(|at| sent_at <= at)
    }

    /// Somebody says again what the relay had forgotten. False where it has forgotten nothing.
    pub(crate) fn repeated(&mut self, wall: Duration) -> bool {
        let is_possible = self.forgotten_at.is_some();
        if is_possible {
            self.repeated_at = self.repeated_at.max(Some(wall));
        }
        is_possible
    }

    /// Whether what came at `wall` may have been overtaken by newer words of its author: for as long after the relay's end
    /// as somebody may have been away who now says again what it had forgotten. Not by what the author says of it.
    pub(crate) fn may_come_late(&self, wall: Duration) -> bool {
        self.forgotten_at
            .is_some_and(|at| wall <= at + LASTS + SETTLES)
    }

    /// The relay answered for what came under `wire`, or showed that it has these bytes.
    pub(crate) fn settle(
        &mut self,
        is_it: impl Fn(&Publication) -> bool,
        now: Duration,
    ) -> Option<(crypto::envelope::Header, bool)> {
        let at = self.again.iter().position(is_it)?;
        let publication = self.again.remove(at)?;
        let settled = (publication.header, publication.carried);
        self.said_hello |= publication.keep == Keep::Anchor;
        self.take(publication, now);
        Some(settled)
    }

    /// Whether the present hello must follow, now that all is said again: the relay takes the one that came last for the
    /// one that holds, and keeps an earlier one only for the words that follow it.
    pub(crate) fn owes_hello(&mut self) -> bool {
        self.again.is_empty() && std::mem::take(&mut self.said_hello)
    }

    /// The relay will never take what came under `wire`.
    pub(crate) fn drop_refused(&mut self, wire: LocalId) {
        self.again
            .retain(|publication| publication.wire != Some(wire));
    }

    /// About how many bytes it takes to save it.
    pub(crate) fn weight(&self) -> usize {
        self.taken
            .iter()
            .chain(&self.again)
            .map(|publication| 64 + publication.envelope.len())
            .sum()
    }

    /// How long the relay has not been heard. `heard` is when it was, if there is a connection.
    pub(crate) fn silence(&self, heard: Option<Duration>, now: Duration) -> Duration {
        now.saturating_sub(self.lost_at.or(heard).unwrap_or(now)) + self.lost_before
    }

    /// For how long this matters, if it still does. What time takes while there is no connection does not count.
    pub(crate) fn left(&self, publication: &Publication, now: Duration) -> Option<Duration> {
        let from = self.lost_at.unwrap_or(now);
        publication.matters_until.unwrap_or(from).checked_sub(from)
    }

    /// Takes back what was saved. `silence` is how long the relay has not been heard by now.
    pub(crate) fn restore(
        &mut self,
        silence: Duration,
        taken: Vec<Publication>,
        again: Vec<Publication>,
        now: Duration,
    ) {
        self.lost_at = Some(now);
        self.lost_before = silence;
        for publication in taken {
            self.take(publication, now);
        }
        self.again.extend(again);
    }
}

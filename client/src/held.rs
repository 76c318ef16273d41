//! Envelopes that came before the key they need. Chain keys and messages travel apart, so a message may be a moment
//! early; it waits here for a while, and is then given up.

use std::collections::VecDeque;
use std::time::Duration;

use crypto::envelope::Outer;
use crypto::wire::{SenderId, Seq};

/// How long an envelope waits for its key.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many wait for one sender's key,
const MOST_PER_SENDER: usize = 64;
/// and for all together.
const MOST: usize = 512;

/// One that waits.
pub(crate) struct Early {
    pub(crate) outer: Outer,
    pub(crate) seq: Seq,
    pub(crate) replayed: bool,
    /// When it came, on both clocks.
    pub(crate) wall: Duration,
    pub(crate) mono: Duration,
}

impl Early {
    pub(crate) fn sid(&self) -> SenderId {
        self.outer.header().sid
    }
}

/// In the order of arrival.
#[derive(Default)]
pub(crate) struct Held(VecDeque<Early>);

impl Held {
    /// Keeps one. Returns another that had to make room for it.
    pub(crate) fn hold(&mut self, early: Early) -> Option<Early> {
        let sid = early.sid();
        let own = self.0.iter().filter(|other| other.sid() == sid).count();
        let oldest = if own >= MOST_PER_SENDER {
            self.0.iter().position(|other| other.sid() == sid)
        } else {
            None
        };
        let evicted = oldest
            .or((self.0.len() >= MOST).then_some(0))
            .and_then(|at| self.0.remove(at));
        self.0.push_back(early);
        evicted
    }

    /// Takes out all of one sender, for another attempt.
    pub(crate) fn take(&mut self, sid: SenderId) -> Vec<Early> {
        let (taken, rest) = self.0.drain(..).partition(|early| early.sid() == sid);
        self.0 = rest;
        Vec::from_iter::<VecDeque<_>>(taken)
    }

    /// Takes out those that have waited for too long.
    pub(crate) fn expire(&mut self, now: Duration) -> Vec<Early> {
        let mut expired = Vec::new();
        while self
            .0
            .front()
            .is_some_and(|early| now >= early.mono + PATIENCE)
        {
            expired.extend(self.0.pop_front());
        }
        expired
    }

    /// When [`expire`](Self::expire) has something to do.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.0.front().map(|early| early.mono + PATIENCE)
    }
}

//! One seat of a room and whether its connection is there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crypto::wire::{LocalId, MemberId, ResumeToken, Seq};

use crate::limit::Place;
use crate::mailbox::Mailbox;

/// How many of its accepted envelopes a seat remembers, to answer one that is sent again.
const REMEMBERED: usize = 256;

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) id: MemberId,
    pub(crate) token: ResumeToken,
    pub(crate) presence: Presence,
    accepted: VecDeque<(LocalId, Seq)>,
    _place: Place,
}

/// Whether somebody sits in the seat.
#[derive(Debug)]
pub(crate) enum Presence {
    /// A connection holds it.
    Here {
        mailbox: Arc<Mailbox>,
        /// Which connection this is, so that an older one does not take the seat with it.
        attachment: u64,
    },
    /// Its connection is gone, and it may be taken back for a while.
    Away { since: Duration },
}

impl Member {
    /// A seat that nobody had before.
    pub(crate) fn new(presence: Presence, place: Place) -> Self {
        Self {
            id: MemberId(random()),
            token: ResumeToken(random()),
            presence,
            accepted: VecDeque::new(),
            _place: place,
        }
    }

    pub(crate) fn mailbox(&self) -> Option<&Arc<Mailbox>> {
        match &self.presence {
            Presence::Here { mailbox, .. } => Some(mailbox),
            Presence::Away { .. } => None,
        }
    }

    pub(crate) fn away_since(&self) -> Option<Duration> {
        match self.presence {
            Presence::Here { .. } => None,
            Presence::Away { since } => Some(since),
        }
    }

    /// The place that an envelope of this seat already has.
    pub(crate) fn accepted_as(&self, local: LocalId) -> Option<Seq> {
        let mut newest_first = self.accepted.iter().rev();
        let found = newest_first.find(|(accepted, _)| *accepted == local);
        found.map(|(_, seq)| *seq)
    }

    /// Remembers an accepted envelope, and forgets one from long ago.
    pub(crate) fn remember(&mut self, local: LocalId, seq: Seq) {
        if self.accepted.len() == REMEMBERED {
            self.accepted.pop_front();
        }
        self.accepted.push_back((local, seq));
    }
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes)
        .expect("invariant: the system's generator does not fail once seeded");
    bytes
}

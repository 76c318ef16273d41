//! Envelopes that came before the key they need, and those that never come.

use std::time::Duration;

use crypto::envelope::Kind;
use crypto::error::OpenError;
use crypto::peer::Opened;
use crypto::wire::{RoomMode, SenderId};

use super::{Now, Session};
use crate::event::Event;
use crate::held::Early;

/// In the first moments in a room others may still be sealing for those who were there before, or say again what a
/// killed relay has forgotten.
const SETTLING: Duration = Duration::from_secs(60);
/// Hellos for want of keys are at least this far apart.
const ASK_FOR_KEYS_EVERY: Duration = Duration::from_secs(60);

impl Session {
    /// Whether this was said while we had no seat, and is said again for those who had one: what carries the key would have
    /// been said again before it. That something was said meanwhile we have been told.
    pub(super) fn is_for_others(&self, early: &Early) -> bool {
        let newest = self
            .roster
            .peer(&early.sid())
            .and_then(|peer| peer.key.newest_epoch());
        self.kind == Some(RoomMode::ForwardSecret)
            && self.outbox.lately.may_come_late(early.wall)
            && newest.is_some_and(|newest| early.outer.header().epoch < newest)
    }

    /// Whether this came right after we were told of a gap. Until our hello has gone round we get words that were sealed
    /// without us, and what others say again of the time when we had no seat: both are part of the gap.
    fn is_of_gap(&self, early: &Early) -> bool {
        let told = self.told_of_gap_at;
        self.kind == Some(RoomMode::ForwardSecret)
            && told.is_some_and(|told| early.mono <= told + SETTLING)
    }

    pub(super) fn hold(&mut self, early: Early) {
        if let Some(evicted) = self.held.hold(early)
            && evicted.outer.header().kind == Kind::Message
        {
            self.unopened(1);
        }
    }

    /// A chain or a hello of `sid` has come: what waited for it may open now.
    pub(super) fn retry_held(&mut self, sid: SenderId, is_first_chain: bool, now: Now) {
        for early in self.held.take(sid) {
            let Some(peer) = self.roster.peer_mut(&sid) else {
                return self.hold(early);
            };
            match peer.key.open(&early.outer, now.mono) {
                Err(OpenError::BeforeStart) => {
                    // Sealed before its author knew of us. In the first moments that is how it should be; later it
                    // means that somebody kept us from getting the key in time.
                    let settling = is_first_chain && early.mono <= self.entered_at + SETTLING
                        || self.is_of_gap(&early);
                    if !settling {
                        self.unopened(1);
                    }
                }
                Err(OpenError::Replayed) => {}
                Err(OpenError::NoKey) if self.is_for_others(&early) => {}
                Err(OpenError::NoKey) => self.hold(early),
                Ok(Opened::Message(letter)) => self.said(sid, &early, &letter, false, now),
                Ok(Opened::Private(letter)) => self.said(sid, &early, &letter, true, now),
                Ok(Opened::Control(notice)) => self.heard_notice(notice, early.replayed),
                Ok(Opened::ChainKey { .. } | Opened::LoneKey { .. } | Opened::ForOthers) => {}
                Err(OpenError::Unsupported) => self.events.push_back(Event::Unsupported),
                Err(OpenError::TooFarAhead) => self.unverifiable(1),
                Err(_) => self.unverifiable(1),
            }
        }
    }

    /// Gives up on what has waited for too long, and asks once more for the keys.
    pub(super) fn expire_held(&mut self, now: Now) {
        let expired = self.held.expire(now.mono);
        let messages = expired.iter().filter(|early| {
            early.outer.header().kind == Kind::Message && !self.is_for_others(early)
        });
        let (of_gap, lost): (Vec<_>, Vec<_>) = messages.partition(|early| self.is_of_gap(early));
        let lacks_keys = !of_gap.is_empty() || !lost.is_empty();
        let lost = u32::try_from(lost.len()).unwrap_or(u32::MAX);
        if lost > 0 {
            self.unopened(lost);
        }
        let asked_lately = self
            .asked_for_keys
            .is_some_and(|asked| now.mono < asked + ASK_FOR_KEYS_EVERY);
        if lacks_keys && !asked_lately && self.kind == Some(RoomMode::ForwardSecret) {
            self.asked_for_keys = Some(now.mono);
            self.hello_due = true;
        }
    }

    pub(super) fn report_lost(&mut self, sid: SenderId, mono: Duration) {
        let count = self
            .roster
            .peer_mut(&sid)
            .map_or(0, |peer| peer.key.expire(mono));
        if count > 0 {
            self.events.push_back(Event::Missing { from: sid, count });
        }
    }
}

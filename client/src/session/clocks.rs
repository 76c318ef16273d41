//! Whose clock is wrong.

use std::time::Duration;

use crypto::wire::SenderId;

use super::Session;
use crate::event::Event;

/// Clocks further apart than this are worth a word.
const SKEW: Duration = Duration::from_secs(2 * 60);

impl Session {
    /// Says once per person that their clock and ours differ. A message may have waited for its author's connection, so
    /// one that seems late says nothing yet; two in a row, or a hello, do.
    pub(super) fn compare_clocks(
        &mut self,
        sid: SenderId,
        theirs: Duration,
        ours: Duration,
        is_hello: bool,
    ) {
        let Some(peer) = self.roster.peer_mut(&sid) else {
            return;
        };
        let ahead = theirs > ours;
        let by = theirs.abs_diff(ours);
        if by <= SKEW {
            peer.clock.late_once = false;
            return;
        }
        if peer.clock.told {
            return;
        }
        if !ahead && !is_hello && !std::mem::replace(&mut peer.clock.late_once, true) {
            return;
        }
        peer.clock.told = true;
        self.events.push_back(Event::ClockSkew { sid, ahead, by });
    }
}

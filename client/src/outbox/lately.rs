//! What the relay took lately, in case it forgets.
//!
//! A relay keeps everything in memory. When its process ends, what it had taken and not yet handed to everybody is gone
//! with it, and nobody can tell who got what. So authors keep the envelopes of what they said last, and once the relay has
//! forgotten the room they publish the same bytes again, in order and ahead of everything newer. Whoever had them
//! already takes no envelope twice; whoever came later was never given their keys.

use std::collections::VecDeque;
use std::time::Duration;

use crypto::wire::LocalId;

use super::Publication;
use crate::config::Now;

/// As long as the relay keeps a seat, and what its holder has not got yet, without a connection.
const LASTS: Duration = Duration::from_secs(120);
/// So long others may take to come back and say again what they said last.
const SETTLES: Duration = Duration::from_secs(60);
/// No more envelopes are kept than this,
const MOST: usize = 128;
/// and no more bytes.
const MOST_BYTES: usize = 256 * 1024;

/// See the module.
#[derive(Default)]
pub(crate) struct Lately {
    /// With the time at which the relay took it; the newest last.
    pub(crate) taken: VecDeque<(Duration, Publication)>,
    /// What is to be said again, in order.
    pub(crate) again: VecDeque<Publication>,
    bytes: usize,
    /// When the connection was lost, while there is none.
    lost_at: Option<Duration>,
    /// When the relay was found to have forgotten the room, by our wall clock.
    pub(crate) forgotten_at: Option<Duration>,
}

impl Lately {
    /// The relay has this now.
    pub(crate) fn take(&mut self, mut publication: Publication, now: Duration) {
        publication.forget_wire();
        self.bytes += publication.envelope.len();
        self.taken.push_back((now, publication));
        let is_over = |taken: &(Duration, Publication)| taken.0 + LASTS < now;
        while self.taken.len() > MOST
            || self.bytes > MOST_BYTES
            || self.taken.front().is_some_and(is_over)
        {
            let Some((_, oldest)) = self.taken.pop_front() else {
                break;
            };
            self.bytes -= oldest.envelope.len();
        }
    }

    /// The connection is gone. Another try that fails changes nothing.
    pub(crate) fn disconnected(&mut self, now: Duration) {
        self.lost_at.get_or_insert(now);
    }

    /// A connection stands anew, in the seat that was ours.
    pub(crate) fn resumed(&mut self) {
        self.lost_at = None;
    }

    /// A connection stands anew, in another seat. If that is because the relay has forgotten the room, all of it is to be
    /// said again. `is_proven` says so; so does a seat that is gone sooner than the relay gives one up.
    pub(crate) fn reseated(&mut self, is_proven: bool, now: Now) {
        let (now, wall) = (now.mono, now.wall);
        let lost_at = self.lost_at.take().unwrap_or(now);
        if !is_proven && now >= lost_at + LASTS {
            return;
        }
        self.forgotten_at = Some(wall);
        self.bytes = 0;
        // What time took while there was no connection does not count.
        let taken = self.taken.drain(..);
        let recent = taken.filter(|(at, _)| *at + LASTS >= lost_at);
        let mut all: VecDeque<_> = recent.map(|(_, publication)| publication).collect();
        all.append(&mut self.again);
        self.again = all;
        for publication in &mut self.again {
            publication.forget_wire();
            publication.tries = 0;
            publication.carried = true;
        }
    }

    /// Whether a message that came at `wall` may have come in another order than elsewhere, because the relay had
    /// forgotten the room after it was said or everybody is still saying again what it had forgotten.
    pub(crate) fn is_unsettled(&self, wall: Duration, sent_at: Duration) -> bool {
        self.forgotten_at
            .is_some_and(|at| wall <= at + SETTLES || sent_at <= at)
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
        self.take(publication, now);
        Some(settled)
    }

    /// The relay will never take what came under `wire`.
    pub(crate) fn drop_refused(&mut self, wire: LocalId) {
        self.again
            .retain(|publication| publication.wire != Some(wire));
    }

    /// About how many bytes it takes to save it.
    pub(crate) fn weight(&self) -> usize {
        let taken = self.taken.iter().map(|(_, publication)| publication);
        taken
            .chain(&self.again)
            .map(|publication| 64 + publication.envelope.len())
            .sum()
    }
}

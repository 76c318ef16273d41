//! Everything that happens because time has passed.

use std::time::Duration;

use crypto::wire::{ClientToRelay, CloseCode};
use rand_core::CryptoRng;

use super::{Link, Now, Phase, Session};

/// How long a socket may take to open.
const DIALLING: Duration = Duration::from_secs(15);
/// How long the handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// After this much silence we ask for a sign of life,
const QUIET: Duration = Duration::from_secs(10);
/// and after this much the connection is given up: well inside the 30 s in which dead peers leave the list.
const DEAD: Duration = Duration::from_secs(25);
/// Somebody is waiting in front of the screen: the relay answers within this time or is taken for gone.
const IMPATIENT: Duration = Duration::from_secs(4);

impl Session {
    /// Time has passed.
    pub fn tick(&mut self, now: Now, rng: &mut impl CryptoRng) {
        self.clock = now.mono;
        match &self.link {
            Link::Ended => return,
            Link::Waiting { until } if now.mono >= *until => self.dial(now.mono),
            Link::Dialling { since } if now.mono >= *since + DIALLING => {
                self.drop_connection(CloseCode::Normal, now, rng);
            }
            Link::Greeting { since } | Link::Proving { since, .. }
                if now.mono >= *since + HANDSHAKE =>
            {
                self.drop_connection(CloseCode::Handshake, now, rng);
            }
            Link::Up(up) => {
                let is_dead =
                    now.mono >= up.heard + DEAD || up.must_hear_by.is_some_and(|by| now.mono >= by);
                let is_quiet = now.mono >= up.heard + QUIET && up.pinged.is_none();
                if is_dead {
                    self.drop_connection(CloseCode::Idle, now, rng);
                } else if is_quiet {
                    self.ping(now.mono);
                }
            }
            _ => {}
        }
        self.ask_again(now);
        self.roster.tick(now, &mut self.events);
        self.expire_held(now);
        let due: Vec<_> = self
            .roster
            .peers()
            .filter(|peer| {
                peer.key
                    .deadline()
                    .is_some_and(|deadline| now.mono >= deadline)
            })
            .map(|peer| peer.person.sid)
            .collect();
        for sid in due {
            self.report_lost(sid, now.mono);
        }
        self.pump(now, rng);
    }

    /// When [`tick`](Self::tick) is due, on the monotonic clock.
    pub fn deadline(&self) -> Option<Duration> {
        let link = match &self.link {
            Link::Ended => return None,
            Link::Waiting { until } => Some(*until),
            Link::Dialling { since } => Some(*since + DIALLING),
            Link::Greeting { since } | Link::Proving { since, .. } => Some(*since + HANDSHAKE),
            Link::Up(up) => {
                let life = up.heard + if up.pinged.is_some() { DEAD } else { QUIET };
                // Nothing leaves the outbox before we are in.
                let is_online = up.phase == Phase::Online;
                let outbox = is_online.then(|| self.outbox.deadline()).flatten();
                let is_held_back = is_online && self.outbox.has_something_to_say();
                let held_back = is_held_back
                    .then(|| self.letters_wait_until(self.clock))
                    .flatten();
                let may_signal = is_online && !self.outbox.is_paused(self.clock);
                let signals = may_signal.then(|| self.signals.due()).flatten();
                let files = may_signal.then(|| self.files_deadline()).flatten();
                [
                    Some(life),
                    up.must_hear_by,
                    up.ask_again_at,
                    outbox,
                    held_back,
                    signals,
                    files,
                ]
                .into_iter()
                .flatten()
                .min()
            }
        };
        let peers = self
            .roster
            .peers()
            .filter_map(|peer| peer.key.deadline())
            .min();
        let typists = self.signals.deadline();
        [
            link,
            self.roster.deadline(),
            self.held.deadline(),
            peers,
            typists,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The network is back, the tab visible again, or somebody pressed "Try now": reconnect at once, or find out
    /// quickly whether the connection still stands.
    pub fn wake(&mut self, now: Now) {
        self.clock = now.mono;
        match &mut self.link {
            Link::Waiting { .. } => self.dial(now.mono),
            Link::Up(up) if up.must_hear_by.is_none() => {
                up.must_hear_by = Some(now.mono + IMPATIENT);
                self.ping(now.mono);
                self.flush();
            }
            _ => {}
        }
    }

    /// Repeats a look or a join that the relay wanted later.
    fn ask_again(&mut self, now: Now) {
        let Link::Up(up) = &mut self.link else { return };
        if up.ask_again_at.is_some_and(|at| now.mono >= at) {
            up.ask_again_at = None;
            match up.phase {
                Phase::Looking => self.look(),
                Phase::Joining => self.join(),
                Phase::AtDoor | Phase::CatchingUp | Phase::Online => {}
            }
        }
    }

    fn ping(&mut self, mono: Duration) {
        if let Link::Up(up) = &mut self.link {
            up.pinged = Some(mono);
            // The echo is of no use to a machine that counts silence; it only has to fit.
            self.send(&ClientToRelay::Ping { echo: 0 });
        }
    }
}

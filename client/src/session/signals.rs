//! Who is typing, and how far somebody has read: only between members who both show theirs.
//!
//! Nobody learns anything of these who keeps their own to themselves: a signal is a pairwise box to each of those who
//! said that they show theirs, never an envelope to the room. The relay sees what it sees of every announced key.
//!
//! ```text
//!   A switches it on:   A ── Shares ──▶ everybody there, and whoever arrives later
//!   B has it on:        B ── SharesToo ──▶ A            now each counts the other in
//!   B has it off:       nothing
//! ```

use std::collections::HashMap;
use std::time::Duration;

use crypto::envelope::Letter;
use crypto::peer::PeerKey;
use crypto::seen::SeenDigest;
use crypto::wire::{Keep, SenderId};
use rand_core::CryptoRng;
use sorted::Set;

use super::{Now, Phase, Session};
use crate::body::Signal;
use crate::event::{Event, MessageId};
use crate::outbox::{Class, Publication};

/// "Still typing" is said no more often than this,
const TYPING_EVERY: Duration = Duration::from_secs(4);
/// and believed for this long.
const TYPING_LASTS: Duration = Duration::from_secs(10);
/// "Read up to here" is said no more often than this.
const SEEN_EVERY: Duration = Duration::from_secs(3);
/// Whoever asks again and again is not answered each time.
const ANSWER_EVERY: Duration = Duration::from_secs(10);
/// Boxes in one envelope. With few it is as small as a short message.
const RECIPIENTS: usize = 32;

/// What we show, what others show us, and when something is next to be said.
#[derive(Default)]
pub(super) struct Signals {
    is_on: bool,
    /// Who shows us theirs.
    sharing: Set<SenderId>,
    /// Who was told that we show ours, by which of their hellos we knew them then, and when that was.
    told: HashMap<SenderId, (u32, Duration)>,
    /// Who is to be answered.
    asked: Set<SenderId>,
    /// Whom to tell that we stopped showing ours.
    hide: bool,
    typing: Typing,
    seen: Read,
    /// Who is typing, and until when that is believed.
    typists: HashMap<SenderId, Duration>,
}

/// For whom: everybody, or one person.
type Scope = Option<SenderId>;

#[derive(Default)]
struct Typing {
    /// A key was pressed that nobody has been told of.
    due: Option<Scope>,
    /// What was last said, and when.
    said: Option<(Scope, Duration)>,
    /// Typing for them has stopped.
    stopped: Option<Scope>,
}

#[derive(Default)]
struct Read {
    /// Not said yet. A private message is nobody's business but its author's.
    due: Option<(MessageId, Scope)>,
    said_at: Option<Duration>,
}

impl Signals {
    /// Somebody said hello: whoever has a new life does not remember what we told the old one.
    pub(super) fn met(&mut self, sid: SenderId, revision: u32) {
        if self
            .told
            .get(&sid)
            .is_some_and(|(known, _)| *known != revision)
        {
            self.told.remove(&sid);
        }
    }

    /// A message goes out: whoever gets it sees that the typing is over.
    pub(super) fn spoke(&mut self) {
        self.typing = Typing::default();
    }

    /// When the next signal may go.
    pub(super) fn due(&self) -> Option<Duration> {
        let seen = self
            .seen
            .due
            .and(self.seen.said_at)
            .map(|at| at + SEEN_EVERY);
        let told = |sid| self.told.get(sid).map(|(_, at)| *at + ANSWER_EVERY);
        let asked = self
            .asked
            .iter()
            .filter(|_| self.is_on)
            .filter_map(told)
            .min();
        [seen, asked].into_iter().flatten().min()
    }

    /// When somebody is no longer taken to be typing.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.typists.values().min().copied()
    }
}

impl Session {
    /// Shows others who show the same when this person types and how far they have read, or stops that. Off at first.
    /// Whoever has it off neither tells nor is told anything.
    pub fn share_signals(&mut self, is_on: bool, now: Now, rng: &mut impl CryptoRng) {
        let was_on = std::mem::replace(&mut self.signals.is_on, is_on);
        if was_on && !is_on {
            for sid in self.signals.typists.drain().map(|(sid, _)| sid) {
                self.events.push_back(still(sid));
            }
            self.signals.typing = Typing::default();
            self.signals.seen = Read::default();
            self.signals.hide = true;
        }
        self.pump(now, rng);
    }

    /// The person is typing something for everybody, or for `to` alone. Say it with every key; it is told now and then.
    pub fn typing(&mut self, to: Option<SenderId>, now: Now, rng: &mut impl CryptoRng) {
        if self.signals.is_on {
            self.signals.typing.due = Some(to);
            self.pump(now, rng);
        }
    }

    /// The person has stopped typing without sending anything.
    pub fn stopped_typing(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let said = std::mem::take(&mut self.signals.typing).said;
        self.signals.typing.stopped = said.map(|(to, _)| to);
        self.pump(now, rng);
    }

    /// The person has read this message and what came before it. `private`: it was for them alone, so that only its
    /// author is told.
    pub fn seen(&mut self, up_to: MessageId, private: bool, now: Now, rng: &mut impl CryptoRng) {
        if self.signals.is_on {
            self.signals.seen.due = Some((up_to, private.then_some(up_to.sid)));
            self.pump(now, rng);
        }
    }

    /// Sends whatever signal is due.
    pub(super) fn signal(&mut self, now: Now, rng: &mut impl CryptoRng) {
        self.forget_typists(now.mono);
        if self.phase() != Some(Phase::Online) || self.outbox.is_paused(now.mono) {
            return;
        }
        if std::mem::take(&mut self.signals.hide) {
            let told = self.signals.told.drain().map(|(sid, _)| sid).collect();
            self.signal_to(Signal::Hides, told, now, rng);
        }
        if !self.signals.is_on {
            return;
        }
        self.introduce_signals(now, rng);
        self.signal_typing(now, rng);
        self.signal_seen(now, rng);
    }

    /// Tells those who do not know it that we show ours.
    fn introduce_signals(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let signals = &self.signals;
        let lacks = |sid: &SenderId| match signals.told.get(sid) {
            None => true,
            Some((_, at)) => signals.asked.contains(sid) && now.mono >= *at + ANSWER_EVERY,
        };
        let (answered, asked): (Vec<_>, Vec<_>) = self
            .roster
            .peers()
            // A bot neither types nor reads.
            .filter(|peer| peer.is_present() && peer.is_shown() && peer.person.bot.is_none())
            .map(|peer| (peer.person.sid, peer.revision))
            .filter(|(sid, _)| lacks(sid))
            .partition(|(sid, _)| signals.asked.contains(sid));
        for (signal, to) in [(Signal::Shares, asked), (Signal::SharesToo, answered)] {
            let sids: Vec<SenderId> = to.iter().map(|(sid, _)| *sid).collect();
            for (sid, revision) in to {
                self.signals.asked.remove(&sid);
                self.signals.told.insert(sid, (revision, now.mono));
            }
            self.signal_to(signal, sids, now, rng);
        }
    }

    fn signal_typing(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let typing = &mut self.signals.typing;
        if let Some(to) = typing.stopped.take() {
            let to = self.sharing(to);
            return self.signal_to(Signal::Still, to, now, rng);
        }
        let Some(to) = typing.due.take() else {
            return;
        };
        let was_said = |(whom, at): (Scope, Duration)| whom == to && now.mono < at + TYPING_EVERY;
        if typing.said.is_some_and(was_said) {
            return;
        }
        typing.said = Some((to, now.mono));
        let signal = if to.is_some() {
            Signal::TypingToYou
        } else {
            Signal::Typing
        };
        let to = self.sharing(to);
        self.signal_to(signal, to, now, rng);
    }

    fn signal_seen(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let seen = &mut self.signals.seen;
        if seen.said_at.is_some_and(|at| now.mono < at + SEEN_EVERY) {
            return;
        }
        if let Some((up_to, to)) = seen.due.take() {
            seen.said_at = Some(now.mono);
            let to = self.sharing(to);
            self.signal_to(Signal::Seen(up_to), to, now, rng);
        }
    }

    /// Who shows theirs and is told ours: everybody, or that one.
    fn sharing(&self, only: Scope) -> Vec<SenderId> {
        let shares = |sid: &SenderId| self.signals.sharing.contains(sid);
        match only {
            Some(sid) => Some(sid).filter(shares).into_iter().collect(),
            None => self.signals.sharing.iter().copied().collect(),
        }
    }

    fn signal_to(&mut self, signal: Signal, to: Vec<SenderId>, now: Now, rng: &mut impl CryptoRng) {
        let Some(sender) = &mut self.sender else {
            return;
        };
        let letter = Letter {
            sent_at: now.wall,
            seen: SeenDigest::default(),
            content: signal.encode(),
        };
        let present: Vec<&PeerKey> = to
            .iter()
            .filter_map(|sid| self.roster.peer(sid))
            .filter(|peer| peer.is_present() && peer.is_shown())
            .map(|peer| &peer.key)
            .collect();
        for some in present.chunks(RECIPIENTS) {
            let sealed =
                sender.seal_private_to_each(&self.keys, &self.identity, some, &letter, rng);
            if let Ok(sealed) = sealed {
                let class = match signal {
                    Signal::Typing | Signal::TypingToYou | Signal::Still => Class::Momentary,
                    _ => Class::Lasting,
                };
                let notice = Publication::new(sealed, Keep::Transient, now.mono);
                self.outbox.notify(notice.of(class));
            }
        }
    }

    /// Somebody sent a signal.
    pub(super) fn signalled(&mut self, sid: SenderId, signal: Signal, replayed: bool, now: Now) {
        let signals = &mut self.signals;
        match signal {
            Signal::Shares => {
                signals.sharing.insert(sid);
                // They ask, so they have forgotten what they were told, or never were.
                signals.asked.insert(sid);
            }
            Signal::SharesToo => {
                signals.sharing.insert(sid);
            }
            Signal::Hides => {
                signals.sharing.remove(&sid);
                if signals.typists.remove(&sid).is_some() {
                    self.events.push_back(still(sid));
                }
            }
            _ if !signals.is_on => {}
            Signal::Seen(up_to) => self.events.push_back(Event::Seen { sid, up_to }),
            _ if replayed => {}
            Signal::Still => {
                if signals.typists.remove(&sid).is_some() {
                    self.events.push_back(still(sid));
                }
            }
            Signal::Typing | Signal::TypingToYou => {
                signals.typists.insert(sid, now.mono + TYPING_LASTS);
                self.events.push_back(Event::Typing {
                    sid,
                    is_typing: true,
                    to_me: signal == Signal::TypingToYou,
                });
            }
        }
    }

    /// Somebody said something, so they are not typing it any more.
    pub(super) fn has_spoken(&mut self, sid: SenderId) {
        if self.signals.typists.remove(&sid).is_some() {
            self.events.push_back(still(sid));
        }
    }

    fn forget_typists(&mut self, mono: Duration) {
        let over: Vec<_> = self
            .signals
            .typists
            .iter()
            .filter(|(_, until)| mono >= **until)
            .map(|(sid, _)| *sid)
            .collect();
        for sid in over {
            self.has_spoken(sid);
        }
    }
}

fn still(sid: SenderId) -> Event {
    Event::Typing {
        sid,
        is_typing: false,
        to_me: false,
    }
}

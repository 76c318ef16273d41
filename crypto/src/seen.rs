//! Do we all see the same conversation? A digest of the last few messages travels inside each message, where the
//! relay cannot change it. A relay that shows members different conversations cannot keep these digests equal.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

use crate::envelope::{Header, Kind};
use crate::error::DecodeError;
use crate::key::label;
use crate::wire::SenderId;
use crate::wire::codec::{Reader, Writer};

/// Messages a digest covers.
const DEPTH: usize = 4;
/// Past digests a receiver remembers: the author may have written from that far behind.
const REMEMBERED: usize = 256;
/// What a receiver must have seen itself before it judges others.
const ENOUGH: u64 = 8;
/// Names of messages a member remembers, so that one that comes twice counts once.
const NAMES: usize = 1_024;
/// Messages in a row that an honest sender may send with an empty digest, when it has just begun to count: by the next
/// one it has seen its own.
const EMPTY_LIMIT: u8 = DEPTH as u8;
/// Messages in a row from one sender that must be strange before anybody is alarmed.
const STRANGE_LIMIT: u8 = 3;
/// After something may have been missed, digests that speak of it cannot be known. This many messages later they can:
/// those that follow cover what was seen, with as much again for authors who write from a little behind.
const UNSURE: usize = 2 * DEPTH;
/// Strange messages of one sender that a gap excuses, until one of theirs agrees again. A relay that makes gap after gap,
/// each of which is shown, gets no further than this.
const EXCUSED: u8 = 16;
/// The same where a killed relay makes everybody say again what they said last: more than an author keeps for that.
const EXCUSED_UNSETTLED: u8 = 160;
/// Senders whose strange messages are counted at once; more than any room holds.
const SENDERS: usize = 256;

/// First 8 bytes of SHA-256 over the last four message headers in relay order; all zeros from a member that has seen
/// fewer than four. Nobody stays at that for long: own messages count too, so more than a few in a row are strange.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SeenDigest(pub [u8; 8]);

/// What a received digest says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Agreement {
    /// We have been at exactly this point of the conversation, or there is too little to judge by.
    Agrees,
    /// We have not, but once or twice proves nothing (a reconnect, a race).
    Doubtful,
    /// Third strange message in a row from this sender: the relay shows members different conversations. Reported
    /// once; counting starts again after it.
    Diverged,
}

/// The rolling memory of one member.
///
/// Call [`Seen::note`] for every message envelope in the order of arrival, own ones at the moment the relay accepted
/// them, others' whether or not they could be opened; the relay's numbers play no part in it. Then call [`Seen::judge`] for the digest inside each opened one *before*
/// noting that message.
pub struct Seen {
    /// What the own digest covers once something has come after a gap.
    last: VecDeque<[u8; 22]>,
    /// The same as if no gap had swallowed anything, which may be so.
    whole: VecDeque<[u8; 22]>,
    /// Messages since the last gap.
    since_gap: usize,
    names: VecDeque<[u8; 22]>,
    remembered: VecDeque<SeenDigest>,
    count: u64,
    doubts: HashMap<SenderId, Doubts>,
}

/// What speaks against one sender, in a row.
#[derive(Clone, Copy, Default)]
struct Doubts {
    strange: u8,
    empty: u8,
    excused: u8,
}

impl Default for Seen {
    fn default() -> Self {
        Self::new()
    }
}

impl Seen {
    /// A member that has seen nothing yet.
    pub fn new() -> Self {
        Self {
            last: VecDeque::new(),
            whole: VecDeque::new(),
            since_gap: UNSURE,
            names: VecDeque::new(),
            remembered: VecDeque::new(),
            count: 0,
            doubts: HashMap::new(),
        }
    }

    /// Takes in the next message. One that is already known and other kinds of envelope are not part of the digest.
    pub fn note(&mut self, header: &Header) {
        if header.kind != Kind::Message {
            return;
        }
        let name = header.name();
        if self.names.contains(&name) {
            return;
        }
        if self.names.len() == NAMES {
            self.names.pop_front();
        }
        self.names.push_back(name);
        for covered in [&mut self.last, &mut self.whole] {
            if covered.len() == DEPTH {
                covered.pop_front();
            }
            covered.push_back(name);
        }
        self.count = self.count.saturating_add(1);
        self.since_gap = self.since_gap.saturating_add(1);
        let now = digest_of(&self.last);
        self.remember(now);
        let whole = digest_of(&self.whole);
        if whole != now {
            self.remember(whole);
        }
    }

    fn remember(&mut self, digest: SeenDigest) {
        if digest == SeenDigest::default() {
            return;
        }
        if self.remembered.len() == REMEMBERED {
            self.remembered.pop_front();
        }
        self.remembered.push_back(digest);
    }

    /// Something may have been said that this member will never learn of. What it knew stays known: a relay must not be
    /// able to make it forget by breaking the connection.
    pub fn lose_thread(&mut self) {
        self.last.clear();
        self.since_gap = 0;
    }

    /// Messages came, or come again, in an order that is not everybody's. Nothing was missed, so the own digest goes on;
    /// what others have of it is excused until it covers what came since.
    pub fn shuffle(&mut self) {
        self.since_gap = 0;
    }

    /// Whether this message is among those that were taken in.
    pub fn knows(&self, header: &Header) -> bool {
        self.names.contains(&header.name())
    }

    /// What to put into the next message. Right after a gap that is what was known before it, which others remember.
    pub fn digest(&self) -> SeenDigest {
        digest_of(if self.last.is_empty() {
            &self.whole
        } else {
            &self.last
        })
    }

    /// Compares the digest inside a message from `from` with everything remembered here.
    ///
    /// `is_unsettled` says that it may have come in another order than elsewhere because a relay that was killed made
    /// everybody say again what they said last.
    pub fn judge(&mut self, from: SenderId, theirs: SeenDigest, is_unsettled: bool) -> Agreement {
        let excused = match is_unsettled {
            true => EXCUSED_UNSETTLED,
            false if self.since_gap < UNSURE => EXCUSED,
            false => 0,
        };
        if self.count < ENOUGH {
            return Agreement::Agrees;
        }
        if self.remembered.contains(&theirs) {
            self.doubts.remove(&from);
            return Agreement::Agrees;
        }
        if !self.doubts.contains_key(&from) && self.doubts.len() >= SENDERS {
            self.doubts
                .retain(|_, doubts| doubts.strange > 0 || doubts.excused > 0);
            if self.doubts.len() >= SENDERS {
                return Agreement::Doubtful;
            }
        }
        let doubts = self.doubts.entry(from).or_default();
        if theirs == SeenDigest::default() && doubts.empty < EMPTY_LIMIT {
            doubts.empty += 1;
            return Agreement::Agrees;
        }
        if doubts.excused < excused {
            doubts.excused += 1;
            return Agreement::Doubtful;
        }
        doubts.strange += 1;
        if doubts.strange >= STRANGE_LIMIT {
            self.doubts.remove(&from);
            return Agreement::Diverged;
        }
        Agreement::Doubtful
    }

    /// The memory as bytes, for a tab's saved state (no secret, but who wrote how much).
    pub fn freeze(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(64 + REMEMBERED * 8);
        writer.u64(self.count);
        writer.u8(u8::try_from(self.since_gap).unwrap_or(u8::MAX));
        for covered in [&self.last, &self.whole] {
            writer.u8(u8::try_from(covered.len()).unwrap_or(u8::MAX));
            for name in covered {
                writer.put(name);
            }
        }
        writer.u16(u16::try_from(self.doubts.len()).unwrap_or(u16::MAX));
        for (sid, doubts) in &self.doubts {
            writer
                .put(&sid.0)
                .u8(doubts.strange)
                .u8(doubts.empty)
                .u8(doubts.excused);
        }
        for digest in &self.remembered {
            writer.put(&digest.0);
        }
        writer.finish()
    }

    /// Takes the memory up again.
    ///
    /// # Errors
    /// [`DecodeError`] for bytes that [`Seen::freeze`] did not make.
    pub fn thaw(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let count = reader.u64()?;
        let since_gap = usize::from(reader.u8()?);
        let mut covered = || -> Result<VecDeque<[u8; 22]>, DecodeError> {
            let length = usize::from(reader.u8()?);
            if length > DEPTH {
                return Err(DecodeError::Invalid("covered messages"));
            }
            (0..length).map(|_| reader.array()).collect()
        };
        let (last, whole) = (covered()?, covered()?);
        let mut doubts = HashMap::new();
        let doubted = usize::from(reader.u16()?);
        if doubted > SENDERS {
            return Err(DecodeError::Invalid("doubted senders"));
        }
        for _ in 0..doubted {
            let sid = SenderId(reader.array()?);
            let [strange, empty, excused] = reader.array()?;
            doubts.insert(
                sid,
                Doubts {
                    strange,
                    empty,
                    excused,
                },
            );
        }
        let mut remembered = VecDeque::new();
        while reader.remaining() > 0 {
            remembered.push_back(SeenDigest(reader.array()?));
        }
        if remembered.len() > REMEMBERED {
            return Err(DecodeError::Invalid("digests"));
        }
        Ok(Self {
            names: whole.clone(),
            last,
            whole,
            since_gap,
            remembered,
            count,
            doubts,
        })
    }
}

fn digest_of(covered: &VecDeque<[u8; 22]>) -> SeenDigest {
    if covered.len() < DEPTH {
        return SeenDigest::default();
    }
    let mut hash = Sha256::new();
    hash.update(label::SEEN);
    for name in covered {
        hash.update(name);
    }
    let full: [u8; 32] = hash.finalize().into();
    let short = full
        .first_chunk()
        .expect("invariant: a SHA-256 digest has 32 bytes");
    SeenDigest(*short)
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seen")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Epoch, Generation};

    const ME: SenderId = SenderId([1; 16]);
    const OTHER: SenderId = SenderId([2; 16]);

    fn header(sid: SenderId, generation: u32) -> Header {
        Header {
            kind: Kind::Message,
            sid,
            epoch: Epoch(1),
            generation: Generation(generation),
        }
    }

    fn experienced() -> Seen {
        let mut seen = Seen::new();
        for generation in 0..20 {
            seen.note(&header(ME, generation));
        }
        seen
    }

    #[test]
    fn what_comes_twice_counts_once() {
        let mut seen = experienced();
        let before = seen.digest();
        seen.note(&header(ME, 3));
        seen.note(&header(ME, 19));
        assert_eq!(seen.digest(), before);
    }

    #[test]
    fn a_gap_that_swallowed_nothing_raises_no_doubt() {
        let (mut seen, mut theirs) = (experienced(), experienced());
        seen.lose_thread();
        for generation in 0..8 {
            let message = header(OTHER, generation);
            assert_eq!(seen.judge(OTHER, theirs.digest(), false), Agreement::Agrees);
            seen.note(&message);
            theirs.note(&message);
        }
    }

    #[test]
    fn a_gap_excuses_those_who_speak_of_what_it_swallowed() {
        let (mut seen, mut theirs) = (experienced(), experienced());
        for round in 0..50 {
            for swallowed in 0..4 {
                theirs.note(&header(ME, 1_000 + round * 4 + swallowed));
            }
            seen.lose_thread();
            for generation in 0..6 {
                let message = header(OTHER, round * 6 + generation);
                assert_ne!(
                    seen.judge(OTHER, theirs.digest(), false),
                    Agreement::Diverged
                );
                seen.note(&message);
                theirs.note(&message);
            }
            assert_eq!(seen.judge(OTHER, theirs.digest(), false), Agreement::Agrees);
        }
    }

    #[test]
    fn who_has_what_is_said_again_and_who_gets_it_only_now_agree_soon_after() {
        let (mut seen, mut theirs) = (experienced(), experienced());
        for generation in 5_000..5_006 {
            seen.note(&header(ME, generation));
        }
        assert!(seen.knows(&header(ME, 5_000)) && !theirs.knows(&header(ME, 5_000)));
        seen.shuffle();
        theirs.shuffle();
        for generation in 0..8 {
            let message = header(OTHER, generation);
            let verdict = seen.judge(OTHER, theirs.digest(), false);
            assert_ne!(verdict, Agreement::Diverged);
            assert_eq!(verdict == Agreement::Agrees, !(1..4).contains(&generation));
            seen.note(&message);
            theirs.note(&message);
        }
    }

    #[test]
    fn gap_after_gap_does_not_excuse_somebody_who_never_agrees() {
        let (mut seen, mut theirs) = (experienced(), experienced());
        theirs.note(&header(ME, 1_000));
        let alarm = (0..40).position(|generation| {
            seen.lose_thread();
            seen = Seen::thaw(&seen.freeze()).unwrap();
            let message = header(OTHER, generation);
            let verdict = seen.judge(OTHER, theirs.digest(), false);
            theirs.note(&header(ME, 2_000 + generation));
            seen.note(&message);
            theirs.note(&message);
            verdict == Agreement::Diverged
        });
        assert_eq!(alarm, Some(usize::from(EXCUSED + STRANGE_LIMIT) - 1));
    }

    #[test]
    fn a_newcomer_may_be_empty_for_as_long_as_it_has_seen_too_little() {
        let mut seen = experienced();
        let mut theirs = Seen::new();
        for generation in 0..12 {
            let message = header(OTHER, generation);
            assert_eq!(seen.judge(OTHER, theirs.digest(), false), Agreement::Agrees);
            seen.note(&message);
            theirs.note(&message);
        }
    }

    #[test]
    fn a_sender_that_stays_empty_is_strange() {
        let mut seen = experienced();
        let verdicts: Vec<_> = (0..7)
            .map(|_| seen.judge(OTHER, SeenDigest::default(), false))
            .collect();
        assert_eq!(verdicts[..4], [Agreement::Agrees; 4]);
        assert_eq!(verdicts[4..6], [Agreement::Doubtful; 2]);
        assert_eq!(verdicts[6], Agreement::Diverged);
    }

    #[test]
    fn what_a_killed_relay_has_shuffled_is_excused_but_not_for_ever() {
        let mut seen = experienced();
        let alarm_after = (1..).find(|number| {
            let strange = SeenDigest([*number; 8]);
            seen.judge(OTHER, strange, true) == Agreement::Diverged
        });
        assert_eq!(alarm_after, Some(EXCUSED_UNSETTLED + STRANGE_LIMIT));
    }
}

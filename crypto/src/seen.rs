//! Do we all see the same conversation? A digest of the last few messages travels inside each message, where the
//! relay cannot change it. A relay that shows members different conversations cannot keep these digests equal.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

use crate::envelope::{Header, Kind};
use crate::error::DecodeError;
use crate::key::label;
use crate::wire::SenderId;

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
    last: VecDeque<[u8; 22]>,
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
        if self.last.len() == DEPTH {
            self.last.pop_front();
        }
        self.last.push_back(name);
        self.count = self.count.saturating_add(1);
        let now = self.digest();
        if now != SeenDigest::default() {
            if self.remembered.len() == REMEMBERED {
                self.remembered.pop_front();
            }
            self.remembered.push_back(now);
        }
    }

    /// What to put into the next message.
    pub fn digest(&self) -> SeenDigest {
        if self.last.len() < DEPTH {
            return SeenDigest::default();
        }
        let mut hash = Sha256::new();
        hash.update(label::SEEN);
        for name in &self.last {
            hash.update(name);
        }
        let full: [u8; 32] = hash.finalize().into();
        let mut short = [0; 8];
        short.copy_from_slice(
            full.first_chunk::<8>()
                .expect("invariant: a SHA-256 digest has 32 bytes"),
        );
        SeenDigest(short)
    }

    /// Compares the digest inside a message from `from` with everything remembered here.
    pub fn judge(&mut self, from: SenderId, theirs: SeenDigest) -> Agreement {
        if self.count < ENOUGH {
            return Agreement::Agrees;
        }
        if self.remembered.contains(&theirs) {
            self.doubts.remove(&from);
            return Agreement::Agrees;
        }
        if !self.doubts.contains_key(&from) && self.doubts.len() >= SENDERS {
            self.doubts.retain(|_, doubts| doubts.strange > 0);
            if self.doubts.len() >= SENDERS {
                return Agreement::Doubtful;
            }
        }
        let doubts = self.doubts.entry(from).or_default();
        if theirs == SeenDigest::default() && doubts.empty < EMPTY_LIMIT {
            doubts.empty += 1;
            return Agreement::Agrees;
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
        let mut bytes = self.count.to_be_bytes().to_vec();
        bytes.push(self.last.len() as u8);
        bytes.extend(self.last.iter().flatten());
        bytes.extend(self.remembered.iter().flat_map(|digest| digest.0));
        bytes
    }

    /// Takes the memory up again. Doubts about senders start from zero.
    pub fn thaw(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (count, rest) = bytes
            .split_first_chunk::<8>()
            .ok_or(DecodeError::Truncated)?;
        let (length, rest) = rest.split_first().ok_or(DecodeError::Truncated)?;
        let length = usize::from(*length);
        let (last, rest) = rest
            .split_at_checked(length * 22)
            .ok_or(DecodeError::Truncated)?;
        let (last, _) = last.as_chunks::<22>();
        let (remembered, odd) = rest.as_chunks::<8>();
        if length > DEPTH || remembered.len() > REMEMBERED || !odd.is_empty() {
            return Err(DecodeError::Trailing);
        }
        Ok(Self {
            last: last.iter().copied().collect(),
            names: last.iter().copied().collect(),
            remembered: remembered.iter().copied().map(SeenDigest).collect(),
            count: u64::from_be_bytes(*count),
            doubts: HashMap::new(),
        })
    }
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
    fn a_newcomer_may_be_empty_for_as_long_as_it_has_seen_too_little() {
        let mut seen = experienced();
        let mut theirs = Seen::new();
        for generation in 0..12 {
            let message = header(OTHER, generation);
            assert_eq!(seen.judge(OTHER, theirs.digest()), Agreement::Agrees);
            seen.note(&message);
            theirs.note(&message);
        }
    }

    #[test]
    fn a_sender_that_stays_empty_is_strange() {
        let mut seen = experienced();
        let verdicts: Vec<_> = (0..7)
            .map(|_| seen.judge(OTHER, SeenDigest::default()))
            .collect();
        assert_eq!(verdicts[..4], [Agreement::Agrees; 4]);
        assert_eq!(verdicts[4..6], [Agreement::Doubtful; 2]);
        assert_eq!(verdicts[6], Agreement::Diverged);
    }
}

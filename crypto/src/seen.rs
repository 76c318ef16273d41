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
/// Messages in a row from one sender that must be strange before anybody is alarmed.
const STRANGE_LIMIT: u8 = 3;
/// Senders whose strange messages are counted at once; more than any room holds.
const SENDERS: usize = 256;

/// First 8 bytes of SHA-256 over the last four message headers in relay order; all zeros from a member that has seen
/// fewer than four.
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
/// Call [`Seen::note`] for every message envelope in relay order, own ones at the moment the relay accepted them,
/// others' whether or not they could be opened; call [`Seen::judge`] for the digest inside each opened one *before*
/// noting that message.
pub struct Seen {
    last: VecDeque<[u8; 22]>,
    remembered: VecDeque<SeenDigest>,
    count: u64,
    strange: HashMap<SenderId, u8>,
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
            remembered: VecDeque::new(),
            count: 0,
            strange: HashMap::new(),
        }
    }

    /// Takes in the next message in relay order. Other kinds of envelope are not part of the digest.
    pub fn note(&mut self, header: &Header) {
        if header.kind != Kind::Message {
            return;
        }
        if self.last.len() == DEPTH {
            self.last.pop_front();
        }
        self.last.push_back(header.name());
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
        if theirs == SeenDigest::default() || self.count < ENOUGH {
            return Agreement::Agrees;
        }
        if self.remembered.contains(&theirs) {
            self.strange.remove(&from);
            return Agreement::Agrees;
        }
        if !self.strange.contains_key(&from) && self.strange.len() >= SENDERS {
            return Agreement::Doubtful;
        }
        let strange = self.strange.entry(from).or_insert(0);
        *strange += 1;
        if *strange >= STRANGE_LIMIT {
            self.strange.remove(&from);
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
            remembered: remembered.iter().copied().map(SeenDigest).collect(),
            count: u64::from_be_bytes(*count),
            strange: HashMap::new(),
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

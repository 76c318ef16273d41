//! The inside of an envelope, as members see it. One way in for every kind: first the outer layer, which whoever
//! holds the room's name can open, then the body with the key that its kind asks for.
//!
//! ```text
//! envelope = Cobblestone-256( key = room key, context = "roomkey/1 env" ‖ room(32), P )
//! P        = header(24) ‖ body                                   |P| is always a bucket
//! header   = suite(1) ‖ kind(1) ‖ sid(16) ‖ epoch(2) ‖ generation(4)
//! C        = "roomkey/1" ‖ 0x00 ‖ room(32) ‖ header as received  bound by every tag and signature below
//!
//! kind 1  hello     content ‖ zeros ‖ signature(64)                                  → Outer::open_hello
//! kind 2  message   commitment(32) ‖ AES-256-GCM(key, aad = C, letter)              → PeerKey::open
//! kind 3  pairwise  salt(16) ‖ count(1) ‖ count × AES-256-GCM(box key, aad = C, letter) ‖ zeros   → PeerKey::open
//! kind 5  control   notice ‖ zeros ‖ signature(64)                                   → PeerKey::open
//! kind 4 is reserved: OpenError::Unsupported
//!
//! letter    = len(4) ‖ sent_at(8) ‖ seen(8) ‖ content(len) ‖ zeros ‖ signature(64)
//! signature = Ed25519( "roomkey/1 sig" ‖ 0x00 ‖ C ‖ signing key(32) ‖ [pairwise: recipient sid(16)] ‖ all before it )
//! ```
//!
//! | kind | header's epoch | header's generation |
//! |---|---|---|
//! | hello | 0 | the hello's revision |
//! | message | ≥ 1, the chain's | the step within the chain |
//! | pairwise | 0 | the sender's running number of pairwise envelopes |
//! | control | 0 | 0 |

mod letter;

use core::fmt;
use core::time::Duration;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::chain::COMMITMENT;
use crate::cobblestone;
use crate::error::OpenError;
use crate::hello::Hello;
use crate::key::label;
use crate::lone::LoneKey;
use crate::room::RoomKeys;
use crate::wire::codec::Reader;
use crate::wire::envelope::{MAX_BUCKET, bucket, is_plausible};
use crate::wire::{Epoch, Generation, RoomId, SenderId};

pub use letter::Letter;
pub(crate) use letter::letter_len;

/// The cipher suite of this version.
pub const SUITE: u8 = 1;
/// Bytes of a header.
pub const HEADER: usize = 24;
/// Bytes of an AES-GCM tag.
pub(crate) const TAG: usize = 16;
/// Bytes of an Ed25519 signature.
pub(crate) const SIGNATURE: usize = 64;
/// What a message body has besides its letter.
pub(crate) const MESSAGE_FRONT: usize = COMMITMENT + TAG;
/// What a message body's commitment takes over the salt, count and content kind of a pairwise body with one box: the
/// latter reserves as much, so that a private message and a room message of one length fall into one bucket.
pub(crate) const PAIRWISE_RESERVE: usize = COMMITMENT - (16 + 1 + 1);

/// What an envelope is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Who I am: signed, readable by whoever holds the name.
    Hello = 1,
    /// To everybody, under the sender's chain.
    Message = 2,
    /// To one or several members, each under a secret of the two.
    Pairwise = 3,
    /// About the room itself: signed, readable by whoever holds the name.
    Control = 5,
}

/// Names an envelope: who sent it, and its place in the sender's sequence. Hidden from the relay.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Header {
    /// What the envelope is for.
    pub kind: Kind,
    /// Whose signature it must carry.
    pub sid: SenderId,
    /// See the table at the top of this module.
    pub epoch: Epoch,
    /// See the table at the top of this module.
    pub generation: Generation,
}

impl Header {
    /// The 24 bytes of the header.
    pub(crate) fn encode(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        let (front, name) = bytes.split_at_mut(2);
        front.copy_from_slice(&[SUITE, self.kind as u8]);
        name.copy_from_slice(&self.name());
        bytes
    }

    fn decode(bytes: &[u8; HEADER]) -> Result<Self, OpenError> {
        let mut reader = Reader::new(bytes);
        let (suite, kind) = (reader.u8()?, reader.u8()?);
        if suite != SUITE {
            return Err(OpenError::Unsupported);
        }
        let kind = match kind {
            1 => Kind::Hello,
            2 => Kind::Message,
            3 => Kind::Pairwise,
            5 => Kind::Control,
            _ => return Err(OpenError::Unsupported),
        };
        let header = Self {
            kind,
            sid: SenderId(reader.array()?),
            epoch: Epoch(reader.u16()?),
            generation: Generation(reader.u32()?),
        };
        // Epoch 0 is for what runs outside any chain, so that no two kinds share a name.
        if (header.epoch.0 == 0) == (kind == Kind::Message) {
            return Err(OpenError::Authentication);
        }
        Ok(header)
    }

    /// The part that names the envelope among those of its kind: sid ‖ epoch ‖ generation.
    pub(crate) fn name(&self) -> [u8; 22] {
        let mut bytes = [0; 22];
        let (sid, rest) = bytes.split_at_mut(16);
        let (epoch, generation) = rest.split_at_mut(2);
        sid.copy_from_slice(&self.sid.0);
        epoch.copy_from_slice(&self.epoch.0.to_be_bytes());
        generation.copy_from_slice(&self.generation.0.to_be_bytes());
        bytes
    }
}

/// A finished envelope and the name under which others will know it.
pub struct Sealed {
    /// What the receivers will read in it.
    pub header: Header,
    /// The bytes for the relay. A repeated attempt must send exactly these.
    pub envelope: Vec<u8>,
    /// Of a message to everybody: what opens it and nothing else.
    pub key: Option<LoneKey>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("header", &self.header)
            .field("bytes", &self.envelope.len())
            .finish()
    }
}

/// An envelope whose outer layer is open: somebody who holds the name made it. Who, only the body proves.
pub struct Outer {
    header: Header,
    received: [u8; HEADER],
    room: RoomId,
    /// Of a hello or a notice, what it says; so it is wiped on drop.
    body: Zeroizing<Vec<u8>>,
}

impl Outer {
    /// Opens the outer layer with the room's keys.
    ///
    /// # Errors
    /// [`OpenError::Unsupported`] for a suite or kind of a later version; [`OpenError::Authentication`] for anything
    /// that was not sealed for this room or is not shaped as above.
    pub fn open(keys: &RoomKeys, envelope: &[u8]) -> Result<Self, OpenError> {
        let room = keys.room_id();
        if !is_plausible(envelope) {
            return Err(OpenError::Authentication);
        }
        let mut plaintext = cobblestone::open(keys.room_key(), &context(&room), envelope)?;
        let received = *plaintext
            .first_chunk::<HEADER>()
            .ok_or(OpenError::Authentication)?;
        let header = Header::decode(&received)?;
        let body = Zeroizing::new(plaintext.split_off(HEADER));
        Ok(Self {
            header,
            received,
            room,
            body,
        })
    }

    /// Who claims to have sent this, and what it is. Unproven until the body is open, so good for routing, holding
    /// and counting only.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Opens a hello: decodes it, checks that its sid belongs to its signing key, and checks the signature.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] for everything that is wrong with it, and for other kinds of envelope.
    pub fn open_hello(&self, keys: &RoomKeys) -> Result<Hello, OpenError> {
        Hello::open(keys, self)
    }

    pub(crate) fn room(&self) -> &RoomId {
        &self.room
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The context C, from the header's bytes exactly as they came.
    pub(crate) fn bound(&self) -> Vec<u8> {
        bound(&self.room, &self.received)
    }

    pub(crate) fn received(&self) -> &[u8; HEADER] {
        &self.received
    }
}

impl fmt::Debug for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outer")
            .field("header", &self.header)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why something cannot be sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SealError {
    /// No envelope is that large.
    TooLarge,
    /// This chain has sealed as many messages as it may: call [`crate::sender::SenderKey::start_epoch`] first.
    EpochSpent,
    /// The identity has used up its epochs (65,535) or pairwise numbers and must be replaced.
    IdentitySpent,
    /// A pairwise envelope needs at least one recipient, at most 255, and each of them once.
    Recipients,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "this is too large for one envelope",
            Self::EpochSpent => "a new epoch must begin first",
            Self::IdentitySpent => "this session's identity is used up",
            Self::Recipients => "a private envelope needs between 1 and 255 different recipients",
        })
    }
}

impl core::error::Error for SealError {}

/// Milliseconds as they travel. A clock beyond the year 584 million saturates.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn context(room: &RoomId) -> Vec<u8> {
    [label::ENVELOPE, &room.0].concat()
}

pub(crate) fn bound(room: &RoomId, header: &[u8; HEADER]) -> Vec<u8> {
    [label::BODY, &room.0, header].concat()
}

/// What every signature of this protocol covers; `to` only in a pairwise letter.
fn signed(
    bound: &[u8],
    signer: &VerifyingKey,
    to: Option<&SenderId>,
    text: &[u8],
) -> Zeroizing<Vec<u8>> {
    let to = to.map_or([].as_slice(), |to| to.0.as_slice());
    Zeroizing::new([label::SIGNATURE, bound, signer.as_bytes(), to, text].concat())
}

/// Appends the signature to `text`.
pub(crate) fn sign(bound: &[u8], signer: &SigningKey, to: Option<&SenderId>, text: &mut Vec<u8>) {
    let signature = signer.sign(&signed(bound, &signer.verifying_key(), to, text));
    text.extend_from_slice(&signature.to_bytes());
}

/// Checks the signature at the end of `text` and returns what it covers.
pub(crate) fn verify<'a>(
    bound: &[u8],
    signer: &VerifyingKey,
    to: Option<&SenderId>,
    text: &'a [u8],
) -> Result<&'a [u8], OpenError> {
    let (text, signature) = text
        .split_last_chunk::<SIGNATURE>()
        .ok_or(OpenError::Authentication)?;
    // Strict: refuses small-order keys and points, so that no signature fits two messages or two keys.
    signer
        .verify_strict(
            &signed(bound, signer, to, text),
            &Signature::from_bytes(signature),
        )
        .map_err(|_| OpenError::Authentication)?;
    Ok(text)
}

/// The body length that puts a message with this much content into its bucket.
pub(crate) fn message_body_len(content: usize) -> Result<usize, SealError> {
    body_len(MESSAGE_FRONT + letter_len(content))
}

/// The smallest body of at least `needed` bytes that makes a whole envelope.
pub(crate) fn body_len(needed: usize) -> Result<usize, SealError> {
    let length = bucket(HEADER.saturating_add(needed));
    if length > MAX_BUCKET {
        Err(SealError::TooLarge)
    } else {
        Ok(length - HEADER)
    }
}

/// Padding is zero, so that it cannot carry anything.
pub(crate) fn zeros(padding: &[u8]) -> Result<(), OpenError> {
    if padding.iter().all(|byte| *byte == 0) {
        Ok(())
    } else {
        Err(OpenError::Authentication)
    }
}

/// The outer layer around a finished body.
pub(crate) fn wrap(
    keys: &RoomKeys,
    header: Header,
    body: &[u8],
    rng: &mut impl CryptoRng,
) -> Sealed {
    let plaintext = Zeroizing::new([header.encode().as_slice(), body].concat());
    debug_assert_eq!(
        bucket(plaintext.len()),
        plaintext.len(),
        "a body is padded before it is wrapped"
    );
    let envelope = cobblestone::seal(keys.room_key(), &context(&keys.room_id()), &plaintext, rng);
    Sealed {
        header,
        envelope,
        key: None,
    }
}

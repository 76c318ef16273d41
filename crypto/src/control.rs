//! Who governs a room, and what they say about it.
//!
//! Every session has a control key beside its identity. The opener's is the room's: its public half is in every hello.
//! It governs through **statements**, and a statement may make another member's control key one of the room's, so no
//! secret ever changes hands.
//!
//! ```text
//! control key = Ed25519 from Expand(signing seed, "roomkey/1 control key" ‖ room, 32)
//! statement   = number(4) ‖ at(8) ‖ by(16) ‖ signer(32) ‖ kind(1) ‖ len(2) ‖ value(len) ‖ signature(64)
//! signature   = Ed25519 by signer over "roomkey/1 statement" ‖ 0x00 ‖ room(32) ‖ all before it
//!
//! envelope kind 5: body = notice ‖ zeros ‖ signature(64) of the member as in a hello; header: epoch 0, generation 0
//! notice      = 0x01 ‖ statement      or      0x02 ‖ at(8), which says that its author purged the room
//! ```

use core::fmt;
use core::time::Duration;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::envelope::{self, Header, Kind, Outer, SIGNATURE, SealError, Sealed, millis};
use crate::error::OpenError;
use crate::identity::Identity;
use crate::key::{expand, label};
use crate::room::{Exporter, RoomKeys};
use crate::wire::codec::{Reader, Writer};
use crate::wire::{
    ClientToRelay, Epoch, Generation, Lifetime, LocalId, Order, RoomId, SenderId, control_message,
};

/// The longest value of a statement, in bytes.
pub const LONGEST_VALUE: usize = 1_024;

const LOCK: u8 = 1;
const LIFETIME: u8 = 2;
const REMOVE: u8 = 3;
const SHARE: u8 = 4;
const HAND_ON: u8 = 5;
const PURGE_POLICY: u8 = 6;
const FILTERS: u8 = 7;

const STATEMENT: u8 = 1;
const PURGED: u8 = 2;

/// Who may purge a room.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum PurgePolicy {
    /// Whoever governs it.
    #[default]
    Holder,
    /// Everybody who knows its name.
    Everyone,
}

/// What a statement lays down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Nobody new comes in, or they do again. Value: flag(1).
    Lock(bool),
    /// The room lives this long from the statement on. Value: seconds(4), 0 = until empty.
    Lifetime(Lifetime),
    /// This session gets no keys and no hearing any more. Value: sid(16).
    Remove(SenderId),
    /// This member governs, too. Value: sid(16) ‖ its control key(32).
    Share {
        /// Who.
        to: SenderId,
        /// The key from their hello.
        key: [u8; 32],
    },
    /// This member governs in place of the signer. Value as above.
    HandOn {
        /// Who.
        to: SenderId,
        /// The key from their hello.
        key: [u8; 32],
    },
    /// Who may purge. Value: 0 or 1.
    PurgePolicy(PurgePolicy),
    /// What everybody's filters start from; this crate does not look inside.
    Filters(Vec<u8>),
    /// From a later version.
    Unknown(u8),
}

/// One signed rule of a room.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    bytes: Vec<u8>,
    /// Its place among all: whoever makes one counts on from the highest known.
    pub number: u32,
    /// The signer's clock, since the Unix epoch; whole milliseconds travel.
    pub at: Duration,
    /// The member that the signer says to be.
    pub by: SenderId,
    /// The control key that signed.
    pub signer: [u8; 32],
    /// What it lays down.
    pub command: Command,
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement")
            .field("number", &self.number)
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

impl Command {
    /// Its kind and its value.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] for a value that no statement holds.
    pub fn encode(&self) -> Result<(u8, Vec<u8>), SealError> {
        let grant = |to: &SenderId, key: &[u8; 32]| [to.0.as_slice(), key].concat();
        let (kind, value) = match self {
            Self::Lock(locked) => (LOCK, vec![u8::from(*locked)]),
            Self::Lifetime(lifetime) => (LIFETIME, lifetime.seconds().to_be_bytes().to_vec()),
            Self::Remove(sid) => (REMOVE, sid.0.to_vec()),
            Self::Share { to, key } => (SHARE, grant(to, key)),
            Self::HandOn { to, key } => (HAND_ON, grant(to, key)),
            Self::PurgePolicy(policy) => (
                PURGE_POLICY,
                vec![u8::from(*policy == PurgePolicy::Everyone)],
            ),
            Self::Filters(filters) => (FILTERS, filters.clone()),
            Self::Unknown(kind) => (*kind, Vec::new()),
        };
        if value.len() > LONGEST_VALUE {
            return Err(SealError::TooLarge);
        }
        Ok((kind, value))
    }

    /// The command of this kind with this value.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] for a value that does not fit its kind.
    pub fn decode(kind: u8, value: &[u8]) -> Result<Self, OpenError> {
        let mut reader = Reader::new(value);
        let command = match kind {
            LOCK => Self::Lock(reader.flag("lock")?),
            LIFETIME => Self::Lifetime(Lifetime::from_seconds(reader.u32()?)),
            REMOVE => Self::Remove(SenderId(reader.array()?)),
            SHARE => Self::Share {
                to: SenderId(reader.array()?),
                key: reader.array()?,
            },
            HAND_ON => Self::HandOn {
                to: SenderId(reader.array()?),
                key: reader.array()?,
            },
            PURGE_POLICY if reader.flag("purge policy")? => {
                Self::PurgePolicy(PurgePolicy::Everyone)
            }
            PURGE_POLICY => Self::PurgePolicy(PurgePolicy::Holder),
            FILTERS => Self::Filters(reader.rest().to_vec()),
            kind => {
                reader.rest();
                Self::Unknown(kind)
            }
        };
        reader.finish()?;
        Ok(command)
    }
}

impl Statement {
    /// Its bytes, for a hello or a notice.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads one statement from where the reader stands. Nothing is proven before [`Statement::verify`].
    ///
    /// # Errors
    /// [`OpenError::Authentication`] for anything that is not shaped like one.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, OpenError> {
        let start = reader.clone();
        let before = reader.remaining();
        let number = reader.u32()?;
        let at = Duration::from_millis(reader.u64()?);
        let by = SenderId(reader.array()?);
        let signer = reader.array()?;
        let kind = reader.u8()?;
        let length = usize::from(reader.u16()?);
        if length > LONGEST_VALUE {
            return Err(OpenError::Authentication);
        }
        let command = Command::decode(kind, reader.take(length)?)?;
        reader.take(SIGNATURE)?;
        let bytes = start.clone().take(before - reader.remaining())?.to_vec();
        Ok(Self {
            bytes,
            number,
            at,
            by,
            signer,
            command,
        })
    }

    /// Whether its signer signed it for this room.
    pub fn verify(&self, room: &RoomId) -> bool {
        let Some((text, signature)) = self.bytes.split_last_chunk::<SIGNATURE>() else {
            return false;
        };
        VerifyingKey::from_bytes(&self.signer).is_ok_and(|key| {
            key.verify_strict(&signed(room, text), &Signature::from_bytes(signature))
                .is_ok()
        })
    }
}

fn signed(room: &RoomId, text: &[u8]) -> Vec<u8> {
    [label::STATEMENT, &room.0, text].concat()
}

/// What a session governs with, if it is let. Wiped on drop.
pub struct ControlKey {
    key: SigningKey,
    by: SenderId,
    room: RoomId,
}

impl ControlKey {
    /// The control key of this session in this room.
    pub fn of(me: &Identity, room: &RoomId) -> Self {
        let seed = expand(me.signing().as_bytes(), &[label::CONTROL_KEY, &room.0]);
        Self {
            key: SigningKey::from_bytes(&seed),
            by: me.sender_id(),
            room: *room,
        }
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// An order to the relay, good on one tunnel.
    pub fn order(&self, exporter: &Exporter, local: LocalId, order: Order) -> ClientToRelay {
        let message = control_message(exporter.as_bytes(), &self.room, local, &order);
        ClientToRelay::Control {
            local,
            signer: self.public(),
            order,
            signature: self.key.sign(&message).to_bytes(),
        }
    }

    /// A statement to the members.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] for a value above [`LONGEST_VALUE`].
    pub fn state(
        &self,
        number: u32,
        at: Duration,
        command: Command,
    ) -> Result<Statement, SealError> {
        let (kind, value) = command.encode()?;
        let signer = self.public();
        let mut writer = Writer::with_capacity(160 + value.len());
        writer
            .u32(number)
            .u64(millis(at))
            .put(&self.by.0)
            .put(&signer)
            .u8(kind)
            .u16(u16::try_from(value.len()).map_err(|_| SealError::TooLarge)?)
            .put(&value);
        let mut bytes = writer.finish();
        let signature = self.key.sign(&signed(&self.room, &bytes));
        bytes.extend_from_slice(&signature.to_bytes());
        Ok(Statement {
            bytes,
            number,
            at: Duration::from_millis(millis(at)),
            by: self.by,
            signer,
            command,
        })
    }

    /// What purges the room where only its holders may.
    pub fn purge_secret(&self) -> Zeroizing<[u8; 32]> {
        expand(self.key.as_bytes(), &[label::HOLDER_PURGE])
    }
}

impl fmt::Debug for ControlKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ControlKey(…)")
    }
}

/// What the relay is told of a purge secret.
pub fn purge_digest(secret: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// What a control envelope says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// A rule was laid down.
    Statement(Statement),
    /// The author has purged the room. Counts only where the relay hands it over as the room's end.
    Purged {
        /// The author's clock, since the Unix epoch.
        at: Duration,
    },
}

impl Notice {
    /// Seals it for everybody who knows the room's name.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] where a statement does not fit.
    pub fn seal(
        &self,
        keys: &RoomKeys,
        me: &Identity,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let mut body = match self {
            Self::Statement(statement) => [[STATEMENT].as_slice(), &statement.bytes].concat(),
            Self::Purged { at } => [[PURGED].as_slice(), &millis(*at).to_be_bytes()].concat(),
        };
        body.resize(envelope::body_len(body.len() + SIGNATURE)? - SIGNATURE, 0);
        let header = Header {
            kind: Kind::Control,
            sid: me.sender_id(),
            epoch: Epoch(0),
            generation: Generation(0),
        };
        let bound = envelope::bound(&keys.room_id(), &header.encode());
        envelope::sign(&bound, me.signing(), None, &mut body);
        Ok(envelope::wrap(keys, header, &body, rng))
    }

    /// Opens one that must be signed by the owner of `author`. A statement in it is verified, but not whether its signer
    /// governs.
    pub(crate) fn open(outer: &Outer, author: &VerifyingKey) -> Result<Self, OpenError> {
        let text = envelope::verify(&outer.bound(), author, None, outer.body())?;
        let mut reader = Reader::new(text);
        let notice = match reader.u8()? {
            STATEMENT => {
                let statement = Statement::read(&mut reader)?;
                if statement.by != outer.header().sid || !statement.verify(outer.room()) {
                    return Err(OpenError::Authentication);
                }
                Self::Statement(statement)
            }
            PURGED => Self::Purged {
                at: Duration::from_millis(reader.u64()?),
            },
            _ => return Err(OpenError::Unsupported),
        };
        envelope::zeros(reader.rest())?;
        Ok(notice)
    }
}

#[cfg(test)]
mod tests;

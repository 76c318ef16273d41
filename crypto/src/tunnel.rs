//! The client's half of the tunnel between it and the relay.
//!
//! ```text
//! Handshake ──answer(ServerHello)──▶ AwaitFinished ──finish(first record)──▶ Tunnel ──seal / open──▶ records
//! ```
//!
//! The relay proves itself with its RSA key: only who holds it can compute the first record. X25519 gives forward
//! secrecy, should that key leak later. Until the first record is verified the client has sent nothing that means
//! anything, and there is no method to do so.

mod fingerprint;
mod relay_key;

use core::fmt;

use rand_core::CryptoRng;
use sha2::{Digest, Sha512};
use subtle::ConstantTimeEq;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

pub use fingerprint::{Fingerprint, NotAFingerprint};
use relay_key::RelayKey;

use crate::error::OpenError;
use crate::kdf::Salt;
use crate::key::{expand, extract};
use crate::room::Exporter;
use crate::seal::{Cipher, Nonce, TAG};
use crate::wire::handshake::{
    ClientHello, Finished, PRE_MASTER, REKEY_BYTES, REKEY_RECORDS, ServerHello, info, transcript,
};
use crate::wire::{CloseCode, DecodeError, MAX_RECORD};

/// What the client knows of the relay's key beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pin {
    /// From a link, or from an earlier visit.
    Known(Fingerprint),
    /// Nothing: trust the key that comes, and show it.
    FirstUse,
}

/// Why there is no tunnel, or no tunnel any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TunnelError {
    /// A message that cannot be read.
    Malformed(DecodeError),
    /// The relay speaks another version of the protocol.
    Version {
        /// Its version.
        theirs: u8,
    },
    /// The relay shows another key than the pinned one.
    KeyChanged {
        /// The pinned key.
        expected: Fingerprint,
        /// The key that came.
        found: Fingerprint,
    },
    /// The relay's salt is not the one that the page named, so the room's keys are wrong.
    SaltChanged,
    /// The other end does not hold the relay's key, or a record was changed on its way.
    Authentication,
}

impl TunnelError {
    /// What to close the connection with: `during_handshake` says whether the tunnel stood already.
    pub fn close_code(self, during_handshake: bool) -> CloseCode {
        match self {
            Self::Version { .. } => CloseCode::Version,
            _ if during_handshake => CloseCode::Handshake,
            _ => CloseCode::Record,
        }
    }
}

impl From<DecodeError> for TunnelError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Version(theirs) => Self::Version { theirs },
            other => Self::Malformed(other),
        }
    }
}

impl From<OpenError> for TunnelError {
    fn from(_: OpenError) -> Self {
        Self::Authentication
    }
}

impl fmt::Display for TunnelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "the relay sent something unreadable: {error}"),
            Self::Version { theirs } => {
                write!(f, "the relay speaks version {theirs} of the protocol")
            }
            Self::KeyChanged { expected, found } => {
                write!(f, "the relay's key is {found}, not {expected}")
            }
            Self::SaltChanged => f.write_str("the relay's salt is not the one its page named"),
            Self::Authentication => {
                f.write_str("the relay could not prove itself, or a record was changed")
            }
        }
    }
}

impl core::error::Error for TunnelError {}

/// What lets the next connection to the same relay do without RSA. To be used once; the relay takes it once.
pub struct Ticket {
    bytes: Vec<u8>,
    secret: Zeroizing<[u8; 32]>,
    relay: Fingerprint,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

/// A connection on which the client waits for the relay's first message.
#[derive(Debug)]
pub struct Handshake {
    pin: Pin,
    expected_salt: Option<Salt>,
    ticket: Option<Ticket>,
}

impl Handshake {
    /// Starts. `expected_salt` is the one that the room's keys were stretched with, where they are known already. A
    /// ticket of another relay key is ignored.
    pub fn new(pin: Pin, expected_salt: Option<Salt>, ticket: Option<Ticket>) -> Self {
        Self {
            pin,
            expected_salt,
            ticket,
        }
    }

    /// Reads the relay's first message and returns the answer to send.
    ///
    /// # Errors
    /// [`TunnelError::Version`] before anything else, then [`TunnelError::KeyChanged`], [`TunnelError::SaltChanged`]
    /// and [`TunnelError::Malformed`].
    pub fn answer(
        self,
        server_hello: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<(AwaitFinished, Vec<u8>), TunnelError> {
        let hello = ServerHello::decode(server_hello)?;
        let fingerprint = Fingerprint::of_spki(&hello.spki);
        match self.pin {
            Pin::Known(expected) if expected != fingerprint => {
                return Err(TunnelError::KeyChanged {
                    expected,
                    found: fingerprint,
                });
            }
            Pin::Known(_) | Pin::FirstUse => {}
        }
        let salt = Salt(hello.salt);
        if self.expected_salt.is_some_and(|expected| expected != salt) {
            return Err(TunnelError::SaltChanged);
        }
        let mut secret = Zeroizing::new([0; 32]);
        rng.fill_bytes(secret.as_mut_slice());
        let secret = StaticSecret::from(*secret);
        let share = PublicKey::from(&secret).to_bytes();
        let mut random = [0; 32];
        rng.fill_bytes(&mut random);
        let (known, answer) = match self.ticket.filter(|ticket| ticket.relay == fingerprint) {
            Some(Ticket { bytes, secret, .. }) => (
                secret,
                ClientHello::Resumed {
                    share,
                    random,
                    ticket: bytes,
                },
            ),
            None => {
                let relay_key = RelayKey::from_spki(&hello.spki)?;
                let mut pre_master = Zeroizing::new([0; PRE_MASTER]);
                rng.fill_bytes(pre_master.as_mut_slice());
                let oaep = relay_key.encrypt(&pre_master, rng)?;
                (
                    pre_master,
                    ClientHello::Full {
                        share,
                        random,
                        oaep,
                    },
                )
            }
        };
        let shared = secret.diffie_hellman(&PublicKey::from(hello.share));
        if !shared.was_contributory() {
            return Err(TunnelError::Malformed(DecodeError::Invalid("key share")));
        }
        let answer = answer.encode();
        let mut input = Zeroizing::new([0; 64]);
        input
            .iter_mut()
            .zip(known.iter().chain(shared.as_bytes()))
            .for_each(|(slot, byte)| *slot = *byte);
        let secret = extract(
            &Sha512::digest(transcript(server_hello, &answer)),
            input.as_slice(),
        );
        Ok((
            AwaitFinished {
                secret,
                fingerprint,
                salt,
            },
            answer,
        ))
    }
}

/// The answer is on its way; the relay has not proved itself yet.
pub struct AwaitFinished {
    secret: Zeroizing<[u8; 64]>,
    fingerprint: Fingerprint,
    salt: Salt,
}

impl AwaitFinished {
    /// The relay's salt, as far as one can believe it before [`finish`](Self::finish).
    pub fn salt(&self) -> Salt {
        self.salt
    }

    /// Verifies the relay's first record. Only after this may anything be sent.
    ///
    /// # Errors
    /// [`TunnelError::Authentication`] where the other end does not hold the relay's key.
    pub fn finish(self, record: &[u8]) -> Result<Tunnel, TunnelError> {
        let derive = |label: &str| expand::<32>(self.secret.as_slice(), &[label.as_bytes()]);
        let mut incoming = Direction::new(derive(info::RELAY_TO_CLIENT));
        let plaintext = Zeroizing::new(incoming.open(record)?);
        let finished = Finished::decode(&plaintext)?;
        if !bool::from(finished.fin.ct_eq(derive(info::FINISHED).as_slice())) {
            return Err(TunnelError::Authentication);
        }
        Ok(Tunnel {
            outgoing: Direction::new(derive(info::CLIENT_TO_RELAY)),
            incoming,
            exporter: Exporter::new(*derive(info::EXPORTER)),
            resumption: derive(info::RESUMPTION),
            ticket: finished.ticket,
            fingerprint: self.fingerprint,
            salt: self.salt,
        })
    }
}

impl fmt::Debug for AwaitFinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwaitFinished(…)")
    }
}

/// An authenticated tunnel.
pub struct Tunnel {
    outgoing: Direction,
    incoming: Direction,
    exporter: Exporter,
    resumption: Zeroizing<[u8; 32]>,
    ticket: Vec<u8>,
    fingerprint: Fingerprint,
    salt: Salt,
}

impl Tunnel {
    /// Seals the plaintext of a record, see [`pack`](crate::wire::record::pack). Records must be sent in this order.
    pub fn seal(&mut self, plaintext: &[u8]) -> Vec<u8> {
        self.outgoing.seal(plaintext)
    }

    /// Opens the next record.
    ///
    /// # Errors
    /// [`TunnelError::Authentication`] for anything but that record. The tunnel is of no use afterwards: close it.
    pub fn open(&mut self, record: &[u8]) -> Result<Vec<u8>, TunnelError> {
        self.incoming.open(record)
    }

    /// What join proofs of this connection sign.
    pub fn exporter(&self) -> &Exporter {
        &self.exporter
    }

    /// What the next connection may resume with, once; `None` where the relay gave nothing.
    pub fn ticket(&self) -> Option<Ticket> {
        (!self.ticket.is_empty()).then(|| Ticket {
            bytes: self.ticket.clone(),
            secret: self.resumption.clone(),
            relay: self.fingerprint,
        })
    }

    /// The relay's key.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The relay's salt.
    pub fn salt(&self) -> Salt {
        self.salt
    }
}

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tunnel({})", self.fingerprint)
    }
}

/// One direction's keys and how much has gone through them.
struct Direction {
    secret: Zeroizing<[u8; 32]>,
    cipher: Cipher,
    iv: [u8; 12],
    number: u64,
    bytes: u64,
    broken: bool,
}

impl Direction {
    fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        let cipher = Cipher::new(&expand(secret.as_slice(), &[info::KEY.as_bytes()]));
        let iv = *expand(secret.as_slice(), &[info::IV.as_bytes()]);
        Self {
            secret,
            cipher,
            iv,
            number: 0,
            bytes: 0,
            broken: false,
        }
    }

    fn nonce(&self) -> Nonce {
        Nonce::counted(&self.iv, self.number)
    }

    /// Counts a record and moves on to the next key where this one has done enough.
    fn count(&mut self, plaintext: usize) {
        self.number += 1;
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(plaintext).unwrap_or(u64::MAX));
        if self.number >= REKEY_RECORDS || self.bytes >= REKEY_BYTES {
            *self = Self::new(expand(self.secret.as_slice(), &[info::REKEY.as_bytes()]));
        }
    }

    fn seal(&mut self, plaintext: &[u8]) -> Vec<u8> {
        debug_assert!(
            plaintext.len() <= MAX_RECORD,
            "a record's plaintext is bounded"
        );
        let record = self.cipher.seal(self.nonce(), &[], plaintext);
        self.count(plaintext.len());
        record
    }

    fn open(&mut self, record: &[u8]) -> Result<Vec<u8>, TunnelError> {
        if self.broken || record.len() > MAX_RECORD + TAG {
            self.broken = true;
            return Err(TunnelError::Authentication);
        }
        let mut plaintext = Vec::with_capacity(record.len());
        if let Err(error) = self
            .cipher
            .open_into(self.nonce(), &[], record, &mut plaintext)
        {
            self.broken = true;
            return Err(error.into());
        }
        self.count(plaintext.len());
        Ok(plaintext)
    }
}

#[cfg(test)]
mod tests;

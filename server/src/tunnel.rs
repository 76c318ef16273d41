//! The relay's half of the tunnel: the answer to a client's hello and the records of both directions. The layout and
//! the labels are `crypto::wire::handshake`'s; the arithmetic is aws-lc's.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, EphemeralPrivateKey, UnparsedPublicKey, X25519};
use aws_lc_rs::digest::{SHA512, digest};
use aws_lc_rs::hkdf::{HKDF_SHA512, KeyType, Prk, Salt};
use aws_lc_rs::rand::{self, SystemRandom};
use crypto::wire::handshake::{
    ClientHello, Finished, REKEY_BYTES, REKEY_RECORDS, ServerHello, info, record_nonce, transcript,
};
use crypto::wire::{CloseCode, DecodeError};
use zeroize::{Zeroize as _, Zeroizing};

use crate::identity::Identity;
use crate::ticket::Tickets;

/// Bytes that sealing adds to a record.
pub(crate) const TAG: usize = 16;

/// Why no tunnel came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HandshakeError {
    /// The message is not a hello, or its key share is worthless.
    Malformed,
    /// It speaks another version.
    Version,
    /// The ticket is unknown, spent or too old.
    BadTicket,
    /// There are more hellos than the machine can work off.
    Busy,
}

impl HandshakeError {
    pub(crate) fn close_code(self) -> CloseCode {
        match self {
            Self::Malformed => CloseCode::Handshake,
            Self::Version => CloseCode::Version,
            Self::BadTicket => CloseCode::BadTicket,
            Self::Busy => CloseCode::Busy,
        }
    }
}

impl From<DecodeError> for HandshakeError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Version(_) => Self::Version,
            _ => Self::Malformed,
        }
    }
}

/// The relay's opening move on one connection.
pub(crate) struct Offer {
    share: EphemeralPrivateKey,
    hello: Vec<u8>,
}

/// A tunnel, both directions and what else the handshake yields.
pub(crate) struct Established {
    pub(crate) sealer: Sealer,
    pub(crate) opener: Opener,
    pub(crate) exporter: [u8; 32],
    /// The plaintext of the first record.
    pub(crate) finished: Vec<u8>,
    pub(crate) resumed: bool,
}

impl Offer {
    pub(crate) fn new(identity: &Identity) -> Self {
        let share = EphemeralPrivateKey::generate(&X25519, &SystemRandom::new())
            .expect("invariant: X25519 keys can be made from any randomness");
        let public = share
            .compute_public_key()
            .expect("invariant: every X25519 private key has a public key");
        let mut random = [0; 32];
        rand::fill(&mut random)
            .expect("invariant: the system's generator does not fail once seeded");
        let hello = ServerHello {
            share: public
                .as_ref()
                .try_into()
                .expect("invariant: X25519 public keys have 32 bytes"),
            random,
            salt: *identity.salt(),
            spki: identity.spki().to_vec(),
        }
        .encode();
        Self { share, hello }
    }

    /// The message to send.
    pub(crate) fn hello(&self) -> &[u8] {
        &self.hello
    }

    /// Answers the client's hello. `admit` is asked before a private-key operation.
    pub(crate) async fn accept(
        self,
        client_hello: &[u8],
        identity: &Identity,
        tickets: &Tickets,
        now: Duration,
        admit: impl FnOnce() -> bool,
    ) -> Result<Established, HandshakeError> {
        let (theirs, mut secret, resumed) = match ClientHello::decode(client_hello)? {
            ClientHello::Full { share, oaep, .. } => {
                if !admit() {
                    return Err(HandshakeError::Busy);
                }
                let opened = identity.decryptor().open(Box::new(oaep)).await;
                let opened = opened.map_err(|_| HandshakeError::Busy)?;
                (share, pre_master(&opened[..]), false)
            }
            ClientHello::Resumed { share, ticket, .. } => {
                let secret = tickets
                    .redeem(&ticket, now)
                    .ok_or(HandshakeError::BadTicket)?;
                (share, pre_master(&secret[..]), true)
            }
        };
        agreement::agree_ephemeral(
            self.share,
            UnparsedPublicKey::new(&X25519, theirs),
            HandshakeError::Malformed,
            |shared| {
                // RFC 7748 §6.1: a share of small order adds nothing to the secret.
                if shared.iter().all(|byte| *byte == 0) {
                    return Err(HandshakeError::Malformed);
                }
                secret.extend_from_slice(shared);
                Ok(())
            },
        )?;

        let hash = digest(&SHA512, &transcript(&self.hello, client_hello));
        let prk = Salt::new(HKDF_SHA512, hash.as_ref()).extract(&secret);
        let resumption = expand::<32>(&prk, info::RESUMPTION);
        let finished = Finished {
            fin: *expand::<32>(&prk, info::FINISHED),
            ticket: tickets.issue(&resumption, now),
        };
        Ok(Established {
            sealer: Sealer(Direction::new(expand(&prk, info::RELAY_TO_CLIENT))),
            opener: Opener(Direction::new(expand(&prk, info::CLIENT_TO_RELAY))),
            exporter: *expand(&prk, info::EXPORTER),
            finished: finished.encode(),
            resumed,
        })
    }
}

/// The first half of the pre-master secret, with room for the shared secret, so that growing leaves no copy behind.
fn pre_master(first: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut secret = Zeroizing::new(Vec::with_capacity(64));
    secret.extend_from_slice(first);
    secret
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, label: &str) -> Zeroizing<[u8; N]> {
    let mut output = Zeroizing::new([0; N]);
    prk.expand(&[label.as_bytes()], Length(N))
        .and_then(|okm| okm.fill(output.as_mut_slice()))
        .expect("invariant: no label asks for more than HKDF-SHA-512 can give");
    output
}

/// The keys of one direction.
struct Direction {
    secret: Zeroizing<[u8; 32]>,
    key: LessSafeKey,
    iv: [u8; 12],
    records: u64,
    bytes: u64,
}

impl Direction {
    fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        let prk = Prk::new_less_safe(HKDF_SHA512, secret.as_slice());
        let key = expand::<32>(&prk, info::KEY);
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice())
            .expect("invariant: AES-256 takes 32 bytes");
        Self {
            key: LessSafeKey::new(key),
            iv: *expand::<12>(&prk, info::IV),
            secret,
            records: 0,
            bytes: 0,
        }
    }

    fn nonce(&self) -> Nonce {
        Nonce::assume_unique_for_key(record_nonce(&self.iv, self.records))
    }

    /// Counts a record and replaces the key once it has been used enough.
    fn advance(&mut self, plaintext: usize) {
        self.records += 1;
        self.bytes += plaintext as u64;
        if self.records >= REKEY_RECORDS || self.bytes >= REKEY_BYTES {
            let prk = Prk::new_less_safe(HKDF_SHA512, self.secret.as_slice());
            *self = Self::new(expand(&prk, info::REKEY));
        }
    }
}

impl Drop for Direction {
    fn drop(&mut self) {
        self.iv.zeroize();
    }
}

/// The direction to the client.
pub(crate) struct Sealer(Direction);

impl Sealer {
    /// Seals what `buffer` holds from `start` on, in place, and appends the tag.
    pub(crate) fn seal(&mut self, buffer: &mut Vec<u8>, start: usize) {
        let Some(plaintext) = buffer.get_mut(start..) else {
            return;
        };
        let length = plaintext.len();
        let tag = self
            .0
            .key
            .seal_in_place_separate_tag(self.0.nonce(), Aad::empty(), plaintext)
            .expect("invariant: records are far below AES-GCM's limit");
        buffer.extend_from_slice(tag.as_ref());
        self.0.advance(length);
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// The direction from the client.
pub(crate) struct Opener(Direction);

impl Opener {
    /// Opens a record in place, or returns `None` if it is not the next one of this tunnel.
    pub(crate) fn open<'a>(&mut self, record: &'a mut [u8]) -> Option<&'a [u8]> {
        let opened = self
            .0
            .key
            .open_in_place(self.0.nonce(), Aad::empty(), record)
            .ok()?;
        self.0.advance(opened.len());
        Some(opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Sealer, Opener) {
        let secret = || Zeroizing::new([3; 32]);
        (
            Sealer(Direction::new(secret())),
            Opener(Direction::new(secret())),
        )
    }

    fn record(sealer: &mut Sealer, plaintext: &[u8]) -> Vec<u8> {
        let mut buffer = plaintext.to_vec();
        sealer.seal(&mut buffer, 0);
        buffer
    }

    #[test]
    fn records_open_in_order_and_only_so() {
        let (mut sealer, mut opener) = pair();
        let mut first = record(&mut sealer, b"first");
        let mut second = record(&mut sealer, b"second");
        assert!(opener.open(&mut second.clone()).is_none());
        assert!(opener.open(&mut first[..4].to_vec()).is_none());
        assert_eq!(opener.open(&mut first), Some(&b"first"[..]));
        assert!(opener.open(&mut first).is_none());
        assert_eq!(opener.open(&mut second), Some(&b"second"[..]));
    }

    #[test]
    fn the_key_changes_after_enough_records() {
        let (mut sealer, mut opener) = pair();
        sealer.0.records = REKEY_RECORDS - 1;
        opener.0.records = REKEY_RECORDS - 1;
        for _ in 0..2 {
            let mut sealed = record(&mut sealer, b"over the edge");
            assert_eq!(opener.open(&mut sealed), Some(&b"over the edge"[..]));
        }
        assert_eq!(sealer.0.records, 1);
        assert_ne!(*sealer.0.secret, [3; 32]);
    }

    #[test]
    fn the_key_changes_after_enough_bytes() {
        let (mut sealer, mut opener) = pair();
        sealer.0.bytes = REKEY_BYTES - 3;
        opener.0.bytes = REKEY_BYTES - 3;
        let mut sealed = record(&mut sealer, b"abc");
        assert_eq!(opener.open(&mut sealed), Some(&b"abc"[..]));
        assert_eq!((sealer.0.records, sealer.0.bytes), (0, 0));
        let mut sealed = record(&mut sealer, b"next");
        assert_eq!(opener.open(&mut sealed), Some(&b"next"[..]));
    }

    #[test]
    fn a_pre_master_secret_stays_in_one_place() {
        let mut secret = pre_master(&[1; 32]);
        let place = secret.as_ptr();
        secret.extend_from_slice(&[2; 32]);
        assert_eq!(secret.as_ptr(), place);
    }
}

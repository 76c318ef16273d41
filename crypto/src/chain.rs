//! The symmetric ratchet of one epoch: a chain key gives one message key per generation and then itself is gone.
//!
//! ```text
//! CK₀ ──ck──▶ CK₁ ──ck──▶ CK₂ ──▶ …      chain keys: each wipes its predecessor
//!  │mk         │mk         │mk
//!  ▼           ▼           ▼
//! MK₀         MK₁         MK₂             message keys: each seals exactly one envelope
//! ```
//!
//! Neither type can be cloned by accident and neither has a counter of its own: [`ChainKey::step`] takes the chain by
//! value, so a generation that was used cannot be reached again through the same value.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::error::OpenError;
use crate::key::{self, label};
use crate::seal;

/// Bytes that bind a message to the one key that opens it.
pub(crate) const COMMITMENT: usize = 32;

/// The root of everything a sender will seal from here to the end of its epoch. Wiped on drop.
pub(crate) struct ChainKey(Zeroizing<[u8; 32]>);

impl ChainKey {
    /// A chain nobody can derive from anything else: every epoch starts from fresh randomness.
    pub(crate) fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self(bytes)
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// The raw key, for an announcement to a peer or for a tab's saved state.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A second value of the same chain, for work that must leave no trace when it fails.
    pub(crate) fn trial_copy(&self) -> Self {
        Self(self.0.clone())
    }

    /// This generation's message key and the chain of all later ones.
    pub(crate) fn step(self) -> (MessageKey, Self) {
        let message = key::expand(self.0.as_slice(), &[label::MESSAGE_KEY]);
        let next = key::expand(self.0.as_slice(), &[label::CHAIN_KEY]);
        (MessageKey(message), Self(next))
    }
}

/// The key of one message. Consumed by use, so that the constant nonce is used once per key. Wiped on drop.
pub(crate) struct MessageKey(Zeroizing<[u8; 32]>);

impl MessageKey {
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// The raw key, for a tab's saved state only.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A second value of a skipped key: a forgery must not use up the key that the genuine message needs.
    pub(crate) fn trial_copy(&self) -> Self {
        Self(self.0.clone())
    }

    /// commitment(32) ‖ ciphertext ‖ tag(16).
    ///
    /// AES-GCM alone would let a member who hands different chains to different people make one ciphertext that opens to a
    /// different text for each of them. The commitment leaves one key that fits.
    pub(crate) fn seal(self, context: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let key = key::expand(self.0.as_slice(), &[label::MESSAGE_SEAL]);
        let mut body = self.commitment().to_vec();
        body.extend_from_slice(&seal::seal_once(&key, context, plaintext));
        body
    }

    fn commitment(&self) -> Zeroizing<[u8; COMMITMENT]> {
        key::expand(self.0.as_slice(), &[label::MESSAGE_COMMITMENT])
    }

    pub(crate) fn open(self, context: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (commitment, sealed) = body
            .split_first_chunk::<COMMITMENT>()
            .ok_or(OpenError::Authentication)?;
        // Both sides are public, so the comparison may take its time.
        if *commitment != *self.commitment() {
            return Err(OpenError::Authentication);
        }
        let key = key::expand(self.0.as_slice(), &[label::MESSAGE_SEAL]);
        seal::open_once(&key, context, sealed)
    }
}

//! Cobblestone-256: the chunked encryption of c2sp.org/chunked-encryption (v1), with AES-256-GCM and SHA-512.
//!
//! ```text
//! key(32) ‖ base nonce(12) ‖ commitment(32) = HKDF-Expand(input key,
//!     "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM" ‖ 0x00 ‖ salt ‖ context)
//! message = salt(24) ‖ commitment(32) ‖ chunk 0 ‖ chunk 1 ‖ …
//! chunk k = AES-256-GCM(key, base nonce XOR k, no additional data, up to 16,384 bytes); the last one is shorter
//! ```
//!
//! It lets many senders share a key (the salt has 192 bits), it commits to its key (a guessable room name is no
//! partitioning oracle), and any chunk can be opened alone.

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::OpenError;
use crate::key;
use crate::seal::{Cipher, Nonce, TAG};
use crate::wire::envelope::{CHUNK, COMMITMENT, SALT, plaintext_len, sealed_len};

/// Bytes in front of the first chunk: salt and commitment.
pub const PREFIX: usize = SALT + COMMITMENT;
/// Bytes of a sealed chunk other than the last.
pub const SEALED_CHUNK: usize = CHUNK + TAG;

const INFO: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";

/// The keys of one message.
struct Chunks {
    cipher: Cipher,
    base: [u8; 12],
}

impl Chunks {
    /// Derives a message's keys and the commitment to them.
    fn derive(key: &[u8; 32], salt: &[u8; SALT], context: &[u8]) -> (Self, [u8; COMMITMENT]) {
        let derived = key::expand::<76>(key, &[INFO, salt, context]);
        let (cipher_key, rest) = derived
            .split_first_chunk()
            .expect("invariant: 76 bytes hold a key of 32");
        let (base, rest) = rest
            .split_first_chunk()
            .expect("invariant: 44 bytes hold a nonce of 12");
        let commitment = rest.first_chunk().expect("invariant: 32 bytes are left");
        (
            Self {
                cipher: Cipher::new(cipher_key),
                base: *base,
            },
            *commitment,
        )
    }

    fn open_prefix(
        key: &[u8; 32],
        prefix: &[u8; PREFIX],
        context: &[u8],
    ) -> Result<Self, OpenError> {
        let (salt, theirs) = prefix
            .split_first_chunk()
            .ok_or(OpenError::Authentication)?;
        let (chunks, ours) = Self::derive(key, salt, context);
        if bool::from(ours.as_slice().ct_eq(theirs)) {
            Ok(chunks)
        } else {
            Err(OpenError::Authentication)
        }
    }

    fn seal_into(&self, index: u64, plaintext: &[u8], out: &mut Vec<u8>) {
        self.cipher
            .seal_into(Nonce::counted(&self.base, index), &[], plaintext, out);
    }

    fn open_into(&self, index: u64, sealed: &[u8], out: &mut Vec<u8>) -> Result<(), OpenError> {
        self.cipher
            .open_into(Nonce::counted(&self.base, index), &[], sealed, out)
    }
}

/// Seals a whole message. `context` is bound to it and must be given again to open it.
pub fn seal(key: &[u8; 32], context: &[u8], plaintext: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut salt = [0; SALT];
    rng.fill_bytes(&mut salt);
    let (chunks, commitment) = Chunks::derive(key, &salt, context);
    let mut sealed = Vec::with_capacity(sealed_len(plaintext.len()));
    sealed.extend_from_slice(&salt);
    sealed.extend_from_slice(&commitment);
    let full = plaintext.chunks_exact(CHUNK);
    // The last chunk is always shorter than the others and may be empty: that is what marks the end.
    let last = full.remainder();
    for (index, chunk) in (0..).zip(full.chain([last])) {
        chunks.seal_into(index, chunk, &mut sealed);
    }
    sealed
}

/// Opens a whole message.
///
/// # Errors
/// [`OpenError::Authentication`], whatever is wrong with it.
pub fn open(
    key: &[u8; 32],
    context: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let length = plaintext_len(sealed.len()).ok_or(OpenError::Authentication)?;
    let (prefix, body) = sealed
        .split_first_chunk()
        .ok_or(OpenError::Authentication)?;
    let chunks = Chunks::open_prefix(key, prefix, context)?;
    let mut plaintext = Zeroizing::new(Vec::with_capacity(length + TAG));
    for (index, chunk) in (0..).zip(body.chunks(SEALED_CHUNK)) {
        chunks.open_into(index, chunk, &mut plaintext)?;
    }
    Ok(plaintext)
}

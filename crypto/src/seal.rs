//! Sealing with AES-256-GCM.
//!
//! No random 96-bit nonce exists anywhere. A key either seals once, with the all-zero nonce, or its nonces count.

use primitives::Gcm;
use zeroize::Zeroizing;

use crate::error::OpenError;

pub(crate) use primitives::TAG;

/// A nonce. It has no `Clone`: sealing takes it by value.
pub(crate) struct Nonce([u8; 12]);

impl Nonce {
    /// For a key that seals exactly once.
    pub(crate) const ONCE: Self = Self([0; 12]);

    /// The `number`th nonce of a sequence that starts at `base`.
    pub(crate) fn counted(base: &[u8; 12], number: u64) -> Self {
        Self(crate::wire::handshake::record_nonce(base, number))
    }
}

/// A key with its schedule expanded. Both are wiped on drop.
pub(crate) struct Cipher(Gcm);

impl Cipher {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Gcm::new(key))
    }

    /// Seals `plaintext` and appends ciphertext and tag to `out`.
    pub(crate) fn seal_into(&self, nonce: Nonce, aad: &[u8], plaintext: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(plaintext);
        let (_, buffer) = out.split_at_mut(start);
        let tag = self.0.seal(&nonce.0, aad, buffer);
        out.extend_from_slice(&tag);
    }

    /// Opens `sealed` (ciphertext, then tag) and appends the plaintext to `out`, which stays as it was on failure.
    pub(crate) fn open_into(
        &self,
        nonce: Nonce,
        aad: &[u8],
        sealed: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), OpenError> {
        let (ciphertext, tag) = sealed
            .split_last_chunk::<TAG>()
            .ok_or(OpenError::Authentication)?;
        let start = out.len();
        out.extend_from_slice(ciphertext);
        let (_, buffer) = out.split_at_mut(start);
        if !self.0.open(&nonce.0, aad, buffer, tag) {
            out.truncate(start);
            return Err(OpenError::Authentication);
        }
        Ok(())
    }

    pub(crate) fn seal(&self, nonce: Nonce, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plaintext.len() + TAG);
        self.seal_into(nonce, aad, plaintext, &mut sealed);
        sealed
    }

    pub(crate) fn open(
        &self,
        nonce: Nonce,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut plaintext = Zeroizing::new(Vec::with_capacity(sealed.len()));
        self.open_into(nonce, aad, sealed, &mut plaintext)?;
        Ok(plaintext)
    }
}

/// Seals with a key that seals nothing else: ciphertext ‖ tag(16).
pub(crate) fn seal_once(key: &[u8; 32], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    Cipher::new(key).seal(Nonce::ONCE, aad, plaintext)
}

/// Opens what [`seal_once`] made.
pub(crate) fn open_once(
    key: &[u8; 32],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    Cipher::new(key).open(Nonce::ONCE, aad, sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_and_nothing_else_does() {
        let sealed = seal_once(&[1; 32], b"context", b"text");
        assert_eq!(sealed.len(), 4 + TAG);
        assert_eq!(
            open_once(&[1; 32], b"context", &sealed).unwrap().as_slice(),
            b"text"
        );
        assert_eq!(
            open_once(&[2; 32], b"context", &sealed).unwrap_err(),
            OpenError::Authentication
        );
        assert_eq!(
            open_once(&[1; 32], b"another", &sealed).unwrap_err(),
            OpenError::Authentication
        );
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(open_once(&[1; 32], b"context", &changed).is_err());
            assert!(open_once(&[1; 32], b"context", &sealed[..index]).is_err());
        }
    }

    #[test]
    fn a_failed_opening_leaves_no_plaintext_behind() {
        let mut sealed = seal_once(&[1; 32], b"", b"secret");
        *sealed.last_mut().unwrap() ^= 1;
        let mut out = b"before".to_vec();
        assert!(
            Cipher::new(&[1; 32])
                .open_into(Nonce::ONCE, b"", &sealed, &mut out)
                .is_err()
        );
        assert_eq!(out, b"before");
    }
}

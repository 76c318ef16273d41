//! AES-256-GCM (NIST SP 800-38D): the only file that names the cipher.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};

/// Bytes of a nonce.
pub const NONCE: usize = 12;
/// Bytes of a tag.
pub const TAG: usize = 16;

/// A key with its schedule expanded. Both are wiped on drop.
pub struct Gcm(Aes256Gcm);

impl Gcm {
    /// Expands a key.
    #[inline(never)]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Aes256Gcm::new(key.into()))
    }

    /// Encrypts in place and returns the tag. Whoever calls it must not use a nonce twice.
    #[inline(never)]
    pub fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], buffer: &mut [u8]) -> [u8; TAG] {
        self.0
            .encrypt_inout_detached(nonce.into(), aad, buffer.into())
            .expect("invariant: everything sealed here is far below the 64 GiB limit of GCM")
            .into()
    }

    /// Decrypts in place and says whether the tag was right. If not, the buffer's content means nothing.
    #[inline(never)]
    #[must_use]
    pub fn open(
        &self,
        nonce: &[u8; NONCE],
        aad: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG],
    ) -> bool {
        self.0
            .decrypt_inout_detached(nonce.into(), aad, buffer.into(), tag.into())
            .is_ok()
    }
}

impl core::fmt::Debug for Gcm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Gcm(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_under_the_same_key_nonce_and_data() {
        let mut buffer = *b"text";
        let tag = Gcm::new(&[1; 32]).seal(&[2; NONCE], b"data", &mut buffer);
        let opens = |key: u8, nonce: u8, data: &[u8]| {
            let mut copy = buffer;
            Gcm::new(&[key; 32]).open(&[nonce; NONCE], data, &mut copy, &tag) && copy == *b"text"
        };
        assert!(opens(1, 2, b"data"));
        assert!(!opens(0, 2, b"data"));
        assert!(!opens(1, 0, b"data"));
        assert!(!opens(1, 2, b"date"));
    }
}

//! HMAC with SHA-512 (RFC 2104).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;

/// A key that has been taken in. Clone it to begin several messages under one key.
#[derive(Clone)]
pub struct HmacSha512(Hmac<Sha512>);

impl HmacSha512 {
    /// Takes in a key of any length.
    #[inline(never)]
    pub fn new(key: &[u8]) -> Self {
        let keyed = <Hmac<Sha512> as KeyInit>::new_from_slice(key);
        Self(keyed.expect("invariant: HMAC takes keys of any length"))
    }

    /// Takes in the next part of the message.
    #[inline(never)]
    pub fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// The code of the message.
    #[inline(never)]
    pub fn finish(self) -> [u8; 64] {
        self.0.finalize().into_bytes().into()
    }
}

impl core::fmt::Debug for HmacSha512 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacSha512(…)")
    }
}

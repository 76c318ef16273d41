//! The short form of a relay's key that people and links carry.

use core::fmt;
use core::str::FromStr;

use base32ct::{Base32Unpadded, Encoding as _};
use sha2::{Digest, Sha256};

/// The first 16 bytes of SHA-256 over the relay's SubjectPublicKeyInfo. Written as 26 characters of lower-case base32
/// (RFC 4648 §6, no padding).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

/// What was given is not a fingerprint: 26 characters of `a-z` and `2-7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFingerprint;

impl Fingerprint {
    /// How many characters a fingerprint has.
    pub const LENGTH: usize = 26;

    /// The fingerprint of a key, given as SubjectPublicKeyInfo in DER.
    pub fn of_spki(spki: &[u8]) -> Self {
        let digest = Sha256::digest(spki);
        let mut bytes = [0; 16];
        bytes
            .iter_mut()
            .zip(digest)
            .for_each(|(slot, byte)| *slot = byte);
        Self(bytes)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base32Unpadded::encode_string(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    /// Accepts capitals too: fingerprints are read out and typed.
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let text = text.to_ascii_lowercase();
        let bytes = Base32Unpadded::decode_vec(&text).map_err(|_| NotAFingerprint)?;
        let read = bytes.try_into().map(Self).map_err(|_| NotAFingerprint)?;
        // The last character has two bits to spare: a key has one fingerprint, not four.
        (read.to_string() == text)
            .then_some(read)
            .ok_or(NotAFingerprint)
    }
}

impl fmt::Display for NotAFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "A relay's fingerprint has 26 characters, the letters a to z and the digits 2 to 7.",
        )
    }
}

impl core::error::Error for NotAFingerprint {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_survive_being_written_down() {
        let fingerprint = Fingerprint::of_spki(b"key");
        let text = fingerprint.to_string();
        assert_eq!(text.len(), Fingerprint::LENGTH);
        assert!(
            text.bytes()
                .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
        );
        assert_eq!(text.parse(), Ok(fingerprint));
        assert_eq!(text.to_uppercase().parse(), Ok(fingerprint));
    }

    #[test]
    fn anything_else_is_no_fingerprint() {
        let text = Fingerprint::of_spki(b"key").to_string();
        let wrong_bits = format!("{}b", &text[..25]);
        for wrong in [
            "",
            &text[1..],
            &format!("{text}a"),
            &text.replace(&text[..1], "1"),
            &wrong_bits,
            "ünï",
        ] {
            assert_eq!(
                wrong.parse::<Fingerprint>(),
                Err(NotAFingerprint),
                "{wrong}"
            );
        }
    }
}

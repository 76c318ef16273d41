//! The relay's RSA key, as far as a client needs it: one exact shape, and the public operation.

use rand_core::CryptoRng;
use rsa::traits::PaddingScheme;
use rsa::{BoxedUint, Oaep, RsaPublicKey};
use sha2::Sha256;

use crate::wire::DecodeError;
use crate::wire::handshake::{LABEL, OAEP, PRE_MASTER};

/// Bytes of the modulus.
const MODULUS: usize = 384;

/// The DER of a SubjectPublicKeyInfo (RFC 3279 §2.3.1) for a 3072-bit modulus and the exponent 65,537 in front of the
/// modulus. Every relay key has this shape, so a client compares bytes instead of parsing what a stranger sent.
const BEFORE: [u8; 33] = [
    0x30, 0x82, 0x01, 0xA2, // SEQUENCE, 418 bytes
    0x30, 0x0D, //   SEQUENCE, 13 bytes
    0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, //     OID rsaEncryption
    0x05, 0x00, //     NULL
    0x03, 0x82, 0x01, 0x8F, 0x00, //   BIT STRING, 399 bytes, no unused bits
    0x30, 0x82, 0x01, 0x8A, //     SEQUENCE, 394 bytes
    0x02, 0x82, 0x01, 0x81, 0x00, //       INTEGER, 385 bytes, positive
];
/// And behind it: INTEGER, 3 bytes, 65,537.
const BEHIND: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

/// A relay's public key.
pub(super) struct RelayKey(RsaPublicKey);

impl RelayKey {
    /// Reads a SubjectPublicKeyInfo.
    pub(super) fn from_spki(spki: &[u8]) -> Result<Self, DecodeError> {
        const WRONG: DecodeError = DecodeError::Invalid("relay key");
        let modulus = spki
            .strip_prefix(&BEFORE)
            .and_then(|rest| rest.strip_suffix(&BEHIND))
            .ok_or(WRONG)?;
        let modulus: &[u8; MODULUS] = modulus.try_into().map_err(|_| WRONG)?;
        let has_3072_bits = modulus.first().is_some_and(|byte| byte & 0x80 != 0);
        let is_odd = modulus.last().is_some_and(|byte| byte & 1 != 0);
        if !(has_3072_bits && is_odd) {
            return Err(WRONG);
        }
        let modulus = BoxedUint::from_be_slice(modulus, 3072).map_err(|_| WRONG)?;
        RsaPublicKey::new(modulus, BoxedUint::from(65_537u32))
            .map(Self)
            .map_err(|_| WRONG)
    }

    /// RSAES-OAEP (RFC 8017 §7.1.1) with SHA-256 for the label and for MGF1.
    pub(super) fn encrypt(
        &self,
        secret: &[u8; PRE_MASTER],
        rng: &mut impl CryptoRng,
    ) -> Result<[u8; OAEP], DecodeError> {
        let padding = Oaep::<Sha256>::new_with_label(LABEL.as_bytes());
        let encrypted = padding.encrypt(rng, &self.0, secret).ok();
        encrypted
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(DecodeError::Invalid("relay key"))
    }
}

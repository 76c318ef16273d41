//! Who a member is for the life of its tab: two key pairs made at random, and the short forms by which people tell
//! members apart and make sure that nobody stands in between.

use core::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::error::OpenError;
use crate::key::label;
use crate::room::EMOJI;
use crate::wire::{RoomId, SenderId};

/// A session's keys: Ed25519 to sign, X25519 for secrets of two. Both are wiped on drop.
pub struct Identity {
    signing: SigningKey,
    dh: StaticSecret,
    sid: SenderId,
}

impl Identity {
    /// Bytes of a frozen identity.
    pub const FROZEN: usize = 64;

    /// A fresh identity that nothing links to an earlier one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seeds = Zeroizing::new([0; Self::FROZEN]);
        rng.fill_bytes(seeds.as_mut_slice());
        Self::thaw(&seeds)
    }

    /// Both secret seeds, to be sealed and kept across a reload of the tab.
    pub fn freeze(&self) -> Zeroizing<[u8; Self::FROZEN]> {
        let mut bytes = Zeroizing::new([0; Self::FROZEN]);
        let (signing, dh) = bytes.split_at_mut(32);
        signing.copy_from_slice(self.signing.as_bytes());
        dh.copy_from_slice(self.dh.as_bytes());
        bytes
    }

    /// The identity that was frozen; the same sid and keys.
    pub fn thaw(bytes: &[u8; Self::FROZEN]) -> Self {
        let (mut signing, mut dh) = (Zeroizing::new([0; 32]), [0; 32]);
        let (first, second) = bytes.split_at(32);
        signing.copy_from_slice(first);
        dh.copy_from_slice(second);
        let signing = SigningKey::from_bytes(&signing);
        let sid = sender_id(signing.verifying_key().as_bytes());
        Self {
            signing,
            dh: StaticSecret::from(dh),
            sid,
        }
    }

    /// The same person to everybody who meets them again in another room: the key to sign with stays, and so does the
    /// sid; the key for secrets of two is a fresh one, so that this one's are gone when this identity is dropped. Every
    /// signature is bound to its room.
    pub fn renewed(&self, rng: &mut impl CryptoRng) -> Self {
        let mut dh = Zeroizing::new([0; 32]);
        rng.fill_bytes(dh.as_mut_slice());
        Self {
            signing: self.signing.clone(),
            dh: StaticSecret::from(*dh),
            sid: self.sid,
        }
    }

    /// The id that others know this session by.
    pub fn sender_id(&self) -> SenderId {
        self.sid
    }

    /// The tag shown beside this session's name.
    pub fn tag(&self) -> Tag {
        Tag::of(&self.sid)
    }

    /// The Ed25519 public key.
    pub fn signing_public(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// The X25519 public key.
    pub fn dh_public(&self) -> [u8; 32] {
        PublicKey::from(&self.dh).to_bytes()
    }

    pub(crate) fn signing(&self) -> &SigningKey {
        &self.signing
    }

    pub(crate) fn dh(&self) -> &StaticSecret {
        &self.dh
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("sid", &self.sid)
            .finish_non_exhaustive()
    }
}

/// The id of the session that signs with this key.
pub fn sender_id(signing_public: &[u8; 32]) -> SenderId {
    SenderId(short(&[label::SENDER_ID, signing_public]))
}

/// The first `N` ≤ 32 bytes of SHA-256 over the parts.
fn short<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    *hash
        .finalize()
        .first_chunk()
        .expect("invariant: no caller asks for more than 32 bytes")
}

/// The short form of a member's identity, shown beside the name that the member chose itself. Made from the key and
/// never from the name: two members of one name have different tags.
///
/// A tag tells people apart; with 20 bits it does not prove anything. [`Safety`] does.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag {
    text: [u8; 4],
    /// Degrees on the colour circle, 0 to 359.
    pub hue: u16,
    /// Which of six outlines, 0 to 5, so that the tag does not depend on colour alone.
    pub shape: u8,
}

impl Tag {
    /// The tag of a member.
    pub fn of(sid: &SenderId) -> Self {
        let [a, b, c, d, hue_high, hue_low, shape, _] = short::<8>(&[label::MEMBER_TAG, &sid.0]);
        let text = [a, b, c, d].map(|byte| {
            // 256 is a multiple of 32, so the low five bits are as even as the whole byte.
            *b"abcdefghijklmnopqrstuvwxyz234567"
                .get(usize::from(byte & 31))
                .expect("invariant: five bits index 32 letters")
        });
        let hue = u16::from_be_bytes([hue_high, hue_low]) % 360;
        Self {
            text,
            hue,
            shape: shape % 6,
        }
    }

    /// Four letters of lower-case base32.
    pub fn text(&self) -> &str {
        core::str::from_utf8(&self.text).expect("invariant: base32 is ASCII")
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Tag({}, hue {}, shape {})",
            self.text(),
            self.hue,
            self.shape
        )
    }
}

/// What two members compare over another channel (a call, in person) to make sure that nobody stands in between. Both
/// see the same, in the same order.
///
/// The five emoji (30 bits) are for a quick look: somebody who controls the relay, knows the room's name and makes
/// keys by the billion while people wait can match them. The digits (100 bits) cannot be matched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Safety {
    /// Five pictures.
    pub emoji: [&'static str; 5],
    /// The same five as words, to be read aloud.
    pub words: [&'static str; 5],
    /// 30 decimal digits in six groups of five.
    pub digits: String,
}

impl Safety {
    /// What `one` and `other` compare in this room. The order of the two does not matter.
    pub fn between(room: &RoomId, one: &SenderId, other: &SenderId) -> Self {
        let (low, high) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        let hash: [u8; 32] = short(&[label::SAFETY, &room.0, &low.0, &high.0]);
        let pick = |byte: &u8| {
            *EMOJI
                .get(usize::from(byte & 63))
                .expect("invariant: six bits index 64 emoji")
        };
        let mut chosen = [("", ""); 5];
        for (slot, byte) in chosen.iter_mut().zip(&hash) {
            *slot = pick(byte);
        }
        // Groups use four bytes each that the emoji do not use; the bias of `% 100_000` is below 2^-15.
        let groups: Vec<String> = hash
            .as_chunks::<4>()
            .0
            .iter()
            .skip(2)
            .map(|four| format!("{:05}", u32::from_be_bytes(*four) % 100_000))
            .collect();
        Self {
            emoji: chosen.map(|(emoji, _)| emoji),
            words: chosen.map(|(_, word)| word),
            digits: groups.join(" "),
        }
    }
}

/// A long-term identity's word for a session: "these session keys are mine, in this room".
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Voucher {
    /// The long-term Ed25519 public key.
    pub identity: [u8; 32],
    /// Its signature over the room and both session keys.
    pub signature: [u8; 64],
}

impl Voucher {
    /// Vouches for `session` with the long-term key of this seed.
    pub fn issue(seed: &[u8; 32], room: &RoomId, session: &Identity) -> Self {
        let key = SigningKey::from_bytes(seed);
        let signature = key.sign(&Self::text(
            room,
            &session.signing_public(),
            &session.dh_public(),
        ));
        Self {
            identity: key.verifying_key().to_bytes(),
            signature: signature.to_bytes(),
        }
    }

    pub(crate) fn verify(
        &self,
        room: &RoomId,
        signing: &[u8; 32],
        dh: &[u8; 32],
    ) -> Result<(), OpenError> {
        VerifyingKey::from_bytes(&self.identity)
            .and_then(|key| {
                key.verify_strict(
                    &Self::text(room, signing, dh),
                    &Signature::from_bytes(&self.signature),
                )
            })
            .map_err(|_| OpenError::Authentication)
    }

    fn text(room: &RoomId, signing: &[u8; 32], dh: &[u8; 32]) -> Vec<u8> {
        [label::IDENTITY, &room.0, signing, dh].concat()
    }
}

impl fmt::Debug for Voucher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Voucher(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Rng;

    #[test]
    fn whoever_is_renewed_signs_with_the_same_key_and_agrees_on_secrets_with_another() {
        let mut rng = Rng::seeded(7);
        let before = Identity::generate(&mut rng);
        let (one, other) = (before.renewed(&mut rng), before.renewed(&mut rng));
        for after in [&one, &other] {
            assert_eq!(after.sender_id(), before.sender_id());
            assert_eq!(after.signing_public(), before.signing_public());
            assert_ne!(after.dh_public(), before.dh_public());
        }
        assert_ne!(one.dh_public(), other.dh_public());
    }
}

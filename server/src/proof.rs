//! Signatures that the relay checks: somebody's proof that it has a room's name, and orders about a room (RFC 8032).

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use crypto::wire::handshake::join_message;
use crypto::wire::{LocalId, Order, RoomId, control_message};

/// The field's prime, 2²⁵⁵ − 19, as 32 little-endian bytes.
const PRIME: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed;
    bytes[31] = 0x7f;
    bytes
};

/// The `y` of the eight points of small order, little-endian and without the sign of `x`.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    {
        let mut minus_one = PRIME;
        minus_one[0] -= 1;
        minus_one
    },
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

/// Whether a public key can stand for somebody. Under one of small order, which no secret belongs to, anybody can sign;
/// one that is not the canonical encoding of its point would be a second address of the same room.
pub(crate) fn is_sound_key(key: &[u8; 32]) -> bool {
    let mut y = *key;
    y[31] &= 0x7f;
    // Little-endian, so the last byte weighs most. Public values: the time that this takes tells nothing.
    let canonical = y.iter().rev().lt(PRIME.iter().rev());
    canonical && !SMALL_ORDER.contains(&y)
}

/// Whether `proof` is the room key's signature over this tunnel and this room, and the room one that has a key.
pub(crate) fn verify_join(room: &RoomId, exporter: &[u8; 32], proof: &[u8; 64]) -> bool {
    is_sound_key(&room.0) && verify(&room.0, &join_message(exporter, room), proof)
}

/// Whether `signature` is that key's over this order, in this tunnel and for this room. Whether the key may order
/// anything is for the room to say, which takes no unsound ones.
pub(crate) fn verify_order(
    (signer, signature): (&[u8; 32], &[u8; 64]),
    exporter: &[u8; 32],
    room: &RoomId,
    local: LocalId,
    order: &Order,
) -> bool {
    let message = control_message(exporter, room, local, order);
    verify(signer, &message, signature)
}

fn verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ED25519, key)
        .verify(message, signature)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

    #[test]
    fn a_proof_holds_for_one_room_and_one_tunnel() {
        let key = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).unwrap();
        let room = RoomId(key.public_key().as_ref().try_into().unwrap());
        let exporter = [1; 32];
        let signature = key.sign(&join_message(&exporter, &room));
        let proof: [u8; 64] = signature.as_ref().try_into().unwrap();
        assert!(verify_join(&room, &exporter, &proof));
        assert!(!verify_join(&room, &[2; 32], &proof));
        assert!(!verify_join(&RoomId([5; 32]), &exporter, &proof));
    }

    #[test]
    fn keys_of_small_order_and_second_spellings_stand_for_nobody() {
        for sign in [0, 0x80] {
            for y in SMALL_ORDER {
                let mut key = y;
                key[31] |= sign;
                assert!(!is_sound_key(&key), "{key:?}");
            }
            // y = p, p + 1 and 2²⁵⁵ − 1: what 0, 1 and 18 are called a second time.
            for first in [0xed, 0xee, 0xff] {
                let mut key = PRIME;
                key[0] = first;
                key[31] |= sign;
                assert!(!is_sound_key(&key), "{key:?}");
            }
        }
        let mut largest = PRIME;
        largest[0] -= 2;
        assert!(is_sound_key(&largest));
        assert!(is_sound_key(&[5; 32]));
    }

    #[test]
    fn without_the_check_anybody_could_sign_for_the_neutral_point() {
        let room = RoomId(SMALL_ORDER[1]);
        let exporter = [1; 32];
        // R = the neutral point and s = 0 satisfy s·B = R + h·A for every h.
        let mut forged = [0; 64];
        forged[0] = 1;
        assert!(verify(&room.0, &join_message(&exporter, &room), &forged));
        assert!(!verify_join(&room, &exporter, &forged));
    }
}

//! Everything that a room's name stretches into.

use core::fmt;

use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::cobblestone;
use crate::error::OpenError;
use crate::key::{Envelope, FaceSeed, History, Key, RoomAuth, Tab, expand, label};
use crate::wire::RoomId;
use crate::wire::handshake::join_message;

/// A value that only the two ends of one tunnel know. A join proof signs it, so that a recorded proof is worthless on
/// another connection.
#[derive(Clone)]
pub struct Exporter(Zeroizing<[u8; 32]>);

impl Exporter {
    /// Takes the value over.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The value.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exporter(…)")
    }
}

/// The keys of a room: who has them is a member. Wiped on drop.
#[derive(Clone)]
pub struct RoomKeys {
    root: Zeroizing<[u8; 64]>,
    auth: SigningKey,
    envelope: Key<Envelope>,
    history: Key<History>,
}

impl RoomKeys {
    /// Derives all keys from the 64 bytes that stretching ended with.
    pub fn from_bytes(root: &[u8; 64]) -> Self {
        Self {
            root: Zeroizing::new(*root),
            auth: SigningKey::from_bytes(Key::<RoomAuth>::derive(root).as_bytes()),
            envelope: Key::derive(root),
            history: Key::derive(root),
        }
    }

    /// The 64 bytes that all keys come from, to hand them from a worker to the page.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 64]> {
        self.root.clone()
    }

    /// The room's address: all that the relay learns.
    pub fn room_id(&self) -> RoomId {
        RoomId(self.auth.verifying_key().to_bytes())
    }

    /// Proves on one tunnel that the caller knows the room's name: an Ed25519 signature (RFC 8032) of
    /// [`join_message`].
    pub fn prove(&self, exporter: &Exporter) -> [u8; 64] {
        self.auth
            .sign(&join_message(exporter.as_bytes(), &self.room_id()))
            .to_bytes()
    }

    /// What people compare to see that they typed the same name.
    pub fn face(&self) -> Face {
        Face::draw(Key::<FaceSeed>::derive(&self.root).as_bytes())
    }

    /// 16 bytes that are equal exactly where the keys are, for comparing without showing them.
    pub fn check(&self) -> [u8; 16] {
        *expand(self.root.as_slice(), &[label::CHECK])
    }

    /// What [`SecretMark`](crate::mark::SecretMark) is made of.
    pub(crate) fn secret_mark(&self) -> [u8; 2] {
        *expand(self.root.as_slice(), &[label::SECRET_MARK])
    }

    /// What purges the room where everybody who knows its name may.
    pub fn purge_secret(&self) -> Zeroizing<[u8; 32]> {
        expand(self.root.as_slice(), &[label::PURGE])
    }

    /// Seals a tab's state so that only somebody with this room's name can read what the browser kept.
    pub fn seal_tab(&self, state: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        cobblestone::seal(
            Key::<Tab>::derive(&self.root).as_bytes(),
            &self.tab_context(),
            state,
            rng,
        )
    }

    /// Opens what [`seal_tab`](Self::seal_tab) made.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] where it is not of this room or was changed.
    pub fn open_tab(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        cobblestone::open(
            Key::<Tab>::derive(&self.root).as_bytes(),
            &self.tab_context(),
            sealed,
        )
    }

    pub(crate) fn room_key(&self) -> &[u8; 32] {
        self.envelope.as_bytes()
    }

    pub(crate) fn history_key(&self) -> &[u8; 32] {
        self.history.as_bytes()
    }

    fn tab_context(&self) -> Vec<u8> {
        [label::TAB_STATE, &self.room_id().0].concat()
    }
}

impl fmt::Debug for RoomKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomKeys(…)")
    }
}

/// What a room looks like to those who know its name: 24 bits as four emoji, and a colour. A wrong name gives another
/// face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face {
    /// Four emoji, in order.
    pub emoji: [&'static str; 4],
    /// The same four as English words, to be said aloud or read by a screen reader.
    pub words: [&'static str; 4],
    /// A hue in degrees, 0 to 359. Decoration: never the only carrier of a difference.
    pub hue: u16,
}

impl Face {
    fn draw(seed: &[u8; 32]) -> Self {
        let [a, b, c, d, e, ..] = *seed;
        let bits = u32::from_be_bytes([0, a, b, c]);
        let pairs: [(&str, &str); 4] = [18, 12, 6, 0].map(|shift| {
            let index = usize::try_from(bits >> shift & 63).unwrap_or_default();
            EMOJI
                .get(index)
                .copied()
                .expect("invariant: six bits index 64 emoji")
        });
        Self {
            emoji: pairs.map(|(emoji, _)| emoji),
            words: pairs.map(|(_, word)| word),
            hue: u16::from_be_bytes([d, e]) % 360,
        }
    }
}

/// 64 emoji that look different on every platform, each one code point with emoji presentation, and a word for each.
pub(crate) const EMOJI: [(&str, &str); 64] = [
    ("🐶", "dog"),
    ("🐱", "cat"),
    ("🦊", "fox"),
    ("🐻", "bear"),
    ("🐼", "panda"),
    ("🦁", "lion"),
    ("🐮", "cow"),
    ("🐷", "pig"),
    ("🐸", "frog"),
    ("🐵", "monkey"),
    ("🐔", "chicken"),
    ("🐧", "penguin"),
    ("🦉", "owl"),
    ("🦋", "butterfly"),
    ("🐢", "turtle"),
    ("🐙", "octopus"),
    ("🐳", "whale"),
    ("🦀", "crab"),
    ("🐌", "snail"),
    ("🐝", "bee"),
    ("🦄", "unicorn"),
    ("🐘", "elephant"),
    ("🐰", "rabbit"),
    ("🌵", "cactus"),
    ("🌻", "sunflower"),
    ("🌲", "tree"),
    ("🍄", "mushroom"),
    ("🍁", "leaf"),
    ("🌍", "globe"),
    ("🌙", "moon"),
    ("⭐", "star"),
    ("🔥", "fire"),
    ("🌈", "rainbow"),
    ("⚡", "lightning"),
    ("🍎", "apple"),
    ("🍌", "banana"),
    ("🍇", "grapes"),
    ("🍓", "strawberry"),
    ("🍋", "lemon"),
    ("🥕", "carrot"),
    ("🌽", "corn"),
    ("🍕", "pizza"),
    ("🍰", "cake"),
    ("🥨", "pretzel"),
    ("🎈", "balloon"),
    ("🎁", "gift"),
    ("🎸", "guitar"),
    ("🥁", "drum"),
    ("🎺", "trumpet"),
    ("⚽", "football"),
    ("🏆", "trophy"),
    ("🚀", "rocket"),
    ("🚂", "train"),
    ("🚲", "bicycle"),
    ("⛵", "sailboat"),
    ("⚓", "anchor"),
    ("🔑", "key"),
    ("🔔", "bell"),
    ("🔨", "hammer"),
    ("💡", "bulb"),
    ("⏰", "clock"),
    ("🎩", "hat"),
    ("📕", "book"),
    ("☔", "umbrella"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn keys(byte: u8) -> RoomKeys {
        RoomKeys::from_bytes(&[byte; 64])
    }

    #[test]
    fn emoji_and_words_are_all_different_and_single_code_points() {
        assert_eq!(
            EMOJI
                .iter()
                .map(|(emoji, _)| emoji)
                .collect::<HashSet<_>>()
                .len(),
            64
        );
        assert_eq!(
            EMOJI
                .iter()
                .map(|(_, word)| word)
                .collect::<HashSet<_>>()
                .len(),
            64
        );
        assert!(EMOJI.iter().all(|(emoji, _)| emoji.chars().count() == 1));
    }

    #[test]
    fn a_face_uses_24_bits_in_order() {
        let mut seed = [0; 32];
        (seed[0], seed[1], seed[2]) = (0b0000_0100, 0b0010_0000, 0b1100_0100);
        assert_eq!(Face::draw(&seed).words, ["cat", "fox", "bear", "panda"]);
        assert_eq!(Face::draw(&[0xFF; 32]).hue, 15);
    }

    #[test]
    fn a_proof_holds_for_one_tunnel_and_one_room() {
        let proof = ed25519_dalek::Signature::from_bytes(&keys(1).prove(&Exporter::new([9; 32])));
        let address = ed25519_dalek::VerifyingKey::from_bytes(&keys(1).room_id().0).unwrap();
        assert!(
            address
                .verify_strict(&join_message(&[9; 32], &keys(1).room_id()), &proof)
                .is_ok()
        );
        assert!(
            address
                .verify_strict(&join_message(&[8; 32], &keys(1).room_id()), &proof)
                .is_err()
        );
        assert!(
            address
                .verify_strict(&join_message(&[9; 32], &keys(2).room_id()), &proof)
                .is_err()
        );
    }

    #[test]
    fn keys_survive_the_way_through_a_worker() {
        let copy = RoomKeys::from_bytes(&keys(3).to_bytes());
        assert_eq!(copy.room_id(), keys(3).room_id());
        assert_eq!(copy.check(), keys(3).check());
        assert_ne!(copy.check(), keys(4).check());
    }
}

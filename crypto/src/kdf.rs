//! Stretching a room's name into 64 bytes: PBKDF2 (RFC 8018 §5.2) with HMAC-SHA-512.
//!
//! The work is done in slices, so that a worker can report progress and stop.

use core::fmt;

use primitives::Pbkdf2;
use zeroize::Zeroizing;

use crate::key::label;
use crate::name::{self, RoomName};
use crate::room::RoomKeys;

/// How often the name is stretched.
pub const ROUNDS: u32 = 600_000;

/// A relay's salt: random, public, kept beside the relay's key. Names stretched for one relay are of no use against
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Salt(pub [u8; 16]);

/// An optional second secret that people agree on apart from the room's name. Wiped on drop.
#[derive(Clone)]
pub struct SecondSecret(Zeroizing<String>);

impl SecondSecret {
    /// Normalises what was typed as RFC 8265 §4.2.2 (OpaqueString) says: letter case stays, odd spaces become ordinary
    /// ones, the whole becomes NFC. `None` where it is empty or holds characters that a room's name may not hold either.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.is_empty() || typed.chars().any(name::is_refused) {
            return None;
        }
        let spaced = |c: char| if name::is_space(c) { ' ' } else { c };
        let spaced: Zeroizing<String> = Zeroizing::new(typed.chars().map(spaced).collect());
        Some(Self(Zeroizing::new(normal::nfc(&spaced))))
    }
}

impl fmt::Debug for SecondSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecondSecret(…)")
    }
}

/// How far a stretch has come, in rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rounds done.
    pub done: u32,
    /// Rounds in all.
    pub total: u32,
}

impl Progress {
    /// Whether nothing is left to do.
    pub fn is_complete(self) -> bool {
        self.done >= self.total
    }
}

/// A stretch under way. Dropping it cancels it and wipes what it held.
pub struct Stretch {
    work: Pbkdf2,
    done: u32,
    total: u32,
}

impl Stretch {
    /// Starts stretching for one relay.
    pub fn new(name: &RoomName, second: Option<&SecondSecret>, salt: &Salt) -> Self {
        Self::of_secret(&secret(name, second), salt)
    }

    /// Starts stretching what [`secret`] gave. A program that uses this and [`root`](Self::root) alone links neither
    /// the tables that names need nor any curve, which makes it small enough to be a worker.
    pub fn of_secret(secret: &[u8], salt: &Salt) -> Self {
        let mut salted = label::STRETCH.to_vec();
        salted.extend_from_slice(&salt.0);
        Self::with_rounds(secret, &salted, ROUNDS)
    }

    fn with_rounds(password: &[u8], salt: &[u8], total: u32) -> Self {
        Self {
            work: Pbkdf2::start(password, salt),
            done: 1,
            total,
        }
    }

    /// Does up to `rounds` more rounds.
    pub fn advance(&mut self, rounds: u32) -> Progress {
        let rounds = rounds.min(self.total - self.done);
        self.work.run(rounds);
        self.done += rounds;
        Progress {
            done: self.done,
            total: self.total,
        }
    }

    /// The 64 bytes that [`RoomKeys::from_bytes`] takes, or `None` where rounds are missing.
    pub fn root(self) -> Option<Zeroizing<[u8; 64]>> {
        (self.done == self.total).then(|| self.work.output())
    }

    /// The room's keys, or `None` where rounds are missing.
    pub fn finish(self) -> Option<RoomKeys> {
        self.root().map(|root| RoomKeys::from_bytes(&root))
    }
}

impl fmt::Debug for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stretch({} of {})", self.done, self.total)
    }
}

/// What is stretched: the canonical name and, where there is one, the second secret.
pub fn secret(name: &RoomName, second: Option<&SecondSecret>) -> Zeroizing<Vec<u8>> {
    let (name, second) = (name.as_str(), second.map(|second| second.0.as_bytes()));
    // Room for all of it at once: growing would leave a copy behind.
    let length = name.len() + 1 + second.map_or(0, <[u8]>::len);
    let mut secret = Zeroizing::new(Vec::with_capacity(length));
    secret.extend_from_slice(name.as_bytes());
    if let Some(second) = second {
        // A canonical name holds no control characters, so the separator cannot be part of one.
        secret.push(0x1F);
        secret.extend_from_slice(second);
    }
    secret
}

/// Stretches in one go.
pub fn stretch(name: &RoomName, second: Option<&SecondSecret>, salt: &Salt) -> RoomKeys {
    let mut stretch = Stretch::new(name, second, salt);
    stretch.advance(ROUNDS);
    stretch.finish().expect("invariant: all rounds were done")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::Sha512;

    fn slow(password: &[u8], salt: &[u8], rounds: u32) -> [u8; 64] {
        pbkdf2::pbkdf2_hmac_array::<Sha512, 64>(password, salt, rounds)
    }

    fn ours(password: &[u8], salt: &[u8], rounds: u32, slice: u32) -> Option<[u8; 64]> {
        let mut stretch = Stretch::with_rounds(password, salt, rounds);
        while !stretch.advance(slice).is_complete() {}
        stretch.finish().map(|keys| *keys.to_bytes())
    }

    #[test]
    fn slices_of_any_size_give_what_the_pbkdf2_crate_gives() {
        for length in [0, 1, 63, 64, 127, 128, 129, 300] {
            let password = vec![0xA5; length];
            for slice in [1, 7, 1000] {
                assert_eq!(
                    ours(&password, b"salt", 50, slice),
                    Some(slow(&password, b"salt", 50))
                );
            }
        }
        assert_eq!(ours(b"p", b"s", 1, 1), Some(slow(b"p", b"s", 1)));
    }

    #[test]
    fn an_unfinished_stretch_gives_no_keys() {
        let mut stretch = Stretch::with_rounds(b"p", b"s", 10);
        assert_eq!(stretch.advance(8), Progress { done: 9, total: 10 });
        assert!(stretch.finish().is_none());
    }

    #[test]
    fn a_room_name_stretches_as_documented() {
        let name = RoomName::parse("Blue Otter").unwrap();
        let expected = slow(
            b"blue-otter",
            &[b"roomkey/1 room\0", &[7; 16][..]].concat(),
            ROUNDS,
        );
        assert_eq!(*stretch(&name, None, &Salt([7; 16])).to_bytes(), expected);
    }

    #[test]
    fn a_second_secret_opens_another_room() {
        let (name, salt) = (RoomName::parse("x").unwrap(), Salt([0; 16]));
        let secret = SecondSecret::parse("Tea at 5").unwrap();
        let stretch = Stretch::new(&name, Some(&secret), &salt);
        let expected = Pbkdf2::start(b"x\x1FTea at 5", &[label::STRETCH, &salt.0].concat());
        assert_eq!(stretch.work.output(), expected.output());
        assert!(SecondSecret::parse("").is_none());
    }

    #[test]
    fn a_worker_that_knows_no_names_gets_the_same_root() {
        let (name, salt) = (RoomName::parse("Blue Otter").unwrap(), Salt([7; 16]));
        let tea = SecondSecret::parse("tea").unwrap();
        for second in [None, Some(&tea)] {
            let mut whole = Stretch::new(&name, second, &salt);
            let mut bare = Stretch::of_secret(&secret(&name, second), &salt);
            assert!(bare.advance(1) == whole.advance(1));
            assert_eq!(bare.work.output(), whole.work.output());
        }
        let mut short = Stretch::with_rounds(b"p", b"s", 3);
        short.advance(1);
        assert!(short.root().is_none());
        let (mut one, mut other) = (
            Stretch::with_rounds(b"p", b"s", 3),
            Stretch::with_rounds(b"p", b"s", 3),
        );
        one.advance(2);
        other.advance(2);
        assert_eq!(one.root(), other.finish().map(|keys| keys.to_bytes()));
    }
}

//! Stretching a room's name into 64 bytes: PBKDF2 (RFC 8018 §5.2) with HMAC-SHA-512.
//!
//! The work is done in slices, so that a worker can report progress and stop. Each of the 600,000 rounds is exactly two
//! runs of SHA-512's compression function on a padded 64-byte block, which is why the loop below works on its state
//! directly. It is concrete rather than generic: a generic loop would be instantiated, and optimised, in whatever crate
//! calls it.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use precis_profiles::precis_core::profile::PrecisFastInvocation;
use sha2::Sha512;
use sha2::block_api::compress512;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::key::label;
use crate::name::RoomName;
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
    /// Normalises what was typed as RFC 8265 §4.2 (OpaqueString) says: letter case stays, odd spaces become ordinary
    /// ones. `None` where it is empty or holds characters that cannot be typed reliably.
    pub fn parse(typed: &str) -> Option<Self> {
        let prepared = precis_profiles::OpaqueString::enforce(typed).ok()?;
        Some(Self(Zeroizing::new(prepared.into_owned())))
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

/// One block of PBKDF2-HMAC-SHA-512, which is all that 64 bytes of output need.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Pbkdf2 {
    /// SHA-512 after the HMAC key's inner and outer pad.
    inner: [u64; 8],
    outer: [u64; 8],
    /// U of the last round.
    last: [u64; 8],
    /// XOR of every U so far.
    sum: [u64; 8],
}

/// SHA-512's state before any input (FIPS 180-4 §5.3.5).
const INITIAL: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

impl Pbkdf2 {
    pub(crate) fn start(password: &[u8], salt: &[u8]) -> Self {
        let mut first = <Hmac<Sha512> as KeyInit>::new_from_slice(password)
            .expect("invariant: HMAC takes keys of any length");
        first.update(salt);
        first.update(&1u32.to_be_bytes());
        let first = words(&first.finalize().into_bytes().into());
        Self {
            inner: padded_key(password, 0x36),
            outer: padded_key(password, 0x5C),
            last: first,
            sum: first,
        }
    }

    pub(crate) fn run(&mut self, rounds: u32) {
        let mut block = Zeroizing::new([0; 128]);
        // The message before this block was the 128-byte key pad, and the block carries 64 bytes more.
        let ending = [0x80]
            .into_iter()
            .chain([0; 47])
            .chain(((128 + 64) * 8u128).to_be_bytes());
        for (slot, byte) in block.iter_mut().skip(64).zip(ending) {
            *slot = byte;
        }
        for _ in 0..rounds {
            self.last = resume(&self.inner, &self.last, &mut block);
            self.last = resume(&self.outer, &self.last, &mut block);
            for (sum, last) in self.sum.iter_mut().zip(&self.last) {
                *sum ^= last;
            }
        }
    }

    pub(crate) fn output(&self) -> Zeroizing<[u8; 64]> {
        let mut output = Zeroizing::new([0; 64]);
        for (slot, word) in output.chunks_exact_mut(8).zip(&self.sum) {
            slot.copy_from_slice(&word.to_be_bytes());
        }
        output
    }
}

/// The hash that continues from `state` with 64 bytes of input and the ending that `block` already holds.
#[inline(always)]
fn resume(state: &[u64; 8], input: &[u64; 8], block: &mut [u8; 128]) -> [u64; 8] {
    for (slot, word) in block.chunks_exact_mut(8).zip(input) {
        slot.copy_from_slice(&word.to_be_bytes());
    }
    let mut state = *state;
    compress(&mut state, block);
    state
}

/// Kept out of the loop on purpose: browsers compile a function in full only when it is entered again, so a loop that
/// swallowed the compression function would run its whole first call in the slow tier.
#[inline(never)]
fn compress(state: &mut [u64; 8], block: &[u8; 128]) {
    compress512(state, core::slice::from_ref(block));
}

fn words(bytes: &[u8; 64]) -> [u64; 8] {
    let mut words = bytes.as_chunks().0.iter().copied().map(u64::from_be_bytes);
    core::array::from_fn(|_| words.next().unwrap_or_default())
}

/// The state after HMAC's key block (RFC 2104): the key, zero-filled, XOR `pad`.
fn padded_key(password: &[u8], pad: u8) -> [u64; 8] {
    let mut block = Zeroizing::new([0; 128]);
    if password.len() > block.len() {
        let hashed = <Sha512 as sha2::Digest>::digest(password);
        block
            .iter_mut()
            .zip(hashed)
            .for_each(|(slot, byte)| *slot = byte);
    } else {
        block
            .iter_mut()
            .zip(password)
            .for_each(|(slot, byte)| *slot = *byte);
    }
    block.iter_mut().for_each(|byte| *byte ^= pad);
    let mut state = INITIAL;
    compress(&mut state, &block);
    state
}

#[cfg(test)]
mod tests {
    use super::*;

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

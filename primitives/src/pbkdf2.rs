//! PBKDF2-HMAC-SHA-512 (RFC 8018 §5.2), one block of it.
//!
//! Each round is exactly two runs of SHA-512's compression function on a padded 64-byte block, which is why the loop below
//! works on its state directly.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use sha2::block_api::compress512;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// One block of PBKDF2-HMAC-SHA-512, which is all that 64 bytes of output need.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Pbkdf2 {
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
    /// Takes in password and salt, and does the first round.
    pub fn start(password: &[u8], salt: &[u8]) -> Self {
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

    /// Does so many more rounds.
    #[inline(never)]
    pub fn run(&mut self, rounds: u32) {
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

    /// The block as it stands.
    pub fn output(&self) -> Zeroizing<[u8; 64]> {
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

impl core::fmt::Debug for Pbkdf2 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Pbkdf2(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_runs_gives_what_the_pbkdf2_crate_gives() {
        for length in [0, 1, 127, 128, 129, 300] {
            let password = vec![0xA5; length];
            let mut work = Pbkdf2::start(&password, b"salt");
            work.run(0);
            work.run(30);
            work.run(19);
            let expected = pbkdf2::pbkdf2_hmac_array::<Sha512, 64>(&password, b"salt", 50);
            assert_eq!(*work.output(), expected, "{length}");
        }
    }
}

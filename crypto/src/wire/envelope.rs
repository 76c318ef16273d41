//! The outside of an envelope: all that the relay may know of it is its length.
//!
//! ```text
//! envelope = salt(24) ‖ commitment(32) ‖ ( up to 16,384 bytes ‖ tag(16) ){1,}
//! ```
//!
//! The plaintext inside always has a length from a small set ([`bucket`]), so that most lines of a conversation are
//! indistinguishable by size.

use super::record::MAX_ENVELOPE;

/// Bytes of the random salt at the front.
pub const SALT: usize = 24;
/// Bytes of the key commitment after it.
pub const COMMITMENT: usize = 32;
/// Plaintext bytes of every chunk but the last.
pub const CHUNK: usize = 16 * 1024;
/// Bytes of the authentication tag behind every chunk.
pub const TAG: usize = 16;

/// The smallest bucket, in plaintext bytes: an ordinary line with its header and signature.
pub const MIN_BUCKET: usize = 384;
/// The largest bucket whose envelope fits into [`MAX_ENVELOPE`].
pub const MAX_BUCKET: usize = 63_488;
/// The shortest envelope.
pub const MIN_ENVELOPE: usize = SALT + COMMITMENT + MIN_BUCKET + TAG;

/// The length that `n` plaintext bytes are padded to: Padmé (PURBs, §4: at most 12 % more, O(log log n) bits leaked)
/// and never below [`MIN_BUCKET`].
pub fn bucket(n: usize) -> usize {
    let n = n.max(MIN_BUCKET);
    // n ≥ 384, so both logarithms exist.
    let exponent = n.ilog2();
    let mantissa = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - mantissa)) - 1;
    n.checked_add(mask).map_or(usize::MAX, |sum| sum & !mask)
}

/// How long `plaintext` bytes are once sealed.
pub const fn sealed_len(plaintext: usize) -> usize {
    SALT + COMMITMENT + plaintext + (plaintext / CHUNK + 1) * TAG
}

/// The plaintext length of a sealed message of `sealed` bytes, or `None` where no message has that length.
pub fn plaintext_len(sealed: usize) -> Option<usize> {
    let chunks = sealed.checked_sub(SALT + COMMITMENT)?;
    let last = (chunks % (CHUNK + TAG)).checked_sub(TAG)?;
    Some(chunks / (CHUNK + TAG) * CHUNK + last)
}

/// Whether these bytes could be an envelope: the length is one that a well-behaved client produces.
pub fn is_plausible(envelope: &[u8]) -> bool {
    envelope.len() <= MAX_ENVELOPE && plaintext_len(envelope.len()).is_some_and(|n| bucket(n) == n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn a_bucket_is_its_own_bucket_and_buckets_grow() {
        let mut previous = 0;
        for n in 0..70_000 {
            let padded = bucket(n);
            assert!(padded >= n.max(MIN_BUCKET));
            assert_eq!(bucket(padded), padded);
            assert!(padded >= previous);
            assert!(
                n < MIN_BUCKET || padded * 100 <= n * 112,
                "{n} grows to {padded}"
            );
            previous = padded;
        }
    }

    #[test]
    fn there_are_few_buckets() {
        let mut buckets: Vec<_> = (0..=MAX_BUCKET).map(bucket).collect();
        buckets.dedup();
        assert_eq!(buckets.len(), 120);
        assert_eq!(buckets.first(), Some(&MIN_BUCKET));
        assert_eq!(buckets.last(), Some(&MAX_BUCKET));
    }

    #[test]
    fn the_largest_bucket_fits_and_the_next_does_not() {
        assert!(sealed_len(MAX_BUCKET) <= MAX_ENVELOPE);
        assert!(sealed_len(bucket(MAX_BUCKET + 1)) > MAX_ENVELOPE);
    }

    #[test]
    fn sealed_length_is_undone() {
        for n in (0..70_000).chain([CHUNK * 7 - 1, CHUNK * 7, CHUNK * 7 + 1]) {
            assert_eq!(plaintext_len(sealed_len(n)), Some(n));
        }
        // A message that ends on a full chunk was cut, and one that ends inside a tag is broken.
        assert_eq!(plaintext_len(56), None);
        assert_eq!(plaintext_len(56 + CHUNK + TAG), None);
        assert_eq!(plaintext_len(56 + CHUNK + TAG + 15), None);
        assert_eq!(plaintext_len(0), None);
    }

    #[test]
    fn only_bucket_lengths_are_plausible() {
        assert!(is_plausible(&vec![0; MIN_ENVELOPE]));
        assert!(!is_plausible(&vec![0; MIN_ENVELOPE + 1]));
        assert!(!is_plausible(&[]));
        assert!(!is_plausible(&vec![0; sealed_len(bucket(MAX_BUCKET + 1))]));
    }
}

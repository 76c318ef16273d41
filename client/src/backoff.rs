//! When to try again after the connection is gone.

use std::time::Duration;

use rand_core::CryptoRng;

/// The ceiling of the first wait.
const FIRST: Duration = Duration::from_millis(300);
/// The ceiling of every later wait: nobody sits longer than this in front of a relay that is back.
const LONGEST: Duration = Duration::from_secs(15);

/// Waits that double up to a ceiling, each drawn evenly from a tenth of its ceiling to all of it: a relay that
/// comes back is not met by all its members in the same instant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// How long to wait before the next try.
    pub(crate) fn next(&mut self, rng: &mut impl CryptoRng) -> Duration {
        let ceiling = FIRST.saturating_mul(1 << self.tries.min(10)).min(LONGEST);
        self.tries = self.tries.saturating_add(1);
        // 32 random bits over at most 15 s: finer than a microsecond. The floor keeps a relay that refuses
        // everybody at once from being hammered.
        let share = f64::from(rng.next_u32()) / f64::from(u32::MAX);
        ceiling.mul_f64(0.1 + 0.9 * share)
    }

    /// How many tries have failed since the last success.
    pub(crate) fn tries(&self) -> u32 {
        self.tries
    }

    /// A connection stood: begin anew.
    pub(crate) fn reset(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use rand_core::{TryCryptoRng, TryRng};

    use super::*;

    /// Draws the same number for ever.
    struct Always(u32);

    impl TryRng for Always {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(self.0)
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(u64::from(self.0))
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            bytes.fill(0);
            Ok(())
        }
    }

    impl TryCryptoRng for Always {}

    #[test]
    fn waits_double_up_to_15_seconds_and_begin_anew_after_success() {
        let mut backoff = Backoff::default();
        let longest: Vec<_> = (0..40)
            .map(|_| backoff.next(&mut Always(u32::MAX)).as_millis())
            .collect();
        assert_eq!(longest[..7], [300, 600, 1_200, 2_400, 4_800, 9_600, 15_000]);
        assert_eq!(longest[39], 15_000);
        assert_eq!(backoff.tries(), 40);
        backoff.reset();
        assert_eq!(backoff.next(&mut Always(u32::MAX)).as_millis(), 300);
    }

    #[test]
    fn even_the_shortest_wait_is_one() {
        assert_eq!(Backoff::default().next(&mut Always(0)).as_millis(), 30);
    }
}

//! When to try again after the connection is gone.

use std::time::Duration;

use rand_core::CryptoRng;

/// The ceiling of the first wait.
const FIRST: Duration = Duration::from_millis(300);
/// The ceiling of every later wait: nobody sits longer than this in front of a relay that is back.
const LONGEST: Duration = Duration::from_secs(15);

/// Waits that double up to a ceiling, each drawn uniformly from zero to its ceiling ("full jitter"): a relay that
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

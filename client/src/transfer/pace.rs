//! How fast pieces go. A window that grows while answers come quickly and shrinks when they wait: whatever is said
//! meanwhile then stands behind little.

use std::time::Duration;

/// The fewest pieces under way at once,
const FEWEST: usize = 1;
/// the number to begin with,
const AT_FIRST: usize = 2;
/// and the most: together they fill less than half of what the relay lets wait for a member.
const MOST: usize = 8;
/// An answer that comes within this time leaves room for more pieces,
const QUICK: Duration = Duration::from_millis(150);
/// and one that takes longer than this asks for fewer.
const SLOW: Duration = Duration::from_millis(500);
/// Progress is told no more often than this.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// The speed is that of about this much time.
const SPEED_OVER: Duration = Duration::from_secs(2);

/// How many pieces may be under way.
#[derive(Debug)]
pub(crate) struct Window(usize);

impl Default for Window {
    fn default() -> Self {
        Self(AT_FIRST)
    }
}

impl Window {
    pub(crate) fn has_room(&self, under_way: usize) -> bool {
        under_way < self.0
    }

    /// A piece was answered after this long.
    pub(crate) fn answered(&mut self, after: Duration) {
        if after <= QUICK {
            self.0 = (self.0 + 1).min(MOST);
        } else if after >= SLOW {
            self.0 = (self.0 / 2).max(FEWEST);
        }
    }
}

/// Counts bytes and knows how fast they come.
#[derive(Debug)]
pub(crate) struct Meter {
    pub(crate) done: u64,
    pub(crate) since: Duration,
    told: Option<Duration>,
    /// Where the speed is measured from.
    mark: (Duration, u64),
    per_second: u64,
}

impl Meter {
    pub(crate) fn new(done: u64, now: Duration) -> Self {
        Self {
            done,
            since: now,
            told: None,
            mark: (now, done),
            per_second: 0,
        }
    }

    /// More bytes are through. Says how fast it goes, if it is time to tell.
    pub(crate) fn add(&mut self, bytes: u64, now: Duration) -> Option<u64> {
        self.done += bytes;
        let (since, before) = self.mark;
        let passed = now.saturating_sub(since);
        let milliseconds = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        if let Some(speed) = ((self.done - before) * 1000).checked_div(milliseconds) {
            self.per_second = speed;
        }
        if passed >= SPEED_OVER {
            self.mark = (now, self.done);
        }
        if self.told.is_some_and(|told| now < told + TELL_EVERY) {
            return None;
        }
        self.told = Some(now);
        Some(self.per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_answers_widen_the_window_and_slow_ones_halve_it() {
        let mut window = Window::default();
        assert!(window.has_room(1) && !window.has_room(2));
        for _ in 0..20 {
            window.answered(Duration::from_millis(10));
        }
        assert!(window.has_room(MOST - 1) && !window.has_room(MOST));
        window.answered(Duration::from_millis(300));
        assert!(window.has_room(MOST - 1));
        for _ in 0..10 {
            window.answered(Duration::from_secs(2));
        }
        assert!(window.has_room(0) && !window.has_room(1));
    }

    #[test]
    fn speed_is_that_of_the_last_moments_and_told_now_and_then() {
        let mut meter = Meter::new(0, Duration::ZERO);
        let mut told = Vec::new();
        for tenth in 1..=30 {
            let bytes = if tenth <= 20 { 1_000 } else { 10_000 };
            told.extend(meter.add(bytes, Duration::from_millis(100 * tenth)));
        }
        assert_eq!(meter.done, 120_000);
        assert_eq!(told.len(), 15);
        assert_eq!(told.first(), Some(&10_000));
        assert_eq!(told.last(), Some(&100_000));
    }
}

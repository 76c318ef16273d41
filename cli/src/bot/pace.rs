//! How often a bot may speak: a cap that no loop of bots gets past.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

/// At most so many in any minute.
pub(super) struct Pace {
    most: usize,
    spoken: VecDeque<Instant>,
}

impl Pace {
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            most: usize::try_from(per_minute).unwrap_or(usize::MAX),
            spoken: VecDeque::new(),
        }
    }

    /// Takes one; otherwise how long to wait.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        while self
            .spoken
            .front()
            .is_some_and(|&then| now.duration_since(then) >= MINUTE)
        {
            self.spoken.pop_front();
        }
        if self.spoken.len() < self.most {
            self.spoken.push_back(now);
            return Ok(());
        }
        Err(self.spoken.front().map_or(MINUTE, |&oldest| {
            MINUTE.saturating_sub(now.duration_since(oldest))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_holds_more_than_the_cap() {
        let (mut pace, start) = (Pace::new(3), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert!((0..3).all(|second| pace.take(at(second)).is_ok()));
        assert_eq!(pace.take(at(10)), Err(Duration::from_secs(50)));
        assert_eq!(pace.take(at(60)), Ok(()));
        assert_eq!(pace.take(at(60)), Err(Duration::from_secs(1)));
    }

    #[test]
    fn a_cap_of_nothing_silences() {
        assert_eq!(Pace::new(0).take(Instant::now()), Err(MINUTE));
    }
}

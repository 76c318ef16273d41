//! How long the room still lives, and when to say so.

use std::time::Duration;

use client::Event;
use crypto::wire::TimeLeft;
use tokio::time::Instant;

/// Said so many minutes before the end.
const WARNINGS: [u64; 2] = [5, 1];
/// A room that is told again to have five minutes and a moment is not warned of twice.
const SLACK: Duration = Duration::from_secs(5);

/// See the module.
#[derive(Default)]
pub(crate) struct Lifetime {
    closes: Option<Instant>,
    /// The next warning: how many minutes before.
    next: Option<u64>,
}

impl Lifetime {
    pub(crate) fn hear(&mut self, event: &Event, now: Instant) {
        let left = match event {
            Event::Entered { time_left, .. } | Event::RoomChanged { time_left, .. } => *time_left,
            Event::TimeLeft(left) => *left,
            _ => return,
        };
        let left = match left {
            TimeLeft::UntilEmpty => None,
            TimeLeft::For(left) => Some(left),
        };
        self.closes = left.and_then(|left| now.checked_add(left));
        self.next = left.and_then(|left| {
            WARNINGS
                .into_iter()
                .find(|minutes| left > Duration::from_secs(minutes * 60) + SLACK)
        });
    }

    /// What is left; nothing where the room lives until it is empty.
    pub(crate) fn left(&self, now: Instant) -> Option<Duration> {
        self.closes
            .map(|closes| closes.saturating_duration_since(now))
    }

    /// When the next warning is due.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.closes?
            .checked_sub(Duration::from_secs(self.next? * 60))
    }

    /// The warning that is due by now.
    pub(crate) fn warn(&mut self, now: Instant) -> Option<&'static str> {
        if now < self.due()? {
            return None;
        }
        let due = self.next.take()?;
        self.next = WARNINGS.into_iter().find(|minutes| *minutes < due);
        Some(match due {
            1 => "this room closes in 1 minute",
            _ => "this room closes in 5 minutes",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_warned_of_once_at_five_minutes_and_once_at_one() {
        let (mut life, start) = (Lifetime::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let told = |seconds| Event::TimeLeft(TimeLeft::For(Duration::from_secs(seconds)));
        life.hear(&told(600), start);
        assert_eq!(life.warn(at(299)), None);
        assert!(life.warn(at(300)).unwrap().contains("5 minutes"));
        // Told again after a lost connection.
        life.hear(&told(299), at(301));
        assert_eq!(life.warn(at(302)), None);
        assert_eq!(life.left(at(301)), Some(Duration::from_secs(299)));
        assert!(life.warn(at(540)).unwrap().contains("1 minute"));
        assert_eq!((life.due(), life.warn(at(599))), (None, None));
        life.hear(&Event::TimeLeft(TimeLeft::UntilEmpty), at(599));
        assert_eq!((life.left(at(599)), life.due()), (None, None));
        // Given another hour, it is warned of anew.
        life.hear(&told(3600), at(600));
        assert_eq!(life.due(), Some(at(600 + 3300)));
    }
}

//! When messages were meant to be sent, and how long they took.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::letter::Tail;

/// See the module's description.
#[derive(Debug, Default)]
pub(super) struct Times {
    is_recording: bool,
    /// Those who only measure their records know their messages by place in the room's order.
    counts_places: bool,
    by_tail: HashMap<Tail, Instant>,
    by_place: Vec<Places>,
    taken: Vec<Duration>,
}

/// What was said in one room, in order.
#[derive(Debug, Default)]
struct Places {
    /// How many messages were said ever.
    said: u64,
    /// The place of the first one below.
    first: u64,
    due: Vec<Instant>,
}

impl Times {
    /// Forgets what was measured and measures from now on; by place as well where each room has one author at a time.
    pub(super) fn record(&mut self, counts_places: bool) {
        self.taken.clear();
        for places in &mut self.by_place {
            places.due.clear();
            places.first = places.said;
        }
        (self.is_recording, self.counts_places) = (true, counts_places);
    }

    pub(super) fn stop(&mut self) {
        self.is_recording = false;
    }

    pub(super) fn take(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.taken)
    }

    /// A message of that room is due.
    pub(super) fn said(&mut self, room: usize, tail: Option<Tail>, due: Instant) {
        if let Some(tail) = tail {
            self.by_tail.insert(tail, due);
        }
        if self.by_place.len() <= room {
            self.by_place.resize_with(room + 1, Places::default);
        }
        if let Some(places) = self.by_place.get_mut(room) {
            places.said += 1;
            if self.is_recording && self.counts_places {
                places.due.push(due);
            }
        }
    }

    /// A message has arrived, and was looked at.
    pub(super) fn arrived(&mut self, tail: &Tail) {
        if self.is_recording
            && let Some(due) = self.by_tail.get(tail)
        {
            self.taken.push(due.elapsed());
        }
    }

    /// So many messages have arrived, the first of them at that place in its room's order, and were not looked at.
    pub(super) fn arrived_unread(&mut self, room: usize, place: u64, count: u64) {
        if !self.is_recording || !self.counts_places {
            return;
        }
        let Some(places) = self.by_place.get(room) else {
            return;
        };
        let now = Instant::now();
        let due = (place..place + count)
            .filter_map(|place| usize::try_from(place.checked_sub(places.first)?).ok())
            .filter_map(|place| places.due.get(place));
        self.taken
            .extend(due.map(|due| now.saturating_duration_since(*due)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_told_by_its_place() {
        let mut times = Times::default();
        let due = Instant::now();
        times.said(1, Some([1; 16]), due);
        times.record(true);
        times.said(1, Some([2; 16]), due);
        times.said(1, Some([3; 16]), due);
        // One that was said before the recording, and two of it.
        times.arrived_unread(1, 0, 3);
        assert_eq!(times.take().len(), 2);
        times.arrived(&[3; 16]);
        times.arrived(&[4; 16]);
        times.stop();
        times.arrived(&[3; 16]);
        times.arrived_unread(1, 2, 1);
        assert_eq!(times.take().len(), 1);
    }

    #[test]
    fn where_several_talk_at_once_a_place_says_nothing() {
        let mut times = Times::default();
        times.record(false);
        times.said(0, Some([1; 16]), Instant::now());
        times.arrived_unread(0, 0, 1);
        assert!(times.take().is_empty());
    }
}

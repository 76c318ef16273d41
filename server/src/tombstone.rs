//! What is left of a room that was ended: its address and a date. Until then the room is closed, so that somebody who
//! comes back late learns that it is over instead of sitting alone in a new one. Bounded in number and so in bytes.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crypto::wire::RoomId;

/// The most of them in one set.
const MAX: usize = 1024;

/// See the module's description.
#[derive(Debug, Default)]
pub(crate) struct Tombstones {
    until: HashMap<RoomId, Duration>,
    by_date: BTreeSet<(Duration, RoomId)>,
}

impl Tombstones {
    /// Puts one up. Where there are too many, the one that would vanish first goes at once.
    pub(crate) fn raise(&mut self, room: RoomId, until: Duration) {
        if let Some(before) = self.until.insert(room, until) {
            self.by_date.remove(&(before, room));
        }
        self.by_date.insert((until, room));
        if self.by_date.len() > MAX
            && let Some((_, room)) = self.by_date.pop_first()
        {
            self.until.remove(&room);
        }
    }

    /// How long a room stays closed, if it is.
    pub(crate) fn left(&self, room: &RoomId, now: Duration) -> Option<Duration> {
        let until = self.until.get(room)?;
        until.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// Takes down those whose time has come.
    pub(crate) fn sweep(&mut self, now: Duration) {
        while let Some((until, room)) = self.by_date.first().copied()
            && until <= now
        {
            self.by_date.pop_first();
            self.until.remove(&room);
        }
        if self.until.is_empty() {
            self.until = HashMap::new();
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.until.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(number: u32) -> RoomId {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_be_bytes());
        RoomId(id)
    }

    fn seconds(number: u32) -> Duration {
        Duration::from_secs(number.into())
    }

    #[test]
    fn a_tombstone_stands_until_its_date() {
        let mut tombstones = Tombstones::default();
        tombstones.raise(room(1), seconds(10));
        assert_eq!(tombstones.left(&room(1), seconds(4)), Some(seconds(6)));
        assert_eq!(tombstones.left(&room(2), seconds(4)), None);
        assert_eq!(tombstones.left(&room(1), seconds(10)), None);
        tombstones.sweep(seconds(9));
        assert_eq!(tombstones.count(), 1);
        tombstones.sweep(seconds(10));
        assert_eq!((tombstones.count(), tombstones.by_date.len()), (0, 0));
    }

    #[test]
    fn there_is_never_more_than_a_number_of_them_and_the_first_to_vanish_makes_room() {
        let mut tombstones = Tombstones::default();
        let most = u32::try_from(MAX).unwrap();
        for number in 0..=most {
            tombstones.raise(room(number), seconds(1000 + number));
        }
        assert_eq!((tombstones.count(), tombstones.by_date.len()), (MAX, MAX));
        assert_eq!(tombstones.left(&room(0), seconds(0)), None);
        assert!(tombstones.left(&room(1), seconds(0)).is_some());
    }

    #[test]
    fn a_second_end_of_a_room_replaces_the_first() {
        let mut tombstones = Tombstones::default();
        tombstones.raise(room(1), seconds(10));
        tombstones.raise(room(1), seconds(20));
        tombstones.sweep(seconds(10));
        assert_eq!(tombstones.left(&room(1), seconds(10)), Some(seconds(10)));
        assert_eq!(tombstones.by_date.len(), 1);
    }
}

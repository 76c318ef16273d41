//! What is left of a room that was ended: its address and a date. Until then the room is closed, so that somebody who
//! comes back late learns that it is over instead of sitting alone in a new one. Bounded in number and so in bytes.
//!
//! After a purge its last word stays for a while, too: sealed by whoever purged, for members who were out of reach.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use crypto::wire::RoomId;

/// The most of them in one set.
const MAX: usize = 1024;
/// The most last words in one set, and how long one may be. What a member seals has half of that.
const MAX_LAST_WORDS: usize = 64;
const LONGEST_LAST_WORD: usize = 17 + 1024;
/// How long a last word waits for members who were out of reach.
const LAST_WORD_LASTS: Duration = Duration::from_secs(600);

/// See the module's description.
#[derive(Debug, Default)]
pub(crate) struct Tombstones {
    until: HashMap<RoomId, Duration>,
    by_date: BTreeSet<(Duration, RoomId)>,
    /// The oldest first.
    last_words: VecDeque<LastWord>,
}

/// Who had the room purged, in a form that only its members can open. Wiped when it is let go.
#[derive(Debug)]
struct LastWord {
    room: RoomId,
    until: Duration,
    frame: Bytes,
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

    /// Keeps the last word of a room that has a tombstone, if it is as short as those of members are.
    pub(crate) fn engrave(&mut self, room: RoomId, frame: Bytes, now: Duration) {
        if frame.len() > LONGEST_LAST_WORD {
            return;
        }
        if self.last_words.len() == MAX_LAST_WORDS {
            self.last_words.pop_front();
        }
        self.last_words.push_back(LastWord {
            room,
            until: now + LAST_WORD_LASTS,
            frame,
        });
    }

    /// The last word of a closed room, as the frame that it came in.
    pub(crate) fn last_word(&self, room: &RoomId, now: Duration) -> Option<Bytes> {
        let mut newest = self.last_words.iter().rev();
        let word = newest.find(|word| word.room == *room && now < word.until)?;
        Some(word.frame.clone())
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
        while self
            .last_words
            .front()
            .is_some_and(|word| word.until <= now)
        {
            self.last_words.pop_front();
        }
        if self.until.is_empty() {
            self.until = HashMap::new();
            self.last_words = VecDeque::new();
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
    fn a_last_word_is_short_waits_for_ten_minutes_and_then_is_gone() {
        let mut tombstones = Tombstones::default();
        let words = |length| Bytes::from(vec![7; length]);
        for (number, length) in [(1, LONGEST_LAST_WORD), (2, LONGEST_LAST_WORD + 1)] {
            tombstones.raise(room(number), seconds(9_000));
            tombstones.engrave(room(number), words(length), seconds(0));
        }
        let kept = tombstones.last_word(&room(1), seconds(599));
        assert_eq!(kept, Some(words(LONGEST_LAST_WORD)));
        assert_eq!(tombstones.last_word(&room(2), seconds(1)), None);
        assert_eq!(tombstones.last_word(&room(1), seconds(600)), None);
        tombstones.sweep(seconds(600));
        assert_eq!((tombstones.last_words.len(), tombstones.count()), (0, 2));
    }

    #[test]
    fn there_are_never_more_last_words_than_a_number() {
        let mut tombstones = Tombstones::default();
        let most = u32::try_from(MAX_LAST_WORDS).unwrap();
        for number in 0..=most {
            tombstones.engrave(room(number), Bytes::from_static(b"x"), seconds(0));
        }
        assert_eq!(tombstones.last_words.len(), MAX_LAST_WORDS);
        assert_eq!(tombstones.last_word(&room(0), seconds(1)), None);
        assert!(tombstones.last_word(&room(most), seconds(1)).is_some());
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

//! What a room keeps of what was published: the ring that newcomers read, the anchors without which it cannot be read,
//! and the short buffer that fills the gap of a member whose connection broke.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crypto::wire::{Keep, MemberId, Missed};

use crate::limit::{Budget, Limits};

/// How many lost envelopes a room can name; beyond that it says "at least so many".
const MAX_LOST: usize = 256;
/// Anchors kept of one seat, so that somebody who announces itself without end fills nothing.
const MAX_ANCHORS: usize = 16;
/// The longest envelope that may be an anchor, in bytes. A hello with everything that it can hold stays below.
pub(crate) const MAX_ANCHOR: usize = 8 * 1024;

/// A delivery, encoded once and shared by everybody who gets or keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) seq: u64,
    pub(crate) from: MemberId,
    pub(crate) frame: Bytes,
    at: Duration,
    /// Whether it belongs to the conversation, as announcements of keys and hellos do not.
    is_message: bool,
}

/// A message that the caps have pushed out while somebody could still have resumed from before it.
#[derive(Clone, Copy, Debug)]
struct Lost {
    seq: u64,
    from: MemberId,
    at: Duration,
}

/// What there is to replay to a member, and what is gone.
#[derive(Debug)]
pub(crate) struct Replay<'a> {
    /// In the order in which it is to be read.
    pub(crate) kept: Vec<&'a Kept>,
    /// Whether something is missing.
    pub(crate) incomplete: bool,
    /// How many messages are missing, as far as that is known.
    pub(crate) lost: u32,
}

impl Replay<'_> {
    /// The same for whoever is about to read it.
    pub(crate) fn missed(&self) -> Missed {
        match (self.incomplete, self.lost) {
            (false, _) => Missed::Nothing,
            (true, 0) => Missed::Unknown,
            (true, messages) => Missed::Messages(messages),
        }
    }
}

/// See the module's description.
#[derive(Debug)]
pub(crate) struct History {
    ring: Shelf,
    /// How many envelopes the ring holds.
    depth: usize,
    recent: Shelf,
    /// The newest envelope that the resume buffer has lost.
    forgotten: u64,
    anchors: HashMap<MemberId, VecDeque<Kept>>,
    anchor_bytes: usize,
    /// Newest last; never more than [`MAX_LOST`].
    lost: VecDeque<Lost>,
    /// How many messages have ever been meant for the ring, however short it is.
    for_ring: u64,
    /// The newest of them.
    newest: u64,
    memory: Arc<Budget>,
}

/// A queue with a cap on its bytes.
#[derive(Debug)]
struct Shelf {
    kept: VecDeque<Kept>,
    bytes: usize,
    max_bytes: usize,
}

impl Shelf {
    fn new(max_bytes: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            bytes: 0,
            max_bytes,
        }
    }

    fn push(&mut self, kept: Kept) {
        self.bytes += kept.frame.len();
        self.kept.push_back(kept);
    }

    fn pop(&mut self, memory: &Budget) -> Option<Kept> {
        let kept = self.kept.pop_front()?;
        self.bytes -= kept.frame.len();
        memory.release(kept.frame.len());
        if self.kept.is_empty() {
            self.kept = VecDeque::new();
        }
        Some(kept)
    }

    fn overflows(&self) -> bool {
        self.bytes > self.max_bytes
    }
}

impl History {
    pub(crate) fn new(depth: usize, limits: &Limits, memory: Arc<Budget>) -> Self {
        Self {
            ring: Shelf::new(limits.history_bytes),
            depth,
            recent: Shelf::new(limits.resume_bytes),
            forgotten: 0,
            anchors: HashMap::new(),
            anchor_bytes: 0,
            lost: VecDeque::new(),
            for_ring: 0,
            newest: 0,
            memory,
        }
    }

    /// Keeps a delivery as long as its class asks for, or as the caps allow. `present` tells whether a seat is taken.
    pub(crate) fn keep(
        &mut self,
        class: Keep,
        (seq, from, frame): (u64, MemberId, Bytes),
        now: Duration,
        present: impl Fn(MemberId) -> bool,
    ) {
        let kept = Kept {
            seq,
            from,
            frame,
            at: now,
            is_message: class == Keep::Ring,
        };
        match class {
            Keep::Transient => {}
            Keep::Ring => {
                self.for_ring += 1;
                self.newest = seq;
                if self.depth > 0 {
                    self.keep_in_ring(kept.clone(), &present);
                }
            }
            Keep::Anchor => {
                if self.memory.reserve(kept.frame.len()) {
                    self.anchor_bytes += kept.frame.len();
                    self.anchors
                        .entry(from)
                        .or_default()
                        .push_back(kept.clone());
                    self.settle(from, true);
                    // The same cap as the ring's, which they are read with.
                    while self.anchor_bytes > self.ring.max_bytes && self.drop_anchor(&present) {}
                }
            }
        }
        if self.memory.reserve(kept.frame.len()) {
            self.recent.push(kept);
            while self.recent.overflows() {
                self.lose_oldest();
            }
        } else {
            while self.lose_oldest() {}
            self.lose(&kept);
            self.forgotten = seq;
        }
    }

    fn keep_in_ring(&mut self, kept: Kept, present: &impl Fn(MemberId) -> bool) {
        // When the relay's memory is used up, this room makes room by itself or keeps no more.
        while !self.memory.reserve(kept.frame.len()) {
            if !self.drop_oldest(present) {
                return;
            }
        }
        self.ring.push(kept);
        while self.ring.kept.len() > self.depth || self.ring.overflows() {
            self.drop_oldest(present);
        }
    }

    fn drop_oldest(&mut self, present: &impl Fn(MemberId) -> bool) -> bool {
        let Some(dropped) = self.ring.pop(&self.memory) else {
            return false;
        };
        self.settle(dropped.from, present(dropped.from));
        true
    }

    /// Drops the anchor that is missed least: the oldest of those who are gone, then the oldest that its author has
    /// replaced, then the oldest.
    fn drop_anchor(&mut self, present: &impl Fn(MemberId) -> bool) -> bool {
        let candidates = self.anchors.iter().flat_map(|(member, anchors)| {
            let here = present(*member);
            let newest = anchors.back().map(|anchor| anchor.seq);
            anchors
                .iter()
                .map(move |anchor| (here, here && newest == Some(anchor.seq), anchor))
        });
        let least = candidates.min_by_key(|(here, current, anchor)| (*here, *current, anchor.seq));
        let Some((member, seq)) = least.map(|(_, _, anchor)| (anchor.from, anchor.seq)) else {
            return false;
        };
        self.retain_anchors(member, |anchor| anchor.seq != seq);
        true
    }

    fn retain_anchors(&mut self, member: MemberId, mut stays: impl FnMut(&Kept) -> bool) {
        let Some(anchors) = self.anchors.get_mut(&member) else {
            return;
        };
        let mut dropped = 0;
        anchors.retain(|anchor| {
            let stays = stays(anchor);
            if !stays {
                dropped += anchor.frame.len();
            }
            stays
        });
        if anchors.is_empty() {
            self.anchors.remove(&member);
        }
        self.anchor_bytes -= dropped;
        self.memory.release(dropped);
    }

    fn forget_oldest(&mut self) -> Option<Kept> {
        let kept = self.recent.pop(&self.memory)?;
        self.forgotten = kept.seq;
        Some(kept)
    }

    /// Drops the oldest entry of the resume buffer although somebody might still have asked for it.
    fn lose_oldest(&mut self) -> bool {
        let dropped = self.forget_oldest();
        dropped.inspect(|kept| self.lose(kept)).is_some()
    }

    fn lose(&mut self, kept: &Kept) {
        if !kept.is_message {
            return;
        }
        if self.lost.len() == MAX_LOST {
            self.lost.pop_front();
        }
        self.lost.push_back(Lost {
            seq: kept.seq,
            from: kept.from,
            at: kept.at,
        });
    }

    /// When the oldest thing that can be dropped to save memory was published.
    pub(crate) fn oldest_at(&self) -> Option<Duration> {
        let fronts = [self.ring.kept.front(), self.recent.kept.front()];
        fronts.into_iter().flatten().map(|kept| kept.at).min()
    }

    /// Drops everything up to `time` from ring and resume buffer, in order to save memory.
    pub(crate) fn drop_until(&mut self, time: Duration, present: impl Fn(MemberId) -> bool) {
        while self.ring.kept.front().is_some_and(|kept| kept.at <= time) {
            self.drop_oldest(&present);
        }
        while self.recent.kept.front().is_some_and(|kept| kept.at <= time) {
            self.lose_oldest();
        }
    }

    /// Drops the anchors of a seat that nobody needs any more: all but the newest one of a present member, unless the
    /// ring still holds something that the seat published after them.
    pub(crate) fn settle(&mut self, member: MemberId, present: bool) {
        let Some(anchors) = self.anchors.get(&member) else {
            return;
        };
        let newest = anchors.back().map(|anchor| anchor.seq);
        let mut surplus = anchors.len().saturating_sub(MAX_ANCHORS);
        let last = self.ring.kept.iter().rev().find(|kept| kept.from == member);
        let last = last.map(|kept| kept.seq);
        self.retain_anchors(member, |anchor| {
            let current = present && newest == Some(anchor.seq);
            let needed = last.is_some_and(|last| last > anchor.seq);
            let stays = (current || needed) && surplus == 0;
            surplus = surplus.saturating_sub(1);
            stays
        });
    }

    /// What a newcomer is shown: all anchors, then the ring, each in the room's order. Missing is what the ring would hold
    /// if its length were its only limit.
    pub(crate) fn for_newcomer(&self) -> Replay<'_> {
        let mut kept: Vec<&Kept> = self.anchors.values().flatten().collect();
        kept.sort_unstable_by_key(|anchor| anchor.seq);
        kept.extend(&self.ring.kept);
        let promised = usize::try_from(self.for_ring).map_or(self.depth, |all| all.min(self.depth));
        let lost = promised.saturating_sub(self.ring.kept.len());
        Replay {
            kept,
            incomplete: lost > 0,
            lost: u32::try_from(lost).unwrap_or(u32::MAX),
        }
    }

    /// What somebody is shown who had a seat that is gone. Missing is what was said meanwhile and is in the ring no
    /// more. `last` is the highest number they have seen, if it is one of this room's life.
    pub(crate) fn for_returner(&self, last: Option<u64>) -> Replay<'_> {
        let mut replay = self.for_newcomer();
        let held = u64::try_from(self.ring.kept.len()).unwrap_or(u64::MAX);
        let dropped = self.for_ring.saturating_sub(held);
        let oldest = self.ring.kept.front().map_or(u64::MAX, |kept| kept.seq);
        let is_behind = |last| oldest > last && self.newest > last;
        if dropped > 0 && last.is_none_or(is_behind) {
            replay.incomplete = true;
            // How much of it they had before, the room does not know.
            if last.is_none() {
                replay.lost = u32::try_from(dropped).unwrap_or(u32::MAX);
            }
        }
        replay
    }

    /// What a member missed since `last`, in the room's order, without its own envelopes.
    pub(crate) fn since(&self, last: u64, own: MemberId) -> Replay<'_> {
        let incomplete = self.forgotten > last;
        let mut missed = BTreeMap::new();
        let fresh = |kept: &&Kept| kept.seq > last && kept.from != own;
        if incomplete {
            for kept in self
                .anchors
                .values()
                .flatten()
                .chain(&self.ring.kept)
                .filter(fresh)
            {
                missed.insert(kept.seq, kept);
            }
        }
        // Sequence numbers rise, so the gap is at the buffer's end.
        let start = self.recent.kept.partition_point(|kept| kept.seq <= last);
        for kept in self.recent.kept.range(start..).filter(fresh) {
            missed.insert(kept.seq, kept);
        }
        let gone = |lost: &&Lost| lost.seq > last && lost.from != own;
        let lost = self.lost.iter().filter(gone);
        let lost = lost.filter(|lost| !missed.contains_key(&lost.seq)).count();
        Replay {
            kept: missed.into_values().collect(),
            incomplete,
            lost: u32::try_from(lost).unwrap_or(u32::MAX),
        }
    }

    /// Empties the resume buffer of what nobody may resume from any more.
    pub(crate) fn forget_until(&mut self, time: Duration) {
        while self.recent.kept.front().is_some_and(|kept| kept.at <= time) {
            self.forget_oldest();
        }
        while self.lost.front().is_some_and(|lost| lost.at <= time) {
            self.lost.pop_front();
        }
    }

    /// When the oldest entry of the resume buffer was put in.
    pub(crate) fn oldest(&self) -> Option<Duration> {
        self.recent.kept.front().map(|kept| kept.at)
    }

    /// Whether there is something that a newcomer could read.
    pub(crate) fn is_readable(&self) -> bool {
        !self.ring.kept.is_empty()
    }
}

impl Drop for History {
    fn drop(&mut self) {
        self.memory
            .release(self.anchor_bytes + self.ring.bytes + self.recent.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: MemberId = MemberId([1; 16]);
    const BOB: MemberId = MemberId([2; 16]);

    struct Script {
        history: History,
        seq: u64,
        here: Vec<MemberId>,
    }

    impl Script {
        fn new(depth: usize, memory: usize) -> Self {
            let limits = Limits {
                history_bytes: 1000,
                resume_bytes: 100,
                ..Limits::default()
            };
            Self {
                history: History::new(depth, &limits, Budget::new(memory)),
                seq: 0,
                here: vec![ALICE, BOB],
            }
        }

        fn publish(&mut self, from: MemberId, class: Keep) -> u64 {
            self.seq += 1;
            let delivery = (self.seq, from, Bytes::from_static(b"0123456789"));
            let here = &self.here;
            let now = Duration::from_secs(self.seq);
            self.history
                .keep(class, delivery, now, |member| here.contains(&member));
            self.seq
        }

        fn leave(&mut self, member: MemberId) {
            self.here.retain(|present| *present != member);
            self.history.settle(member, false);
        }

        fn shown(&self) -> Vec<u64> {
            let replay = self.history.for_newcomer();
            replay.kept.iter().map(|kept| kept.seq).collect()
        }
    }

    #[test]
    fn the_newest_anchor_of_everybody_present_stays() {
        let mut room = Script::new(0, 1 << 20);
        room.publish(ALICE, Keep::Anchor);
        room.publish(BOB, Keep::Anchor);
        room.publish(ALICE, Keep::Anchor);
        assert_eq!(room.shown(), [2, 3]);
        room.leave(BOB);
        assert_eq!(room.shown(), [3]);
    }

    #[test]
    fn whoever_had_a_seat_is_told_what_the_ring_no_longer_holds() {
        let mut room = Script::new(3, 1 << 20);
        for _ in 0..3 {
            room.publish(ALICE, Keep::Ring);
        }
        let missed = |room: &Script, last| room.history.for_returner(last).missed();
        assert_eq!(missed(&room, None), Missed::Nothing);
        room.publish(ALICE, Keep::Ring);
        room.publish(ALICE, Keep::Ring);
        assert_eq!(missed(&room, None), Missed::Messages(2));
        // It reaches back to what they have seen, or it does not.
        assert_eq!(missed(&room, Some(3)), Missed::Nothing);
        assert_eq!(missed(&room, Some(2)), Missed::Unknown);
        assert_eq!(room.history.for_newcomer().missed(), Missed::Nothing);
    }

    #[test]
    fn an_older_anchor_stays_while_the_ring_holds_something_after_it() {
        let mut room = Script::new(2, 1 << 20);
        room.publish(ALICE, Keep::Anchor);
        room.publish(ALICE, Keep::Ring);
        room.publish(ALICE, Keep::Anchor);
        assert_eq!(room.shown(), [1, 3, 2]);
        room.leave(ALICE);
        assert_eq!(room.shown(), [1, 2]);
        room.publish(BOB, Keep::Ring);
        room.publish(BOB, Keep::Ring);
        assert_eq!(room.shown(), [4, 5]);
    }

    #[test]
    fn anchors_without_end_do_not_pile_up() {
        let mut room = Script::new(200, 1 << 20);
        for _ in 0..100 {
            room.publish(ALICE, Keep::Anchor);
            room.publish(ALICE, Keep::Ring);
        }
        let anchors: usize = room.history.anchors.values().map(VecDeque::len).sum();
        assert_eq!(anchors, MAX_ANCHORS);
    }

    #[test]
    fn anchors_beyond_the_cap_go_and_those_of_the_departed_go_first() {
        let mut room = Script::new(200, 1 << 20);
        let gone = MemberId([3; 16]);
        room.here.push(gone);
        for _ in 0..3 {
            room.publish(gone, Keep::Anchor);
            room.publish(gone, Keep::Ring);
        }
        room.leave(gone);
        room.publish(ALICE, Keep::Anchor);
        // Room for three anchors.
        room.history.ring.max_bytes = 30;
        room.publish(BOB, Keep::Anchor);
        let anchors = |room: &Script| {
            let shown = room.shown();
            let ring: Vec<u64> = room.history.ring.kept.iter().map(|kept| kept.seq).collect();
            shown
                .into_iter()
                .filter(|seq| !ring.contains(seq))
                .collect::<Vec<_>>()
        };
        assert_eq!(anchors(&room), [5, 7, 8]);
        room.history.ring.max_bytes = 10;
        room.publish(BOB, Keep::Anchor);
        assert_eq!(anchors(&room), [9]);
        let memory = Arc::clone(&room.history.memory);
        drop(room);
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn the_ring_keeps_the_last_few_and_respects_its_bytes() {
        let mut room = Script::new(200, 1 << 20);
        for _ in 0..150 {
            room.publish(ALICE, Keep::Ring);
        }
        assert_eq!(room.shown().len(), 100);
        assert_eq!(room.shown().last(), Some(&150));
    }

    #[test]
    fn a_gap_is_filled_from_the_buffer_or_reported() {
        let mut room = Script::new(0, 1 << 20);
        for _ in 0..6 {
            room.publish(ALICE, Keep::Transient);
            room.publish(BOB, Keep::Transient);
        }
        let replay = room.history.since(8, BOB);
        assert_eq!(
            replay.kept.iter().map(|kept| kept.seq).collect::<Vec<_>>(),
            [9, 11]
        );
        assert!(!replay.incomplete);
        assert!(room.history.since(1, BOB).incomplete);
        room.history.forget_until(Duration::from_secs(12));
        assert!(room.history.since(11, BOB).incomplete);
        assert!(!room.history.since(12, BOB).incomplete);
    }

    #[test]
    fn messages_that_the_caps_pushed_out_are_counted_for_whoever_missed_them() {
        // The resume buffer holds ten envelopes.
        let mut room = Script::new(0, 1 << 20);
        for _ in 0..10 {
            room.publish(ALICE, Keep::Ring);
            room.publish(BOB, Keep::Transient);
            room.publish(BOB, Keep::Ring);
        }
        let lost = |room: &Script, last| room.history.since(last, BOB).lost;
        // Alice's ten messages are 1, 4, … 28, and from 21 on all is there.
        assert_eq!(lost(&room, 0), 7);
        assert_eq!(lost(&room, 1), 6);
        assert_eq!(lost(&room, 19), 0);
        room.history.forget_until(Duration::from_secs(10));
        assert_eq!(lost(&room, 0), 3, "nobody can resume from there any more");
        for _ in 0..1000 {
            room.publish(ALICE, Keep::Ring);
        }
        assert_eq!(lost(&room, 0), u32::try_from(MAX_LOST).unwrap());
    }

    #[test]
    fn what_the_ring_still_holds_is_not_lost() {
        let mut room = Script::new(35, 1 << 20);
        for _ in 0..40 {
            room.publish(ALICE, Keep::Ring);
        }
        assert_eq!(room.history.for_newcomer().lost, 0);
        let replay = room.history.since(0, BOB);
        assert_eq!((replay.kept.len(), replay.lost), (35, 5));
        // Room for twenty in the ring.
        room.history.ring.max_bytes = 200;
        room.publish(ALICE, Keep::Ring);
        assert_eq!(room.history.for_newcomer().lost, 15);
    }

    #[test]
    fn dropping_for_memory_takes_the_oldest_and_stops_there() {
        let mut room = Script::new(35, 1 << 20);
        for _ in 0..10 {
            room.publish(ALICE, Keep::Ring);
        }
        assert_eq!(room.history.oldest_at(), Some(Duration::from_secs(1)));
        room.history.drop_until(Duration::from_secs(4), |_| true);
        assert_eq!(room.history.oldest_at(), Some(Duration::from_secs(5)));
        assert_eq!(room.history.memory.used(), 2 * 6 * 10);
        assert_eq!(room.history.for_newcomer().lost, 4);
        assert_eq!(room.history.since(0, BOB).lost, 4);
    }

    #[test]
    fn memory_that_is_used_up_makes_the_room_forget_instead_of_grow() {
        let mut room = Script::new(200, 55);
        for _ in 0..50 {
            room.publish(ALICE, Keep::Ring);
        }
        assert!(room.history.memory.used() <= 55);
        let memory = Arc::clone(&room.history.memory);
        drop(room);
        assert_eq!(memory.used(), 0);
    }
}

//! What the relay does unasked: looking after rooms whose time has come, and making room.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::{AFTERLIFE, Relay};
use crate::room::Fate;

/// When there is no place for another room, this part of those that nobody is in has to go, so that looking for them is
/// not done anew for every room.
const CLEARED: usize = 64;

impl Relay {
    /// Does what time asks for in every room whose alarm has gone off.
    pub(crate) fn sweep(&self) {
        let limits = &self.0.limits;
        let now = self.0.clock.now();
        for shard in &self.0.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.tombstones.sweep(now);
            for id in shard.due(now) {
                let Some(slot) = shard.rooms.get_mut(&id) else {
                    continue;
                };
                slot.files.expire(limits, now);
                match slot.room.sweep(now, limits) {
                    Fate::Lives => shard.schedule(id, limits),
                    Fate::Vanishes => shard.remove(&id),
                    Fate::Expires => {
                        shard.remove(&id);
                        shard.tombstones.raise(id, now + AFTERLIFE);
                    }
                }
            }
        }
    }

    /// Makes room when what is kept comes near its limit: in all rooms, the oldest first. Looking at every room is paid
    /// for by the sixteenth of the limit that has to be filled until it is needed again.
    pub(super) fn relieve(&self) {
        let shared = &self.0;
        if shared.relieving.swap(true, Ordering::Acquire) {
            return;
        }
        let mut rooms = BinaryHeap::new();
        for shard in &shared.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let oldest = shard
                .rooms
                .iter()
                .filter_map(|(id, slot)| Some(Reverse((slot.room.oldest_at()?, *id))));
            rooms.extend(oldest);
        }
        while !shared.histories.is_relieved()
            && let Some(Reverse((oldest, id))) = rooms.pop()
        {
            // A stretch at a time, so that rooms of about the same age lose about the same.
            let until = rooms.peek().map_or(oldest, |Reverse((next, _))| *next);
            let mut shard = self.shard(&id);
            if let Some(slot) = shard.rooms.get_mut(&id) {
                slot.room.drop_until(until.max(oldest));
                if let Some(next) = slot.room.oldest_at() {
                    rooms.push(Reverse((next, id)));
                }
                // An empty room may have stayed for the sake of what it has just lost.
                shard.schedule(id, &shared.limits);
            }
        }
        shared.metrics.reliefs.one();
        shared.relieving.store(false, Ordering::Release);
    }

    /// Makes place for another room: of those that nobody is in, the ones that were left first go. Otherwise a few
    /// thousand rooms that somebody opened and left would close the relay to everybody for as long as they live.
    pub(super) fn clear_out(&self) {
        let shared = &self.0;
        if shared.clearing.swap(true, Ordering::Acquire) {
            return;
        }
        let mut empty = Vec::new();
        for shard in &shared.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let rooms = shard.rooms.iter();
            empty.extend(rooms.filter_map(|(id, slot)| Some((slot.room.empty_since()?, *id))));
        }
        empty.sort_unstable();
        empty.truncate(empty.len().div_ceil(CLEARED));
        for (since, id) in empty {
            let mut shard = self.shard(&id);
            let room = shard.rooms.get(&id);
            // Somebody may have come meanwhile.
            if room.is_some_and(|slot| slot.room.empty_since() == Some(since)) {
                shard.remove(&id);
                shared.metrics.cleared.one();
            }
        }
        shared.clearing.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;
    use crate::limit::Limits;
    use crate::metrics::Metrics;
    use crate::relay::Seat;
    use crypto::wire::{Keep, Lifetime, LocalId, Opening, Refusal, RoomId, RoomMode};

    fn opening(lifetime: Lifetime) -> Opening {
        Opening {
            mode: RoomMode::OpenHistory,
            history: 35,
            lifetime,
            max_members: 0,
            control_key: None,
            purge_digest: None,
        }
    }

    fn relay(limits: Limits) -> (ManualClock, Relay) {
        let (hands, clock) = ManualClock::new();
        (
            hands,
            Relay::new(limits, clock, Arc::new(Metrics::default())),
        )
    }

    fn enter(relay: &Relay, room: u8, lifetime: Lifetime) -> Result<Seat, Refusal> {
        let mailbox = relay.mailbox();
        let joined = relay.join(RoomId([room; 32]), &opening(lifetime), None, &mailbox);
        joined.map_err(|denied| denied.refusal)
    }

    fn alarms(relay: &Relay) -> usize {
        let shards = relay.0.shards.iter();
        shards.map(|shard| shard.lock().unwrap().alarms()).sum()
    }

    #[test]
    fn rooms_that_have_been_leave_no_alarm_behind() {
        let (hands, relay) = relay(Limits::default());
        let week = Lifetime::For(Duration::from_secs(7 * 24 * 3600));
        for _ in 0..50 {
            for room in 0..10 {
                enter(&relay, room, week).unwrap().leave();
            }
            assert_eq!(alarms(&relay), 10);
            hands.advance(Duration::from_secs(601));
            relay.sweep();
            assert_eq!((relay.rooms(), alarms(&relay)), (0, 0));
        }
    }

    #[test]
    fn an_empty_room_that_lost_its_history_for_memory_does_not_stay() {
        let (hands, relay) = relay(Limits {
            memory: 40_000,
            ..Limits::default()
        });
        let week = Lifetime::For(Duration::from_secs(7 * 24 * 3600));
        let publish = |seat: &Seat, local| {
            hands.advance(Duration::from_millis(1));
            seat.publish(LocalId(local), Keep::Ring, &[7; 1000])
                .unwrap();
        };
        let seat = enter(&relay, 1, week).unwrap();
        publish(&seat, 1);
        seat.leave();
        hands.advance(Duration::from_secs(601));
        relay.sweep();
        assert_eq!(relay.rooms(), 1, "there is something to read in it");
        let other = enter(&relay, 2, week).unwrap();
        for local in 0..20 {
            publish(&other, local);
        }
        relay.sweep();
        assert_eq!(relay.rooms(), 1);
        assert!(relay.kept_bytes() <= 20_000);
    }

    #[test]
    fn rooms_that_nobody_is_in_give_way_and_others_do_not() {
        let (hands, relay) = relay(Limits {
            max_rooms: 3,
            ..Limits::default()
        });
        let week = Lifetime::For(Duration::from_secs(7 * 24 * 3600));
        let first = enter(&relay, 1, week).unwrap();
        let second = enter(&relay, 2, week).unwrap();
        let third = enter(&relay, 3, week).unwrap();
        assert_eq!(enter(&relay, 4, week).unwrap_err(), Refusal::RelayFull);
        for seat in [second, first] {
            seat.publish(LocalId(1), Keep::Ring, &[7; 1000]).unwrap();
            hands.advance(Duration::from_secs(1));
            seat.leave();
        }
        let fourth = enter(&relay, 4, week).unwrap();
        let rooms = |relay: &Relay| -> Vec<u8> {
            let shards = relay.0.shards.iter();
            let mut rooms: Vec<u8> = shards
                .flat_map(|shard| {
                    let shard = shard.lock().unwrap();
                    shard.rooms.keys().map(|id| id.0[0]).collect::<Vec<_>>()
                })
                .collect();
            rooms.sort_unstable();
            rooms
        };
        assert_eq!(rooms(&relay), [1, 3, 4], "the one that was left first went");
        // Somebody who is away is somebody.
        drop(third);
        let fifth = enter(&relay, 5, week).unwrap();
        assert_eq!(rooms(&relay), [3, 4, 5]);
        assert_eq!(enter(&relay, 6, week).unwrap_err(), Refusal::RelayFull);
        drop((fourth, fifth));
    }
}

//! Some of the rooms, behind one lock, and when to look after which of them.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crypto::wire::RoomId;

use crate::files::Files;
use crate::limit::{Limits, Place};
use crate::room::Room;
use crate::tombstone::Tombstones;

#[derive(Default)]
pub(super) struct Shard {
    pub(super) rooms: HashMap<RoomId, Slot>,
    pub(super) tombstones: Tombstones,
    /// When to look at which room: at most one entry for each, so that rooms which have been leave nothing behind.
    alarms: BTreeSet<(Duration, RoomId)>,
}

pub(super) struct Slot {
    pub(super) room: Room,
    pub(super) files: Files,
    alarm: Option<Duration>,
    _place: Place,
}

impl Slot {
    pub(super) fn new(room: Room, files: Files, place: Place) -> Self {
        Self {
            room,
            files,
            alarm: None,
            _place: place,
        }
    }
}

impl Shard {
    /// Makes sure that the room is swept in time.
    pub(super) fn schedule(&mut self, id: RoomId, limits: &Limits) {
        let Some(slot) = self.rooms.get_mut(&id) else {
            return;
        };
        slot.files.settle(|member| slot.room.has(member));
        let files = slot.files.next_expiry(limits);
        let Some(next) = slot.room.next_sweep(limits).into_iter().chain(files).min() else {
            return;
        };
        // An alarm that is too early costs one look, less than moving it with every change.
        if slot.alarm.is_none_or(|alarm| next < alarm) {
            if let Some(before) = slot.alarm.replace(next) {
                self.alarms.remove(&(before, id));
            }
            self.alarms.insert((next, id));
        }
    }

    /// Takes the rooms whose alarm has gone off. They have none until they are scheduled again.
    pub(super) fn due(&mut self, now: Duration) -> Vec<RoomId> {
        let mut due = Vec::new();
        while let Some((at, id)) = self.alarms.first().copied()
            && at <= now
        {
            self.alarms.pop_first();
            if let Some(slot) = self.rooms.get_mut(&id) {
                slot.alarm = None;
                due.push(id);
            }
        }
        due
    }

    /// The only way for a room to go.
    pub(super) fn remove(&mut self, id: &RoomId) {
        if let Some(slot) = self.rooms.remove(id)
            && let Some(alarm) = slot.alarm
        {
            self.alarms.remove(&(alarm, *id));
        }
    }

    #[cfg(test)]
    pub(super) fn alarms(&self) -> usize {
        self.alarms.len()
    }
}

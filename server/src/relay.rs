//! All rooms. Joining yields a [`Seat`]; dropping the seat is the only way out of a room.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crypto::wire::{
    JoinOutcome, Keep, Lifetime, LocalId, MemberId, Opening, Refusal, RelayToClient, Resume,
    RoomId, RoomMode, RoomState, TimeLeft,
};

use crate::clock::Clock;
use crate::limit::{Budget, Limits, Place};
use crate::mailbox::Mailbox;
use crate::metrics::Metrics;
use crate::room::{Room, Terms};

/// Rooms are spread over this many locks.
const SHARDS: usize = 64;
/// A forward-secret room announces chain keys to every member one by one, so it stays small.
const MAX_FORWARD_SECRET: u16 = 64;
/// Lengths that a history ring may have.
const HISTORIES: [u16; 3] = [0, 35, 200];

/// A handle on all rooms; clones share them.
#[derive(Clone)]
pub(crate) struct Relay(Arc<Shared>);

struct Shared {
    shards: Vec<Mutex<Shard>>,
    rooms: Arc<Budget>,
    memory: Arc<Budget>,
    attachments: AtomicU64,
    limits: Limits,
    clock: Clock,
    metrics: Arc<Metrics>,
}

#[derive(Default)]
struct Shard {
    rooms: HashMap<RoomId, Slot>,
    /// When to look at which room. Entries that a room's slot does not name any more are void.
    alarms: BinaryHeap<Reverse<(Duration, RoomId)>>,
}

struct Slot {
    room: Room,
    alarm: Option<Duration>,
    _place: Place,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Relay(…)")
    }
}

impl Shard {
    /// Makes sure that the room is swept in time.
    fn schedule(&mut self, id: RoomId, limits: &Limits) {
        let Some(slot) = self.rooms.get_mut(&id) else {
            return;
        };
        let Some(next) = slot.room.next_sweep(limits) else {
            return;
        };
        // An alarm that is too early costs one look; a new one for every change would fill the heap.
        if slot.alarm.is_none_or(|alarm| next < alarm) {
            slot.alarm = Some(next);
            self.alarms.push(Reverse((next, id)));
        }
    }
}

impl Relay {
    pub(crate) fn new(limits: Limits, clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self(Arc::new(Shared {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            rooms: Budget::new(limits.max_rooms),
            memory: Budget::new(limits.memory),
            attachments: AtomicU64::new(0),
            limits,
            clock,
            metrics,
        }))
    }

    /// A mailbox for a new connection, counted against the relay's memory.
    pub(crate) fn mailbox(&self) -> Arc<Mailbox> {
        Mailbox::new(&self.0.limits, Arc::clone(&self.0.memory))
    }

    pub(crate) fn rooms(&self) -> usize {
        self.0.rooms.used()
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.memory.used()
    }

    fn shard(&self, id: &RoomId) -> MutexGuard<'_, Shard> {
        // Room addresses are public keys, so their first byte is as good as random.
        let [first, ..] = id.0;
        let shard = self.0.shards.get(usize::from(first) % SHARDS);
        let shard = shard.expect("invariant: there are SHARDS shards");
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What somebody who has the room's name may know before entering.
    pub(crate) fn look(&self, id: &RoomId) -> RelayToClient {
        let shard = self.shard(id);
        let Some(slot) = shard.rooms.get(id) else {
            return RelayToClient::Looked {
                state: RoomState::Empty,
                members: 0,
                mode: RoomMode::ForwardSecret,
                history: 0,
                time_left: TimeLeft::UntilEmpty,
            };
        };
        RelayToClient::Looked {
            state: if slot.room.has_room() {
                RoomState::Open
            } else {
                RoomState::Full
            },
            members: u32::try_from(slot.room.seats()).unwrap_or(u32::MAX),
            mode: slot.room.terms().mode,
            history: slot.room.terms().history,
            time_left: slot.room.time_left(self.0.clock.now()),
        }
    }

    /// Takes a seat, opening the room if need be. The caller has checked the proof. Everything that the member has to
    /// know is in its mailbox when this returns.
    pub(crate) fn join(
        &self,
        id: RoomId,
        opening: &Opening,
        resume: Option<Resume>,
        mailbox: &Arc<Mailbox>,
    ) -> Result<Seat, Refusal> {
        let shared = &self.0;
        let now = shared.clock.now();
        let attachment = shared.attachments.fetch_add(1, Ordering::Relaxed);
        let mut shard = self.shard(&id);
        let opened = !shard.rooms.contains_key(&id);
        if opened {
            let terms = terms(opening, &shared.limits, now)?;
            let place = shared.rooms.place().ok_or(Refusal::RelayFull)?;
            let room = Room::open(terms, &shared.limits, Arc::clone(&shared.memory));
            let slot = Slot {
                room,
                alarm: None,
                _place: place,
            };
            shard.rooms.insert(id, slot);
            shared.metrics.rooms_opened.one();
        }
        let slot = shard
            .rooms
            .get_mut(&id)
            .expect("invariant: the room was found or made above, under the same lock");
        let (member, outcome) = slot.room.join(resume, opened, mailbox, attachment, now)?;
        shard.schedule(id, &shared.limits);
        match outcome {
            JoinOutcome::Resumed => shared.metrics.seats_resumed.one(),
            JoinOutcome::Opened | JoinOutcome::Entered => shared.metrics.seats_taken.one(),
        }
        Ok(Seat {
            relay: self.clone(),
            room: id,
            member,
            attachment,
            leaving: false,
        })
    }

    /// Does what time asks for in every room whose alarm has gone off.
    pub(crate) fn sweep(&self) {
        let now = self.0.clock.now();
        for shard in &self.0.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let mut due = Vec::new();
            while let Some(Reverse((at, id))) = shard.alarms.peek().copied()
                && at <= now
            {
                shard.alarms.pop();
                if let Some(slot) = shard.rooms.get_mut(&id)
                    && slot.alarm == Some(at)
                {
                    slot.alarm = None;
                    due.push(id);
                }
            }
            for id in due {
                let Some(slot) = shard.rooms.get_mut(&id) else {
                    continue;
                };
                if slot.room.sweep(now, &self.0.limits) {
                    shard.schedule(id, &self.0.limits);
                } else {
                    shard.rooms.remove(&id);
                }
            }
        }
    }
}

/// What the opener's wishes come to on this relay.
fn terms(opening: &Opening, limits: &Limits, now: Duration) -> Result<Terms, Refusal> {
    if !HISTORIES.contains(&opening.history) {
        return Err(Refusal::BadOpening);
    }
    let (history, cap) = match opening.mode {
        RoomMode::ForwardSecret => (0, limits.max_members.min(MAX_FORWARD_SECRET)),
        RoomMode::OpenHistory => (opening.history, limits.max_members),
    };
    let max_members = match opening.max_members {
        0 => cap,
        asked => asked.min(cap),
    };
    Ok(Terms {
        mode: opening.mode,
        history,
        max_members: usize::from(max_members),
        expires: match opening.lifetime {
            Lifetime::UntilEmpty => None,
            Lifetime::For(lifetime) => Some(now + lifetime.min(limits.max_lifetime)),
        },
    })
}

/// A member's place in a room, held by its connection. Dropping it tells the others that the member is away, or gone
/// after [`Seat::leave`], and starts the clocks of seat and room.
#[derive(Debug)]
pub(crate) struct Seat {
    relay: Relay,
    room: RoomId,
    member: MemberId,
    attachment: u64,
    leaving: bool,
}

impl Seat {
    /// Gives an envelope its place and hands it to the others. The author is told through its own mailbox.
    pub(crate) fn publish(&self, local: LocalId, keep: Keep, envelope: &[u8]) {
        let shared = &self.relay.0;
        let mut shard = self.relay.shard(&self.room);
        let Some(slot) = shard.rooms.get_mut(&self.room) else {
            return;
        };
        let now = shared.clock.now();
        let published = slot.room.publish(self.member, local, keep, envelope, now);
        shard.schedule(self.room, &shared.limits);
        drop(shard);
        if let Some(published) = published {
            shared.metrics.published.one();
            shared.metrics.deliveries.add(published.deliveries);
            shared.metrics.slow.add(published.cut_off);
        }
    }

    /// Gives the seat up for good.
    pub(crate) fn leave(mut self) {
        self.leaving = true;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let shared = &self.relay.0;
        let mut shard = self.relay.shard(&self.room);
        if let Some(slot) = shard.rooms.get_mut(&self.room) {
            let now = shared.clock.now();
            slot.room
                .detach(self.member, self.attachment, self.leaving, now);
            shard.schedule(self.room, &shared.limits);
        }
    }
}

//! All rooms. Joining yields a [`Seat`]; dropping the seat is the only way out of a room.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use crypto::wire::{
    JoinOutcome, Opening, Refusal, RelayToClient, Resume, RoomId, RoomMode, RoomState, TimeLeft,
};

use crate::clock::Clock;
use crate::files::Files;
use crate::limit::{Budget, Denied, Limits};
use crate::mailbox::Mailbox;
use crate::metrics::Metrics;
use crate::room::Room;
use crate::terms::Terms;

/// Rooms are spread over this many locks.
const SHARDS: usize = 64;
mod housekeeping;
mod pieces;
mod seat;
mod shard;

pub(crate) use seat::Seat;
use shard::{Shard, Slot};

/// How long a room whose lifetime is over still answers that it is closed.
const AFTERLIFE: Duration = Duration::from_secs(600);
/// The longest that a purged room does.
const LONGEST_TOMBSTONE: Duration = Duration::from_secs(24 * 3600);

/// A handle on all rooms; clones share them.
#[derive(Clone)]
pub(crate) struct Relay(Arc<Shared>);

struct Shared {
    shards: Vec<Mutex<Shard>>,
    rooms: Arc<Budget>,
    seats: Arc<Budget>,
    /// What rooms keep.
    histories: Arc<Budget>,
    /// What waits for members to read it.
    mailboxes: Arc<Budget>,
    /// Pieces of files.
    files: Arc<Budget>,
    /// Whether somebody is making room already, in memory or among the rooms.
    relieving: AtomicBool,
    clearing: AtomicBool,
    attachments: AtomicU64,
    limits: Limits,
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Relay(…)")
    }
}

impl Relay {
    pub(crate) fn new(limits: Limits, clock: Clock, metrics: Arc<Metrics>) -> Self {
        Self(Arc::new(Shared {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            rooms: Budget::new(limits.max_rooms),
            seats: Budget::new(limits.max_seats),
            histories: Budget::new(limits.memory / 2),
            mailboxes: Budget::new(limits.memory / 2),
            files: Budget::new(limits.file_memory),
            relieving: AtomicBool::new(false),
            clearing: AtomicBool::new(false),
            attachments: AtomicU64::new(0),
            limits,
            clock,
            metrics,
        }))
    }

    /// A mailbox for a new connection, counted against the relay's memory.
    pub(crate) fn mailbox(&self) -> Arc<Mailbox> {
        Mailbox::new(&self.0.limits, Arc::clone(&self.0.mailboxes))
    }

    pub(crate) fn rooms(&self) -> usize {
        self.0.rooms.used()
    }

    /// Addresses of rooms that are over and still remembered.
    pub(crate) fn tombstones(&self) -> usize {
        let shards = self.0.shards.iter();
        let counts = shards.map(|shard| {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.tombstones.count()
        });
        counts.sum()
    }

    pub(crate) fn seats(&self) -> usize {
        self.0.seats.used()
    }

    /// Bytes of envelopes that rooms keep.
    pub(crate) fn kept_bytes(&self) -> usize {
        self.0.histories.used()
    }

    /// Bytes that wait for members to read them, beyond what every mailbox may hold anyway.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.0.mailboxes.used()
    }

    /// Bytes of files that wait for their receivers.
    pub(crate) fn file_bytes(&self) -> usize {
        self.0.files.used()
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
        let now = self.0.clock.now();
        let shard = self.shard(id);
        let Some(slot) = shard.rooms.get(id) else {
            let (state, time_left) = match shard.tombstones.left(id, now) {
                Some(left) => (RoomState::Closed, TimeLeft::For(left)),
                None => (RoomState::Empty, TimeLeft::UntilEmpty),
            };
            return RelayToClient::Looked {
                state,
                members: 0,
                mode: RoomMode::ForwardSecret,
                history: 0,
                time_left,
            };
        };
        RelayToClient::Looked {
            state: match (slot.room.is_locked(), slot.room.has_room()) {
                (true, _) => RoomState::Locked,
                (false, true) => RoomState::Open,
                (false, false) => RoomState::Full,
            },
            members: u32::try_from(slot.room.seats()).unwrap_or(u32::MAX),
            mode: slot.room.terms().mode,
            history: slot.room.terms().history,
            time_left: slot.room.time_left(now),
        }
    }

    /// What a member who comes back to a purged room is told, as long as that is kept.
    pub(crate) fn last_word(&self, id: &RoomId) -> Option<Bytes> {
        let now = self.0.clock.now();
        self.shard(id).tombstones.last_word(id, now)
    }

    /// Takes a seat, opening the room if need be. The caller has checked the proof. Everything that the member has to
    /// know is in its mailbox when this returns.
    pub(crate) fn join(
        &self,
        id: RoomId,
        opening: &Opening,
        resume: Option<Resume>,
        mailbox: &Arc<Mailbox>,
    ) -> Result<Seat, Denied> {
        let shared = &self.0;
        let now = shared.clock.now();
        let attachment = shared.attachments.fetch_add(1, Ordering::Relaxed);
        if shared.rooms.is_full() {
            self.clear_out();
        }
        let mut shard = self.shard(&id);
        let opened = !shard.rooms.contains_key(&id);
        if opened {
            if shard.tombstones.left(&id, now).is_some() {
                return Err(Refusal::RoomClosed.into());
            }
            let terms = Terms::of(opening, &shared.limits, now)?;
            let place = shared.rooms.place().ok_or(Refusal::RelayFull)?;
            let histories = Arc::clone(&shared.histories);
            let room = Room::open(terms, opening, &shared.limits, histories, now);
            let files = Files::new(Arc::clone(&shared.files));
            shard.rooms.insert(id, Slot::new(room, files, place));
        }
        let slot = shard
            .rooms
            .get_mut(&id)
            .expect("invariant: the room was found or made above, under the same lock");
        let joined = slot
            .room
            .join(resume, opened, mailbox, attachment, &shared.seats, now);
        if joined.is_err() && opened {
            shard.remove(&id);
        }
        let (member, outcome) = joined?;
        shard.schedule(id, &shared.limits);
        match outcome {
            JoinOutcome::Opened => shared.metrics.rooms_opened.one(),
            JoinOutcome::Entered => {}
            JoinOutcome::Resumed => shared.metrics.seats_resumed.one(),
        }
        if outcome != JoinOutcome::Resumed {
            shared.metrics.seats_taken.one();
        }
        Ok(Seat {
            relay: self.clone(),
            room: id,
            member,
            attachment,
            leaving: false,
        })
    }
}

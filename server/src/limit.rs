//! What the relay lets anybody do. Nothing here looks at an address: limits belong to a connection, a room or the whole
//! relay.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crypto::wire::Refusal;

/// Every number that bounds the relay.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Rooms that exist at once.
    pub max_rooms: usize,
    /// WebSocket connections at once.
    pub max_connections: usize,
    /// Seats in all rooms together, those that wait for their holder to come back included.
    pub max_seats: usize,
    /// The most seats that an opener may ask for.
    pub max_members: u16,
    /// The longest lifetime that a room gets.
    pub max_lifetime: Duration,
    /// Bytes held in histories, resume buffers and mailboxes together. Mailboxes get half of it, so that people who do
    /// not read cannot take the others' histories.
    pub memory: usize,
    /// Bytes of one room's history ring.
    pub history_bytes: usize,
    /// Bytes of one room's resume buffer.
    pub resume_bytes: usize,
    /// How long a lost connection may be resumed, and how long its room remembers what it missed.
    pub resume_time: Duration,
    /// How long an empty room stays.
    pub room_grace: Duration,
    /// Frames that wait for one member.
    pub mailbox_frames: usize,
    /// Bytes that wait for one member.
    pub mailbox_bytes: usize,
    /// Frames a second that one connection may send, and
    pub frames_per_second: f64,
    /// how many it may send at once after a pause.
    pub frame_burst: f64,
    /// Bytes a second that one connection may send, and
    pub bytes_per_second: f64,
    /// how many it may send at once after a pause.
    pub byte_burst: f64,
    /// Envelopes a second in one room, and
    pub room_frames_per_second: f64,
    /// how many at once after a pause.
    pub room_frame_burst: f64,
    /// Bytes a second in one room, and
    pub room_bytes_per_second: f64,
    /// how many at once after a pause.
    pub room_byte_burst: f64,
    /// New seats a second in one room, and
    pub room_joins_per_second: f64,
    /// how many at once after a pause.
    pub room_join_burst: f64,
    /// Bytes of the longest file, a whole number of pieces more or less; 0 for a relay that takes no files.
    pub file_bytes: usize,
    /// Bytes of all files that wait for their receivers.
    pub file_memory: usize,
    /// How long a file stays that nobody touches.
    pub file_time: Duration,
    /// Bytes of files a second that one connection may put and get, and
    pub file_bytes_per_second: f64,
    /// how many at once after a pause.
    pub file_byte_burst: f64,
    /// Refusals for sending too fast before the connection is closed; one is forgiven every second.
    pub patience: f64,
    /// New tunnels a second for the whole relay, and
    pub handshakes_per_second: f64,
    /// how many at once after a pause.
    pub handshake_burst: f64,
    /// Handshakes under way at once.
    pub handshakes_at_once: usize,
    /// How long a client may take for its handshake.
    pub handshake_time: Duration,
    /// Silence after which the relay pings.
    pub ping_after: Duration,
    /// Silence after which a connection counts as dead.
    pub dead_after: Duration,
    /// How long a write may make no progress.
    pub write_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_rooms: 10_000,
            max_connections: 10_000,
            max_seats: 20_000,
            max_members: 64,
            max_lifetime: Duration::from_secs(7 * 24 * 3600),
            memory: 1 << 30,
            history_bytes: 4 << 20,
            resume_bytes: 2 << 20,
            resume_time: Duration::from_secs(120),
            room_grace: Duration::from_secs(600),
            mailbox_frames: 4096,
            mailbox_bytes: 1 << 20,
            frames_per_second: 40.0,
            frame_burst: 200.0,
            bytes_per_second: 512.0 * 1024.0,
            byte_burst: 4.0 * 1024.0 * 1024.0,
            room_frames_per_second: 400.0,
            room_frame_burst: 2000.0,
            room_bytes_per_second: 4.0 * 1024.0 * 1024.0,
            room_byte_burst: 32.0 * 1024.0 * 1024.0,
            room_joins_per_second: 50.0,
            room_join_burst: 500.0,
            file_bytes: 25 << 20,
            file_memory: 512 << 20,
            file_time: Duration::from_secs(15 * 60),
            file_bytes_per_second: 64.0 * 1024.0 * 1024.0,
            file_byte_burst: 64.0 * 1024.0 * 1024.0,
            patience: 200.0,
            handshakes_per_second: 400.0,
            handshake_burst: 800.0,
            handshakes_at_once: 512,
            handshake_time: Duration::from_secs(10),
            ping_after: Duration::from_secs(10),
            dead_after: Duration::from_secs(25),
            write_time: Duration::from_secs(10),
        }
    }
}

/// A request that is refused, and when it may be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    pub(crate) refusal: Refusal,
    /// Zero where trying again is pointless.
    pub(crate) wait: Duration,
}

impl Denied {
    pub(crate) fn too_fast(wait: Duration) -> Self {
        Self {
            refusal: Refusal::TooFast,
            wait,
        }
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            wait: Duration::ZERO,
        }
    }
}

/// A token bucket. Full at the start.
#[derive(Clone, Debug)]
pub(crate) struct TokenBucket {
    capacity: f64,
    per_second: f64,
    level: f64,
    filled_at: Duration,
}

impl TokenBucket {
    pub(crate) fn new(capacity: f64, per_second: f64, now: Duration) -> Self {
        Self {
            capacity,
            per_second,
            level: capacity,
            filled_at: now,
        }
    }

    /// Takes `cost` tokens, or says how long it takes until they are there. A cost above the capacity is treated as the
    /// capacity, so that nothing is refused for ever.
    pub(crate) fn take(&mut self, cost: f64, now: Duration) -> Result<(), Duration> {
        let passed = now.saturating_sub(self.filled_at).as_secs_f64();
        self.level = (self.level + passed * self.per_second).min(self.capacity);
        self.filled_at = now;
        let cost = cost.min(self.capacity);
        if self.level >= cost {
            self.level -= cost;
            return Ok(());
        }
        let seconds = (cost - self.level) / self.per_second;
        Err(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::from_secs(3600)))
    }

    /// As [`TokenBucket::take`], for a cost in bytes.
    pub(crate) fn take_bytes(&mut self, bytes: usize, now: Duration) -> Result<(), Duration> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "frames are far below 2^52 bytes"
        )]
        self.take(bytes as f64, now)
    }
}

/// A shared count with an upper bound.
#[derive(Debug)]
pub(crate) struct Budget {
    used: AtomicUsize,
    limit: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            used: AtomicUsize::new(0),
            limit,
        })
    }

    /// Takes `amount` and says whether that was possible.
    pub(crate) fn reserve(&self, amount: usize) -> bool {
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                used.checked_add(amount).filter(|sum| *sum <= self.limit)
            })
            .is_ok()
    }

    /// Takes `amount` whether it is there or not, for what cannot be refused.
    pub(crate) fn exceed(&self, amount: usize) {
        self.used.fetch_add(amount, Ordering::Relaxed);
    }

    pub(crate) fn release(&self, amount: usize) {
        self.used.fetch_sub(amount, Ordering::Relaxed);
    }

    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.used() >= self.limit
    }

    /// Whether less than a sixteenth is left.
    pub(crate) fn is_tight(&self) -> bool {
        self.used() > self.limit - self.limit / 16
    }

    /// Whether an eighth is left again.
    pub(crate) fn is_relieved(&self) -> bool {
        self.used() <= self.limit - self.limit / 8
    }

    /// One place, given back when the guard is dropped.
    pub(crate) fn place(self: &Arc<Self>) -> Option<Place> {
        self.reserve(1).then(|| Place(Arc::clone(self)))
    }
}

/// See [`Budget::place`].
#[derive(Debug)]
pub(crate) struct Place(Arc<Budget>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.release(1);
    }
}

/// Decides which connections may begin.
#[derive(Debug)]
pub(crate) struct Gate {
    connections: Arc<Budget>,
    handshakes: Arc<Budget>,
    rate: Mutex<TokenBucket>,
}

impl Gate {
    pub(crate) fn new(limits: &Limits, now: Duration) -> Self {
        Self {
            connections: Budget::new(limits.max_connections),
            handshakes: Budget::new(limits.handshakes_at_once),
            rate: Mutex::new(TokenBucket::new(
                limits.handshake_burst,
                limits.handshakes_per_second,
                now,
            )),
        }
    }

    /// A place among the connections, to be held as long as the connection lasts.
    pub(crate) fn connection(&self) -> Option<Place> {
        self.connections.place()
    }

    /// A place among the handshakes, to be held until the handshake is done.
    pub(crate) fn handshake(&self) -> Option<Place> {
        self.handshakes.place()
    }

    /// Whether the relay can afford another private-key operation.
    pub(crate) fn admits_key_operation(&self, now: Duration) -> bool {
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        rate.take(1.0, now).is_ok()
    }

    pub(crate) fn connected(&self) -> usize {
        self.connections.used()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_says_when_it_has_enough_again() {
        let start = Duration::ZERO;
        let mut bucket = TokenBucket::new(2.0, 1.0, start);
        assert_eq!(bucket.take(1.0, start), Ok(()));
        assert_eq!(bucket.take(1.0, start), Ok(()));
        assert_eq!(bucket.take(1.0, start), Err(Duration::from_secs(1)));
        assert_eq!(bucket.take(1.0, Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn a_cost_above_the_capacity_needs_a_full_bucket() {
        let mut bucket = TokenBucket::new(2.0, 1.0, Duration::ZERO);
        assert_eq!(bucket.take(50.0, Duration::ZERO), Ok(()));
        assert!(bucket.take(50.0, Duration::from_secs(1)).is_err());
        assert_eq!(bucket.take(50.0, Duration::from_secs(2)), Ok(()));
    }

    #[test]
    fn a_place_is_given_back_when_its_holder_goes() {
        let budget = Budget::new(1);
        let place = budget.place();
        assert!(place.is_some());
        assert!(budget.place().is_none());
        drop(place);
        assert!(budget.place().is_some());
    }
}

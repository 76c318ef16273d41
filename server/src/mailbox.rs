//! What waits to be written to one connection. Bounded in count and bytes: whoever puts something in never waits, and a
//! member that does not read is cut off instead of costing the others anything.

mod delivery;
mod queue;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Waker;

use bytes::Bytes;
use crypto::wire::{CloseCode, RelayToClient};
use futures_util::task::AtomicWaker;
use tokio::sync::Notify;

use crate::limit::{Budget, Limits};
use crate::tunnel::Sealer;
use delivery::Delivery;
pub(crate) use queue::Queue;

/// Bytes that may wait in any mailbox whatever the others hold, so that a relay whose memory is used up still greets
/// newcomers and answers everybody.
const FREE: usize = 4096;

/// What a mailbox that holds `bytes` takes from the memory of all.
fn charge(bytes: usize) -> usize {
    bytes.saturating_sub(FREE)
}

/// One thing to write.
#[derive(Clone, Debug)]
pub(crate) enum Parcel {
    /// A frame, to be packed into a record with its neighbours. A replayed delivery shares the bytes of the live one;
    /// the mark is set while packing.
    Frame { bytes: Bytes, replayed: bool },
    /// A plaintext that fills a record by itself.
    Record(Bytes),
    /// A message of the handshake, before there is a tunnel.
    Clear(Bytes),
    /// A WebSocket ping.
    Ping,
    /// The answer to a WebSocket ping.
    Pong(Bytes),
}

impl Parcel {
    /// Bytes that this parcel takes from the mailbox. What a newcomer is replayed lies in the room's history anyway and
    /// may be more than a mailbox holds, so it is free; [`Mailbox::is_replaying`] keeps it from being free twice.
    fn weight(&self) -> usize {
        match self {
            Self::Frame { replayed: true, .. } | Self::Ping => 0,
            Self::Frame { bytes, .. }
            | Self::Record(bytes)
            | Self::Clear(bytes)
            | Self::Pong(bytes) => bytes.len(),
        }
    }
}

/// What one pass of the outlet takes out.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) parcels: Queue,
    /// Whether something was left, for which there was no place in this pass.
    pub(crate) more: bool,
    /// The tunnel's sending half, the first time after it was put in.
    pub(crate) sealer: Option<Box<Sealer>>,
    /// Set once everything has been taken and nothing will follow.
    pub(crate) close: Option<CloseCode>,
}

#[derive(Debug, Default)]
struct Inner {
    queue: Queue,
    weighty: usize,
    bytes: usize,
    sealer: Option<Box<Sealer>>,
    end: Option<CloseCode>,
}

/// See the module's description. Shared by the room, the connection's task and its flusher.
#[derive(Debug)]
pub(crate) struct Mailbox {
    me: Weak<Self>,
    inner: Mutex<Inner>,
    delivery: Delivery,
    /// The connection's task.
    owner: AtomicWaker,
    is_over: AtomicBool,
    ended: Notify,
    max_frames: usize,
    max_bytes: usize,
    memory: Arc<Budget>,
}

impl Mailbox {
    pub(crate) fn new(limits: &Limits, memory: Arc<Budget>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            inner: Mutex::default(),
            delivery: Delivery::default(),
            owner: AtomicWaker::new(),
            is_over: AtomicBool::new(false),
            ended: Notify::new(),
            max_frames: limits.mailbox_frames,
            max_bytes: limits.mailbox_bytes,
            memory,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a frame in. `false` means that the member is or has just been cut off.
    pub(crate) fn send(&self, frame: Bytes) -> bool {
        self.put(Parcel::Frame {
            bytes: frame,
            replayed: false,
        })
    }

    /// Encodes a frame and puts it in.
    pub(crate) fn tell(&self, frame: &RelayToClient) -> bool {
        self.send(frame.encode().into())
    }

    /// Puts in a delivery that the room has kept.
    pub(crate) fn replay(&self, frame: Bytes) -> bool {
        self.put(Parcel::Frame {
            bytes: frame,
            replayed: true,
        })
    }

    /// Whether a replay is still being read. A room forgets what a mailbox still holds, so whoever does not read and
    /// enters again and again would otherwise keep one history after the other alive.
    pub(crate) fn is_replaying(&self) -> bool {
        let inner = self.lock();
        let mut waiting = inner.queue.iter();
        waiting.any(|parcel| matches!(parcel, Parcel::Frame { replayed: true, .. }))
    }

    /// Whether a piece of a file may go in: pieces get half of a mailbox, so that words always find room.
    pub(crate) fn has_room_for_piece(&self, bytes: usize) -> bool {
        self.lock().bytes + bytes <= self.max_bytes / 2
    }

    pub(crate) fn put(&self, parcel: Parcel) -> bool {
        let weight = parcel.weight();
        let mut inner = self.lock();
        if inner.end.is_some() {
            return false;
        }
        if weight > 0 {
            let fits = inner.weighty < self.max_frames && inner.bytes + weight <= self.max_bytes;
            let more = charge(inner.bytes + weight) - charge(inner.bytes);
            if !fits || !self.memory.reserve(more) {
                self.close(inner, CloseCode::Slow);
                return false;
            }
            inner.weighty += 1;
            inner.bytes += weight;
        }
        inner.queue.push_back(parcel);
        drop(inner);
        self.call();
        true
    }

    /// Hands the tunnel's sending half to the outlet.
    pub(crate) fn install(&self, sealer: Sealer) {
        self.lock().sealer = Some(Box::new(sealer));
    }

    /// Ends the connection with `code`; what waits is still written, except for a member that reads too slowly. Only
    /// the first call counts.
    pub(crate) fn end(&self, code: CloseCode) {
        let inner = self.lock();
        if inner.end.is_none() {
            self.close(inner, code);
        }
    }

    /// Ends the connection with `code` after one last frame. What waits is forgotten instead of written.
    pub(crate) fn conclude(&self, last: Bytes, code: CloseCode) {
        let mut inner = self.lock();
        if inner.end.is_some() {
            return;
        }
        let before = charge(inner.bytes);
        inner
            .queue
            .retain(|parcel| !matches!(parcel, Parcel::Frame { .. }));
        inner.queue.push_back(Parcel::Frame {
            bytes: last,
            replayed: false,
        });
        // One frame in place of any number may be a little more, and is never refused: it is the last.
        inner.weighty = inner
            .queue
            .iter()
            .filter(|parcel| parcel.weight() > 0)
            .count();
        inner.bytes = inner.queue.iter().map(Parcel::weight).sum();
        let after = charge(inner.bytes);
        self.memory.release(before.saturating_sub(after));
        self.memory.exceed(after.saturating_sub(before));
        self.close(inner, code);
    }

    fn close(&self, mut inner: MutexGuard<'_, Inner>, code: CloseCode) {
        inner.end = Some(code);
        if code == CloseCode::Slow {
            inner.queue = Queue::default();
            self.memory.release(charge(inner.bytes));
            inner.bytes = 0;
            inner.weighty = 0;
        }
        drop(inner);
        self.is_over.store(true, Ordering::Release);
        self.call();
        self.owner.wake();
        self.ended.notify_one();
    }

    /// Waits until somebody ends the connection.
    pub(crate) async fn ending(&self) -> CloseCode {
        loop {
            if let Some(code) = self.lock().end {
                return code;
            }
            self.ended.notified().await;
        }
    }

    /// The reason, once somebody has ended the connection.
    pub(crate) fn ended(&self) -> Option<CloseCode> {
        if !self.is_over.load(Ordering::Acquire) {
            return None;
        }
        self.lock().end
    }

    /// Wakes this waker when the connection is ended or its task has something to do for the outlet.
    pub(crate) fn register(&self, owner: &Waker) {
        self.owner.register(owner);
    }

    /// Takes about `limit` bytes, in order, at least one parcel where there is any.
    pub(crate) fn take(&self, limit: usize) -> Taken {
        let mut inner = self.lock();
        let mut taken = Taken {
            sealer: inner.sealer.take(),
            ..Taken::default()
        };
        if inner.bytes <= limit && inner.weighty == inner.queue.len() {
            // The usual case: everything goes, and an idle mailbox keeps no buffer.
            taken.parcels = std::mem::take(&mut inner.queue);
            self.memory.release(charge(inner.bytes));
            inner.bytes = 0;
            inner.weighty = 0;
        } else {
            let mut size = 0;
            while size < limit {
                let Some(parcel) = inner.queue.pop_front() else {
                    break;
                };
                let weight = parcel.weight();
                if weight > 0 {
                    inner.weighty -= 1;
                    let before = charge(inner.bytes);
                    inner.bytes -= weight;
                    self.memory.release(before - charge(inner.bytes));
                }
                size += match &parcel {
                    Parcel::Frame { bytes, .. } => bytes.len(),
                    _ => weight,
                };
                taken.parcels.push_back(parcel);
            }
        }
        taken.more = !inner.queue.is_empty();
        if !taken.more {
            taken.close = inner.end;
        }
        taken
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let bytes = self.lock().bytes;
        self.memory.release(charge(bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(frames: usize, bytes: usize, memory: &Arc<Budget>) -> Arc<Mailbox> {
        let limits = Limits {
            mailbox_frames: frames,
            mailbox_bytes: bytes,
            ..Limits::default()
        };
        Mailbox::new(&limits, Arc::clone(memory))
    }

    fn letter(length: usize) -> Bytes {
        vec![7; length].into()
    }

    #[test]
    fn an_overflow_ends_the_connection_and_frees_what_waited() {
        let memory = Budget::new(10_000);
        let full = mailbox(2, 10_000, &memory);
        assert!(full.send(letter(FREE)));
        assert!(full.send(letter(6)));
        assert_eq!(memory.used(), 6);
        assert!(!full.send(letter(1)));
        assert_eq!(memory.used(), 0);
        let taken = full.take(10_000);
        assert!(taken.parcels.is_empty());
        assert_eq!(taken.close, Some(CloseCode::Slow));
        assert!(!full.send(letter(1)));
    }

    #[test]
    fn bytes_are_bounded_and_so_is_the_memory_of_all() {
        let memory = Budget::new(15);
        let (first, second) = (
            mailbox(9, FREE + 10, &memory),
            mailbox(9, FREE + 10, &memory),
        );
        assert!(!mailbox(9, 10, &memory).send(letter(11)));
        assert!(first.send(letter(FREE + 10)));
        assert!(second.send(letter(FREE)));
        assert!(!second.send(letter(10)));
        assert_eq!(second.take(10).close, Some(CloseCode::Slow));
        drop(first);
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn what_waits_is_taken_in_order_and_in_portions() {
        let memory = Budget::new(1 << 20);
        let mailbox = mailbox(100, 1 << 20, &memory);
        for _ in 0..5 {
            mailbox.send(letter(FREE));
        }
        mailbox.end(CloseCode::Normal);
        assert_eq!(memory.used(), 4 * FREE);
        let taken = mailbox.take(2 * FREE + 1);
        assert_eq!((taken.parcels.len(), taken.close), (3, None));
        assert_eq!(memory.used(), FREE);
        let taken = mailbox.take(2 * FREE + 1);
        assert_eq!(
            (taken.parcels.len(), taken.close),
            (2, Some(CloseCode::Normal))
        );
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn a_conclusion_is_all_that_is_written() {
        let memory = Budget::new(1 << 20);
        let mailbox = mailbox(100, 1 << 20, &memory);
        mailbox.put(Parcel::Record(letter(5)));
        mailbox.send(letter(2 * FREE));
        mailbox.replay(letter(9));
        mailbox.conclude(letter(7), CloseCode::Purged);
        assert_eq!(memory.used(), 0);
        assert!(!mailbox.send(letter(1)));
        let taken = mailbox.take(1 << 20);
        let lengths: Vec<usize> = taken.parcels.iter().map(Parcel::weight).collect();
        assert_eq!(
            (lengths, taken.close),
            (vec![5, 7], Some(CloseCode::Purged))
        );
        // Even where the memory of all is used up.
        let memory = Budget::new(0);
        let other = self::mailbox(1, 10, &memory);
        other.conclude(letter(FREE + 20), CloseCode::Purged);
        assert_eq!(memory.used(), 20);
        assert_eq!(other.take(1 << 20).parcels.len(), 1);
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn a_replay_may_be_larger_than_the_mailbox() {
        let memory = Budget::new(0);
        let mailbox = mailbox(1, 10, &memory);
        for _ in 0..50 {
            assert!(mailbox.replay(letter(10)));
        }
        assert!(mailbox.send(letter(4)));
        let taken = mailbox.take(100);
        assert_eq!(taken.parcels.len(), 10);
        assert!(mailbox.is_replaying());
        mailbox.take(400);
        assert!(!mailbox.is_replaying());
    }
}

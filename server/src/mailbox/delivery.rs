//! How a mailbox is emptied into its connection's outlet. Anybody who has filled it may do that, on any thread; two never
//! do it at once, and nobody waits for the other: whoever is at it looks again before leaving.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use super::Mailbox;
use crate::flusher;
use crate::outlet::{Outlet, PORTION, State};

/// Says that no write is waiting.
const FLOWING: u64 = u64::MAX;

/// The outlet and what is known of it without asking.
#[derive(Debug)]
pub(super) struct Delivery {
    outlet: Mutex<Option<Outlet>>,
    state: AtomicU8,
    /// Since when the socket has taken nothing of what waits for it, in milliseconds of the relay's clock.
    stalled_since: AtomicU64,
    /// Somebody is going to empty this mailbox.
    is_noted: AtomicBool,
    /// Somebody came to empty it while another was at it.
    was_missed: AtomicBool,
    /// The connection's task is to do it, or to look at the time.
    has_called: AtomicBool,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            outlet: Mutex::new(None),
            state: AtomicU8::new(State::Idle as u8),
            stalled_since: AtomicU64::new(FLOWING),
            is_noted: AtomicBool::new(false),
            was_missed: AtomicBool::new(false),
            has_called: AtomicBool::new(false),
        }
    }
}

impl Mailbox {
    /// Where everything goes from now on.
    pub(crate) fn attach(&self, outlet: Outlet) {
        *self.outlet() = Some(outlet);
    }

    /// Lets go of the socket. What still waits is never written.
    pub(crate) fn detach(&self) {
        *self.outlet() = None;
        self.set_state(State::Finished);
    }

    fn outlet(&self) -> MutexGuard<'_, Option<Outlet>> {
        let outlet = self.delivery.outlet.lock();
        outlet.unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, state: State) {
        self.delivery.state.store(state as u8, Ordering::Release);
    }

    /// How far the outlet has got.
    pub(crate) fn outlet_state(&self) -> State {
        State::from_byte(self.delivery.state.load(Ordering::Acquire))
    }

    /// Since when a write has been waiting for the other end, if one is.
    pub(crate) fn stalled_since(&self) -> Option<Duration> {
        match self.delivery.stalled_since.load(Ordering::Relaxed) {
            FLOWING => None,
            milliseconds => Some(Duration::from_millis(milliseconds)),
        }
    }

    /// Sees to it that what was just put in is written soon.
    pub(super) fn call(&self) {
        if self.delivery.is_noted.swap(true, Ordering::AcqRel) {
            return;
        }
        let noted = self.me.upgrade().is_some_and(flusher::note);
        if !noted {
            self.call_owner();
        }
    }

    fn call_owner(&self) {
        self.delivery.has_called.store(true, Ordering::Release);
        self.owner.wake();
    }

    /// Whether the connection's task was called since the last time.
    pub(crate) fn has_called(&self) -> bool {
        self.delivery.has_called.swap(false, Ordering::AcqRel)
    }

    fn try_outlet(&self) -> Option<MutexGuard<'_, Option<Outlet>>> {
        match self.delivery.outlet.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Writes what waits, as far as the socket takes it.
    pub(crate) fn flush(&self) {
        self.delivery.is_noted.swap(false, Ordering::AcqRel);
        loop {
            let Some(mut guard) = self.try_outlet() else {
                // Whoever is at it will look after leaving, or has left before this note and the place is free.
                self.delivery.was_missed.store(true, Ordering::SeqCst);
                match self.try_outlet() {
                    None => return,
                    Some(_) => continue,
                }
            };
            let Some(outlet) = guard.as_mut() else {
                return;
            };
            let moved = outlet.write(|| self.take(PORTION));
            self.note_progress(outlet, moved);
            drop(guard);
            if !self.delivery.was_missed.load(Ordering::SeqCst)
                || !self.delivery.was_missed.swap(false, Ordering::SeqCst)
            {
                return;
            }
        }
    }

    fn note_progress(&self, outlet: &Outlet, moved: bool) {
        let state = outlet.state();
        let stalled_since = &self.delivery.stalled_since;
        self.set_state(state);
        if state != State::Blocked {
            stalled_since.store(FLOWING, Ordering::Relaxed);
            if state == State::Finished {
                // The connection's task may wait for this, and it may be another thread that wrote the last of it.
                self.owner.wake();
            }
            return;
        }
        let is_new = stalled_since.load(Ordering::Relaxed) == FLOWING;
        if is_new || moved {
            let now = u64::try_from(outlet.now().as_millis()).unwrap_or(FLOWING - 1);
            stalled_since.store(now, Ordering::Relaxed);
        }
        if is_new {
            // It waits for the socket to have room again, and cuts the connection if that takes too long.
            self.call_owner();
        }
    }
}

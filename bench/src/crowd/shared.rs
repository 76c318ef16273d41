//! What the members of a crowd have in common: who has got how much, and who still reads.

use std::cell::{Cell, RefCell};

use tokio::sync::Notify;

use super::times::Times;
use crate::member::Heard;

/// See the module's description.
pub(super) struct Shared {
    /// Deliveries by member.
    pub(super) received: RefCell<Vec<u64>>,
    /// What each member published itself, which the others get.
    pub(super) published: RefCell<Vec<u64>>,
    pub(super) times: RefCell<Times>,
    /// Deliveries to anybody.
    pub(super) heard: Cell<u64>,
    pub(super) progress: Notify,
    /// By member, as cheap to look at whatever has happened to somebody.
    pub(super) reading: RefCell<Vec<Reading>>,
    pub(super) released: Notify,
    pub(super) failure: RefCell<Option<String>>,
    pub(super) scratch: RefCell<Vec<u8>>,
}

/// What a member does with what arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Goes,
    Stalls,
    /// The server has ended the connection with this code.
    Ended(u16),
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            received: RefCell::default(),
            published: RefCell::default(),
            times: RefCell::default(),
            heard: Cell::new(0),
            progress: Notify::new(),
            reading: RefCell::default(),
            released: Notify::new(),
            failure: RefCell::default(),
            scratch: RefCell::new(vec![0; 256 * 1024]),
        }
    }

    pub(super) fn note(&self, (room, index): (usize, usize), heard: &Heard) {
        let mut received = self.received.borrow_mut();
        let Some(received) = received.get_mut(index) else {
            return;
        };
        let count = match heard {
            Heard::Delivery(tail) => {
                self.times.borrow_mut().arrived(tail);
                1
            }
            Heard::Deliveries(count) => {
                let count = *count as u64;
                let mut times = self.times.borrow_mut();
                times.arrived_unread(room, *received, count);
                count
            }
            Heard::Ended(code) => {
                if !matches!(self.reading(index), Reading::Ended(_)) {
                    self.set_reading(index, Reading::Ended(*code));
                }
                0
            }
        };
        self.heard.set(self.heard.get() + count);
        *received += count;
    }

    pub(super) fn reading(&self, index: usize) -> Reading {
        let reading = self.reading.borrow();
        reading.get(index).copied().unwrap_or(Reading::Goes)
    }

    pub(super) fn set_reading(&self, index: usize, now: Reading) {
        if let Some(reading) = self.reading.borrow_mut().get_mut(index) {
            *reading = now;
        }
    }

    pub(super) fn is_reading(&self, index: usize) -> bool {
        self.reading(index) == Reading::Goes
    }
}

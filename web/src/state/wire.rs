//! What went over the wire, byte for byte: the server's-eye view.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// How many records are kept.
pub const WIRE_KEPT: usize = 48;

/// Which way a record went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From this browser to the relay.
    Sent,
    /// From the relay to this browser.
    Received,
}

/// One WebSocket message and what the relay finds in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRecord {
    /// Counts from 1.
    pub number: u64,
    /// When (wall clock).
    pub at: Duration,
    /// Which way.
    pub direction: Direction,
    /// How many bytes went over the socket.
    pub length: usize,
    /// The exact bytes on the socket: what anybody on the network sees. Of pieces of files only the beginning.
    pub record: Rc<[u8]>,
    /// What the relay sees after it has opened its tunnel.
    pub frames: Vec<FrameSeen>,
}

/// One frame inside a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameSeen {
    /// What kind of frame, in the protocol's own word ("Publish").
    pub label: &'static str,
    /// How many bytes the frame has.
    pub length: usize,
    /// The frame's bytes as the relay reads them, an envelope included; of a piece of a file only the beginning.
    pub bytes: Rc<[u8]>,
    /// It carries an envelope: sealed content that only members can open.
    pub has_envelope: bool,
}

/// The last [`WIRE_KEPT`] records and the totals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    records: VecDeque<Rc<WireRecord>>,
    count: u64,
    bytes_sent: u64,
    bytes_received: u64,
}

impl Wire {
    /// The records kept, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Rc<WireRecord>> {
        self.records.iter().rev()
    }

    /// How many records there have been.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Bytes sent and received so far.
    pub fn totals(&self) -> (u64, u64) {
        (self.bytes_sent, self.bytes_received)
    }

    pub(super) fn push(&mut self, mut record: WireRecord) {
        self.count += 1;
        record.number = self.count;
        let bytes = record.length as u64;
        match record.direction {
            Direction::Sent => self.bytes_sent += bytes,
            Direction::Received => self.bytes_received += bytes,
        }
        if self.records.len() == WIRE_KEPT {
            self.records.pop_front();
        }
        self.records.push_back(Rc::new(record));
    }
}

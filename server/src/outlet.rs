//! The outgoing half of a connection: what waits in the mailbox becomes one tunnel record, framed for WebSocket, and
//! goes to the socket in one write, from whichever thread has just filled the mailbox. While nothing waits, no buffer is
//! held.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crypto::wire::frame::DELIVERED_HEAD;
use crypto::wire::record::{FRAME_PREFIX, has_room, push};
use crypto::wire::{CloseCode, MAX_RECORD};

use crate::clock::Clock;
use crate::listen::Stream;
use crate::mailbox::{Parcel, Taken};
use crate::metrics::Metrics;
use crate::tunnel::{Sealer, TAG};

const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// A rest that is shorter than this is joined to what comes next.
const HEAD: usize = 512;

thread_local! {
    /// Where records are put together. Nothing readable stays in it: sealing happens in place.
    static DESK: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Outlet {
    socket: Arc<Stream>,
    clock: Clock,
    metrics: Arc<Metrics>,
    sealer: Option<Box<Sealer>>,
    /// What the socket had no room for.
    rest: Vec<u8>,
    written: usize,
    closing: bool,
    state: State,
}

/// How far an outlet has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Everything is written.
    Idle,
    /// The socket takes no more for now.
    Blocked,
    /// Nothing will be written any more: the end has been said, or the other side is gone.
    Finished,
}

impl State {
    /// Undoes `as u8`.
    pub(crate) fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Idle,
            1 => Self::Blocked,
            _ => Self::Finished,
        }
    }
}

impl Outlet {
    /// An outlet that begins with `head`.
    pub(crate) fn new(
        socket: Arc<Stream>,
        clock: Clock,
        metrics: Arc<Metrics>,
        head: Vec<u8>,
    ) -> Self {
        Self {
            socket,
            clock,
            metrics,
            sealer: None,
            rest: head,
            written: 0,
            closing: false,
            state: State::Blocked,
        }
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    pub(crate) fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Writes what `take` gives until there is no more or the socket is full. The answer says whether anything moved.
    pub(crate) fn write(&mut self, mut take: impl FnMut() -> Taken) -> bool {
        if self.state == State::Blocked && self.written == 0 && self.rest.len() < HEAD {
            // The answer to the request goes out with what follows it.
            let mut rest = std::mem::take(&mut self.rest);
            self.pack(take(), &mut rest);
            self.rest = rest;
        }
        let mut moved = self.write_rest();
        while self.state == State::Idle {
            let taken = take();
            let is_last = !taken.more;
            DESK.with_borrow_mut(|desk| {
                desk.clear();
                self.pack(taken, desk);
                moved |= self.write_new(desk);
            });
            if is_last {
                break;
            }
        }
        moved
    }

    fn write_rest(&mut self) -> bool {
        let mut moved = false;
        while self.state == State::Blocked {
            let rest = self.rest.get(self.written..).unwrap_or_default();
            if rest.is_empty() {
                self.rest = Vec::new();
                self.written = 0;
                self.settle();
                break;
            }
            match self.socket.try_write(rest) {
                Ok(written) => {
                    self.written += written;
                    moved |= written > 0;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => self.state = State::Finished,
            }
        }
        moved
    }

    fn write_new(&mut self, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return false;
        }
        let written = match self.socket.write_unasked(bytes) {
            Ok(written) => written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(_) => {
                self.state = State::Finished;
                return false;
            }
        };
        match bytes.get(written..) {
            None | Some([]) => self.settle(),
            Some(rest) => {
                self.rest = rest.to_vec();
                self.state = State::Blocked;
            }
        }
        written > 0
    }

    fn settle(&mut self) {
        self.state = if self.closing {
            State::Finished
        } else {
            State::Idle
        };
    }

    /// Packs parcels into WebSocket messages, back to back.
    fn pack(&mut self, taken: Taken, output: &mut Vec<u8>) {
        if taken.sealer.is_some() {
            self.sealer = taken.sealer;
        }
        let mut parcels = taken.parcels;
        while let Some(first) = parcels.pop_front() {
            match first {
                Parcel::Frame { bytes, replayed } => {
                    let mut length = FRAME_PREFIX + bytes.len();
                    let mut neighbours = 0;
                    for parcel in parcels.iter() {
                        let Parcel::Frame { bytes, .. } = parcel else {
                            break;
                        };
                        if !has_room(length, bytes.len()) {
                            break;
                        }
                        length += FRAME_PREFIX + bytes.len();
                        neighbours += 1;
                    }
                    self.record(output, length, |record| {
                        push_frame(record, &bytes, replayed);
                        for _ in 0..neighbours {
                            if let Some(Parcel::Frame { bytes, replayed }) = parcels.pop_front() {
                                push_frame(record, &bytes, replayed);
                            }
                        }
                    });
                }
                Parcel::Record(bytes) => {
                    self.record(output, bytes.len(), |record| {
                        record.extend_from_slice(&bytes);
                    });
                }
                Parcel::Clear(bytes) => message(output, BINARY, &bytes),
                Parcel::Ping => message(output, PING, &[]),
                Parcel::Pong(bytes) => message(output, PONG, &bytes),
            }
        }
        if let Some(code) = taken.close {
            close(output, code);
            self.closing = true;
        }
    }

    /// Appends one sealed record of `length` plaintext bytes, which `fill` appends.
    fn record(&mut self, output: &mut Vec<u8>, length: usize, fill: impl FnOnce(&mut Vec<u8>)) {
        // Nothing is put into the mailbox for a record before its key.
        let Some(sealer) = &mut self.sealer else {
            return;
        };
        output.reserve(length + TAG + 10);
        header(output, BINARY, length + TAG);
        let start = output.len();
        fill(output);
        sealer.seal(output, start);
        self.metrics.records_out.one();
    }
}

/// Appends a frame to a record's plaintext; a delivery that is replayed gets its mark.
fn push_frame(record: &mut Vec<u8>, frame: &Bytes, replayed: bool) {
    let start = record.len() + FRAME_PREFIX;
    push(record, frame, &[]);
    if replayed && let Some(mark) = record.get_mut(start + DELIVERED_HEAD - 1) {
        *mark = 1;
    }
}

/// Appends the header of an unmasked, unfragmented WebSocket frame (RFC 6455 §5.2).
fn header(output: &mut Vec<u8>, opcode: u8, length: usize) {
    output.push(0x80 | opcode);
    if let Ok(short) = u8::try_from(length)
        && short < 126
    {
        output.push(short);
    } else if let Ok(medium) = u16::try_from(length) {
        output.push(126);
        output.extend_from_slice(&medium.to_be_bytes());
    } else {
        output.push(127);
        output.extend_from_slice(&(length as u64).to_be_bytes());
    }
}

fn message(output: &mut Vec<u8>, opcode: u8, content: &[u8]) {
    header(output, opcode, content.len());
    output.extend_from_slice(content);
}

fn close(output: &mut Vec<u8>, code: CloseCode) {
    message(output, CLOSE, &code.as_u16().to_be_bytes());
}

/// How much one look into the mailbox takes out.
pub(crate) const PORTION: usize = MAX_RECORD;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_use_the_shortest_length() {
        for (length, expected) in [
            (125, vec![0x82, 125]),
            (126, vec![0x82, 126, 0, 126]),
            (0xffff, vec![0x82, 126, 0xff, 0xff]),
            (0x1_0000, vec![0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let mut output = Vec::new();
            header(&mut output, BINARY, length);
            assert_eq!(output, expected);
        }
    }

    #[test]
    fn a_replayed_delivery_differs_by_its_mark_alone() {
        use crypto::wire::{MemberId, Seq, delivered_head};
        let (seq, from) = (Seq(7), MemberId([1; 16]));
        let mut record = Vec::new();
        let frame = Bytes::copy_from_slice(&delivered_head(seq, from, false));
        push_frame(&mut record, &frame, true);
        assert_eq!(record[FRAME_PREFIX..], delivered_head(seq, from, true));
    }
}

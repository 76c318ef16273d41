//! The outgoing half of a connection: the body of the upgrade response. Whenever the socket has room it empties the
//! mailbox into one tunnel record, already framed for WebSocket, which goes out in one write. While nothing waits it
//! holds no buffer.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use crypto::wire::frame::DELIVERED_HEAD;
use crypto::wire::record::{FRAME_PREFIX, has_room, push};
use crypto::wire::{CloseCode, MAX_RECORD};

use crate::mailbox::{Mailbox, Parcel};
use crate::metrics::Metrics;
use crate::tunnel::{Sealer, TAG};

const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// See the module's description.
pub(crate) struct Writer {
    mailbox: Arc<Mailbox>,
    metrics: Arc<Metrics>,
    sealer: Option<Box<Sealer>>,
    finished: bool,
    /// The body that this one replaces. Never read, but the incoming stream ends when it is dropped.
    _tie: BoxBody,
}

impl Writer {
    pub(crate) fn new(mailbox: Arc<Mailbox>, metrics: Arc<Metrics>, tie: BoxBody) -> Self {
        Self {
            mailbox,
            metrics,
            sealer: None,
            finished: false,
            _tie: tie,
        }
    }

    /// Packs parcels into WebSocket messages, back to back.
    fn pack(&mut self, parcels: impl IntoIterator<Item = Parcel>, output: &mut Vec<u8>) {
        let mut parcels = parcels.into_iter().peekable();
        while let Some(parcel) = parcels.next() {
            match parcel {
                Parcel::Frame { bytes, replayed } => {
                    let mut frames = vec![(bytes, replayed)];
                    let mut length = FRAME_PREFIX + frames.first().map_or(0, |f| f.0.len());
                    while let Some(Parcel::Frame { bytes, .. }) = parcels.peek() {
                        if !has_room(length, bytes.len()) {
                            break;
                        }
                        length += FRAME_PREFIX + bytes.len();
                        if let Some(Parcel::Frame { bytes, replayed }) = parcels.next() {
                            frames.push((bytes, replayed));
                        }
                    }
                    self.record(output, length, |record| {
                        for (bytes, replayed) in &frames {
                            push_frame(record, bytes, *replayed);
                        }
                    });
                }
                Parcel::Record(bytes) => {
                    self.record(output, bytes.len(), |record| {
                        record.extend_from_slice(&bytes)
                    });
                }
                Parcel::Clear(bytes) => message(output, BINARY, &bytes),
                Parcel::Ping => message(output, PING, &[]),
                Parcel::Pong(bytes) => message(output, PONG, &bytes),
            }
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
fn push_frame(record: &mut Vec<u8>, frame: &[u8], replayed: bool) {
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

impl MessageBody for Writer {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        if self.finished {
            return Poll::Ready(None);
        }
        // Before looking, so that nothing put in meanwhile goes unnoticed.
        self.mailbox.register(context.waker());
        let taken = self.mailbox.take(MAX_RECORD);
        if taken.sealer.is_some() {
            self.sealer = taken.sealer;
        }
        let mut output = Vec::new();
        self.pack(taken.parcels, &mut output);
        if let Some(code) = taken.close {
            close(&mut output, code);
            self.finished = true;
        }
        if output.is_empty() {
            return Poll::Pending;
        }
        Poll::Ready(Some(Ok(output.into())))
    }
}

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
        push_frame(&mut record, &delivered_head(seq, from, false), true);
        assert_eq!(record[FRAME_PREFIX..], delivered_head(seq, from, true));
    }
}

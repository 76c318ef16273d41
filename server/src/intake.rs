//! A look at incoming WebSocket frames before anything collects them. The decoder behind it waits for a whole frame
//! before it finds it too long; here the announced length decides, so nobody can make the relay hold more than a message.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::Stream;

/// RFC 6455 §5.2: a frame's head with the longest length and a mask.
const LONGEST_HEAD: usize = 14;

/// What the socket decides about its intake and learns from it.
#[derive(Debug)]
pub(crate) struct Measure {
    /// The longest message, in bytes.
    limit: AtomicU64,
    exceeded: AtomicBool,
}

impl Measure {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit: AtomicU64::new(limit as u64),
            exceeded: AtomicBool::new(false),
        })
    }

    /// Allows longer messages from now on.
    pub(crate) fn widen(&self, limit: usize) {
        self.limit.store(limit as u64, Ordering::Relaxed);
    }

    /// Whether the intake ended because of a message that was too long.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Relaxed)
    }
}

/// The bytes from a client; they end where a frame announces too much.
pub(crate) struct Intake {
    payload: Payload,
    frames: Frames,
    measure: Arc<Measure>,
}

impl Intake {
    /// Puts the measure in front of a request's payload.
    pub(crate) fn measured(payload: Payload, measure: Arc<Measure>) -> Payload {
        Payload::Stream {
            payload: Box::pin(Self {
                payload,
                frames: Frames::default(),
                measure,
            }),
        }
    }
}

impl Stream for Intake {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let bytes = match ready!(Pin::new(&mut this.payload).poll_next(context)) {
            Some(Ok(bytes)) => bytes,
            end => return Poll::Ready(end),
        };
        let limit = this.measure.limit.load(Ordering::Relaxed);
        if this.frames.pass(&bytes, limit) {
            return Poll::Ready(Some(Ok(bytes)));
        }
        this.measure.exceeded.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(PayloadError::Overflow)))
    }
}

/// Where in the sequence of frames the stream is.
#[derive(Debug, Default)]
struct Frames {
    head: [u8; LONGEST_HEAD],
    /// Bytes of the next head that have arrived.
    known: usize,
    /// Bytes of the current frame's content that are still to come.
    content: u64,
    /// Bytes of the current message in the frames so far.
    message: u64,
}

impl Frames {
    /// Follows the stream through `bytes`. `false` means that a message is longer than `limit`.
    fn pass(&mut self, mut bytes: &[u8], limit: u64) -> bool {
        loop {
            let skipped = usize::try_from(self.content).map_or(bytes.len(), |n| n.min(bytes.len()));
            self.content -= skipped as u64;
            bytes = bytes.get(skipped..).unwrap_or_default();
            let Some((byte, rest)) = bytes.split_first() else {
                return true;
            };
            bytes = rest;
            if let Some(slot) = self.head.get_mut(self.known) {
                *slot = *byte;
            }
            self.known += 1;
            if let Some(length) = self.complete_head() {
                self.known = 0;
                self.content = length;
                let [first, ..] = self.head;
                let is_control = first & 0x08 != 0;
                let total = if is_control {
                    length
                } else {
                    self.message = self.message.saturating_add(length);
                    self.message
                };
                if total > limit {
                    return false;
                }
                if !is_control && first & 0x80 != 0 {
                    self.message = 0;
                }
            }
        }
    }

    /// The announced length, once the head is all there.
    fn complete_head(&self) -> Option<u64> {
        let head = self.head.get(..self.known)?;
        let [_, second, rest @ ..] = head else {
            return None;
        };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let (size, length) = match second & 0x7f {
            126 => (
                2,
                rest.first_chunk()
                    .map(|bytes| u64::from(u16::from_be_bytes(*bytes))),
            ),
            127 => (
                8,
                rest.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)),
            ),
            short => (0, Some(u64::from(short))),
        };
        length.filter(|_| rest.len() == size + mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(first: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![first];
        match length {
            0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            126..0x1_0000 => {
                bytes.push(0x80 | 126);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 127);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        // Masked with ones, so that content looks like heads.
        bytes.extend(vec![0xff; 4 + length]);
        bytes
    }

    #[test]
    fn messages_within_the_limit_pass_however_they_are_cut() {
        let stream: Vec<u8> = [0, 1, 125, 126, 300, 70_000]
            .into_iter()
            .flat_map(|length| frame(0x82, length))
            .collect();
        for piece in [1, 2, 3, 7, 1000, stream.len()] {
            let mut frames = Frames::default();
            assert!(stream.chunks(piece).all(|bytes| frames.pass(bytes, 70_000)));
            assert_eq!((frames.known, frames.content), (0, 0));
        }
    }

    #[test]
    fn the_announcement_alone_is_enough() {
        let long = frame(0x82, 601);
        assert!(Frames::default().pass(&long[..7], 600));
        assert!(!Frames::default().pass(&long[..8], 600));
    }

    #[test]
    fn the_pieces_of_a_message_are_added_up_and_pings_between_them_are_not() {
        let mut frames = Frames::default();
        assert!(frames.pass(&frame(0x02, 400), 600));
        assert!(frames.pass(&frame(0x89, 100), 600));
        assert!(frames.pass(&frame(0x00, 200), 600));
        assert!(!frames.pass(&frame(0x80, 1), 600));
        let mut frames = Frames::default();
        assert!(frames.pass(&frame(0x02, 400), 600));
        assert!(frames.pass(&frame(0x80, 200), 600));
        assert!(frames.pass(&frame(0x82, 600), 600));
    }

    #[test]
    fn an_absurd_length_does_not_wrap_around() {
        let mut frames = Frames::default();
        assert!(frames.pass(&frame(0x02, 10), 600));
        let mut absurd = vec![0x80, 0xff];
        absurd.extend([0xff; 12]);
        assert!(!frames.pass(&absurd, 600));
    }
}

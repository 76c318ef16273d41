//! The plaintext of a tunnel record: one or more frames.
//!
//! ```text
//! record plaintext = ( length u32 ‖ frame ){1,}
//! ```

use super::codec::{DecodeError, Reader};
use alloc::vec::Vec;

/// The longest envelope, in bytes.
pub const MAX_ENVELOPE: usize = 64 * 1024;

/// The longest frame, in bytes: an envelope and what a frame adds to it.
pub const MAX_FRAME: usize = MAX_ENVELOPE + 64;

/// The longest record plaintext, in bytes. One record is one WebSocket binary message.
pub const MAX_RECORD: usize = 256 * 1024;

/// Bytes in front of every frame of a record.
pub const FRAME_PREFIX: usize = 4;

/// Whether a record of `record` bytes has room for one more frame of `frame` bytes.
pub fn has_room(record: usize, frame: usize) -> bool {
    frame <= MAX_FRAME && record.saturating_add(FRAME_PREFIX).saturating_add(frame) <= MAX_RECORD
}

/// Appends one frame to a record. The frame may come in two pieces, so that a relay can put its own head before an
/// envelope that many members share.
pub fn push(record: &mut Vec<u8>, head: &[u8], tail: &[u8]) {
    let length = u32::try_from(head.len().saturating_add(tail.len())).unwrap_or(u32::MAX);
    record.extend_from_slice(&length.to_be_bytes());
    record.extend_from_slice(head);
    record.extend_from_slice(tail);
}

/// One record of all `frames`. The caller keeps the sum within [`MAX_RECORD`], see [`has_room`].
pub fn pack<F: AsRef<[u8]>>(frames: impl IntoIterator<Item = F>) -> Vec<u8> {
    let mut record = Vec::new();
    for frame in frames {
        push(&mut record, frame.as_ref(), &[]);
    }
    record
}

/// The frames of a record, in order. After an error the iterator ends.
pub fn split(record: &[u8]) -> Split<'_> {
    let failed = if record.is_empty() {
        Some(DecodeError::Truncated)
    } else if record.len() > MAX_RECORD {
        Some(DecodeError::Invalid("record length"))
    } else {
        None
    };
    Split {
        reader: Reader::new(record),
        failed,
    }
}

/// See [`split`].
#[derive(Clone, Debug)]
pub struct Split<'a> {
    reader: Reader<'a>,
    failed: Option<DecodeError>,
}

impl<'a> Split<'a> {
    fn step(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = usize::try_from(self.reader.u32()?)
            .map_err(|_| DecodeError::Invalid("frame length"))?;
        if length == 0 || length > MAX_FRAME {
            return Err(DecodeError::Invalid("frame length"));
        }
        self.reader.take(length)
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = Result<&'a [u8], DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            self.reader.rest();
            return Some(Err(error));
        }
        if self.reader.remaining() == 0 {
            return None;
        }
        let step = self.step();
        if step.is_err() {
            self.reader.rest();
        }
        Some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn frames(record: &[u8]) -> Result<Vec<&[u8]>, DecodeError> {
        split(record).collect()
    }

    #[test]
    fn frames_come_back_in_order() {
        let record = pack([&b"one"[..], b"two", b"three"]);
        assert_eq!(frames(&record).unwrap(), [&b"one"[..], b"two", b"three"]);
    }

    #[test]
    fn a_frame_in_two_pieces_is_one_frame() {
        let mut record = Vec::new();
        push(&mut record, b"he", b"ad");
        assert_eq!(record, pack([b"head"]));
    }

    #[test]
    fn an_empty_record_is_refused() {
        assert_eq!(frames(&[]), Err(DecodeError::Truncated));
    }

    #[test]
    fn a_cut_record_is_refused_and_iteration_ends() {
        let mut record = pack([b"one", b"two"]);
        record.pop();
        let mut iterator = split(&record);
        assert_eq!(iterator.next(), Some(Ok(&b"one"[..])));
        assert_eq!(iterator.next(), Some(Err(DecodeError::Truncated)));
        assert_eq!(iterator.next(), None);
    }

    #[test]
    fn empty_and_oversized_frames_are_refused() {
        assert_eq!(
            frames(&[0, 0, 0, 0]),
            Err(DecodeError::Invalid("frame length"))
        );
        let mut huge = vec![0; MAX_FRAME + 5];
        huge[..4].copy_from_slice(&u32::try_from(MAX_FRAME + 1).unwrap().to_be_bytes());
        assert_eq!(frames(&huge), Err(DecodeError::Invalid("frame length")));
        assert_eq!(
            frames(&vec![0; MAX_RECORD + 1]),
            Err(DecodeError::Invalid("record length"))
        );
    }

    #[test]
    fn room_in_a_record_counts_the_prefix() {
        assert!(has_room(MAX_RECORD - 14, 10));
        assert!(!has_room(MAX_RECORD - 13, 10));
        assert!(!has_room(0, MAX_FRAME + 1));
    }
}

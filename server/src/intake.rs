//! The incoming half of a connection: WebSocket frames (RFC 6455 §5) in a stream of bytes. The announced length decides
//! before the content is there, so nobody can make the relay hold more than a message; and content that is there whole is
//! handed on where it lies.

use crypto::wire::CloseCode;

use crate::wipe::wipe;

/// RFC 6455 §7.4.1: a frame that breaks the protocol, for example one that claims to be compressed.
pub(crate) const PROTOCOL_ERROR: CloseCode = CloseCode::Other(1002);

/// What a frame says.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// A whole binary message. It may be changed in place.
    Binary(&'a mut [u8]),
    /// A text message or a piece of one, which has no meaning here.
    Text,
    /// A question whether we are there, to be answered with the same content.
    Ping(&'a [u8]),
    /// The answer to such a question.
    Pong,
    /// A farewell.
    Close,
}

/// Where in the sequence of frames the stream is.
#[derive(Debug)]
pub struct Intake {
    /// The longest message, in bytes.
    limit: usize,
    /// A frame of which not everything has arrived.
    partial: Vec<u8>,
    /// A message of which not every frame has arrived.
    pieces: Option<Vec<u8>>,
}

struct Head {
    is_last: bool,
    opcode: u8,
    size: usize,
    mask: [u8; 4],
    length: usize,
}

impl Intake {
    /// A reader of messages of at most `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            partial: Vec::new(),
            pieces: None,
        }
    }

    /// Allows longer messages from now on.
    pub fn widen(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Takes one frame off the front of `bytes`, hands it to `hear` if it completes something, and returns how many
    /// bytes that took. Zero means that the rest has been kept until more arrives.
    ///
    /// # Errors
    /// Where the stream breaks the protocol or announces more than it may, and what `hear` returns: it cannot go on.
    pub fn next(
        &mut self,
        bytes: &mut [u8],
        hear: impl FnOnce(Incoming<'_>) -> Result<(), CloseCode>,
    ) -> Result<usize, CloseCode> {
        if self.partial.is_empty() {
            let Some(head) = self.head(bytes)? else {
                self.partial.extend_from_slice(bytes);
                return Ok(0);
            };
            let end = head.size + head.length;
            return match bytes.get_mut(head.size..end) {
                Some(content) => {
                    self.frame(&head, content, hear)?;
                    Ok(end)
                }
                None => {
                    self.partial.extend_from_slice(bytes);
                    Ok(0)
                }
            };
        }
        let mut used = 0;
        loop {
            let head = self.head(&self.partial)?;
            let wanted = match &head {
                // The head grows byte by byte until it says how long it is.
                None => 1,
                Some(head) => (head.size + head.length).saturating_sub(self.partial.len()),
            };
            if let Some(head) = head.filter(|_| wanted == 0) {
                let mut frame = std::mem::take(&mut self.partial);
                let content = frame.get_mut(head.size..).unwrap_or_default();
                let heard = self.frame(&head, content, hear);
                wipe(&mut frame);
                return heard.map(|()| used);
            }
            let rest = bytes.get(used..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(0);
            }
            let more = rest.get(..wanted).unwrap_or(rest);
            self.partial.extend_from_slice(more);
            used += more.len();
        }
    }

    fn frame(
        &mut self,
        head: &Head,
        content: &mut [u8],
        hear: impl FnOnce(Incoming<'_>) -> Result<(), CloseCode>,
    ) -> Result<(), CloseCode> {
        unmask(content, head.mask);
        match (head.opcode, self.pieces.take()) {
            (0x2, None) if head.is_last => hear(Incoming::Binary(content)),
            (0x2, None) => {
                self.pieces = Some(content.to_vec());
                Ok(())
            }
            (0x0, Some(mut pieces)) => {
                pieces.extend_from_slice(content);
                if head.is_last {
                    return hear(Incoming::Binary(&mut pieces));
                }
                self.pieces = Some(pieces);
                Ok(())
            }
            (0x1, _) => hear(Incoming::Text),
            (0x8..=0xA, pieces) => {
                self.pieces = pieces;
                hear(match head.opcode {
                    0x8 => Incoming::Close,
                    0x9 => Incoming::Ping(content),
                    _ => Incoming::Pong,
                })
            }
            _ => Err(PROTOCOL_ERROR),
        }
    }

    /// The head at the front of `bytes`, once it is all there. Too long a message and what breaks the protocol end here.
    fn head(&self, bytes: &[u8]) -> Result<Option<Head>, CloseCode> {
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        let opcode = first & 0x0f;
        let is_control = opcode & 0x08 != 0;
        let is_last = first & 0x80 != 0;
        // Clients mask, nothing was agreed on that would use the reserved bits, and control frames are short and whole.
        let short = usize::from(second & 0x7f);
        let is_sound = second & 0x80 != 0
            && first & 0x70 == 0
            && matches!(opcode, 0x0..=0x2 | 0x8..=0xA)
            && (!is_control || (is_last && short < 126));
        if !is_sound {
            return Err(PROTOCOL_ERROR);
        }
        let (extra, length) = match short {
            126 => (
                2,
                rest.first_chunk()
                    .map(|n| u64::from(u16::from_be_bytes(*n))),
            ),
            127 => (8, rest.first_chunk().map(|n| u64::from_be_bytes(*n))),
            short => (0, Some(short as u64)),
        };
        let Some(length) = length else {
            return Ok(None);
        };
        let before = match (&self.pieces, is_control) {
            (Some(pieces), false) => pieces.len() as u64,
            _ => 0,
        };
        let length = usize::try_from(length)
            .ok()
            .filter(|_| length.saturating_add(before) <= self.limit as u64)
            .ok_or(CloseCode::TooLarge)?;
        let mask = rest.get(extra..).and_then(|rest| rest.first_chunk());
        Ok(mask.map(|mask| Head {
            is_last,
            opcode,
            size: 2 + extra + mask.len(),
            mask: *mask,
            length,
        }))
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        wipe(&mut self.partial);
    }
}

/// RFC 6455 §5.3, eight bytes at a time.
fn unmask(content: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, tail) = content.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in tail.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod comparison;

#[cfg(test)]
mod tests {
    use super::*;

    const MASK: [u8; 4] = [0xff, 0x01, 0x80, 0x33];

    fn frame(first: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        match content.len() {
            short @ 0..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
            medium @ 126..0x1_0000 => {
                bytes.push(0x80 | 126);
                bytes.extend(u16::try_from(medium).unwrap().to_be_bytes());
            }
            long => {
                bytes.push(0x80 | 127);
                bytes.extend((long as u64).to_be_bytes());
            }
        }
        bytes.extend(MASK);
        let mut masked = content.to_vec();
        unmask(&mut masked, MASK);
        bytes.extend(masked);
        bytes
    }

    fn said(incoming: Incoming<'_>) -> String {
        match incoming {
            Incoming::Binary(content) => {
                assert!(content.iter().all(|byte| *byte == 7));
                format!("binary {}", content.len())
            }
            Incoming::Ping(content) => format!("ping {}", content.len()),
            other => format!("{other:?}").to_lowercase(),
        }
    }

    /// What is heard of a stream that arrives in pieces of this size.
    fn hear(stream: &[u8], piece: usize, limit: usize) -> Result<Vec<String>, CloseCode> {
        let mut intake = Intake::new(limit);
        let mut heard = Vec::new();
        for bytes in stream.chunks(piece) {
            let mut bytes = bytes.to_vec();
            let mut rest = bytes.as_mut_slice();
            loop {
                let used = intake.next(rest, |incoming| {
                    heard.push(said(incoming));
                    Ok(())
                })?;
                if used == 0 || used == rest.len() {
                    break;
                }
                rest = rest.split_at_mut(used).1;
            }
        }
        Ok(heard)
    }

    #[test]
    fn messages_are_heard_however_they_are_cut() {
        let lengths = [0, 1, 125, 126, 300, 70_000];
        let stream: Vec<u8> = lengths
            .into_iter()
            .flat_map(|length| frame(0x82, &vec![7; length]))
            .collect();
        let expected = lengths.map(|length| format!("binary {length}"));
        for piece in [1, 2, 3, 7, 1000, stream.len()] {
            assert_eq!(hear(&stream, piece, 70_000).unwrap(), expected, "{piece}");
        }
    }

    #[test]
    fn the_announcement_alone_is_enough() {
        let long = frame(0x82, &[7; 601]);
        assert_eq!(hear(&long[..3], 3, 600), Ok(vec![]));
        assert_eq!(hear(&long[..4], 4, 600), Err(CloseCode::TooLarge));
        assert_eq!(hear(&long[..4], 1, 600), Err(CloseCode::TooLarge));
    }

    #[test]
    fn the_pieces_of_a_message_are_added_up_and_pings_between_them_are_not() {
        let mut stream = frame(0x02, &[7; 400]);
        stream.extend(frame(0x89, &[7; 100]));
        stream.extend(frame(0x80, &[7; 200]));
        for piece in [1, 1000] {
            let heard = hear(&stream, piece, 600).unwrap();
            assert_eq!(heard, ["ping 100", "binary 600"]);
        }
        stream.truncate(stream.len() - 208);
        stream.extend(frame(0x80, &[7; 201]));
        assert_eq!(hear(&stream, 1000, 600), Err(CloseCode::TooLarge));
    }

    #[test]
    fn an_absurd_length_does_not_wrap_around() {
        let mut stream = frame(0x02, &[7; 10]);
        stream.extend([0x80, 0xff]);
        stream.extend([0xff; 12]);
        assert_eq!(hear(&stream, 100, 600), Err(CloseCode::TooLarge));
    }

    #[test]
    fn what_breaks_the_protocol_ends_the_stream() {
        let unmasked = vec![0x82, 1, 7];
        let reserved = frame(0xC2, &[7]);
        let unknown = frame(0x83, &[7]);
        let torn_ping = frame(0x09, &[]);
        let long_ping = frame(0x89, &[7; 126]);
        let continued = frame(0x80, &[7]);
        let begun_twice = [frame(0x02, &[7]), frame(0x82, &[7])].concat();
        for stream in [
            unmasked,
            reserved,
            unknown,
            torn_ping,
            long_ping,
            continued,
            begun_twice,
        ] {
            assert_eq!(hear(&stream, 1, 600), Err(PROTOCOL_ERROR), "{stream:?}");
            assert_eq!(hear(&stream, 1000, 600), Err(PROTOCOL_ERROR), "{stream:?}");
        }
    }
}

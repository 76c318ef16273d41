//! The same streams for this reader and for another one: what is heard is the same, and so is where it ends.

use std::io::{self, Read, Write};

use proptest::prelude::*;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

use super::{Incoming, Intake};

const LIMIT: usize = 700;

/// What one frame brought.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Heard {
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The reader waits for more.
    Starved,
    /// A farewell, or text, which the relay does not take whatever it says.
    Over,
    /// It is not to go on.
    Broken,
}

/// A frame, sound or not.
#[derive(Clone, Debug)]
struct Frame {
    first: u8,
    is_masked: bool,
    mask: [u8; 4],
    /// How many bytes announce the length, where that is enough for it.
    width: usize,
    /// What is announced in place of the content's length.
    lie: Option<u64>,
    content: Vec<u8>,
}

impl Frame {
    fn bytes(&self) -> Vec<u8> {
        let length = self.lie.unwrap_or(self.content.len() as u64);
        let masked = u8::from(self.is_masked) << 7;
        let mut bytes = vec![self.first];
        match (self.width, u8::try_from(length), u16::try_from(length)) {
            (0, Ok(short @ 0..126), _) => bytes.push(masked | short),
            (0 | 2, _, Ok(medium)) => {
                bytes.push(masked | 126);
                bytes.extend(medium.to_be_bytes());
            }
            _ => {
                bytes.push(masked | 127);
                bytes.extend(length.to_be_bytes());
            }
        }
        if self.is_masked {
            bytes.extend(self.mask);
        }
        let mask = self.mask.iter().cycle();
        let masked = self.content.iter().zip(mask);
        bytes.extend(masked.map(|(byte, mask)| if self.is_masked { byte ^ mask } else { *byte }));
        bytes
    }
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    let bytes = |length| prop::collection::vec(any::<u8>(), length);
    prop_oneof![4 => bytes(0..30usize), 1 => bytes(120..130usize), 1 => bytes(200..900usize)]
}

fn frame() -> impl Strategy<Value = Frame> {
    let first = prop_oneof![
        // Whole messages, and messages in pieces.
        6 => Just(0x82u8), 3 => Just(0x02), 4 => Just(0x00), 4 => Just(0x80),
        2 => Just(0x89), 2 => Just(0x8A), 1 => Just(0x81),
        1 => any::<u8>(),
    ];
    let widths = prop_oneof![8 => Just(0usize), 1 => Just(2), 1 => Just(8)];
    let lies = prop_oneof![40 => Just(None), 1 => any::<u64>().prop_map(Some)];
    let masked = prop::bool::weighted(0.98);
    (first, masked, any::<[u8; 4]>(), widths, lies, content()).prop_map(
        |(first, is_masked, mask, mut width, lie, mut content)| {
            if first & 0x08 != 0 {
                // RFC 6455 §5.5 knows no long form for these. The other reader does.
                width = 0;
            }
            if first & 0x0f == 0x8 {
                // What a farewell says is not read.
                content.clear();
            }
            Frame {
                first,
                is_masked,
                mask,
                width,
                lie,
                content,
            }
        },
    )
}

/// What this reader makes of it, in pieces of these lengths, over and over.
fn ours(stream: &[u8], pieces: &[usize]) -> (Vec<Heard>, End) {
    let mut intake = Intake::new(LIMIT);
    let (mut heard, mut is_over) = (Vec::new(), false);
    let mut stream = stream.to_vec();
    let mut left = stream.as_mut_slice();
    for piece in pieces.iter().cycle() {
        if left.is_empty() {
            break;
        }
        let (mut bytes, rest) = left.split_at_mut((*piece).min(left.len()));
        left = rest;
        while !bytes.is_empty() {
            let used = intake.next(bytes, |incoming| {
                match incoming {
                    Incoming::Binary(content) => heard.push(Heard::Binary(content.to_vec())),
                    Incoming::Ping(content) => heard.push(Heard::Ping(content.to_vec())),
                    Incoming::Pong => heard.push(Heard::Pong),
                    Incoming::Text => is_over = true,
                    Incoming::Close => {
                        heard.push(Heard::Close);
                        is_over = true;
                    }
                }
                Ok(())
            });
            match used {
                Err(_) => return (heard, End::Broken),
                Ok(_) if is_over => return (heard, End::Over),
                Ok(0) => break,
                Ok(used) => bytes = bytes.split_at_mut(used).1,
            }
        }
    }
    (heard, End::Starved)
}

/// A socket from which this can be read, in these pieces, and into which anything can be written.
struct Wire<'a> {
    left: &'a [u8],
    pieces: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Wire<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let piece = self.pieces.next().copied().unwrap_or(1);
        let length = piece.min(into.len()).min(self.left.len());
        let (now, later) = self.left.split_at(length);
        into[..length].copy_from_slice(now);
        self.left = later;
        Ok(length)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn theirs(stream: &[u8], pieces: &[usize]) -> (Vec<Heard>, End) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(LIMIT))
        .max_frame_size(Some(LIMIT));
    let wire = Wire {
        left: stream,
        pieces: pieces.iter().cycle(),
    };
    let mut socket = WebSocket::from_raw_socket(wire, Role::Server, Some(config));
    let mut heard = Vec::new();
    loop {
        heard.push(match socket.read() {
            Ok(Message::Binary(content)) => Heard::Binary(content.to_vec()),
            Ok(Message::Ping(content)) => Heard::Ping(content.to_vec()),
            Ok(Message::Pong(_)) => Heard::Pong,
            Ok(Message::Close(_)) => {
                heard.push(Heard::Close);
                return (heard, End::Over);
            }
            Ok(Message::Text(_) | Message::Frame(_)) => return (heard, End::Over),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                return (heard, End::Starved);
            }
            Err(_) => return (heard, End::Broken),
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn another_reader_hears_the_same_however_the_stream_is_cut(
        frames in prop::collection::vec(frame(), 0..12),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
        pieces in prop::collection::vec(prop_oneof![1..4usize, 1..2_000usize], 1..6),
    ) {
        let mut stream: Vec<u8> = frames.iter().flat_map(Frame::bytes).collect();
        if let Some(cut) = cut.filter(|_| !stream.is_empty()) {
            stream.truncate(cut.index(stream.len()));
        }
        let (ours, our_end) = ours(&stream, &pieces);
        let (theirs, their_end) = theirs(&stream, &pieces);
        match our_end {
            // They wait for all of a text, and may find that it is none.
            End::Over if ours.last() != Some(&Heard::Close) => {
                prop_assert_eq!(theirs.get(..ours.len()), Some(&ours[..]));
            }
            // They look at some heads only once the content is there.
            End::Broken if their_end == End::Starved => prop_assert_eq!(theirs, ours),
            end => prop_assert_eq!((theirs, their_end), (ours, end)),
        }
    }
}

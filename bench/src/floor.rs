//! What is possible at all: WebSocket servers that seal nothing, check nothing and know rooms and nothing else, on one
//! event loop. One gathers what waits for a connection into one write, the other writes every delivery by itself.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{self, IoSlice, Read as _, Write as _};
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context as _, Result};
use data_encoding::BASE64;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use sha1::{Digest as _, Sha1};

use crate::member::plain;
use crate::ws;

/// RFC 6455 §1.3.
const ACCEPT: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const LISTENER: Token = Token(usize::MAX);
/// Most frames in one write; what the system takes at once is more.
const GATHERED: usize = 256;
/// Frames that may wait for one connection before it is dropped.
const MOST: usize = 100_000;

/// How a floor writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// Everything that waits, at once.
    Gathered,
    /// Every delivery by itself, at once.
    Each,
}

struct Line {
    stream: TcpStream,
    upgraded: bool,
    room: Option<u32>,
    partial: Vec<u8>,
    queue: VecDeque<Rc<[u8]>>,
    /// Bytes of the first frame that are already out.
    offset: usize,
}

struct Floor {
    writes: Writes,
    poll: Poll,
    lines: Vec<Option<Line>>,
    free: Vec<usize>,
    rooms: HashMap<u32, Vec<usize>>,
    dirty: HashSet<usize>,
}

/// Serves on `address` for ever. Prints a line when it listens.
///
/// # Errors
/// Where the address cannot be listened on.
pub fn serve(address: SocketAddr, writes: Writes) -> Result<()> {
    let mut listener =
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut floor = Floor {
        writes,
        poll,
        lines: Vec::new(),
        free: Vec::new(),
        rooms: HashMap::new(),
        dirty: HashSet::new(),
    };
    let mut events = Events::with_capacity(1024);
    let mut scratch = vec![0; 64 * 1024];
    loop {
        floor.poll.poll(&mut events, None)?;
        for event in &events {
            match event.token() {
                LISTENER => floor.accept(&listener)?,
                Token(index) => {
                    if event.is_writable() {
                        floor.flush(index);
                    }
                    if event.is_readable() {
                        floor.read(index, &mut scratch);
                    }
                }
            }
        }
        for index in std::mem::take(&mut floor.dirty) {
            floor.flush(index);
        }
    }
}

impl Floor {
    fn accept(&mut self, listener: &TcpListener) -> Result<()> {
        loop {
            let mut stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                // The peer has gone again, or there are too many.
                Err(_) => return Ok(()),
            };
            stream.set_nodelay(true).ok();
            let index = self.free.pop().unwrap_or_else(|| {
                self.lines.push(None);
                self.lines.len() - 1
            });
            let interest = Interest::READABLE | Interest::WRITABLE;
            self.poll
                .registry()
                .register(&mut stream, Token(index), interest)?;
            if let Some(slot) = self.lines.get_mut(index) {
                *slot = Some(Line {
                    stream,
                    upgraded: false,
                    room: None,
                    partial: Vec::new(),
                    queue: VecDeque::new(),
                    offset: 0,
                });
            }
        }
    }

    fn line(&mut self, index: usize) -> Option<&mut Line> {
        self.lines.get_mut(index)?.as_mut()
    }

    fn hang_up(&mut self, index: usize) {
        let line = self.lines.get_mut(index).and_then(Option::take);
        let Some(line) = line else { return };
        self.free.push(index);
        self.dirty.remove(&index);
        if let Some(room) = line.room
            && let Some(members) = self.rooms.get_mut(&room)
        {
            members.retain(|member| *member != index);
        }
    }

    fn read(&mut self, index: usize, scratch: &mut [u8]) {
        loop {
            let Some(line) = self.line(index) else { return };
            let read = match line.stream.read(scratch) {
                Ok(0) => return self.hang_up(index),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(_) => return self.hang_up(index),
            };
            let bytes = scratch.get_mut(..read).unwrap_or_default();
            if line.partial.is_empty() && line.upgraded {
                let used = self.messages(index, bytes);
                let rest = bytes.get(used..).unwrap_or_default();
                if let Some(line) = self.line(index) {
                    line.partial.extend_from_slice(rest);
                }
            } else {
                line.partial.extend_from_slice(bytes);
                let mut partial = std::mem::take(&mut line.partial);
                let start = self.upgrade(index, &partial).unwrap_or(0);
                let rest = partial.get_mut(start..).unwrap_or_default();
                let used = start + self.messages(index, rest);
                if let Some(line) = self.line(index) {
                    line.partial = partial.split_off(used);
                }
            }
            if read < scratch.len() {
                return;
            }
        }
    }

    /// Answers the HTTP request at the start and returns where it ends.
    fn upgrade(&mut self, index: usize, bytes: &[u8]) -> Option<usize> {
        let line = self.line(index).filter(|line| !line.upgraded)?;
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let key = head
            .lines()
            .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))?;
        let hash = Sha1::digest([key.trim(), ACCEPT].concat());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Accept: {}\r\n\r\n",
            BASE64.encode(&hash)
        );
        line.upgraded = true;
        line.queue.push_back(answer.into_bytes().into());
        self.flush(index);
        Some(end)
    }

    /// Deals with every complete message and returns how many bytes that were.
    fn messages(&mut self, index: usize, bytes: &mut [u8]) -> usize {
        if !self.line(index).is_some_and(|line| line.upgraded) {
            return 0;
        }
        let mut used = 0;
        while let Some((opcode, start, length)) = masked_head(bytes.get(used..).unwrap_or_default())
        {
            let Some(frame) = bytes.get_mut(used + start - 4..used + start + length) else {
                break;
            };
            used += start + length;
            let Some((mask, content)) = frame.split_first_chunk_mut::<4>() else {
                break;
            };
            for chunk in content.chunks_mut(4) {
                for (byte, mask) in chunk.iter_mut().zip(&*mask) {
                    *byte ^= mask;
                }
            }
            match (opcode, content.split_first()) {
                (ws::BINARY, Some((&plain::JOIN, room))) => {
                    let room = room
                        .first_chunk()
                        .map_or(0, |room| u32::from_be_bytes(*room));
                    self.rooms.entry(room).or_default().push(index);
                    if let Some(line) = self.line(index) {
                        line.room = Some(room);
                    }
                    self.send(index, message(ws::BINARY, &[plain::JOINED], &[]));
                }
                (ws::BINARY, Some((&plain::PUBLISH, text))) => {
                    let frame = message(ws::BINARY, &[plain::DELIVERED], text);
                    let room = self.line(index).and_then(|line| line.room);
                    let members = room.and_then(|room| self.rooms.remove_entry(&room));
                    if let Some((room, members)) = members {
                        for member in members.iter().filter(|member| **member != index) {
                            self.send(*member, Rc::clone(&frame));
                        }
                        self.rooms.insert(room, members);
                    }
                }
                (ws::CLOSE, _) => self.hang_up(index),
                _ => {}
            }
        }
        used
    }

    fn send(&mut self, index: usize, frame: Rc<[u8]>) {
        let writes = self.writes;
        let Some(line) = self.line(index) else { return };
        line.queue.push_back(frame);
        if writes == Writes::Each {
            self.flush(index);
        } else {
            self.dirty.insert(index);
        }
    }

    fn flush(&mut self, index: usize) {
        let gathered = match self.writes {
            Writes::Gathered => GATHERED,
            Writes::Each => 1,
        };
        let Some(line) = self.line(index) else { return };
        while !line.queue.is_empty() {
            let mut offset = line.offset;
            let slices: Vec<IoSlice<'_>> = line
                .queue
                .iter()
                .take(gathered)
                .map(|frame| {
                    let slice = frame.get(std::mem::take(&mut offset)..);
                    IoSlice::new(slice.unwrap_or_default())
                })
                .collect();
            match line.stream.write_vectored(&slices) {
                Ok(written) => {
                    let mut written = written + line.offset;
                    while let Some(frame) = line.queue.front()
                        && written >= frame.len()
                    {
                        written -= frame.len();
                        line.queue.pop_front();
                    }
                    line.offset = written;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return self.hang_up(index),
            }
        }
        if line.queue.len() > MOST {
            self.hang_up(index);
        } else if line.queue.is_empty() {
            line.queue = VecDeque::new();
        }
    }
}

/// The opcode of a frame from a client, where its content begins, and how long that is.
fn masked_head(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (size, length) = match second & 0x7f {
        126 => (
            8,
            usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
        ),
        127 => {
            let length = u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?);
            (14, usize::try_from(length).ok()?)
        }
        short => (6, usize::from(short)),
    };
    Some((first & 0x0f, size, length))
}

fn message(opcode: u8, kind: &[u8], text: &[u8]) -> Rc<[u8]> {
    let mut bytes = vec![0x80 | opcode];
    match kind.len() + text.len() {
        short @ 0..126 => bytes.push(short.to_le_bytes()[0]),
        medium @ 126..0x1_0000 => {
            bytes.push(126);
            let [.., high, low] = medium.to_be_bytes();
            bytes.extend_from_slice(&[high, low]);
        }
        long => {
            bytes.push(127);
            bytes.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(kind);
    bytes.extend_from_slice(text);
    bytes.into()
}

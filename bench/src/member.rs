//! One connection to a server, in the dialect that the server speaks.

mod hearing;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context as _, Result, bail};
use crypto::room::RoomKeys;
use crypto::tunnel::{Handshake, Pin, Ticket, Tunnel};
use crypto::wire::frame::DELIVERED_HEAD;
use crypto::wire::record::{FRAME_PREFIX, pack, push, split};
use crypto::wire::{
    ClientToRelay, CloseCode, Keep, Lifetime, LocalId, Opening, RelayToClient, Resume, RoomMode,
    SUBPROTOCOL, Seq,
};
use tokio::net::TcpStream;

use crate::letter::{Tail, rng, room_keys};
use crate::ws::{self, Parser};

/// The language of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Ours: a tunnel, frames, sealed envelopes.
    Roomkey,
    /// The floors': a byte that says what it is, and content.
    Plain,
    /// NATS over WebSocket: a stream of lines and payloads.
    Nats,
    /// Socket.IO over its WebSocket transport.
    SocketIo,
}

/// The first byte of a message in [`Dialect::Plain`].
pub mod plain {
    /// To the server: room(4).
    pub const JOIN: u8 = 1;
    /// To the client: the join is done.
    pub const JOINED: u8 = 2;
    /// To the server: a message for the others.
    pub const PUBLISH: u8 = 3;
    /// To the client: a message from somebody.
    pub const DELIVERED: u8 = 4;
}

/// What `arrived`, `away`, `returned` and `departed` take of a record.
const SEAT_NEWS: usize = FRAME_PREFIX + 17;
/// The kind byte of a delivery.
const DELIVERED: u8 = 0x83;

/// What came out of some bytes.
#[derive(Debug)]
pub enum Heard {
    /// A message, by its last bytes.
    Delivery(Tail),
    /// Messages that were counted without being opened.
    Deliveries(usize),
    /// The server ends the connection and says why.
    Ended(u16),
}

/// One member.
pub struct Member {
    stream: TcpStream,
    dialect: Dialect,
    room: usize,
    keys: Option<Rc<RoomKeys>>,
    tunnel: RefCell<Option<Tunnel>>,
    parser: RefCell<Parser>,
    /// What is left of a line protocol's stream.
    lines: RefCell<Vec<u8>>,
    inbox: RefCell<VecDeque<(u8, Vec<u8>)>>,
    next_local: Cell<u32>,
    /// How many bytes of a record one delivery takes, once records are only measured.
    measured: Cell<Option<usize>>,
}

impl Member {
    /// Connects, and sets the tunnel up where there is one.
    ///
    /// # Errors
    /// Where the server cannot be reached or says something unexpected.
    pub async fn connect(
        address: SocketAddr,
        dialect: Dialect,
        room: usize,
        ticket: Option<Ticket>,
    ) -> Result<Self> {
        let (path, subprotocol) = match dialect {
            Dialect::Roomkey => ("/ws", Some(SUBPROTOCOL)),
            Dialect::Plain | Dialect::Nats => ("/", None),
            Dialect::SocketIo => ("/socket.io/?EIO=4&transport=websocket", None),
        };
        let stream = ws::connect(address, path, subprotocol).await?;
        let member = Self {
            stream,
            dialect,
            room,
            keys: (dialect == Dialect::Roomkey).then(|| Rc::new(room_keys(room))),
            tunnel: RefCell::new(None),
            parser: RefCell::default(),
            lines: RefCell::default(),
            inbox: RefCell::default(),
            next_local: Cell::new(0),
            measured: Cell::new(None),
        };
        if dialect == Dialect::Roomkey {
            let (_, hello) = member.next().await?;
            let handshake = Handshake::new(Pin::FirstUse, None, ticket);
            let (waiting, answer) = handshake.answer(&hello, &mut rng())?;
            member.say(ws::BINARY, &answer).await?;
            let (opcode, finished) = member.next().await?;
            if opcode == ws::CLOSE {
                bail!("the relay refused the handshake with {}", code(&finished));
            }
            *member.tunnel.borrow_mut() = Some(waiting.finish(&finished)?);
        }
        Ok(member)
    }

    /// The same connection, for the room with these keys.
    #[must_use]
    pub fn with_keys(self, keys: RoomKeys) -> Self {
        let keys = Some(Rc::new(keys));
        Self { keys, ..self }
    }

    /// Asks to be let into the room and does not wait for the answer.
    ///
    /// # Errors
    /// Where the connection is gone.
    pub async fn ask(&self, resume: Option<Resume>) -> Result<()> {
        match self.dialect {
            Dialect::Roomkey => {
                let join = {
                    let tunnel = self.tunnel.borrow();
                    let tunnel = tunnel.as_ref().context("no tunnel")?;
                    let keys = self.keys.as_ref().context("no keys")?;
                    ClientToRelay::Join {
                        room: keys.room_id(),
                        proof: keys.prove(tunnel.exporter()),
                        opening: opening(),
                        resume,
                    }
                };
                self.frame(&join).await
            }
            Dialect::Plain => {
                let room = u32::try_from(self.room).unwrap_or(u32::MAX);
                let join = [&[plain::JOIN][..], &room.to_be_bytes()].concat();
                self.say(ws::BINARY, &join).await
            }
            Dialect::Nats => {
                let hello = format!(
                    "CONNECT {{\"verbose\":false,\"pedantic\":false,\"echo\":false}}\r\nSUB r{} 1\r\nPING\r\n",
                    self.room
                );
                self.say(ws::BINARY, hello.as_bytes()).await
            }
            Dialect::SocketIo => {
                self.say(ws::TEXT, b"40").await?;
                let join = format!("42[\"join\",\"r{}\"]", self.room);
                self.say(ws::TEXT, join.as_bytes()).await
            }
        }
    }

    /// Waits until the server has let us in.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn entered(&self) -> Result<Option<Resume>> {
        let mut seat = None;
        loop {
            let (opcode, message) = self.next().await?;
            if opcode == ws::CLOSE {
                bail!("the server refused the join with {}", code(&message));
            }
            match self.dialect {
                Dialect::Roomkey => {
                    let mut tunnel = self.tunnel.borrow_mut();
                    let tunnel = tunnel.as_mut().context("no tunnel")?;
                    let plaintext = tunnel.open(&message)?;
                    for frame in split(&plaintext) {
                        match RelayToClient::decode(frame?) {
                            Ok(RelayToClient::Joined { member, token, .. }) => {
                                seat = Some(Resume {
                                    member,
                                    token,
                                    last: Seq(0),
                                });
                            }
                            Ok(RelayToClient::CaughtUp { .. }) => return Ok(seat),
                            Ok(RelayToClient::Refused { refusal, .. }) => {
                                bail!("the relay refused a join: {refusal:?}")
                            }
                            _ => {}
                        }
                    }
                }
                Dialect::Plain if message.first() == Some(&plain::JOINED) => return Ok(seat),
                Dialect::Nats if message.windows(4).any(|four| four == b"PONG") => return Ok(seat),
                Dialect::SocketIo if message.starts_with(b"42[\"joined\"") => return Ok(seat),
                _ => {}
            }
        }
    }

    /// What spares the next connection its RSA operation.
    pub fn ticket(&self) -> Option<Ticket> {
        self.tunnel.borrow().as_ref()?.ticket()
    }

    /// Gives the seat up where `for_good`, says goodbye and waits until the server has heard it.
    pub async fn leave(self, for_good: bool) {
        if for_good && self.dialect == Dialect::Roomkey {
            self.frame(&ClientToRelay::Leave).await.ok();
        }
        self.say(ws::CLOSE, &1000u16.to_be_bytes()).await.ok();
        while let Ok((opcode, _)) = self.next().await {
            if opcode == ws::CLOSE {
                break;
            }
        }
        // Otherwise thousands of ports would rest for a minute each.
        self.stream.set_zero_linger().ok();
    }

    /// Everything from now on is only measured: a record holds deliveries of messages of this length and nothing else.
    pub fn measure_only(&self, message: usize) {
        if self.dialect == Dialect::Roomkey {
            let frame = FRAME_PREFIX + DELIVERED_HEAD + message;
            self.measured.set(Some(frame));
        }
    }

    /// The bytes that publish `message`, appended to `output`.
    ///
    /// # Errors
    /// Where there is no tunnel.
    pub fn compose(&self, message: &[u8], keep: Keep, output: &mut Vec<u8>) -> Result<()> {
        match self.dialect {
            Dialect::Roomkey => {
                let local = self.next_local.get();
                self.next_local.set(local + 1);
                let mut head = vec![3];
                head.extend_from_slice(&LocalId(local).0.to_be_bytes());
                head.push(keep as u8);
                let mut record = Vec::with_capacity(head.len() + message.len() + FRAME_PREFIX);
                push(&mut record, &head, message);
                let mut tunnel = self.tunnel.borrow_mut();
                let sealed = tunnel.as_mut().context("no tunnel")?.seal(&record);
                ws::write(output, ws::BINARY, &sealed);
            }
            Dialect::Plain => {
                ws::write(output, ws::BINARY, &[&[plain::PUBLISH], message].concat());
            }
            Dialect::Nats => {
                let mut text = format!("PUB r{} {}\r\n", self.room, message.len()).into_bytes();
                text.extend_from_slice(message);
                text.extend_from_slice(b"\r\n");
                ws::write(output, ws::BINARY, &text);
            }
            Dialect::SocketIo => {
                let text = String::from_utf8_lossy(message);
                ws::write(output, ws::TEXT, format!("42[\"m\",\"{text}\"]").as_bytes());
            }
        }
        Ok(())
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// Where the connection is gone.
    pub async fn write(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.stream.writable().await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// A few bytes that find room in any socket whose other end is alive.
    fn answer(&self, opcode: u8, content: &[u8]) -> Result<()> {
        let mut bytes = Vec::new();
        ws::write(&mut bytes, opcode, content);
        self.stream.try_write(&bytes)?;
        Ok(())
    }

    async fn say(&self, opcode: u8, content: &[u8]) -> Result<()> {
        let mut bytes = Vec::new();
        ws::write(&mut bytes, opcode, content);
        self.write(&bytes).await
    }

    async fn frame(&self, frame: &ClientToRelay) -> Result<()> {
        let sealed = {
            let mut tunnel = self.tunnel.borrow_mut();
            let tunnel = tunnel.as_mut().context("no tunnel")?;
            tunnel.seal(&pack([frame.encode()]))
        };
        self.say(ws::BINARY, &sealed).await
    }

    fn take(&self) -> Option<(u8, Vec<u8>)> {
        self.inbox.borrow_mut().pop_front()
    }

    /// The next message while entering.
    async fn next(&self) -> Result<(u8, Vec<u8>)> {
        loop {
            match self.take() {
                Some((ws::PING, content)) => {
                    self.answer(ws::PONG, &content)?;
                    continue;
                }
                Some(message) => return Ok(message),
                None => {}
            }
            self.stream.readable().await?;
            let mut scratch = [0; 8192];
            let read = match self.stream.try_read(&mut scratch) {
                Ok(0) => bail!("the server hung up"),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error.into()),
            };
            let mut inbox = self.inbox.borrow_mut();
            let bytes = scratch.get(..read).unwrap_or_default();
            self.parser.borrow_mut().feed(bytes, |opcode, message| {
                inbox.push_back((opcode, message.to_vec()));
                Ok(())
            })?;
        }
    }
}

/// A room in which newcomers may read, as it is the kind that holds many members.
fn opening() -> Opening {
    Opening {
        mode: RoomMode::OpenHistory,
        history: 35,
        lifetime: Lifetime::UntilEmpty,
        max_members: 0,
        control_key: None,
        purge_digest: None,
    }
}

fn code(content: &[u8]) -> u16 {
    let code = content.first_chunk().copied().map(u16::from_be_bytes);
    code.unwrap_or_else(|| CloseCode::Normal.as_u16())
}

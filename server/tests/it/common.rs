//! A relay that stops when it is dropped, and a member that speaks to it over a plain blocking socket.

use std::collections::VecDeque;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crypto::room::RoomKeys;
use crypto::tunnel::{Handshake, Pin, Ticket, Tunnel};
use crypto::wire::envelope::MIN_ENVELOPE;
use crypto::wire::record::{pack, split};
use crypto::wire::{
    ClientToRelay, CloseCode, JoinOutcome, Keep, Lifetime, LocalId, MemberId, Opening,
    RelayToClient, Resume, ResumeToken, RoomMode, SUBPROTOCOL, Seq, TimeLeft,
};
use getrandom::SysRng;
use rand_core::UnwrapErr;
use roomkey_server::clock::ManualClock;
use roomkey_server::identity::Identity;
use roomkey_server::{Config, run};
use tokio::sync::oneshot;

/// A relay that hangs costs a failing test this long and a passing one nothing.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// One key for all tests: making one takes longer than most tests do.
fn identity() -> Arc<Identity> {
    static IDENTITY: OnceLock<Arc<Identity>> = OnceLock::new();
    let identity = IDENTITY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let shared = folder.join("identity");
        if !shared.exists() {
            let fresh = tempfile::tempdir_in(folder).unwrap();
            let state = fresh.path().join("state");
            Identity::load_or_create(&state).unwrap();
            // Another test process may have been quicker; then its key is as good.
            fs::rename(&state, &shared).ok();
        }
        Arc::new(Identity::load_or_create(&shared).unwrap())
    });
    Arc::clone(identity)
}

pub(crate) struct TestRelay {
    pub(crate) address: SocketAddr,
    pub(crate) clock: ManualClock,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestRelay {
    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let (hands, clock) = ManualClock::new();
        let mut config = Config {
            clock,
            workers: Some(2),
            ..Config::new(identity())
        };
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let stopped = async { drop(stopped.await) };
            runtime.block_on(run(listener, config, stopped)).unwrap();
        });
        Self {
            address,
            clock: hands,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Asks for an orderly end and does not wait for it.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    pub(crate) fn socket(&self) -> Socket {
        Socket::open(self.address)
    }

    pub(crate) fn peer(&self) -> Peer {
        Peer::connect(self.address, None)
    }

    /// A member of the room, past its replay.
    pub(crate) fn member(&self, keys: &RoomKeys, opening: Opening) -> Peer {
        let mut peer = self.peer();
        peer.join(keys, opening, None);
        peer
    }
}

impl Drop for TestRelay {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
    }
}

/// One WebSocket message, or the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Binary(Vec<u8>),
    Ping,
    Pong(Vec<u8>),
    Close(CloseCode),
    /// The connection ended without a word.
    End,
}

/// A WebSocket client that does as it is told, right or wrong.
pub(crate) struct Socket {
    pub(crate) stream: TcpStream,
}

pub(crate) const BINARY: u8 = 0x82;

impl Socket {
    pub(crate) fn tcp(address: SocketAddr) -> TcpStream {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    pub(crate) fn open(address: SocketAddr) -> Self {
        let (stream, head) = Self::upgrade(
            address,
            &format!("Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n"),
        );
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(
            head.to_ascii_lowercase()
                .contains(&format!("sec-websocket-protocol: {SUBPROTOCOL}\r\n"))
        );
        Self { stream }
    }

    /// Sends an upgrade request with more headers and returns the head of the answer.
    pub(crate) fn upgrade(address: SocketAddr, headers: &str) -> (TcpStream, String) {
        let mut stream = Self::tcp(address);
        write!(
            stream,
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{headers}\r\n"
        )
        .unwrap();
        let head = read_head(&mut stream);
        (stream, head)
    }

    /// Sends a frame with this first byte. All clients mask; with zeros the content stays as it is.
    pub(crate) fn send(&mut self, first: u8, content: &[u8]) {
        // The relay may hang up while we write.
        self.stream.write_all(&frame(first, content)).ok();
    }

    pub(crate) fn receive(&mut self) -> Incoming {
        let mut start = [0; 2];
        if self.stream.read_exact(&mut start).is_err() {
            return Incoming::End;
        }
        assert_eq!(start[0] & 0x70, 0, "no extension was agreed");
        let length = match start[1] {
            126 => {
                let mut length = [0; 2];
                self.stream.read_exact(&mut length).unwrap();
                u64::from(u16::from_be_bytes(length))
            }
            127 => {
                let mut length = [0; 8];
                self.stream.read_exact(&mut length).unwrap();
                u64::from_be_bytes(length)
            }
            short => u64::from(short),
        };
        let mut content = vec![0; usize::try_from(length).unwrap()];
        if self.stream.read_exact(&mut content).is_err() {
            return Incoming::End;
        }
        match start[0] & 0xf {
            0x2 => Incoming::Binary(content),
            0x8 => Incoming::Close(CloseCode::from_u16(u16::from_be_bytes([
                content[0], content[1],
            ]))),
            0x9 => Incoming::Ping,
            0xA => Incoming::Pong(content),
            other => panic!("unexpected opcode {other}"),
        }
    }

    pub(crate) fn binary(&mut self) -> Vec<u8> {
        match self.receive() {
            Incoming::Binary(message) => message,
            other => panic!("expected a message, got {other:?}"),
        }
    }

    /// Reads on until the relay ends the connection.
    pub(crate) fn ended(&mut self) -> Option<CloseCode> {
        loop {
            match self.receive() {
                Incoming::Close(code) => return Some(code),
                Incoming::End => return None,
                _ => {}
            }
        }
    }
}

pub(crate) fn frame(first: u8, content: &[u8]) -> Vec<u8> {
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
    bytes.extend([0; 4]);
    bytes.extend(content);
    bytes
}

/// Reads an HTTP head, up to and with the empty line.
pub(crate) fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// What a join was answered with, up to the end of the replay.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) member: MemberId,
    pub(crate) token: ResumeToken,
    pub(crate) outcome: JoinOutcome,
    pub(crate) mode: RoomMode,
    pub(crate) history: u16,
    pub(crate) time_left: TimeLeft,
    pub(crate) members: u32,
    pub(crate) head: Seq,
    pub(crate) missed: bool,
    /// Everything between the answer and the end of the replay.
    pub(crate) replay: Vec<RelayToClient>,
}

impl Joined {
    pub(crate) fn replayed(&self) -> Vec<u64> {
        let deliveries = self.replay.iter().filter_map(|frame| match frame {
            RelayToClient::Delivered { seq, replayed, .. } => {
                assert!(replayed);
                Some(seq.0)
            }
            _ => None,
        });
        deliveries.collect()
    }

    pub(crate) fn resume(&self, last: u64) -> Option<Resume> {
        Some(Resume {
            member: self.member,
            token: self.token,
            last: Seq(last),
        })
    }
}

/// A client with a tunnel.
pub(crate) struct Peer {
    pub(crate) socket: Socket,
    pub(crate) tunnel: Tunnel,
    waiting: VecDeque<RelayToClient>,
    next_local: u32,
}

impl Peer {
    pub(crate) fn connect(address: SocketAddr, ticket: Option<Ticket>) -> Self {
        let mut socket = Socket::open(address);
        let tunnel = handshake(&mut socket, ticket).unwrap();
        Self {
            socket,
            tunnel,
            waiting: VecDeque::new(),
            next_local: 0,
        }
    }

    pub(crate) fn send(&mut self, frame: &ClientToRelay) {
        self.send_bytes(&[frame.encode()]);
    }

    /// Sends frames, well-formed or not, as one record.
    pub(crate) fn send_bytes(&mut self, frames: &[Vec<u8>]) {
        let record = self.tunnel.seal(&pack(frames));
        self.socket.send(BINARY, &record);
    }

    fn receive(&mut self) -> Result<RelayToClient, Option<CloseCode>> {
        loop {
            if let Some(frame) = self.waiting.pop_front() {
                return Ok(frame);
            }
            match self.socket.receive() {
                Incoming::Binary(record) => {
                    let plaintext = self.tunnel.open(&record).unwrap();
                    for frame in split(&plaintext) {
                        self.waiting
                            .push_back(RelayToClient::decode(frame.unwrap()).unwrap());
                    }
                }
                Incoming::Ping => self.socket.send(0x8A, &[]),
                Incoming::Pong(_) => {}
                Incoming::Close(code) => return Err(Some(code)),
                Incoming::End => return Err(None),
            }
        }
    }

    pub(crate) fn next(&mut self) -> RelayToClient {
        match self.receive() {
            Ok(frame) => frame,
            Err(code) => panic!("the relay hung up with {code:?}"),
        }
    }

    /// Reads on until the relay hangs up and returns the code.
    pub(crate) fn ended(&mut self) -> Option<CloseCode> {
        loop {
            if let Err(code) = self.receive() {
                return code;
            }
        }
    }

    pub(crate) fn join(
        &mut self,
        keys: &RoomKeys,
        opening: Opening,
        resume: Option<Resume>,
    ) -> Joined {
        let join = self.join_frame(keys, opening, resume);
        self.send(&join);
        let RelayToClient::Joined {
            member,
            token,
            outcome,
            mode,
            history,
            time_left,
            members,
            head,
            missed,
        } = self.next()
        else {
            panic!("expected an answer to the join")
        };
        let mut replay = Vec::new();
        loop {
            match self.next() {
                RelayToClient::CaughtUp { head: caught_up } => {
                    assert_eq!(caught_up, head);
                    break;
                }
                frame => replay.push(frame),
            }
        }
        Joined {
            member,
            token,
            outcome,
            mode,
            history,
            time_left,
            members,
            head,
            missed,
            replay,
        }
    }

    pub(crate) fn join_frame(
        &self,
        keys: &RoomKeys,
        opening: Opening,
        resume: Option<Resume>,
    ) -> ClientToRelay {
        ClientToRelay::Join {
            room: keys.room_id(),
            proof: keys.prove(self.tunnel.exporter()),
            opening,
            resume,
        }
    }

    pub(crate) fn look(&mut self, keys: &RoomKeys) -> RelayToClient {
        let proof = keys.prove(self.tunnel.exporter());
        self.send(&ClientToRelay::Look {
            room: keys.room_id(),
            proof,
        });
        self.next()
    }

    /// Sends an envelope and returns its local id without waiting.
    pub(crate) fn publish(&mut self, keep: Keep, filling: u8) -> LocalId {
        let local = LocalId(self.next_local);
        self.next_local += 1;
        self.send(&ClientToRelay::Publish {
            local,
            keep,
            envelope: envelope(filling),
        });
        local
    }

    /// Publishes and waits for the confirmation.
    pub(crate) fn say(&mut self, keep: Keep, filling: u8) -> u64 {
        let published = self.publish(keep, filling);
        match self.next() {
            RelayToClient::Accepted { local, seq } if local == published => seq.0,
            other => panic!("expected a confirmation, got {other:?}"),
        }
    }

    /// Waits until the relay has dealt with everything sent so far and returns what it said meanwhile.
    pub(crate) fn settle(&mut self) -> Vec<RelayToClient> {
        let echo = 0xfeed_0000 | self.next_local;
        self.next_local += 1;
        self.send(&ClientToRelay::Ping { echo });
        let mut said = Vec::new();
        loop {
            match self.next() {
                RelayToClient::Pong { echo: answer } if answer == echo => return said,
                frame => said.push(frame),
            }
        }
    }
}

/// The client's part of the handshake.
pub(crate) fn handshake(
    socket: &mut Socket,
    ticket: Option<Ticket>,
) -> Result<Tunnel, Option<CloseCode>> {
    let hello = socket.binary();
    let (waiting, answer) = Handshake::new(Pin::FirstUse, None, ticket)
        .answer(&hello, &mut rng())
        .unwrap();
    socket.send(BINARY, &answer);
    match socket.receive() {
        Incoming::Binary(record) => Ok(waiting.finish(&record).unwrap()),
        Incoming::Close(code) => Err(Some(code)),
        _ => Err(None),
    }
}

/// The keys of a room; the slow way from a name to them is somebody else's test.
pub(crate) fn room(number: u8) -> RoomKeys {
    RoomKeys::from_bytes(&[number; 64])
}

pub(crate) fn opening(mode: RoomMode, history: u16) -> Opening {
    Opening {
        mode,
        history,
        lifetime: Lifetime::UntilEmpty,
        max_members: 0,
        control_key: None,
        purge_digest: None,
    }
}

pub(crate) fn forward_secret() -> Opening {
    opening(RoomMode::ForwardSecret, 0)
}

pub(crate) fn open_history() -> Opening {
    opening(RoomMode::OpenHistory, 35)
}

pub(crate) fn envelope(filling: u8) -> Vec<u8> {
    vec![filling; MIN_ENVELOPE]
}

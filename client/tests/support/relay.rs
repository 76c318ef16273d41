//! A relay as a model: rooms, seats, rings and resume buffers as `docs/protocol.md` describes them, and nothing that
//! makes a real one fast. Dishonest ones are made by changing the frames that it sends.

mod governing;
mod joining;
mod pieces;
mod rooms;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use crypto::wire::record;
use crypto::wire::{
    ClientToRelay, CloseCode, FileAnswer, FileRequest, JoinOutcome, Keep, Life, LocalId, MemberId,
    Missed, Opening, Order, PieceId, Refusal, RelayToClient, Resume, ResumeToken, RoomId, RoomMode,
    RoomState, Seq, TimeLeft,
};

use super::govern::{Govern, Signed};
use super::rng::TestRng;
use super::tunnel;
use sha2::{Digest, Sha256};

/// One socket.
pub type Line = u64;

/// What the relay does to a socket.
pub enum Out {
    Message(Vec<u8>),
    Close(CloseCode),
}

/// Changes what goes to a socket.
pub type Tamper = Box<dyn FnMut(Line, RelayToClient) -> Vec<RelayToClient>>;

pub struct ModelRelay {
    pub salt: [u8; 16],
    pub version: u8,
    pub grace: Duration,
    /// Envelopes kept for those who resume.
    pub buffer: usize,
    /// Publications that are taken before the relay asks for a pause; `None` for any number.
    pub burst: Option<u32>,
    pub retry_after: Duration,
    /// Publications that are swallowed without a word.
    pub swallow: u32,
    /// A hook between the relay and the tunnels.
    pub tamper: Option<Tamper>,
    /// Every envelope ever published, for those who want to replay it.
    pub published: Vec<(RoomId, MemberId, Keep, Vec<u8>)>,
    pub full_handshakes: u32,
    /// How many pieces the longest file has.
    pub most_pieces: u32,
    /// Pieces that were put, those that were there already included.
    pub puts: u32,
    rng: TestRng,
    now: Duration,
    next_line: Line,
    lines: HashMap<Line, Connection>,
    rooms: HashMap<RoomId, Room>,
    tickets: HashMap<Vec<u8>, [u8; 32]>,
    /// Addresses of rooms that are over.
    closed: HashSet<RoomId>,
    /// What those who come back to one of them are told.
    pub last_word: Option<RelayToClient>,
    /// Orders that were carried out.
    pub orders: Vec<Order>,
    /// Orders are accepted and not carried out.
    pub lazy: bool,
}

#[derive(Default)]
struct Connection {
    offer: Option<tunnel::Relay>,
    tunnel: Option<tunnel::RelayTunnel>,
    seat: Option<(RoomId, MemberId)>,
    frames: Vec<RelayToClient>,
    raw: Vec<Vec<u8>>,
    close: Option<CloseCode>,
}

struct Room {
    life: Life,
    mode: RoomMode,
    history: u16,
    head: u64,
    /// Messages that were meant for the ring.
    said: usize,
    seats: Vec<Seat>,
    recent: VecDeque<Kept>,
    ring: VecDeque<Kept>,
    anchors: Vec<Kept>,
    pieces: HashMap<PieceId, Vec<u8>>,
    wanted: Vec<(Line, PieceId)>,
    govern: Govern,
}

struct Seat {
    member: MemberId,
    token: ResumeToken,
    line: Option<Line>,
    away_since: Duration,
    accepted: HashMap<LocalId, Seq>,
    taken: u32,
}

#[derive(Clone)]
struct Kept {
    seq: Seq,
    from: MemberId,
    envelope: Vec<u8>,
}

impl Kept {
    fn delivered(&self, replayed: bool) -> RelayToClient {
        RelayToClient::Delivered {
            seq: self.seq,
            from: self.from,
            replayed,
            envelope: self.envelope.clone(),
        }
    }
}

impl ModelRelay {
    pub fn new(seed: u64) -> Self {
        Self {
            salt: [3; 16],
            version: crypto::wire::VERSION,
            grace: Duration::from_secs(120),
            buffer: 1_000,
            burst: None,
            retry_after: Duration::from_secs(2),
            swallow: 0,
            tamper: None,
            published: Vec::new(),
            full_handshakes: 0,
            most_pieces: 1_000,
            puts: 0,
            rng: TestRng::seeded(seed ^ 0xDEAD),
            now: Duration::ZERO,
            next_line: 0,
            lines: HashMap::new(),
            rooms: HashMap::new(),
            tickets: HashMap::new(),
            closed: HashSet::new(),
            last_word: None,
            orders: Vec::new(),
            lazy: false,
        }
    }

    pub fn connect(&mut self) -> Line {
        let offer = tunnel::Relay::new(self.rng.array(), self.rng.array(), self.salt);
        let mut hello = offer.hello().to_vec();
        hello[1] = self.version;
        self.next_line += 1;
        let connection = Connection {
            offer: Some(offer),
            raw: vec![hello],
            ..Connection::default()
        };
        self.lines.insert(self.next_line, connection);
        self.next_line
    }

    /// The socket is gone; its seat stays for a while.
    pub fn cut(&mut self, line: Line) {
        if let Some((room, member)) = self
            .lines
            .remove(&line)
            .and_then(|connection| connection.seat)
        {
            let now = self.now;
            let Some(seat) = self
                .seat(room, member)
                .filter(|seat| seat.line == Some(line))
            else {
                return;
            };
            seat.line = None;
            seat.away_since = now;
            self.tell_others(room, member, &RelayToClient::Away { member });
        }
    }

    /// Everything is forgotten but the key.
    pub fn restart(&mut self) {
        self.lines.clear();
        self.rooms.clear();
        self.tickets.clear();
    }

    pub fn tick(&mut self, now: Duration) {
        self.now = now;
        let is_over = |seat: &Seat| seat.line.is_none() && now >= seat.away_since + self.grace;
        let over: Vec<_> = self
            .rooms
            .iter()
            .flat_map(|(id, room)| {
                room.seats
                    .iter()
                    .filter(|seat| is_over(seat))
                    .map(|seat| (*id, seat.member))
            })
            .collect();
        for (room, member) in over {
            self.vacate(room, member);
        }
        for seat in self.rooms.values_mut().flat_map(|room| &mut room.seats) {
            seat.taken = 0;
        }
    }

    /// What waits for a socket, sealed now.
    pub fn drain(&mut self, line: Line) -> Vec<Out> {
        let Some(connection) = self.lines.get_mut(&line) else {
            return Vec::new();
        };
        let mut out: Vec<_> = connection.raw.drain(..).map(Out::Message).collect();
        let frames: Vec<_> = connection.frames.drain(..).collect();
        let frames: Vec<_> = match &mut self.tamper {
            Some(tamper) => frames
                .into_iter()
                .flat_map(|frame| tamper(line, frame))
                .collect(),
            None => frames,
        };
        let connection = self.lines.get_mut(&line).unwrap();
        if let Some(tunnel) = &mut connection.tunnel {
            for batch in frames.chunks(3) {
                let plaintext = record::pack(batch.iter().map(RelayToClient::encode));
                out.push(Out::Message(tunnel.seal(&plaintext)));
            }
        }
        if let Some(code) = connection.close.take() {
            out.push(Out::Close(code));
            self.cut(line);
        }
        out
    }

    pub fn receive(&mut self, line: Line, message: &[u8]) {
        let Some(connection) = self.lines.get_mut(&line) else {
            return;
        };
        if let Some(offer) = connection.offer.take() {
            let resumption = match crypto::wire::handshake::ClientHello::decode(message).unwrap() {
                crypto::wire::handshake::ClientHello::Resumed { ticket, .. } => {
                    let Some(secret) = self.tickets.remove(&ticket) else {
                        connection.close = Some(CloseCode::BadTicket);
                        return;
                    };
                    Some(secret)
                }
                crypto::wire::handshake::ClientHello::Full { .. } => {
                    self.full_handshakes += 1;
                    None
                }
            };
            let mut tunnel = offer.accept(message, resumption);
            let ticket: [u8; 16] = self.rng.array();
            self.tickets.insert(ticket.to_vec(), tunnel.resumption());
            connection.raw.push(tunnel.first_record(&ticket));
            connection.tunnel = Some(tunnel);
            return;
        }
        let Some(plaintext) = connection
            .tunnel
            .as_mut()
            .and_then(|tunnel| tunnel.open(message))
        else {
            connection.close = Some(CloseCode::Record);
            return;
        };
        for frame in record::split(&plaintext) {
            self.frame(line, ClientToRelay::decode(frame.unwrap()).unwrap());
        }
    }

    fn frame(&mut self, line: Line, frame: ClientToRelay) {
        match frame {
            ClientToRelay::Look { room, .. } => {
                let is_closed = self.closed.contains(&room);
                let looked = match self.rooms.get(&room) {
                    None if is_closed => RelayToClient::Looked {
                        state: RoomState::Closed,
                        members: 0,
                        mode: RoomMode::ForwardSecret,
                        history: 0,
                        time_left: TimeLeft::UntilEmpty,
                    },
                    None => RelayToClient::Looked {
                        state: RoomState::Empty,
                        members: 0,
                        mode: RoomMode::ForwardSecret,
                        history: 0,
                        time_left: TimeLeft::UntilEmpty,
                    },
                    Some(room) => RelayToClient::Looked {
                        state: if room.govern.locked {
                            RoomState::Locked
                        } else {
                            RoomState::Open
                        },
                        members: room.seats.len() as u32,
                        mode: room.mode,
                        history: room.history,
                        time_left: room.govern.time_left(self.now),
                    },
                };
                self.say(line, looked);
            }
            ClientToRelay::Join {
                room,
                opening,
                resume,
                ..
            } => self.join(line, room, opening, resume),
            ClientToRelay::Publish {
                local,
                keep,
                envelope,
            } => self.publish(line, local, keep, envelope),
            ClientToRelay::Leave => {
                if let Some((room, member)) =
                    self.lines.get_mut(&line).and_then(|line| line.seat.take())
                {
                    self.vacate(room, member);
                }
            }
            ClientToRelay::Ping { echo } => self.say(line, RelayToClient::Pong { echo }),
            ClientToRelay::File(request) => self.file(line, request),
            ClientToRelay::Control {
                local,
                signer,
                order,
                signature,
            } => {
                let signed = Signed {
                    local,
                    signer,
                    order,
                    signature,
                };
                let answer = match self.order(line, &signed) {
                    Some(()) => RelayToClient::Accepted { local, seq: Seq(0) },
                    None => not_allowed(local),
                };
                self.say(line, answer);
            }
            ClientToRelay::Purge {
                local,
                secret,
                notice,
            } => self.purge(line, local, &secret, &notice),
        }
    }

    /// Pieces that wait at the relay, in all rooms.
    pub fn pieces(&self) -> usize {
        self.rooms.values().map(|room| room.pieces.len()).sum()
    }

    pub fn say(&mut self, line: Line, frame: RelayToClient) {
        if let Some(connection) = self.lines.get_mut(&line) {
            connection.frames.push(frame);
        }
    }

    pub fn close(&mut self, line: Line, code: CloseCode) {
        if let Some(connection) = self.lines.get_mut(&line) {
            connection.close = Some(code);
        }
    }

    /// The sockets of everybody in the room, with their seats.
    pub fn lines_of(&self, room: RoomId) -> Vec<(Line, MemberId)> {
        let seats = self
            .rooms
            .get(&room)
            .map(|room| &room.seats)
            .into_iter()
            .flatten();
        seats
            .filter_map(|seat| Some((seat.line?, seat.member)))
            .collect()
    }

    fn seat(&mut self, room: RoomId, member: MemberId) -> Option<&mut Seat> {
        self.rooms
            .get_mut(&room)?
            .seats
            .iter_mut()
            .find(|seat| seat.member == member)
    }
}

fn not_allowed(local: LocalId) -> RelayToClient {
    RelayToClient::Refused {
        refusal: Refusal::NotAllowed,
        local: Some(local),
        retry_after: Duration::ZERO,
    }
}

impl Room {
    /// The newest hello of everybody present stays, and those that something in the ring may need.
    fn prune_anchors(&mut self) {
        let (anchors, ring, seats) = (&self.anchors, &self.ring, &self.seats);
        let stays = |at: usize, anchor: &Kept| {
            let is_newest = !anchors[at + 1..]
                .iter()
                .any(|later| later.from == anchor.from);
            let is_present = seats.iter().any(|seat| seat.member == anchor.from);
            let is_needed = ring
                .iter()
                .any(|kept| kept.from == anchor.from && kept.seq > anchor.seq);
            (is_newest && is_present) || is_needed
        };
        let kept = anchors
            .iter()
            .enumerate()
            .filter(|(at, anchor)| stays(*at, anchor));
        self.anchors = kept.map(|(_, anchor)| anchor.clone()).collect();
    }
}

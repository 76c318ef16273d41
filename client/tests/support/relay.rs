//! A relay as a model: rooms, seats, rings and resume buffers as `docs/protocol.md` describes them, and nothing that
//! makes a real one fast. Dishonest ones are made by changing the frames that it sends.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use crypto::wire::record;
use crypto::wire::{
    ClientToRelay, CloseCode, FileAnswer, FileRequest, JoinOutcome, Keep, LocalId, MemberId,
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
    mode: RoomMode,
    history: u16,
    head: u64,
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

    fn file(&mut self, line: Line, request: FileRequest) {
        let Some((id, member)) = self.lines.get(&line).and_then(|line| line.seat) else {
            return;
        };
        let most = self.most_pieces;
        let room = self.rooms.get_mut(&id).unwrap();
        match request {
            FileRequest::Put { file, index, piece } => {
                let id = PieceId {
                    owner: member,
                    file,
                    index,
                };
                if index >= most {
                    let refused = FileAnswer::Refused {
                        id,
                        refusal: Refusal::TooLarge,
                        retry_after: Duration::ZERO,
                    };
                    return self.say(line, RelayToClient::File(refused));
                }
                self.puts += 1;
                room.pieces.entry(id).or_insert(piece);
                self.say(line, RelayToClient::File(FileAnswer::Taken { file, index }));
            }
            FileRequest::Get(id) => room.wanted.push((line, id)),
            FileRequest::Drop { file } => {
                room.pieces
                    .retain(|id, _| (id.owner, id.file) != (member, file));
            }
        }
        let room = self.rooms.get_mut(&id).unwrap();
        let mut given = Vec::new();
        room.wanted.retain(|(line, id)| match room.pieces.get(id) {
            Some(piece) => {
                given.push((*line, *id, piece.clone()));
                false
            }
            None => true,
        });
        for (line, id, piece) in given {
            self.say(line, RelayToClient::File(FileAnswer::Piece { id, piece }));
        }
    }

    /// Pieces that wait at the relay, in all rooms.
    pub fn pieces(&self) -> usize {
        self.rooms.values().map(|room| room.pieces.len()).sum()
    }

    fn join(&mut self, line: Line, id: RoomId, opening: Opening, resume: Option<Resume>) {
        let known = resume.filter(|resume| {
            self.seat(id, resume.member)
                .is_some_and(|seat| seat.token.matches(&resume.token))
        });
        let is_new = !self.rooms.contains_key(&id);
        let now = self.now;
        let is_locked = self.rooms.get(&id).is_some_and(|room| room.govern.locked);
        let refusal = if self.closed.contains(&id) {
            Some(Refusal::RoomClosed)
        } else {
            (is_locked && known.is_none()).then_some(Refusal::RoomLocked)
        };
        if let Some(refusal) = refusal {
            if let Some(last_word) = self.last_word.clone().filter(|_| resume.is_some()) {
                self.say(line, last_word);
            }
            let refused = RelayToClient::Refused {
                refusal,
                local: None,
                retry_after: Duration::ZERO,
            };
            return self.say(line, refused);
        }
        let member = known.map_or_else(|| MemberId(self.rng.array()), |resume| resume.member);
        // The same for a seat's whole life: the answer to a resumption may be lost, and must not cost the seat.
        let token = known.map_or_else(|| ResumeToken(self.rng.array()), |resume| resume.token);
        let room = self.rooms.entry(id).or_insert_with(|| Room {
            mode: opening.mode,
            history: opening.history,
            head: 0,
            seats: Vec::new(),
            recent: VecDeque::new(),
            ring: VecDeque::new(),
            anchors: Vec::new(),
            pieces: HashMap::new(),
            wanted: Vec::new(),
            govern: Govern::of(&opening, now),
        });
        let mut replaced = None;
        let mut missed = false;
        if let Some(resume) = known {
            let seat = room
                .seats
                .iter_mut()
                .find(|seat| seat.member == member)
                .unwrap();
            replaced = seat.line.replace(line);
            missed = room
                .recent
                .front()
                .is_some_and(|oldest| oldest.seq.0 > resume.last.0 + 1);
        } else {
            let accepted = HashMap::new();
            room.seats.push(Seat {
                member,
                token,
                line: Some(line),
                away_since: Duration::ZERO,
                accepted,
                taken: 0,
            });
        }
        let outcome = match (known.is_some(), is_new) {
            (true, _) => JoinOutcome::Resumed,
            (false, true) => JoinOutcome::Opened,
            (false, false) => JoinOutcome::Entered,
        };
        let mut frames = vec![RelayToClient::Joined {
            member,
            token,
            outcome,
            mode: room.mode,
            history: room.history,
            time_left: room.govern.time_left(now),
            members: room.seats.len() as u32,
            head: Seq(room.head),
            missed: if missed {
                Missed::Unknown
            } else {
                Missed::Nothing
            },
        }];
        frames.push(room.govern.changed(now));
        for other in room.seats.iter().filter(|other| other.member != member) {
            frames.push(RelayToClient::Arrived {
                member: other.member,
            });
            if other.line.is_none() {
                frames.push(RelayToClient::Away {
                    member: other.member,
                });
            }
        }
        match known {
            // Own envelopes are confirmed when they are sent again.
            Some(resume) => {
                let missed = room
                    .recent
                    .iter()
                    .filter(|kept| kept.seq > resume.last && kept.from != member);
                frames.extend(missed.map(|kept| kept.delivered(true)));
            }
            None => {
                let mut replay: Vec<_> = room.anchors.iter().chain(&room.ring).cloned().collect();
                replay.sort_by_key(|kept| kept.seq);
                frames.extend(replay.iter().map(|kept| kept.delivered(true)));
            }
        }
        frames.push(RelayToClient::CaughtUp {
            head: Seq(room.head),
        });
        if let Some(old) = replaced.and_then(|old| self.lines.get_mut(&old)) {
            old.seat = None;
            old.close = Some(CloseCode::Replaced);
        }
        if let Some(connection) = self.lines.get_mut(&line) {
            connection.seat = Some((id, member));
            connection.frames.extend(frames);
        }
        let news = if known.is_some() {
            RelayToClient::Returned { member }
        } else {
            RelayToClient::Arrived { member }
        };
        self.tell_others(id, member, &news);
    }

    fn publish(&mut self, line: Line, local: LocalId, keep: Keep, envelope: Vec<u8>) {
        let Some((id, member)) = self.lines.get(&line).and_then(|connection| connection.seat)
        else {
            let refused = RelayToClient::Refused {
                refusal: Refusal::NotJoined,
                local: Some(local),
                retry_after: Duration::ZERO,
            };
            return self.say(line, refused);
        };
        if self.swallow > 0 {
            self.swallow -= 1;
            return;
        }
        let (burst, retry_after) = (self.burst, self.retry_after);
        let seat = self.seat(id, member).unwrap();
        if let Some(seq) = seat.accepted.get(&local) {
            let accepted = RelayToClient::Accepted { local, seq: *seq };
            return self.say(line, accepted);
        }
        if burst.is_some_and(|burst| seat.taken >= burst) {
            return self.say(
                line,
                RelayToClient::Refused {
                    refusal: Refusal::TooFast,
                    local: Some(local),
                    retry_after,
                },
            );
        }
        seat.taken += 1;
        self.published.push((id, member, keep, envelope.clone()));
        let buffer = self.buffer;
        let room = self.rooms.get_mut(&id).unwrap();
        room.head += 1;
        let kept = Kept {
            seq: Seq(room.head),
            from: member,
            envelope,
        };
        let seat = room
            .seats
            .iter_mut()
            .find(|seat| seat.member == member)
            .unwrap();
        seat.accepted.insert(local, kept.seq);
        room.recent.push_back(kept.clone());
        if room.recent.len() > buffer {
            room.recent.pop_front();
        }
        match keep {
            Keep::Transient => {}
            Keep::Anchor => room.anchors.push(kept.clone()),
            Keep::Ring => {
                room.ring.push_back(kept.clone());
                while room.ring.len() > usize::from(room.history) {
                    room.ring.pop_front();
                }
            }
        }
        room.prune_anchors();
        self.say(
            line,
            RelayToClient::Accepted {
                local,
                seq: kept.seq,
            },
        );
        self.tell_others(id, member, &kept.delivered(false));
    }

    fn order(&mut self, line: Line, signed: &Signed) -> Option<()> {
        let connection = self.lines.get(&line)?;
        let (id, _) = connection.seat?;
        let exporter = connection.tunnel.as_ref()?.exporter();
        let (now, lazy) = (self.now, self.lazy);
        let room = self.rooms.get_mut(&id)?;
        if !(room.govern.keys.contains(&signed.signer) && signed.holds(&exporter, &id)) {
            return None;
        }
        self.orders.push(signed.order);
        if lazy {
            return Some(());
        }
        if let Order::Remove(member) = signed.order {
            self.end_seat(id, member);
            return Some(());
        }
        room.govern.obey(signed, now);
        let changed = room.govern.changed(now);
        for (line, _) in self.lines_of(id) {
            self.say(line, changed.clone());
        }
        Some(())
    }

    fn end_seat(&mut self, id: RoomId, member: MemberId) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        let Some(at) = room.seats.iter().position(|seat| seat.member == member) else {
            return;
        };
        let seat = room.seats.remove(at);
        room.prune_anchors();
        if let Some(line) = seat.line {
            self.lines.get_mut(&line).unwrap().seat = None;
            self.close(line, CloseCode::Removed);
        }
        self.tell_others(id, member, &RelayToClient::Removed { member });
    }

    fn purge(&mut self, line: Line, local: LocalId, secret: &[u8; 32], notice: &[u8]) {
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let seat = self.lines.get(&line).and_then(|line| line.seat);
        let opens = |id: &RoomId| self.rooms.get(id).and_then(|room| room.govern.purge);
        let Some((id, member)) = seat.filter(|(id, _)| opens(id) == Some(digest)) else {
            return self.say(line, not_allowed(local));
        };
        self.say(line, RelayToClient::Accepted { local, seq: Seq(0) });
        let purged = RelayToClient::Purged {
            from: member,
            notice: notice.to_vec(),
        };
        self.tell_others(id, member, &purged);
        self.last_word = Some(purged);
        for (line, _) in self.lines_of(id) {
            self.lines.get_mut(&line).unwrap().seat = None;
            self.close(line, CloseCode::Purged);
        }
        self.rooms.remove(&id);
        self.closed.insert(id);
    }

    fn vacate(&mut self, id: RoomId, member: MemberId) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        room.seats.retain(|seat| seat.member != member);
        room.pieces.retain(|id, _| id.owner != member);
        if room.seats.is_empty() {
            self.rooms.remove(&id);
            return;
        }
        room.prune_anchors();
        self.tell_others(id, member, &RelayToClient::Departed { member });
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

    fn tell_others(&mut self, room: RoomId, member: MemberId, frame: &RelayToClient) {
        for (line, _) in self
            .lines_of(room)
            .into_iter()
            .filter(|(_, other)| *other != member)
        {
            self.say(line, frame.clone());
        }
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

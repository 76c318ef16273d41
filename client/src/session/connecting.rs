//! From nothing to a tunnel, and back to nothing when the connection breaks.

use std::time::Duration;

use crypto::tunnel::{Fingerprint, Handshake, Pin, TunnelError};
use crypto::wire::record::{self, FRAME_PREFIX};
use crypto::wire::{ClientToRelay, CloseCode, DecodeError, RelayToClient, VERSION, put_view};
use rand_core::CryptoRng;

use super::{Link, Now, Phase, Session, Up};
use crate::event::{Direction, End, Event, FrameSummary, Status, Transmit, WireRecord};

/// Bytes of a piece of a file, and of a record with pieces in it, that the view of what the relay sees gets.
const SHOWN_OF_PIECES: usize = 512;

impl Session {
    pub(super) fn phase(&self) -> Option<Phase> {
        match &self.link {
            Link::Up(up) => Some(up.phase),
            _ => None,
        }
    }

    pub(super) fn set_phase(&mut self, phase: Phase) {
        if let Link::Up(up) = &mut self.link {
            up.phase = phase;
        }
    }

    /// The socket asked for by [`Transmit::Connect`] is open and agreed on the subprotocol.
    pub fn opened(&mut self, now: Now) {
        self.clock = now.mono;
        if matches!(self.link, Link::Dialling { .. }) {
            self.link = Link::Greeting { since: now.mono };
        }
    }

    /// One binary message arrived. Whatever is wrong with it becomes events and a [`Transmit::Close`].
    pub fn receive(&mut self, message: &[u8], now: Now, rng: &mut impl CryptoRng) {
        self.clock = now.mono;
        match std::mem::replace(&mut self.link, Link::Ended) {
            Link::Greeting { .. } => self.greeted(message, now, rng),
            Link::Proving {
                since,
                half,
                resumed,
            } => {
                self.link = Link::Greeting { since };
                self.witness(Direction::FromRelay, Vec::new(), message);
                match half.finish(message) {
                    Ok(tunnel) => self.tunnelled(tunnel, now),
                    Err(error) => {
                        if resumed {
                            // The ticket may be to blame: the next try goes without.
                            self.ticket = None;
                        }
                        self.tunnel_failed(error, CloseCode::Handshake, now, rng);
                    }
                }
            }
            Link::Up(mut up) => {
                up.heard = now.mono;
                up.pinged = None;
                up.must_hear_by = None;
                let opened = up.tunnel.open(message);
                self.link = Link::Up(up);
                match opened {
                    Ok(plaintext) => self.record(&plaintext, message, now, rng),
                    Err(_) => {
                        self.witness(Direction::FromRelay, Vec::new(), message);
                        self.drop_connection(CloseCode::Record, now, rng);
                    }
                }
                self.pump(now, rng);
            }
            // Bytes nobody asked for: from a socket that is being closed.
            other => self.link = other,
        }
    }

    /// The socket is gone or never opened. `code` is the close frame's, if there was one.
    pub fn closed(&mut self, code: Option<u16>, now: Now, rng: &mut impl CryptoRng) {
        self.clock = now.mono;
        let resumed = matches!(self.link, Link::Proving { resumed: true, .. });
        if matches!(self.link, Link::Ended | Link::Waiting { .. }) {
            return;
        }
        if resumed {
            self.ticket = None;
        }
        self.disconnected();
        // There is no socket to close any more.
        self.link = Link::Waiting { until: now.mono };
        self.frames.clear();
        match code.map(CloseCode::from_u16) {
            Some(CloseCode::BadTicket) if resumed => self.dial(now.mono),
            Some(code) if code.is_final() => self.end(final_end(code, now)),
            _ => self.wait(now, rng),
        }
    }

    /// Takes the key of [`Event::RelayKeyChanged`] after somebody has compared and confirmed it, and connects.
    pub fn trust_new_key(&mut self, found: Fingerprint) {
        if self.status == Status::Ended(End::WrongRelayKey) {
            self.pin = Pin::Known(found);
            self.ticket = None;
            self.dial(self.clock);
        }
    }

    /// Asks for a socket.
    pub(super) fn dial(&mut self, mono: Duration) {
        self.link = Link::Dialling { since: mono };
        self.frames.clear();
        self.transmits.push_back(Transmit::Connect);
        let status = Status::Connecting {
            attempt: self.backoff.tries().saturating_add(1),
        };
        self.status = status.clone();
        self.events.push_back(Event::Status(status));
    }

    /// Closes the connection because of something that another one may cure.
    pub(super) fn drop_connection(&mut self, code: CloseCode, now: Now, rng: &mut impl CryptoRng) {
        self.disconnected();
        self.hang_up(code);
        self.wait(now, rng);
    }

    fn disconnected(&mut self) {
        self.rule.disconnected();
        if let Some(heard) = self.heard() {
            self.outbox.lately.disconnected(heard);
        }
    }

    /// When the relay was last heard, while there is a connection.
    pub(super) fn heard(&self) -> Option<Duration> {
        match &self.link {
            Link::Up(up) => Some(up.heard),
            _ => None,
        }
    }

    /// The connection is gone: try again after a while.
    fn wait(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let until = now.mono + self.backoff.next(rng);
        self.link = Link::Waiting { until };
        self.turn_to(Status::Waiting {
            until,
            queued: self.outbox.waiting(),
        });
    }

    fn greeted(&mut self, server_hello: &[u8], now: Now, rng: &mut impl CryptoRng) {
        self.link = Link::Greeting { since: now.mono };
        self.witness(Direction::FromRelay, Vec::new(), server_hello);
        let ticket = self.ticket.take();
        let resumed = ticket.is_some();
        match Handshake::new(self.pin, Some(self.salt), ticket).answer(server_hello, rng) {
            Ok((half, answer)) => {
                self.witness(Direction::ToRelay, Vec::new(), &answer);
                self.transmits.push_back(Transmit::Message(answer));
                self.link = Link::Proving {
                    since: now.mono,
                    half: Box::new(half),
                    resumed,
                };
            }
            Err(error) => self.tunnel_failed(error, CloseCode::Handshake, now, rng),
        }
    }

    fn tunnel_failed(
        &mut self,
        error: TunnelError,
        code: CloseCode,
        now: Now,
        rng: &mut impl CryptoRng,
    ) {
        match error {
            TunnelError::KeyChanged { expected, found } => {
                self.events
                    .push_back(Event::RelayKeyChanged { expected, found });
                self.end(End::WrongRelayKey);
            }
            TunnelError::SaltChanged => self.end(End::SaltChanged),
            TunnelError::Version { theirs } if theirs < VERSION => self.end(End::RelayTooOld),
            TunnelError::Version { .. } => self.end(End::RelayTooNew),
            _ => self.drop_connection(code, now, rng),
        }
    }

    fn tunnelled(&mut self, tunnel: crypto::tunnel::Tunnel, now: Now) {
        // Trust on first use begins here; from now on another key stops everything.
        self.pin = Pin::Known(tunnel.fingerprint());
        self.ticket = tunnel.ticket();
        self.link = Link::Up(Box::new(Up {
            tunnel,
            phase: Phase::Looking,
            heard: now.mono,
            pinged: None,
            must_hear_by: None,
            ask_again_at: None,
        }));
        if self.seat.is_some() || (self.wants_in && self.kind.is_some()) {
            self.join();
        } else {
            self.look();
        }
        self.flush();
    }

    fn record(&mut self, plaintext: &[u8], message: &[u8], now: Now, rng: &mut impl CryptoRng) {
        let mut frames = Vec::new();
        let mut summaries = Vec::new();
        let mut failure = None;
        for frame in record::split(plaintext) {
            match frame.and_then(|bytes| Ok((bytes, RelayToClient::decode(bytes)?))) {
                Ok((bytes, frame)) => {
                    if self.watched {
                        summaries.push(summary(label(&frame), bytes));
                    }
                    frames.push(frame);
                }
                // A frame that a later version added: what it says is lost on us, the rest is not.
                Err(DecodeError::UnknownKind(_)) => self.events.push_back(Event::Unsupported),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        self.witness(Direction::FromRelay, summaries, message);
        for frame in frames {
            if !matches!(self.link, Link::Up(_)) {
                return;
            }
            self.frame(frame, now, rng);
        }
        if failure.is_some() && matches!(self.link, Link::Up(_)) {
            self.drop_connection(CloseCode::Frame, now, rng);
        }
    }

    /// Queues a frame for the next record.
    pub(super) fn send(&mut self, frame: &ClientToRelay) {
        self.frames.push(frame.encode());
    }

    /// Puts the queued frames into as few records as possible.
    pub(super) fn flush(&mut self) {
        let Link::Up(up) = &mut self.link else { return };
        let mut frames = std::mem::take(&mut self.frames).into_iter().peekable();
        let mut sent = Vec::new();
        while frames.peek().is_some() {
            let mut plaintext = Vec::new();
            let mut summaries = Vec::new();
            while let Some(frame) =
                frames.next_if(|frame| record::has_room(plaintext.len(), frame.len()))
            {
                record::push(&mut plaintext, &frame, &[]);
                if self.watched {
                    let label = match put_view(&frame) {
                        Some(_) => "PutPiece",
                        None => ClientToRelay::decode(&frame)
                            .map_or("?", |frame| label_to_relay(&frame)),
                    };
                    summaries.push(summary(label, &frame));
                }
            }
            if plaintext.len() <= FRAME_PREFIX {
                // A frame that fits no record; none is made that large.
                frames.next();
                continue;
            }
            sent.push((summaries, up.tunnel.seal(&plaintext)));
        }
        for (summaries, record) in sent {
            self.witness(Direction::ToRelay, summaries, &record);
            self.transmits.push_back(Transmit::Message(record));
        }
    }

    /// Keeps what went over the socket for whoever looks.
    pub(super) fn witness(
        &mut self,
        direction: Direction,
        frames: Vec<FrameSummary>,
        record: &[u8],
    ) {
        if self.watched {
            let has_pieces = frames.iter().any(|frame| frame.bytes > frame.frame.len());
            let kept = if has_pieces {
                SHOWN_OF_PIECES
            } else {
                record.len()
            };
            self.events.push_back(Event::Wire(WireRecord {
                direction,
                frames,
                length: record.len(),
                record: record.get(..kept).unwrap_or(record).to_vec(),
            }));
        }
    }
}

/// A frame for the view of what the relay sees. Of a piece of a file its beginning is enough.
fn summary(label: &'static str, frame: &[u8]) -> FrameSummary {
    let is_piece = matches!(label, "PutPiece" | "Piece");
    let kept = if is_piece {
        SHOWN_OF_PIECES
    } else {
        frame.len()
    };
    FrameSummary {
        label,
        bytes: frame.len(),
        frame: frame.get(..kept).unwrap_or(frame).to_vec(),
    }
}

/// What a close code from which there is no return means to a person.
fn final_end(code: CloseCode, now: Now) -> End {
    match code {
        CloseCode::Expired => End::Expired,
        CloseCode::Purged => End::Purged {
            by: None,
            at: now.wall,
        },
        CloseCode::Removed => End::Removed { by: None },
        CloseCode::Replaced => End::Replaced,
        // The relay greets with its version before it reads ours, so only a newer one gets to complain.
        CloseCode::Version => End::RelayTooNew,
        other => End::ClosedByRelay(other),
    }
}

fn label(frame: &RelayToClient) -> &'static str {
    match frame {
        RelayToClient::Looked { .. } => "Looked",
        RelayToClient::Joined { .. } => "Joined",
        RelayToClient::Delivered { .. } => "Delivered",
        RelayToClient::Accepted { .. } => "Accepted",
        RelayToClient::Refused { .. } => "Refused",
        RelayToClient::Arrived { .. } => "Arrived",
        RelayToClient::Away { .. } => "Away",
        RelayToClient::Returned { .. } => "Returned",
        RelayToClient::Departed { .. } => "Departed",
        RelayToClient::Pong { .. } => "Pong",
        RelayToClient::Time { .. } => "Time",
        RelayToClient::CaughtUp { .. } => "CaughtUp",
        RelayToClient::RoomChanged { .. } => "RoomChanged",
        RelayToClient::Purged { .. } => "Purged",
        RelayToClient::Removed { .. } => "Removed",
        RelayToClient::File(answer) => answer.name(),
    }
}

fn label_to_relay(frame: &ClientToRelay) -> &'static str {
    match frame {
        ClientToRelay::Look { .. } => "Look",
        ClientToRelay::Join { .. } => "Join",
        ClientToRelay::Publish { .. } => "Publish",
        ClientToRelay::Leave => "Leave",
        ClientToRelay::Ping { .. } => "Ping",
        ClientToRelay::Control { .. } => "Control",
        ClientToRelay::Purge { .. } => "Purge",
        ClientToRelay::File(request) => request.name(),
    }
}

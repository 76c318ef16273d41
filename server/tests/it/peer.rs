//! A member: a client with a tunnel, which does as it is told.

use std::collections::VecDeque;
use std::net::SocketAddr;

use crypto::room::RoomKeys;
use crypto::tunnel::{Handshake, Pin, Ticket, Tunnel};
use crypto::wire::record::{pack, split};
use crypto::wire::{
    ClientToRelay, CloseCode, JoinOutcome, Keep, Life, LocalId, MemberId, Missed, Opening,
    RelayToClient, Resume, ResumeToken, RoomMode, Seq, TimeLeft,
};

use crate::common::{envelope, rng};
use crate::socket::{BINARY, Incoming, Socket};

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
    pub(crate) missed: Missed,
    pub(crate) life: Life,
    /// Whether the room is locked.
    pub(crate) locked: bool,
    /// Whether some secret purges it.
    pub(crate) purgeable: bool,
    /// Everything between that and the end of the replay.
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

    /// Reads on until the room is purged and the relay hangs up, and returns the notice.
    pub(crate) fn until_purged(&mut self) -> Vec<u8> {
        let notice = loop {
            if let RelayToClient::Purged { notice, .. } = self.next() {
                break notice;
            }
        };
        assert_eq!(self.ended(), Some(CloseCode::Purged));
        notice
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
            life,
        } = self.next()
        else {
            panic!("expected an answer to the join")
        };
        let RelayToClient::RoomChanged {
            locked,
            purgeable,
            time_left: still_left,
        } = self.next()
        else {
            panic!("expected the state of the room")
        };
        assert_eq!(still_left, time_left);
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
            life,
            locked,
            purgeable,
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

    /// As [`Peer::say`], among other news.
    pub(crate) fn say_through(&mut self, keep: Keep, filling: u8) -> u64 {
        let published = self.publish(keep, filling);
        loop {
            if let RelayToClient::Accepted { local, seq } = self.next() {
                assert_eq!(local, published);
                return seq.0;
            }
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

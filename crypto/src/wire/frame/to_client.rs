//! Frames from the relay to a client.

use super::door::{JoinOutcome, Missed, RoomState};
use super::file::{self, FileAnswer};
use super::opening::{RoomMode, TimeLeft};
use super::refusal::Refusal;
use crate::wire::codec::{DecodeError, Reader, Writer};
use crate::wire::id::{Life, LocalId, MemberId, ResumeToken, Seq};
use alloc::vec::Vec;
use core::time::Duration;

const LOOKED: u8 = 0x81;
const JOINED: u8 = 0x82;
const DELIVERED: u8 = 0x83;
const ACCEPTED: u8 = 0x84;
const REFUSED: u8 = 0x85;
const ARRIVED: u8 = 0x86;
const AWAY: u8 = 0x87;
const RETURNED: u8 = 0x88;
const DEPARTED: u8 = 0x89;
const PONG: u8 = 0x8A;
const TIME: u8 = 0x8B;
const CAUGHT_UP: u8 = 0x8C;
const ROOM_CHANGED: u8 = 0x8D;
const PURGED: u8 = 0x8E;
const REMOVED: u8 = 0x8F;

/// Stands for "no local id" in a refusal.
const NO_LOCAL: u32 = u32::MAX;

/// Bytes of a delivery in front of its envelope.
pub const DELIVERED_HEAD: usize = 26;

/// What the relay says to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelayToClient {
    /// Answers a look: `0x81 ‖ state(1) ‖ members(4) ‖ mode(1) ‖ history(2) ‖ time left(8)`.
    Looked {
        /// Whether one can enter.
        state: RoomState,
        /// How many seats are taken.
        members: u32,
        /// The room's mode; meaningless while it is empty.
        mode: RoomMode,
        /// The length of its history ring.
        history: u16,
        /// How long it still lives.
        time_left: TimeLeft,
    },
    /// Answers a join: `0x82 ‖ member(16) ‖ token(16) ‖ outcome(1) ‖ mode(1) ‖ history(2) ‖ time left(8) ‖ members(4) ‖
    /// head(8) ‖ missed(4), 0 = nothing, 0xFFFFFFFF = an unknown number ‖ life(8)`.
    Joined {
        /// This client's seat.
        member: MemberId,
        /// What takes it back later.
        token: ResumeToken,
        /// Opened, entered or resumed.
        outcome: JoinOutcome,
        /// The room's mode.
        mode: RoomMode,
        /// The length of its history ring.
        history: u16,
        /// How long it still lives.
        time_left: TimeLeft,
        /// How many seats are taken, this one included.
        members: u32,
        /// The newest envelope of the room.
        head: Seq,
        /// What the replay cannot show.
        missed: Missed,
        /// Which life of the room it is.
        life: Life,
    },
    /// An envelope: `0x83 ‖ seq(8) ‖ from(16) ‖ replayed(1) ‖ envelope`.
    Delivered {
        /// Its place in the room's order.
        seq: Seq,
        /// The seat it came from.
        from: MemberId,
        /// Whether it comes from the ring or the resume buffer.
        replayed: bool,
        /// The sealed envelope.
        envelope: Vec<u8>,
    },
    /// The author's own envelope has its place, or its order has taken effect (seq 0): `0x84 ‖ local(4) ‖ seq(8)`.
    Accepted {
        /// The client's number for it.
        local: LocalId,
        /// Its place in the room's order.
        seq: Seq,
    },
    /// No: `0x85 ‖ refusal(1) ‖ local(4), 0xFFFFFFFF = none ‖ retry after, milliseconds(4)`.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Which publish it is about.
        local: Option<LocalId>,
        /// How long to wait before trying again; zero where trying again is pointless.
        retry_after: Duration,
    },
    /// A new seat: `0x86 ‖ member(16)`. A newcomer gets one for every present member before any envelope.
    Arrived {
        /// The seat.
        member: MemberId,
    },
    /// Its connection is gone, the seat may still be resumed: `0x87 ‖ member(16)`.
    Away {
        /// The seat.
        member: MemberId,
    },
    /// It was resumed: `0x88 ‖ member(16)`.
    Returned {
        /// The seat.
        member: MemberId,
    },
    /// It was given up, or its time of grace is over: `0x89 ‖ member(16)`.
    Departed {
        /// The seat.
        member: MemberId,
    },
    /// Answers a ping: `0x8A ‖ echo(4)`.
    Pong {
        /// What the ping said.
        echo: u32,
    },
    /// The room's lifetime has changed: `0x8B ‖ time left(8)`.
    Time {
        /// How long it still lives.
        time_left: TimeLeft,
    },
    /// The replay after a join is complete: `0x8C ‖ head(8)`.
    CaughtUp {
        /// The newest envelope at that moment.
        head: Seq,
    },
    /// How the room is governed now: `0x8D ‖ locked(1) ‖ purgeable(1) ‖ time left(8)`. Comes right after every joined
    /// frame, and to everybody, whoever ordered it included, after an order that changed one of these.
    RoomChanged {
        /// Nobody new is let in.
        locked: bool,
        /// Some secret purges it.
        purgeable: bool,
        /// How long it still lives.
        time_left: TimeLeft,
    },
    /// Somebody purged the room; the connection is closed with 4009 next: `0x8E ‖ from(16) ‖ notice`. Whoever did it
    /// gets accepted instead.
    Purged {
        /// The seat it came from.
        from: MemberId,
        /// The sealed envelope that tells who and when.
        notice: Vec<u8>,
    },
    /// A seat was ended by an order, in place of departed: `0x8F ‖ member(16)`.
    Removed {
        /// The seat.
        member: MemberId,
    },
    /// Something about files.
    File(FileAnswer),
}

/// The part of a delivery in front of the envelope, so that the relay writes the envelope itself only once.
pub fn delivered_head(seq: Seq, from: MemberId, replayed: bool) -> [u8; DELIVERED_HEAD] {
    let mut bytes = [DELIVERED]
        .into_iter()
        .chain(seq.0.to_be_bytes())
        .chain(from.0)
        .chain([u8::from(replayed)]);
    core::array::from_fn(|_| bytes.next().unwrap_or_default())
}

fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

impl RelayToClient {
    /// The frame's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        match self {
            Self::Looked {
                state,
                members,
                mode,
                history,
                time_left,
            } => {
                writer
                    .u8(LOOKED)
                    .u8(*state as u8)
                    .u32(*members)
                    .u8(*mode as u8)
                    .u16(*history);
                time_left.encode(&mut writer);
            }
            Self::Joined {
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
            } => {
                writer
                    .u8(JOINED)
                    .put(&member.0)
                    .put(&token.0)
                    .u8(*outcome as u8)
                    .u8(*mode as u8)
                    .u16(*history);
                time_left.encode(&mut writer);
                writer
                    .u32(*members)
                    .u64(head.0)
                    .u32(missed.as_u32())
                    .u64(life.0);
            }
            Self::Delivered {
                seq,
                from,
                replayed,
                envelope,
            } => {
                writer
                    .put(&delivered_head(*seq, *from, *replayed))
                    .put(envelope);
            }
            Self::Accepted { local, seq } => {
                writer.u8(ACCEPTED).u32(local.0).u64(seq.0);
            }
            Self::Refused {
                refusal,
                local,
                retry_after,
            } => {
                let local = local.map_or(NO_LOCAL, |local| local.0);
                writer
                    .u8(REFUSED)
                    .u8(refusal.as_u8())
                    .u32(local)
                    .u32(milliseconds(*retry_after));
            }
            Self::Arrived { member } => {
                writer.u8(ARRIVED).put(&member.0);
            }
            Self::Away { member } => {
                writer.u8(AWAY).put(&member.0);
            }
            Self::Returned { member } => {
                writer.u8(RETURNED).put(&member.0);
            }
            Self::Departed { member } => {
                writer.u8(DEPARTED).put(&member.0);
            }
            Self::Pong { echo } => {
                writer.u8(PONG).u32(*echo);
            }
            Self::Time { time_left } => {
                writer.u8(TIME);
                time_left.encode(&mut writer);
            }
            Self::CaughtUp { head } => {
                writer.u8(CAUGHT_UP).u64(head.0);
            }
            Self::RoomChanged {
                locked,
                purgeable,
                time_left,
            } => {
                writer
                    .u8(ROOM_CHANGED)
                    .u8(u8::from(*locked))
                    .u8(u8::from(*purgeable));
                time_left.encode(&mut writer);
            }
            Self::Purged { from, notice } => {
                writer.u8(PURGED).put(&from.0).put(notice);
            }
            Self::Removed { member } => {
                writer.u8(REMOVED).put(&member.0);
            }
            Self::File(answer) => answer.encode(&mut writer),
        }
        writer.finish()
    }

    /// Reads one frame and insists on its end.
    ///
    /// # Errors
    /// Any [`DecodeError`].
    pub fn decode(frame: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(frame);
        let decoded = match reader.u8()? {
            LOOKED => Self::Looked {
                state: RoomState::decode(&mut reader)?,
                members: reader.u32()?,
                mode: RoomMode::decode(&mut reader)?,
                history: reader.u16()?,
                time_left: TimeLeft::decode(&mut reader)?,
            },
            JOINED => Self::Joined {
                member: MemberId(reader.array()?),
                token: ResumeToken(reader.array()?),
                outcome: JoinOutcome::decode(&mut reader)?,
                mode: RoomMode::decode(&mut reader)?,
                history: reader.u16()?,
                time_left: TimeLeft::decode(&mut reader)?,
                members: reader.u32()?,
                head: Seq(reader.u64()?),
                missed: Missed::from_u32(reader.u32()?),
                life: Life(reader.u64()?),
            },
            DELIVERED => Self::Delivered {
                seq: Seq(reader.u64()?),
                from: MemberId(reader.array()?),
                replayed: reader.flag("replayed flag")?,
                envelope: reader.rest().to_vec(),
            },
            ACCEPTED => Self::Accepted {
                local: LocalId(reader.u32()?),
                seq: Seq(reader.u64()?),
            },
            REFUSED => Self::Refused {
                refusal: Refusal::from_u8(reader.u8()?),
                local: Some(reader.u32()?)
                    .filter(|&local| local != NO_LOCAL)
                    .map(LocalId),
                retry_after: Duration::from_millis(u64::from(reader.u32()?)),
            },
            ARRIVED => Self::Arrived {
                member: MemberId(reader.array()?),
            },
            AWAY => Self::Away {
                member: MemberId(reader.array()?),
            },
            RETURNED => Self::Returned {
                member: MemberId(reader.array()?),
            },
            DEPARTED => Self::Departed {
                member: MemberId(reader.array()?),
            },
            PONG => Self::Pong {
                echo: reader.u32()?,
            },
            TIME => Self::Time {
                time_left: TimeLeft::decode(&mut reader)?,
            },
            CAUGHT_UP => Self::CaughtUp {
                head: Seq(reader.u64()?),
            },
            ROOM_CHANGED => Self::RoomChanged {
                locked: reader.flag("locked flag")?,
                purgeable: reader.flag("purgeable flag")?,
                time_left: TimeLeft::decode(&mut reader)?,
            },
            PURGED => Self::Purged {
                from: MemberId(reader.array()?),
                notice: reader.rest().to_vec(),
            },
            REMOVED => Self::Removed {
                member: MemberId(reader.array()?),
            },
            kind @ (file::TAKEN | file::PIECE | file::REFUSED) => {
                Self::File(FileAnswer::decode(kind, &mut reader)?)
            }
            kind => return Err(DecodeError::UnknownKind(kind)),
        };
        reader.finish()?;
        Ok(decoded)
    }
}

//! How a room looks from outside, and how one got in.

use crate::wire::codec::{DecodeError, Reader};

/// What a look at a room finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoomState {
    /// Nobody is there: joining opens it.
    Empty = 0,
    /// There is a seat.
    Open = 1,
    /// No seat is left.
    Full = 2,
    /// The opener lets nobody in.
    Locked = 3,
    /// Its lifetime is over or it was purged.
    Closed = 4,
}

/// How a join succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinOutcome {
    /// The room did not exist; this member opened it.
    Opened = 0,
    /// A new seat in an existing room.
    Entered = 1,
    /// The old seat.
    Resumed = 2,
}

impl RoomState {
    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            0 => Ok(Self::Empty),
            1 => Ok(Self::Open),
            2 => Ok(Self::Full),
            3 => Ok(Self::Locked),
            4 => Ok(Self::Closed),
            _ => Err(DecodeError::Invalid("room state")),
        }
    }
}

impl JoinOutcome {
    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            0 => Ok(Self::Opened),
            1 => Ok(Self::Entered),
            2 => Ok(Self::Resumed),
            _ => Err(DecodeError::Invalid("join outcome")),
        }
    }
}

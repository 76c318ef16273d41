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

/// What a join could not replay although the room promises it, because the relay had to drop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missed {
    /// Everything is there.
    Nothing,
    /// At least this many messages, one or more, are gone.
    Messages(u32),
    /// Something is gone, and nobody knows how much.
    Unknown,
}

impl Missed {
    const UNKNOWN: u32 = u32::MAX;

    /// Whether anything is gone.
    pub fn is_something(self) -> bool {
        self != Self::Nothing
    }

    pub(super) fn as_u32(self) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::Messages(messages) => messages.clamp(1, Self::UNKNOWN - 1),
            Self::Unknown => Self::UNKNOWN,
        }
    }

    pub(super) fn from_u32(number: u32) -> Self {
        match number {
            0 => Self::Nothing,
            Self::UNKNOWN => Self::Unknown,
            messages => Self::Messages(messages),
        }
    }
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

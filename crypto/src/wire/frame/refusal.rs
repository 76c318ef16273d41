//! The relay says no.

/// Why the relay does not do what a frame asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The proof is not a signature by the room's address over this tunnel. Byte 1.
    BadProof,
    /// No seat is left. Byte 2.
    RoomFull,
    /// The opener lets nobody in. Byte 3.
    RoomLocked,
    /// The room is over. Byte 4.
    RoomClosed,
    /// Too many frames; wait. Byte 5.
    TooFast,
    /// The envelope is too long or has a length that no client produces. Byte 6.
    TooLarge,
    /// Take a seat first. Byte 7.
    NotJoined,
    /// This connection has a seat. Byte 8.
    AlreadyJoined,
    /// The relay has no place for another room or member. Byte 9.
    RelayFull,
    /// The opening asks for what this relay does not offer. Byte 10.
    BadOpening,
    /// The relay does not do this. Byte 11.
    Unsupported,
    /// No control key of this room signed the order, or the purge secret is not this room's. Byte 12.
    NotAllowed,
    /// A reason that this version does not know.
    Other(u8),
}

impl Refusal {
    const KNOWN: [Self; 12] = [
        Self::BadProof,
        Self::RoomFull,
        Self::RoomLocked,
        Self::RoomClosed,
        Self::TooFast,
        Self::TooLarge,
        Self::NotJoined,
        Self::AlreadyJoined,
        Self::RelayFull,
        Self::BadOpening,
        Self::Unsupported,
        Self::NotAllowed,
    ];

    /// The reason's byte on the wire.
    pub fn as_u8(self) -> u8 {
        match self {
            Self::BadProof => 1,
            Self::RoomFull => 2,
            Self::RoomLocked => 3,
            Self::RoomClosed => 4,
            Self::TooFast => 5,
            Self::TooLarge => 6,
            Self::NotJoined => 7,
            Self::AlreadyJoined => 8,
            Self::RelayFull => 9,
            Self::BadOpening => 10,
            Self::Unsupported => 11,
            Self::NotAllowed => 12,
            Self::Other(byte) => byte,
        }
    }

    /// The reason behind a byte; one that this version does not know is kept as it is.
    pub fn from_u8(byte: u8) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|known| known.as_u8() == byte)
            .unwrap_or(Self::Other(byte))
    }
}

//! Identifiers. They are small, `Copy`, and their `Debug` shows at most a short prefix, so that a log line never
//! carries enough to recognise a room or a member elsewhere.

use core::fmt;

/// A room's address: the Ed25519 public key derived from the room's name. 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub [u8; 32]);

/// The relay's random handle of a seat. 16 bytes; says nothing about who sits there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemberId(pub [u8; 16]);

/// Which life of a room: drawn by the relay when the room is opened, and so another one after the relay has forgotten the
/// room. 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Life(pub u64);

/// Who wrote something: the first 16 bytes of `SHA-256("roomkey/1 sid" ‖ signing public key)`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SenderId(pub [u8; 16]);

/// The name of a file at the relay: random, its sender's. 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub [u8; 16]);

/// Which life of a sender's chain. A sender starts a new one when somebody leaves, and now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Epoch(pub u16);

/// The step within an epoch, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Generation(pub u32);

/// The relay's running number of an envelope in a room, from 1. 0 means "before the first".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Seq(pub u64);

/// A client's own number for something it published, unique within its seat. `u32::MAX` is not a valid number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LocalId(pub u32);

/// What a client shows to take its seat back after its connection broke. A bearer secret between it and the relay.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResumeToken(pub [u8; 16]);

impl ResumeToken {
    /// Compares in time that does not depend on where the tokens differ.
    pub fn matches(&self, other: &Self) -> bool {
        self.0
            .iter()
            .zip(&other.0)
            .fold(0, |differing, (a, b)| differing | (a ^ b))
            == 0
    }
}

fn prefix(f: &mut fmt::Formatter<'_>, name: &str, bytes: &[u8]) -> fmt::Result {
    write!(f, "{name}(")?;
    for byte in bytes.iter().take(3) {
        write!(f, "{byte:02x}")?;
    }
    f.write_str("…)")
}

impl fmt::Debug for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomId(…)")
    }
}

impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeToken(…)")
    }
}

impl fmt::Debug for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        prefix(f, "MemberId", &self.0)
    }
}

impl fmt::Debug for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        prefix(f, "FileId", &self.0)
    }
}

impl fmt::Debug for SenderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        prefix(f, "SenderId", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn debug_shows_no_room_and_no_token() {
        assert_eq!(format!("{:?}", RoomId([0xab; 32])), "RoomId(…)");
        assert_eq!(format!("{:?}", ResumeToken([0xab; 16])), "ResumeToken(…)");
    }

    #[test]
    fn debug_of_members_is_a_short_prefix() {
        assert_eq!(format!("{:?}", MemberId([0xab; 16])), "MemberId(ababab…)");
        assert_eq!(format!("{:?}", SenderId([0x01; 16])), "SenderId(010101…)");
    }

    #[test]
    fn resume_tokens_match_only_when_equal() {
        let token = ResumeToken([7; 16]);
        let mut other = token;
        assert!(token.matches(&other));
        other.0[15] ^= 1;
        assert!(!token.matches(&other));
    }
}

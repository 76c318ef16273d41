//! What a room is like: chosen by whoever opens it, told to whoever enters.

use crate::wire::codec::{DecodeError, Reader, Writer};
use core::time::Duration;

/// How members hand out their chain keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoomMode {
    /// Newcomers read nothing from before they came.
    ForwardSecret = 0,
    /// Newcomers read what the relay's ring still holds.
    OpenHistory = 1,
}

/// How long a room lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// Until the last member is gone.
    UntilEmpty,
    /// This long from opening; whole seconds, at least one and at most `u32::MAX`.
    For(Duration),
}

/// How long a room still lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeLeft {
    /// Until the last member is gone.
    UntilEmpty,
    /// This long; whole milliseconds.
    For(Duration),
}

/// What the opener of a room chooses. The relay ignores it where the room exists already.
///
/// ```text
/// mode(1) ‖ history(2) ‖ lifetime seconds(4) ‖ max_members(2) ‖ control key(32) ‖ purge digest(32)      73 bytes
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Forward secrecy or open history.
    pub mode: RoomMode,
    /// How many envelopes the relay's ring holds.
    pub history: u16,
    /// How long the room lives.
    pub lifetime: Lifetime,
    /// How many members fit.
    pub max_members: u16,
    /// The public half of the opener's control key. All zeros stand for none.
    pub control_key: Option<[u8; 32]>,
    /// SHA-256 of the opener's purge secret. All zeros stand for none.
    pub purge_digest: Option<[u8; 32]>,
}

impl RoomMode {
    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            0 => Ok(Self::ForwardSecret),
            1 => Ok(Self::OpenHistory),
            _ => Err(DecodeError::Invalid("room mode")),
        }
    }
}

impl TimeLeft {
    const UNTIL_EMPTY: u64 = u64::MAX;

    pub(super) fn encode(self, writer: &mut Writer) {
        writer.u64(match self {
            Self::UntilEmpty => Self::UNTIL_EMPTY,
            Self::For(left) => u64::try_from(left.as_millis())
                .unwrap_or(u64::MAX)
                .min(Self::UNTIL_EMPTY - 1),
        });
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match reader.u64()? {
            Self::UNTIL_EMPTY => Self::UntilEmpty,
            milliseconds => Self::For(Duration::from_millis(milliseconds)),
        })
    }
}

impl Lifetime {
    /// The lifetime behind its number of seconds on the wire; 0 is until empty.
    pub fn from_seconds(seconds: u32) -> Self {
        match seconds {
            0 => Self::UntilEmpty,
            seconds => Self::For(Duration::from_secs(u64::from(seconds))),
        }
    }

    /// Its number of seconds on the wire.
    pub fn seconds(self) -> u32 {
        match self {
            Self::UntilEmpty => 0,
            Self::For(lifetime) => u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX).max(1),
        }
    }
}

fn encode_optional(writer: &mut Writer, bytes: Option<[u8; 32]>) {
    writer.put(&bytes.unwrap_or_default());
}

fn decode_optional(reader: &mut Reader<'_>) -> Result<Option<[u8; 32]>, DecodeError> {
    let bytes = reader.array()?;
    Ok((bytes != [0; 32]).then_some(bytes))
}

impl Opening {
    /// Bytes of an encoded opening.
    pub const LEN: usize = 73;

    pub(super) fn encode(&self, writer: &mut Writer) {
        writer
            .u8(self.mode as u8)
            .u16(self.history)
            .u32(self.lifetime.seconds())
            .u16(self.max_members);
        encode_optional(writer, self.control_key);
        encode_optional(writer, self.purge_digest);
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            mode: RoomMode::decode(reader)?,
            history: reader.u16()?,
            lifetime: Lifetime::from_seconds(reader.u32()?),
            max_members: reader.u16()?,
            control_key: decode_optional(reader)?,
            purge_digest: decode_optional(reader)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_below_a_second_does_not_become_until_empty() {
        assert_eq!(Lifetime::For(Duration::from_millis(1)).seconds(), 1);
        assert_eq!(Lifetime::For(Duration::MAX).seconds(), u32::MAX);
    }

    #[test]
    fn endless_time_left_does_not_become_until_empty() {
        let mut writer = Writer::default();
        TimeLeft::For(Duration::MAX).encode(&mut writer);
        let bytes = writer.finish();
        assert_ne!(
            TimeLeft::decode(&mut Reader::new(&bytes)),
            Ok(TimeLeft::UntilEmpty)
        );
    }
}

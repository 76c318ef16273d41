//! What the holder of a room's control key may order the relay to do.
//!
//! ```text
//! order     = kind(1) ‖ value(32)                            what a kind does not use of its value is zero
//! signature = Ed25519 by a control key over "roomkey/1 control" ‖ 0x00 ‖ exporter(32) ‖ room(32) ‖ local(4) ‖ order
//! ```

use super::opening::Lifetime;
use crate::wire::codec::{DecodeError, Reader, Writer};
use crate::wire::id::{LocalId, MemberId, RoomId};
use alloc::vec::Vec;

const LOCK: u8 = 1;
const LIFETIME: u8 = 2;
const REMOVE: u8 = 3;
const SHARE: u8 = 4;
const HAND_ON: u8 = 5;
const PURGE_DIGEST: u8 = 6;
const WITHDRAW: u8 = 7;

/// An order to the relay about the room that the client sits in. All orders have one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Lets nobody new in, or lets them in again: `1 ‖ flag(1) ‖ 0(31)`. Seats are still resumed.
    Lock(bool),
    /// The room lives this long from now on: `2 ‖ seconds(4), 0 = until empty ‖ 0(28)`.
    Lifetime(Lifetime),
    /// Ends a seat for good: `3 ‖ member(16) ‖ 0(16)`. Accepted also where nobody sits there any more.
    Remove(MemberId),
    /// Another key is a control key, too: `4 ‖ key(32)`.
    Share([u8; 32]),
    /// Another key is a control key in place of the one that signed this: `5 ‖ key(32)`.
    HandOn([u8; 32]),
    /// SHA-256 of the secret that purges the room from now on: `6 ‖ digest(32)`, zeros for none.
    PurgeDigest(Option<[u8; 32]>),
    /// A key is no control key any more: `7 ‖ key(32)`. Accepted also where it was none.
    Withdraw([u8; 32]),
}

fn padded<const USED: usize, const UNUSED: usize>(
    reader: &mut Reader<'_>,
) -> Result<[u8; USED], DecodeError> {
    let used = reader.array()?;
    if reader.array::<UNUSED>()? == [0; UNUSED] {
        Ok(used)
    } else {
        Err(DecodeError::Invalid("order padding"))
    }
}

fn key(reader: &mut Reader<'_>) -> Result<[u8; 32], DecodeError> {
    let key = reader.array()?;
    if key == [0; 32] {
        Err(DecodeError::Invalid("control key"))
    } else {
        Ok(key)
    }
}

impl Order {
    /// Bytes of an encoded order.
    pub const LEN: usize = 33;

    /// Appends the order's 33 bytes.
    pub fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Lock(locked) => writer.u8(LOCK).u8(u8::from(*locked)).put(&[0; 31]),
            Self::Lifetime(lifetime) => writer.u8(LIFETIME).u32(lifetime.seconds()).put(&[0; 28]),
            Self::Remove(member) => writer.u8(REMOVE).put(&member.0).put(&[0; 16]),
            Self::Share(key) => writer.u8(SHARE).put(key),
            Self::HandOn(key) => writer.u8(HAND_ON).put(key),
            Self::PurgeDigest(digest) => writer.u8(PURGE_DIGEST).put(&digest.unwrap_or_default()),
            Self::Withdraw(key) => writer.u8(WITHDRAW).put(key),
        };
    }

    /// Reads an order.
    ///
    /// # Errors
    /// [`DecodeError`] for an unknown one, and for padding that is not zero.
    pub fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match reader.u8()? {
            LOCK => match padded::<1, 31>(reader)? {
                [0] => Self::Lock(false),
                [1] => Self::Lock(true),
                _ => return Err(DecodeError::Invalid("lock flag")),
            },
            LIFETIME => Self::Lifetime(Lifetime::from_seconds(u32::from_be_bytes(
                padded::<4, 28>(reader)?,
            ))),
            REMOVE => Self::Remove(MemberId(padded::<16, 16>(reader)?)),
            SHARE => Self::Share(key(reader)?),
            HAND_ON => Self::HandOn(key(reader)?),
            PURGE_DIGEST => {
                let digest = reader.array()?;
                Self::PurgeDigest((digest != [0; 32]).then_some(digest))
            }
            WITHDRAW => Self::Withdraw(key(reader)?),
            _ => return Err(DecodeError::Invalid("order")),
        })
    }
}

/// What the signature of a control frame covers. The exporter ties it to one tunnel, so that an order that somebody has
/// recorded is worthless on another.
pub fn control_message(
    exporter: &[u8; 32],
    room: &RoomId,
    local: LocalId,
    order: &Order,
) -> Vec<u8> {
    let mut writer = Writer::with_capacity(119);
    writer
        .put(b"roomkey/1 control\0")
        .put(exporter)
        .put(&room.0)
        .u32(local.0);
    order.encode(&mut writer);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_message_has_a_fixed_layout() {
        let order = Order::Remove(MemberId([4; 16]));
        let message = control_message(&[1; 32], &RoomId([2; 32]), LocalId(3), &order);
        assert_eq!(message.len(), 119);
        assert_eq!(&message[..18], b"roomkey/1 control\0");
        assert_eq!(message[18..50], [1; 32]);
        assert_eq!(message[50..82], [2; 32]);
        assert_eq!(message[82..86], [0, 0, 0, 3]);
        assert_eq!(message[86], 3);
        assert_eq!(message[87..103], [4; 16]);
        assert_eq!(message[103..], [0; 16]);
    }
}

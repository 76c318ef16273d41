//! What is not said but shown while it lasts: who is typing, and how far somebody has read. Signals go to those alone
//! who said that they send theirs too.

use crypto::wire::codec::Reader;
use zeroize::Zeroizing;

use super::{Malformed, SEEN, TYPING, message, put_message};
use crate::event::MessageId;

/// A signal of one member to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Not typing, or not any more.
    Still,
    /// Typing something for everybody.
    Typing,
    /// Typing something for the receiver alone.
    TypingToYou,
    /// "I show mine. Do you?"
    Shares,
    /// "I show mine as well."
    SharesToo,
    /// "I do not show mine any more."
    Hides,
    /// Has read up to this message.
    Seen(MessageId),
}

impl Signal {
    pub(crate) fn encode(self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Vec::with_capacity(23);
        let state = match self {
            Self::Still => 0,
            Self::Typing => 1,
            Self::TypingToYou => 2,
            Self::Shares => 3,
            Self::SharesToo => 4,
            Self::Hides => 5,
            Self::Seen(up_to) => {
                bytes.push(SEEN);
                put_message(&mut bytes, &up_to);
                return Zeroizing::new(bytes);
            }
        };
        bytes.extend([TYPING, state]);
        Zeroizing::new(bytes)
    }

    /// Reads a signal: `Ok(None)` for anything else, which may be a body.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let mut reader = Reader::new(bytes);
        let signal = match reader.u8()? {
            TYPING => match reader.u8()? {
                0 => Self::Still,
                1 => Self::Typing,
                2 => Self::TypingToYou,
                3 => Self::Shares,
                4 => Self::SharesToo,
                5 => Self::Hides,
                _ => return Err(Malformed),
            },
            SEEN => Self::Seen(message(&mut reader)?),
            _ => return Ok(None),
        };
        reader.finish()?;
        Ok(Some(signal))
    }
}

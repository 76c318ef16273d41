//! What a message says. Sealing sees bytes only; this is where they become chat.
//!
//! ```text
//! body     = kind(1) ‖ rest
//!  1 text      words                         6 typing  state(1)
//!  2 reply     message(22) ‖ words           7 seen    message(22)
//!  3 reaction  message(22) ‖ on(1) ‖ UTF-8   8 action  words
//!  4 edit      message(22) ‖ words           9 topic   UTF-8, perhaps empty
//!  5 delete    message(22)                  10 timed   seconds(4) ‖ words
//! 11          an invitation to another room, in a box only, see `invitation`
//! 20 to 25    files, see `file`
//! words    = style(1) ‖ UTF-8               style 0 plain, 1 Markdown
//! message  = sid(16) ‖ epoch(2) ‖ generation(4)
//! ```

mod error;
mod file;
pub(crate) mod invitation;
mod signal;
#[cfg(test)]
mod tests;
mod text;

use std::time::Duration;

use crypto::wire::codec::Reader;
use crypto::wire::{DecodeError, Epoch, FileId, Generation, SenderId};
use zeroize::Zeroizing;

use crate::event::MessageId;

pub(crate) use error::Malformed;
pub use error::SayError;
pub(crate) use file::FileSignal;
pub use file::{FileBytes, FileOffer, LONGEST_FILE_NAME};
pub use invitation::MOST_INVITED;
pub(crate) use signal::Signal;
pub use text::{LONGEST_TEXT, Style, Text};

/// The longest topic, in bytes of UTF-8.
pub const LONGEST_TOPIC: usize = 512;
/// The longest reaction, in bytes of UTF-8: one emoji with everything that can be joined to it.
pub const LONGEST_REACTION: usize = 64;
/// How short and how long a message with a timer may stay after it was read.
pub const TIMER: core::ops::RangeInclusive<Duration> =
    Duration::from_secs(10)..=Duration::from_secs(24 * 60 * 60);

const TEXT: u8 = 1;
const REPLY: u8 = 2;
const REACTION: u8 = 3;
const EDIT: u8 = 4;
const DELETE: u8 = 5;
const TYPING: u8 = 6;
const SEEN: u8 = 7;
const ACTION: u8 = 8;
const TOPIC: u8 = 9;
const TIMED: u8 = 10;
const INVITATION: u8 = 11;

/// What was said. All texts are hostile until shown through the crate `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// Text, possibly of many lines.
    Text(Text),
    /// Text in answer to a message.
    Reply {
        /// What it answers.
        to: MessageId,
        /// The answer.
        text: Text,
    },
    /// An emoji beside a message, or no longer.
    Reaction {
        /// The message.
        to: MessageId,
        /// It is put there; otherwise taken away.
        on: bool,
        /// The emoji. May be anything short.
        emoji: String,
    },
    /// An own message says something else from now on.
    Edit {
        /// The message. It is always its author's.
        of: MessageId,
        /// What it says now.
        text: Text,
    },
    /// An own message is taken back.
    Delete {
        /// The message. It is always its author's.
        of: MessageId,
    },
    /// "/me": what the author does, told by the author.
    Action(Text),
    /// What the room is about, for everybody; empty for nothing.
    Topic(String),
    /// Text that goes some time after it was read.
    Timed {
        /// How long it stays once it was read; whole seconds, within [`TIMER`].
        stays: Duration,
        /// The text.
        text: Text,
    },
    /// A file that can be had.
    Offer(Box<FileOffer>),
    /// An own offer is taken back.
    Withdraw {
        /// The file.
        file: FileId,
    },
    /// Something a newer version wrote.
    Unknown {
        /// Its kind byte.
        kind: u8,
    },
}

impl Body {
    /// Words for whoever it is for.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// The bytes to seal.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        if let Self::Offer(offer) = self {
            return offer.encode();
        }
        let topic;
        let (kind, about, front, text) = match self {
            Self::Text(text) => (TEXT, None, [].as_slice(), Some(text)),
            Self::Reply { to, text } => (REPLY, Some(to), [].as_slice(), Some(text)),
            Self::Reaction { to, on, emoji } => {
                topic = [&[u8::from(*on)], emoji.as_bytes()].concat();
                (REACTION, Some(to), topic.as_slice(), None)
            }
            Self::Edit { of, text } => (EDIT, Some(of), [].as_slice(), Some(text)),
            Self::Delete { of } => (DELETE, Some(of), [].as_slice(), None),
            Self::Action(text) => (ACTION, None, [].as_slice(), Some(text)),
            Self::Topic(text) => (TOPIC, None, text.as_bytes(), None),
            Self::Timed { stays, text } => {
                let seconds = u32::try_from(stays.as_secs()).unwrap_or(u32::MAX);
                topic = seconds.to_be_bytes().to_vec();
                (TIMED, None, topic.as_slice(), Some(text))
            }
            Self::Withdraw { file } => (file::WITHDRAW, None, file.0.as_slice(), None),
            Self::Offer(_) => (file::OFFER, None, [].as_slice(), None),
            Self::Unknown { kind } => (*kind, None, [].as_slice(), None),
        };
        // One allocation of the final size: growing would leave copies of the text behind.
        let length = 1 + 22 + front.len() + text.map_or(0, |text| 1 + text.text.len());
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        bytes.push(kind);
        if let Some(message) = about {
            put_message(&mut bytes, message);
        }
        bytes.extend_from_slice(front);
        if let Some(text) = text {
            text.put(&mut bytes);
        }
        bytes
    }

    /// Reads what `author` has sealed. A kind or style from the future is [`Body::Unknown`]; what breaks the rules that
    /// this version knows is an error, and so is a change to somebody else's message.
    pub(crate) fn decode(bytes: &[u8], author: SenderId) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8()?;
        let body = match kind {
            TEXT => Text::read(&mut reader)?.map(Self::Text),
            REPLY => {
                let to = message(&mut reader)?;
                Text::read(&mut reader)?.map(|text| Self::Reply { to, text })
            }
            REACTION => Some(Self::Reaction {
                to: message(&mut reader)?,
                on: reader.flag("on")?,
                emoji: utf8(&mut reader)?,
            }),
            EDIT => {
                let of = message(&mut reader)?;
                Text::read(&mut reader)?.map(|text| Self::Edit { of, text })
            }
            DELETE => Some(Self::Delete {
                of: message(&mut reader)?,
            }),
            ACTION => Text::read(&mut reader)?.map(Self::Action),
            TOPIC => Some(Self::Topic(utf8(&mut reader)?)),
            TIMED => {
                let stays = Duration::from_secs(u64::from(reader.u32()?));
                Text::read(&mut reader)?.map(|text| Self::Timed { stays, text })
            }
            file::OFFER => Some(Self::Offer(Box::new(FileOffer::decode(&mut reader)?))),
            file::WITHDRAW => Some(Self::Withdraw {
                file: FileId(reader.array()?),
            }),
            _ => None,
        };
        let Some(body) = body else {
            return Ok(Self::Unknown { kind });
        };
        reader.finish()?;
        body.check(author).map_err(|_| Malformed)?;
        Ok(body)
    }

    /// Whether `author` may say this, and whether it can be said at all.
    pub(crate) fn check(&self, author: SenderId) -> Result<(), SayError> {
        match self {
            Self::Text(text) | Self::Reply { text, .. } | Self::Action(text) => text.check(),
            Self::Edit { of, text } => {
                is_own(of, author)?;
                text.check()
            }
            Self::Delete { of } => is_own(of, author),
            Self::Timed { stays, text } => {
                if !TIMER.contains(stays) {
                    return Err(SayError::Timer);
                }
                text.check()
            }
            Self::Reaction { emoji, .. } if emoji.trim().is_empty() => Err(SayError::Empty),
            Self::Reaction { emoji, .. } => fits(emoji, LONGEST_REACTION),
            Self::Topic(text) => fits(text, LONGEST_TOPIC),
            Self::Offer(offer) => offer.check(),
            Self::Withdraw { .. } => Ok(()),
            Self::Unknown { .. } => Err(SayError::Empty),
        }
    }
}

fn is_own(message: &MessageId, author: SenderId) -> Result<(), SayError> {
    if message.sid == author {
        Ok(())
    } else {
        Err(SayError::NotYours)
    }
}

fn fits(text: &str, limit: usize) -> Result<(), SayError> {
    if text.len() > limit {
        return Err(SayError::TooLong {
            bytes: text.len(),
            limit,
        });
    }
    Ok(())
}

fn put_message(bytes: &mut Vec<u8>, message: &MessageId) {
    bytes.extend_from_slice(&message.sid.0);
    bytes.extend_from_slice(&message.epoch.0.to_be_bytes());
    bytes.extend_from_slice(&message.generation.0.to_be_bytes());
}

fn message(reader: &mut Reader<'_>) -> Result<MessageId, DecodeError> {
    Ok(MessageId {
        sid: SenderId(reader.array()?),
        epoch: Epoch(reader.u16()?),
        generation: Generation(reader.u32()?),
    })
}

fn utf8(reader: &mut Reader<'_>) -> Result<String, Malformed> {
    let text = core::str::from_utf8(reader.rest()).map_err(|_| Malformed)?;
    Ok(text.to_owned())
}

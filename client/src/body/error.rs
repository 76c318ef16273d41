//! Why something cannot be said, or was not.

use core::fmt;

use crypto::wire::DecodeError;

/// Why something cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SayError {
    /// There is nothing but white space.
    Empty,
    /// It is longer than a message can be.
    TooLong {
        /// Its length in bytes of UTF-8.
        bytes: usize,
        /// The longest that fits.
        limit: usize,
    },
    /// Only its author can change a message or take it back.
    NotYours,
    /// No message can have this timer.
    Timer,
    /// The file has more bytes than can be counted.
    FileTooLarge,
    /// The session is over.
    Ended,
}

impl fmt::Display for SayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("There is nothing to send."),
            Self::TooLong { bytes, limit } => {
                write!(f, "This message is too long: {bytes} of {limit} bytes.")
            }
            Self::NotYours => f.write_str("Only its author can change a message."),
            Self::Timer => f.write_str("A timer runs for 10 seconds to 24 hours."),
            Self::FileTooLarge => f.write_str("This file is too large to be sent."),
            Self::Ended => f.write_str("You are no longer in this room."),
        }
    }
}

impl core::error::Error for SayError {}

/// A member signed something that is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl From<DecodeError> for Malformed {
    fn from(_: DecodeError) -> Self {
        Self
    }
}

//! Why sealed bytes do not open.

use core::fmt;

pub use crate::wire::DecodeError;

/// Why something sealed was not opened.
///
/// Everything that a forger could cause is one variant: which check failed is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// A suite or kind that this version does not know. Authentic, but made by a newer client.
    Unsupported,
    /// This sender's generation was opened before.
    Replayed,
    /// The generation lies further ahead than the window allows.
    TooFarAhead,
    /// The sender's chain key for this epoch has not arrived.
    NoKey,
    /// Sent before the point from which this session was given the sender's chain. It will never open here.
    BeforeStart,
    /// Not authentic, or not well-formed.
    Authentication,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsupported => "made by a newer version",
            Self::Replayed => "opened before",
            Self::TooFarAhead => "too far ahead of what was seen",
            Self::NoKey => "the sender's key has not arrived",
            Self::BeforeStart => "sent before this session was let in",
            Self::Authentication => "not authentic",
        })
    }
}

impl core::error::Error for OpenError {}

/// Opened, but not shaped as it should be: a forger learns no more than from a wrong tag.
impl From<DecodeError> for OpenError {
    fn from(_: DecodeError) -> Self {
        Self::Authentication
    }
}

//! What is said, inside a message or a box.

use core::fmt;
use core::time::Duration;

use ed25519_dalek::{SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::{SIGNATURE, SealError, millis, sign, verify, zeros};
use crate::error::OpenError;
use crate::seen::SeenDigest;
use crate::wire::SenderId;
use crate::wire::codec::Reader;

/// Bytes of a letter besides its content and padding.
const LETTER: usize = 4 + 8 + 8 + SIGNATURE;

/// What a message or a private message says, with the author's view of the time and of the conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The author's clock, since the Unix epoch; whole milliseconds travel.
    pub sent_at: Duration,
    /// The author's [`crate::seen::Seen::digest`] at that moment.
    pub seen: SeenDigest,
    /// The body; this crate does not look inside. Wiped on drop.
    pub content: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}

/// Bytes that a letter with this much content needs before padding.
pub(crate) fn letter_len(content: usize) -> usize {
    LETTER + content
}

impl Letter {
    /// The signed letter of exactly `length` bytes, which must be at least [`letter_len`].
    pub(crate) fn encode(
        &self,
        length: usize,
        bound: &[u8],
        signer: &SigningKey,
        to: Option<&SenderId>,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let size = u32::try_from(self.content.len()).map_err(|_| SealError::TooLarge)?;
        if length < letter_len(self.content.len()) {
            return Err(SealError::TooLarge);
        }
        // One allocation of the final size: growing would leave copies of the text behind.
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        text.extend_from_slice(&size.to_be_bytes());
        text.extend_from_slice(&millis(self.sent_at).to_be_bytes());
        text.extend_from_slice(&self.seen.0);
        text.extend_from_slice(&self.content);
        text.resize(length - SIGNATURE, 0);
        sign(bound, signer, to, &mut text);
        Ok(text)
    }

    /// Verifies and decodes a letter.
    pub(crate) fn decode(
        text: &[u8],
        bound: &[u8],
        signer: &VerifyingKey,
        to: Option<&SenderId>,
    ) -> Result<Self, OpenError> {
        let mut reader = Reader::new(verify(bound, signer, to, text)?);
        let size = usize::try_from(reader.u32()?).map_err(|_| OpenError::Authentication)?;
        let sent_at = Duration::from_millis(reader.u64()?);
        let seen = SeenDigest(reader.array()?);
        let content = Zeroizing::new(reader.take(size)?.to_vec());
        zeros(reader.rest())?;
        Ok(Self {
            sent_at,
            seen,
            content,
        })
    }
}

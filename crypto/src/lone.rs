//! The key of one message, for those who never had the chain that it was sealed under.
//!
//! A message keeps its bytes for ever, so that nobody ever takes it twice. Should the relay forget the room before it has
//! the message, then people may be there who were not there before, and the chain's key may be gone with a reloaded
//! tab. What they are given then opens that message and nothing else.

use core::fmt;
use std::collections::VecDeque;

use zeroize::Zeroizing;

use crate::chain::MessageKey;
use crate::error::OpenError;
use crate::wire::codec::{Reader, Writer};
use crate::wire::{DecodeError, Epoch, Generation};

/// How many of one sender a receiver remembers. A sender has one such message at a time.
const REMEMBERED: usize = 16;

/// Opens one message. Wiped on drop.
pub struct LoneKey {
    pub(crate) epoch: Epoch,
    pub(crate) generation: Generation,
    pub(crate) key: MessageKey,
}

impl LoneKey {
    /// Bytes of `epoch ‖ generation ‖ MK`.
    pub const ENCODED: usize = 2 + 4 + 32;

    /// `epoch ‖ generation ‖ MK`: a secret.
    pub fn encode(&self) -> Zeroizing<[u8; Self::ENCODED]> {
        let mut bytes = Zeroizing::new([0; Self::ENCODED]);
        let (epoch, rest) = bytes.split_at_mut(2);
        let (generation, key) = rest.split_at_mut(4);
        epoch.copy_from_slice(&self.epoch.0.to_be_bytes());
        generation.copy_from_slice(&self.generation.0.to_be_bytes());
        key.copy_from_slice(self.key.as_bytes());
        bytes
    }

    pub(crate) fn copy(&self) -> Self {
        Self {
            key: self.key.trial_copy(),
            ..*self
        }
    }

    /// The key that was encoded.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] for any other bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, OpenError> {
        let mut reader = Reader::new(bytes);
        let epoch = Epoch(reader.u16()?);
        let generation = Generation(reader.u32()?);
        let key = MessageKey::from_bytes(&Zeroizing::new(reader.array()?));
        reader.finish()?;
        if epoch.0 == 0 {
            return Err(OpenError::Authentication);
        }
        Ok(Self {
            epoch,
            generation,
            key,
        })
    }
}

impl fmt::Debug for LoneKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoneKey").finish_non_exhaustive()
    }
}

/// What a receiver was given of one sender, and which of it is used. The oldest make room.
#[derive(Default)]
pub(crate) struct LoneKeys(VecDeque<(Epoch, Generation, Option<MessageKey>)>);

impl LoneKeys {
    pub(crate) fn learn(&mut self, lone: LoneKey) {
        if self.position(lone.epoch, lone.generation).is_some() {
            return;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0
            .push_back((lone.epoch, lone.generation, Some(lone.key)));
    }

    /// The key for this message, if it was given one by one.
    ///
    /// # Errors
    /// [`OpenError::Replayed`] where it has been used.
    pub(crate) fn find(
        &self,
        epoch: Epoch,
        generation: Generation,
    ) -> Result<Option<MessageKey>, OpenError> {
        match self
            .position(epoch, generation)
            .and_then(|at| self.0.get(at))
        {
            None => Ok(None),
            Some((_, _, None)) => Err(OpenError::Replayed),
            Some((_, _, Some(key))) => Ok(Some(key.trial_copy())),
        }
    }

    /// Its message has been authenticated.
    pub(crate) fn commit(&mut self, epoch: Epoch, generation: Generation) {
        let at = self.position(epoch, generation);
        if let Some((_, _, key)) = at.and_then(|at| self.0.get_mut(at)) {
            *key = None;
        }
    }

    fn position(&self, epoch: Epoch, generation: Generation) -> Option<usize> {
        self.0
            .iter()
            .position(|(e, g, _)| (*e, *g) == (epoch, generation))
    }

    pub(crate) fn freeze(&self, writer: &mut Writer) {
        writer.u8(u8::try_from(self.0.len()).unwrap_or(u8::MAX));
        for (epoch, generation, key) in &self.0 {
            writer
                .u16(epoch.0)
                .u32(generation.0)
                .u8(u8::from(key.is_some()))
                .put(key.as_ref().map_or(&[0; 32], |key| key.as_bytes()));
        }
    }

    pub(crate) fn thaw(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = usize::from(reader.u8()?);
        if length > REMEMBERED {
            return Err(DecodeError::Invalid("lone keys"));
        }
        let mut keys = VecDeque::new();
        for _ in 0..length {
            let (epoch, generation) = (Epoch(reader.u16()?), Generation(reader.u32()?));
            let is_unused = reader.flag("unused")?;
            let bytes = Zeroizing::new(reader.array()?);
            let key = is_unused.then(|| MessageKey::from_bytes(&bytes));
            keys.push_back((epoch, generation, key));
        }
        Ok(Self(keys))
    }
}

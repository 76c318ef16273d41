//! What comes out of an envelope.

use crate::control::Notice;
use crate::envelope::Letter;
use crate::wire::{Epoch, Generation};

/// What was inside an envelope of this peer.
#[derive(Debug, PartialEq, Eq)]
pub enum Opened {
    /// A message to everybody. Its name is the envelope's header.
    Message(Letter),
    /// A message to this session alone.
    Private(Letter),
    /// The peer announced its chain; messages that were waiting for it can be tried again.
    ChainKey {
        /// The epoch it announced.
        epoch: Epoch,
        /// The first generation that can be read.
        generation: Generation,
    },
    /// The peer handed over the key of one message, which can be tried again.
    LoneKey {
        /// The message's epoch.
        epoch: Epoch,
        /// Its generation.
        generation: Generation,
    },
    /// A word about the room itself. Whether its author governs is for the caller to judge.
    Control(Notice),
    /// A pairwise envelope without a box for this session. Nothing about it is proven.
    ForOthers,
}

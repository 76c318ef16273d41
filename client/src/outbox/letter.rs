//! One thing that a person said, on its way.

use std::time::Duration;

use crypto::lone::LoneKey;
use crypto::wire::{LocalId, SenderId};
use sorted::Set;
use zeroize::Zeroizing;

use super::Publication;
use crate::event::NotSent;

/// What a person said and the relay does not have yet.
pub(crate) struct Letter {
    /// How the shell names it.
    pub(crate) local: LocalId,
    /// Whom alone it is for.
    pub(crate) to: Option<SenderId>,
    /// The encoded body.
    pub(crate) content: Zeroizing<Vec<u8>>,
    /// When it was written, by our clock.
    pub(crate) written_at: Duration,
    /// Its final form, once its turn has come.
    pub(crate) sealed: Option<Publication>,
    /// What opens that form, if everybody may read it.
    pub(crate) key: Option<LoneKey>,
    /// The seat that it was sealed in is lost: whoever is in the room now may not have the chain it was sealed under.
    pub(crate) adrift: bool,
    /// Who has been handed its key since.
    pub(crate) handed: Set<SenderId>,
    /// It is not to be sent until somebody asks for it.
    pub(crate) failed: Option<NotSent>,
}

impl Letter {
    /// About how many bytes it takes to save it.
    pub(crate) fn weight(&self) -> usize {
        64 + self.content.len()
            + self
                .sealed
                .as_ref()
                .map_or(0, |sealed| sealed.envelope.len())
    }
}

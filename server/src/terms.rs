//! What holds for a room: the opener's wishes, as far as this relay grants them.

use std::time::Duration;

use crypto::wire::{Lifetime, Opening, Refusal, RoomMode};

use crate::limit::Limits;
use crate::proof::is_sound_key;

/// A forward-secret room announces chain keys to every member one by one, so it stays small.
const MAX_FORWARD_SECRET: u16 = 64;
/// Lengths that a history ring may have.
const HISTORIES: [u16; 3] = [0, 35, 200];

/// See the module's description.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) mode: RoomMode,
    pub(crate) history: u16,
    pub(crate) max_members: usize,
    /// When its lifetime is over, if it has one.
    pub(crate) expires: Option<Duration>,
}

impl Terms {
    /// What an opening comes to.
    pub(crate) fn of(opening: &Opening, limits: &Limits, now: Duration) -> Result<Self, Refusal> {
        let unsound = opening.control_key.is_some_and(|key| !is_sound_key(&key));
        if unsound || !HISTORIES.contains(&opening.history) {
            return Err(Refusal::BadOpening);
        }
        let (history, cap) = match opening.mode {
            RoomMode::ForwardSecret => (0, limits.max_members.min(MAX_FORWARD_SECRET)),
            RoomMode::OpenHistory => (opening.history, limits.max_members),
        };
        let max_members = match opening.max_members {
            0 => cap,
            asked => asked.min(cap),
        };
        Ok(Self {
            mode: opening.mode,
            history,
            max_members: usize::from(max_members),
            expires: expiry(opening.lifetime, limits, now),
        })
    }
}

/// When a lifetime that begins now is over.
pub(crate) fn expiry(lifetime: Lifetime, limits: &Limits, now: Duration) -> Option<Duration> {
    match lifetime {
        Lifetime::UntilEmpty => None,
        Lifetime::For(lifetime) => Some(now + lifetime.min(limits.max_lifetime)),
    }
}

//! One envelope between its sealing and the relay's answer.

use std::time::Duration;

use crypto::envelope::{Header, Sealed};
use crypto::wire::{ClientToRelay, Epoch, Generation, Keep, LocalId};

/// What has no answer is sent again after this long on a connection that otherwise works.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// What a later notice makes of an earlier one that the relay certainly does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nothing: both are needed.
    #[default]
    Lasting,
    /// A hello says all that an earlier one said, if their chains begin at the same point or neither has one.
    Hello(Option<(Epoch, Generation)>),
    /// Of this moment only: the next one replaces it, and on another connection it is no longer true.
    Momentary,
}

/// An envelope on its way to the relay.
pub(crate) struct Publication {
    /// Its name among members.
    pub(crate) header: Header,
    /// Its bytes, for ever.
    pub(crate) envelope: Vec<u8>,
    /// How long the relay is asked to hold it.
    pub(crate) keep: Keep,
    pub(crate) class: Class,
    /// Without it some receivers could not open what is said after it.
    pub(crate) carries_keys: bool,
    /// Until when it is said again should the relay forget it, once the relay has taken it.
    pub(super) matters_until: Option<Duration>,
    /// When it was sealed, on the monotonic clock.
    pub(crate) sealed_at: Duration,
    /// Its number at the relay, from the first time it is sent. A refused one gets another.
    pub(super) wire: Option<LocalId>,
    /// When it was last put on the present connection.
    pub(super) sent_at: Option<Duration>,
    pub(super) tries: u8,
    /// It was sent on an earlier connection, and may have got its place back then.
    pub(super) carried: bool,
}

impl Publication {
    pub(crate) fn new(sealed: Sealed, keep: Keep, now: Duration) -> Self {
        Self::restored(sealed.header, sealed.envelope, keep, None, now)
    }

    /// The same, of this class.
    pub(crate) fn of(self, class: Class) -> Self {
        Self { class, ..self }
    }

    /// The same, with keys in it.
    pub(crate) fn with_keys(self, carries_keys: bool) -> Self {
        Self {
            carries_keys,
            ..self
        }
    }

    /// Whether nobody needs it once `later` is on its way.
    pub(super) fn is_replaced_by(&self, later: &Self) -> bool {
        self.wire.is_none() && self.class == later.class && self.class != Class::Lasting
    }

    /// One that may have been sent before this tab was reloaded.
    pub(crate) fn restored(
        header: Header,
        envelope: Vec<u8>,
        keep: Keep,
        wire: Option<LocalId>,
        sealed_at: Duration,
    ) -> Self {
        Self {
            header,
            envelope,
            keep,
            class: Class::default(),
            carries_keys: false,
            matters_until: None,
            sealed_at,
            wire,
            sent_at: None,
            tries: 0,
            carried: wire.is_some(),
        }
    }

    /// The same, which matters for so long once the relay has taken it.
    pub(crate) fn mattering(self, left: Duration, now: Duration) -> Self {
        Self {
            matters_until: Some(now + left),
            ..self
        }
    }

    pub(crate) fn wire(&self) -> Option<LocalId> {
        self.wire
    }

    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.sent_at.is_none_or(|sent| now >= sent + ANSWER_WITHIN)
    }

    pub(super) fn send(&mut self, next_wire: &mut u32, now: Duration) -> ClientToRelay {
        let local = *self.wire.get_or_insert_with(|| {
            let local = LocalId(*next_wire);
            *next_wire = next_wire.wrapping_add(1);
            local
        });
        self.sent_at = Some(now);
        self.tries = self.tries.saturating_add(1);
        ClientToRelay::Publish {
            local,
            keep: self.keep,
            envelope: self.envelope.clone(),
        }
    }

    /// The relay certainly does not have it under its present number.
    pub(super) fn forget_wire(&mut self) {
        self.wire = None;
        self.sent_at = None;
    }
}

/// What the relay's answer to a publication settles.
pub(crate) enum Settled {
    /// A letter has its place.
    Letter {
        /// How the shell names it.
        local: LocalId,
        /// Its name among members.
        header: Header,
        /// It was sent on an earlier connection too: its place may lie before what has come since.
        carried: bool,
    },
    /// What the relay had before it forgot the room has a place again.
    Again {
        /// Its name among members.
        header: Header,
        /// As of a letter.
        carried: bool,
    },
    /// A notice has its place.
    Notice,
}

//! Why a session is over.

use std::time::Duration;

use crypto::wire::{CloseCode, Refusal};

use crate::governance::By;

/// Why a session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// We left.
    Left,
    /// The room's lifetime is over.
    Expired,
    /// The room was deleted at the relay.
    Purged {
        /// Who did it, where they signed for it.
        by: Option<By>,
        /// When, since the Unix epoch: by their clock where they signed for it, otherwise by ours.
        at: Duration,
    },
    /// We were removed from the room.
    Removed {
        /// By whom, where they signed for it.
        by: Option<By>,
    },
    /// The same seat was taken over elsewhere, for example by a duplicate of this tab.
    Replaced,
    /// The relay speaks an older protocol version than ours.
    RelayTooOld,
    /// The relay speaks a newer protocol version than ours: reload the page or update.
    RelayTooNew,
    /// The relay's key is not the one we know; [`Event::RelayKeyChanged`] has both.
    WrongRelayKey,
    /// The relay stretches room names with another salt than the page said: our keys would open another room.
    SaltChanged,
    /// The room's keys did not convince the relay. Only a faulty relay or page can cause it.
    BadProof,
    /// The room was locked by its creator.
    Locked,
    /// All seats are taken.
    Full,
    /// The room is closed for good.
    Closed,
    /// The relay does not know what we ask for (a bad lifetime, an unknown request).
    Refused(Refusal),
    /// The kind of room is not the one we entered by, or the members in it were told another one.
    ModeDisputed,
    /// The relay ended the connection with a code that no reconnection can cure.
    ClosedByRelay(CloseCode),
}

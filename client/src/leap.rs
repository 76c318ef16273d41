//! Moving to a fresh room together: what somebody is asked, and what they take along.

use core::fmt;
use std::time::Duration;

use crypto::identity::Identity;
use crypto::name::RoomName;
use crypto::wire::{RoomId, SenderId};
use sorted::Set;

use crate::governance::By;

/// Which invitation. Only means something to the session that told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InvitationId(pub u32);

/// Somebody asks us to move to another room with them. The room's name is not in it: see
/// [`Session::invitation`](crate::Session::invitation).
#[derive(Clone, Debug, PartialEq)]
pub struct Invited {
    /// The handle to answer with.
    pub id: InvitationId,
    /// Who asks.
    pub by: By,
    /// Everybody who is asked, ourselves included.
    pub party: Vec<By>,
    /// When they asked by their clock, since the Unix epoch. Information only.
    pub sent_at: Duration,
    /// They asked before we came, or while we were away.
    pub replayed: bool,
}

/// The way to the other room. Its name is a secret: for the key to be made of, and shown only to whoever asks for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The room.
    pub name: RoomName,
    /// Who asks.
    pub from: SenderId,
    /// Everybody who is asked, ourselves included.
    pub party: Vec<SenderId>,
}

impl fmt::Debug for Invitation {
    /// Without the name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation")
            .field("from", &self.from)
            .field("party", &self.party.len())
            .finish_non_exhaustive()
    }
}

/// What somebody takes along to another room, so that those who come too know them again: the key that they sign with,
/// and whom they compared with. Dropping it wipes the key.
pub struct Passport {
    pub(crate) identity: Identity,
    pub(crate) verified: Set<SenderId>,
    /// Where this key has been. Nobody is let in twice under one: the second time would look like somebody else's try
    /// to take it over.
    pub(crate) been: Set<RoomId>,
}

impl Passport {
    /// Who the others will see.
    pub fn sender_id(&self) -> SenderId {
        self.identity.sender_id()
    }
}

impl fmt::Debug for Passport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passport")
            .field("sid", &self.sender_id())
            .finish_non_exhaustive()
    }
}

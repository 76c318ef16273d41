//! Who governs a room and what they order, as a session's shell sees it.

use core::fmt;

use crypto::control::PurgePolicy;
use crypto::identity::Tag;
use crypto::wire::{Lifetime, SenderId};

/// Somebody who did something to the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub sid: SenderId,
    /// Their name, or nothing if we never met them. Hostile until shown through the crate `text`.
    pub name: String,
    /// Their tag.
    pub tag: Tag,
    /// It was us.
    pub me: bool,
}

/// What somebody who governs has ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ordered {
    /// Nobody new comes in.
    Lock,
    /// People come in again.
    Unlock,
    /// The room lives this long from then on.
    Lifetime(Lifetime),
    /// A member is out and gets neither keys nor a hearing.
    Remove(By),
    /// A member governs, too.
    Share(By),
    /// A member governs in their place.
    HandOn(By),
    /// Who may purge.
    PurgePolicy(PurgePolicy),
    /// What everybody's filters start from.
    Filters(Vec<u8>),
}

/// How a room is governed at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governance {
    /// We govern.
    pub mine: bool,
    /// Everybody who governs and whom we can name.
    pub holders: Vec<SenderId>,
    /// The relay lets nobody new in.
    pub locked: bool,
    /// Who may purge.
    pub purge: PurgePolicy,
    /// We may purge.
    pub may_purge: bool,
    /// What everybody's filters start from, if somebody has said so.
    pub filters: Option<Vec<u8>>,
    /// Who was removed.
    pub removed: Vec<SenderId>,
}

/// What whoever opens a room lays down from the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Who may purge.
    pub purge: PurgePolicy,
    /// What everybody's filters start from; at most [`crypto::control::LONGEST_VALUE`] bytes.
    pub filters: Option<Vec<u8>>,
}

/// Why an order cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderError {
    /// We do not govern this room.
    NotHolder,
    /// There is no connection. Orders do not wait for one: by then they may not be meant any more.
    Offline,
    /// Nobody of that name is known, or they cannot govern.
    Nobody,
    /// It is too long.
    TooLong,
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotHolder => "You do not govern this room.",
            Self::Offline => "There is no connection.",
            Self::Nobody => "There is nobody of that name.",
            Self::TooLong => "That is too long.",
        })
    }
}

impl core::error::Error for OrderError {}

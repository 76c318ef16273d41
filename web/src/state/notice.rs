//! Lines about something that happened.

use std::time::Duration;

use super::people::{PersonId, Tag, Who};

/// Something that happened. Names are safe for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This person came in; the first line of every log.
    Opened { by_me: bool },
    /// Somebody came in.
    CameIn {
        id: PersonId,
        name: String,
        tag: Tag,
    },
    /// Somebody left, or their seat's time ran out.
    Left {
        id: PersonId,
        name: String,
        tag: Tag,
    },
    /// Somebody has the name of somebody else here, or one that looks the same.
    Twin { name: String },
    /// Somebody took another name.
    Renamed {
        id: PersonId,
        from: String,
        to: String,
        tag: Tag,
    },
    /// A bot came in and may send what is said here to `destination`.
    Bot {
        id: PersonId,
        name: String,
        destination: String,
    },
    /// Somebody said what the room is about, or that it is about nothing any more.
    Topic { name: String, cleared: bool },
    /// Something was asked for that the relay or the person it was for did not take.
    NotDone,
    /// The page was reloaded here.
    Resumed,
    /// This many messages could not be verified and are not shown.
    Unverifiable { count: u32 },
    /// The relay now serves another version of the app: the hash of its page, shortened.
    OtherApp { hash: String },
    /// This many messages need a newer version of the app.
    Unsupported { count: u32 },
    /// This many messages of one member never arrived.
    Missing { name: String, count: u32 },
    /// This many messages could not be opened: their keys never came.
    Unopened { count: u32 },
    /// The connection was gone for so long that the relay no longer has everything; so many are lost, if it can tell.
    Gap { count: Option<u32> },
    /// The relay shows members different conversations.
    Diverged,
    /// This member was told another kind of room by the relay; nothing of theirs is shown.
    ModeDisputed { name: String },
    /// Somebody's clock differs from this one by this much.
    ClockSkew {
        name: String,
        ahead: bool,
        by: Duration,
    },
    /// Too much at once; the relay takes the next message after this time.
    TooFast { wait: Duration },
    /// Somebody laid down a rule for the room.
    Ruled { by: Who, order: Ruling },
    /// What this person ordered was not done: why, in words.
    NotRuled { why: String },
    /// A member takes somebody else for the one who governs.
    ControlDisputed { by: Who },
    /// Somebody new goes by the name of somebody whose key was compared.
    Impostor {
        id: PersonId,
        name: String,
        tag: Tag,
    },
    /// The room closes in so many minutes.
    ClosesSoon { minutes: u8 },
    /// This many older lines were dropped here, because a page has only so much memory.
    Dropped { count: u32 },
}

/// What was laid down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Nobody new comes in, or they do again.
    Lock(bool),
    /// The room has this long from then on; `None`: until it is empty.
    Lifetime(Option<Duration>),
    /// Somebody was removed.
    Remove(String),
    /// Somebody may do the same from now on.
    Share(String),
    /// Somebody may do so in their place.
    HandOn(String),
    /// Everybody may close the room, or only those who govern it.
    Purgers { everyone: bool },
    /// What everybody's filters start from.
    Filters,
}

impl Notice {
    /// Whether this is one of the lines that [`Settings::shows_comings`](super::Settings) hides.
    pub fn is_coming_or_going(&self) -> bool {
        matches!(
            self,
            Self::CameIn { .. } | Self::Left { .. } | Self::Renamed { .. }
        )
    }

    /// One line for both, where the one below only counts further or says the same again.
    pub(super) fn merged_with(&self, new: &Self) -> Option<Self> {
        match (self, new) {
            (Notice::Unverifiable { count: a }, Notice::Unverifiable { count: b }) => {
                Some(Notice::Unverifiable {
                    count: a.saturating_add(*b),
                })
            }
            (Notice::Unsupported { count: a }, Notice::Unsupported { count: b }) => {
                Some(Notice::Unsupported {
                    count: a.saturating_add(*b),
                })
            }
            (Notice::Missing { name: x, count: a }, Notice::Missing { name: y, count: b })
                if x == y =>
            {
                Some(Notice::Missing {
                    name: x.clone(),
                    count: a.saturating_add(*b),
                })
            }
            (Notice::OtherApp { .. }, Notice::OtherApp { .. }) => Some(new.clone()),
            (Notice::Unopened { count: a }, Notice::Unopened { count: b }) => {
                Some(Notice::Unopened {
                    count: a.saturating_add(*b),
                })
            }
            (Notice::Gap { count: a }, Notice::Gap { count: b }) => Some(Notice::Gap {
                count: a.zip(*b).map(|(a, b)| a.saturating_add(b)),
            }),
            (Notice::Diverged, Notice::Diverged) => Some(Notice::Diverged),
            (Notice::Resumed, Notice::Resumed) => Some(Notice::Resumed),
            (Notice::TooFast { .. }, Notice::TooFast { wait }) => {
                Some(Notice::TooFast { wait: *wait })
            }
            (Self::ClosesSoon { minutes: a }, Self::ClosesSoon { minutes: b }) if a == b => {
                Some(new.clone())
            }
            _ => None,
        }
    }
}

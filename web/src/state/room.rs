//! A room as seen from inside.

use std::time::Duration;

use sorted::Set;
use text::Filters;

use super::files::Files;
use super::log::Log;
use super::people::{People, PersonId, Who};
use super::talk::Talk;
use super::wire::Wire;
use crate::shared::Shared;

/// Everything about the room on the screen. Its parts are separate contexts, so that a new
/// message does not redraw the people list and the other way round.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// What changes rarely.
    pub card: Shared<RoomCard>,
    /// What was said, with notices in between.
    pub log: Shared<Log>,
    /// Files that were offered.
    pub files: Shared<Files>,
    /// Who is here.
    pub people: Shared<People>,
    /// Who is spoken to, who is muted, who is typing.
    pub talk: Shared<Talk>,
    /// The connection.
    pub status: Status,
    /// What went over the wire: exactly what the relay sees.
    pub wire: Shared<Wire>,
}

/// The room's own facts.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomCard {
    /// Four emoji and a colour, the same for everybody inside.
    pub face: Face,
    /// The name with all but its beginning hidden.
    pub masked: String,
    /// The room's address as the relay knows it, in hexadecimal.
    pub address: String,
    /// What newcomers see.
    pub mode: Mode,
    /// When the room closes (wall clock); `None`: when the last person has left.
    pub closes_at: Option<Duration>,
    /// When this person came in (wall clock).
    pub entered_at: Duration,
    /// This person's entering opened the room.
    pub opened_by_me: bool,
    /// Anyone could guess this room's name.
    pub guessable: bool,
    /// This person.
    pub me: PersonId,
    /// The fingerprint of the relay's key as proven by the tunnel, 26 characters.
    pub fingerprint: String,
    /// The fingerprint was already known from the link, so it was checked and not only noted.
    pub pinned: bool,
    /// How long making the key took on this device.
    pub key_took: Duration,
    /// Who says what holds here.
    pub rules: Rules,
    /// Set while this person can still undo closing the room: when it happens (wall clock).
    pub purges_at: Option<Duration>,
}

/// What holds in a room beside its kind, and who says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// Nobody new comes in.
    pub locked: bool,
    /// Everybody inside may close it for all; otherwise only those who govern it.
    pub everyone_purges: bool,
    /// This person governs it.
    pub mine: bool,
    /// This person may close it.
    pub may_purge: bool,
    /// Everybody who governs it and is known by name.
    pub holders: Vec<Who>,
    /// What everybody's filters start from, if somebody who governs said so.
    pub filters: Option<Filters>,
    /// Who was compared with and found to be who they should be.
    pub verified: Set<PersonId>,
}

/// Whether newcomers can read what was said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Newcomers see nothing of what was said before they came.
    ForwardSecret,
    /// Newcomers see this many messages.
    OpenHistory { last: u16 },
}

/// Four emoji and a colour computed from the room's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The emoji.
    pub emoji: [&'static str; 4],
    /// Their names, to be said aloud.
    pub words: [&'static str; 4],
    /// The colour as a hue, 0 to 359 degrees.
    pub hue: u16,
}

/// The connection to the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything said is on its way at once.
    Online,
    /// Trying to reach the relay; `attempt` counts from 1.
    Connecting { attempt: u32, queued: usize },
    /// Another try at `until` (wall clock); `queued` messages wait.
    Waiting { until: Duration, queued: usize },
}

impl Status {
    /// Whether the seat is taken and the socket open.
    pub fn is_online(&self) -> bool {
        matches!(self, Self::Online)
    }
}

//! Everything the screen shows, as plain data.
//!
//! ```text
//!  connection.rs ──Action──▶ reduce ──▶ State ──contexts──▶ components
//!        ▲                                                      │
//!        └───────────────── Handle (commands) ◀─────────────────┘
//! ```
//!
//! No secret lives here: not the room's name, not a key, not a link. A component that must show
//! the name or the link asks the [`Handle`](crate::handle::Handle) for it at that moment. There
//! are no sockets, closures or clocks either, so a whole conversation can be replayed in a test.

mod action;
mod changes;
mod files;
mod index;
mod leaping;
mod log;
mod notice;
mod people;
mod reduce;
mod room;
mod said;
mod settings;
mod talk;
mod talking;
#[cfg(test)]
pub(crate) mod tests;
mod wire;

pub use action::Action;
pub use files::{Answered, FileAction, FileShown, FileState, Files, Preview, Stage};
pub use leaping::{Advice, Asked, LeapAction, Leaps, OwnLeap};
pub use log::{Entry, EntryId, EntryKind, Log};
pub use notice::{Notice, Ruling};
pub use people::{People, Person, PersonId, Tag, Who};
pub use room::{Face, Mode, Room, RoomCard, Rules, Status};
pub use said::{Change, Delivery, Marks, Quote, Reaction, Said, Timer, What, Wording};
pub use settings::{
    Density, Lifetime, LineFormat, Newcomers, Notify, Options, Order, Settings, TextSize, Theme,
    Volume,
};
pub use talk::{About, Talk, Whom};
pub use wire::{Direction, FrameSeen, WIRE_KEPT, Wire, WireRecord};

use std::time::Duration;

use crate::shared::Shared;

/// The whole state of the page. Cheap to clone and to compare.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What is on the screen.
    pub screen: Screen,
    /// Facts about this page and this browser.
    pub page: Page,
    /// What `/relay.json` said.
    pub relay: Relay,
    /// What the person chose, for as long as this page lives.
    pub settings: Shared<Settings>,
    /// The room that was on the screen when something blocked it; back once that is resolved.
    pub set_aside: Option<Room>,
    /// Who asks this person along, and the own leap.
    pub leaps: Shared<Leaps>,
    /// Something was put on the clipboard a moment ago (for "Copied" beside the button).
    pub copied: Option<Copied>,
}

/// What is on the screen. Only one of these can be true.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// The first screen: choose a room name. The suggested name comes from
    /// [`Handle::suggest_room_name`](crate::handle::Handle::suggest_room_name).
    Door(Door),
    /// Somebody came by a link. Nothing has been sent yet.
    Invited(Invited),
    /// A button was pressed: the key is being made, then the relay is asked.
    Making(Making),
    /// Inside a room.
    Room(Room),
    /// It is over, and why.
    Ended(Ended),
    /// The link that brought the person here cannot be used as it is.
    LinkTrouble(LinkTrouble),
    /// Going on would be wrong or pointless until something is decided.
    Blocked(Blocked),
}

/// The first screen's own data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Door {
    /// A sentence to show above the form: why the person is back here.
    pub notice: Option<String>,
    /// A name for this person, ready to use ("Quiet Otter").
    pub suggested_name: String,
}

/// The link recipient's screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Invited {
    /// The room's name with all but its beginning hidden ("maple-•••••-••••").
    pub masked: String,
    /// The room's face; `None` until the key is ready.
    pub face: Option<Face>,
    /// How far the key is. At [`Progress::is_done`] the face is there.
    pub progress: Progress,
    /// A name for this person, ready to use.
    pub suggested_name: String,
    /// The link carries the relay's key, so a different relay would be noticed.
    pub pinned: bool,
    /// Anyone could guess this room's name.
    pub guessable: bool,
    /// There is a second secret, which has to be typed.
    pub second: bool,
}

/// Between the button and the room.
#[derive(Clone, Debug, PartialEq)]
pub struct Making {
    /// The room's name, masked.
    pub masked: String,
    /// The room's face, once the key is there.
    pub face: Option<Face>,
    /// Where we are.
    pub step: Step,
    /// The page was reloaded and takes its seat again, rather than entering anew.
    pub resuming: bool,
}

/// The steps between the button and the room, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The key is being made on this device.
    Key(Progress),
    /// Opening the connection to the relay; `attempt` counts from 1.
    Reaching { attempt: u32 },
    /// No connection; another try at `until` (wall clock).
    Waiting { attempt: u32, until: Duration },
    /// Inside the tunnel, asking what is behind the door.
    Looking,
    /// The relay has said what is behind the door.
    Door(Behind),
    /// Taking the seat.
    Entering,
}

/// What is behind the door, as the relay says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// How many are inside; 0: entering opens the room.
    pub people: u32,
    /// What newcomers see of it, if it is open.
    pub mode: Option<Mode>,
    /// When it closes (wall clock); `None`: not before the last person has left, or not open yet.
    pub closes_at: Option<Duration>,
    /// It is of another kind than this person chose: nobody is to walk into that by themselves.
    pub differs: bool,
    /// Going in by itself in a moment, unless the person is quicker.
    pub goes: bool,
    /// There is nobody behind this second secret, so it may be a wrong one.
    pub doubt: Option<Doubt>,
}

/// A second secret that led to an empty room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// How often another one can be tried before there is a pause.
    pub left: u32,
    /// A pause, and until when (wall clock).
    pub pause: Option<Duration>,
}

/// How far a long calculation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rounds done.
    pub done: u32,
    /// Rounds altogether; 0 while not known.
    pub total: u32,
}

impl Progress {
    /// The share that is done, 0.0 to 1.0.
    pub fn share(self) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            (f64::from(self.done) / f64::from(self.total)).min(1.0)
        }
    }

    /// Whether nothing is left to do.
    pub fn is_done(self) -> bool {
        self.total > 0 && self.done >= self.total
    }
}

/// The end page.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// Why it is over.
    pub why: EndReason,
    /// When, by this browser's clock.
    pub at: Duration,
    /// The room's face, if the person had seen it.
    pub face: Option<Face>,
    /// This page still knows the room's name, so [`Handle::rejoin`](crate::handle::Handle::rejoin)
    /// can work. False after [`Handle::forget`](crate::handle::Handle::forget).
    pub can_rejoin: bool,
}

/// Why a stay in a room is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The person pressed Leave.
    Left,
    /// The room's time was up.
    Expired,
    /// Somebody closed the room for everybody: who, where they signed for it.
    Purged(Option<Who>),
    /// Somebody removed this person: who, where they signed for it.
    Removed(Option<Who>),
    /// The same seat was taken by another tab or window of this browser.
    Replaced,
    /// The room is full.
    Full,
    /// The room is locked.
    Locked,
    /// The room has been closed and cannot be entered any more.
    Closed,
    /// The relay as a whole is full.
    RelayFull,
    /// The relay calls the room forward-secret and its members say otherwise, or the reverse.
    ModeDisputed,
    /// Something else, in words.
    Other(String),
}

/// A link that cannot be used as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTrouble {
    /// The part with the room name is missing or cut.
    Incomplete,
    /// `#` arrived as `%23`: the relay has been sent the name. `can_join` is true if the name is
    /// whole, so that "Join anyway" ([`Handle::join_anyway`](crate::handle::Handle::join_anyway))
    /// makes sense.
    Rewritten { can_join: bool },
    /// The link belongs to another relay.
    OtherRelay { host: String },
    /// A kind of link this version does not know.
    Newer,
}

/// Why nothing can go on as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The relay proved a key other than the one the link or an earlier connection named.
    /// Trusting it takes [`Handle::trust_new_key`](crate::handle::Handle::trust_new_key).
    KeyChanged { expected: String, found: String },
    /// The relay speaks an older version than this page.
    RelayTooOld,
    /// The relay speaks a newer version: reload the page.
    RelayTooNew,
    /// `/relay.json` could not be had.
    Unreachable,
}

/// Facts about the page, found out when it started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The browser calls this page a secure context (https, or this very machine).
    pub secure: bool,
    /// The browser believes that it has a network.
    pub online: bool,
    /// The tab is in front.
    pub visible: bool,
    /// What is typed now comes to this page.
    pub focused: bool,
    /// Whether the browser lets this page notify; `None` while that was not decided.
    pub may_notify: Option<bool>,
    /// The module that cleans messages has arrived.
    pub cleaner: bool,
    /// Host and port, for sentences.
    pub host: String,
}

/// What is known about the relay behind this page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Relay {
    /// Not answered yet.
    #[default]
    Asking,
    /// It answered.
    Known(RelayFacts),
    /// It cannot be used, see [`Screen::Blocked`].
    Unusable,
}

impl Relay {
    /// The longest file that it takes, in bytes; 0 for none.
    pub fn file_limit(&self) -> u64 {
        match self {
            Self::Known(facts) => facts.max_file,
            Self::Asking | Self::Unusable => 0,
        }
    }
}

/// The relay's public facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayFacts {
    /// The fingerprint of its tunnel key, 26 characters.
    pub fingerprint: String,
    /// The most people it lets into one room.
    pub max_members: u16,
    /// The longest file that it takes, in bytes; 0 for none.
    pub max_file: u64,
    /// This device's clock and the relay's disagree.
    pub clock: Option<ClockOff>,
}

/// By how much this device's clock is wrong, if the relay's is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOff {
    /// It is ahead; otherwise behind.
    pub ahead: bool,
    /// By how much.
    pub by: Duration,
}

/// What was last put on the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The room's link.
    Link,
    /// Some other text: a message, bytes, a fingerprint.
    Text,
    /// Copying failed: the person must select the text by hand.
    Failed,
}

impl State {
    /// The state of a page that has just started on `screen`.
    pub fn new(screen: Screen, page: Page) -> Self {
        Self {
            screen,
            page,
            relay: Relay::Asking,
            settings: Shared::default(),
            set_aside: None,
            leaps: Shared::default(),
            copied: None,
        }
    }

    /// The room on the screen, if there is one.
    pub fn room(&self) -> Option<&Room> {
        match &self.screen {
            Screen::Room(room) => Some(room),
            _ => None,
        }
    }

    /// What `document.title` should say: unread messages, people, the product's name.
    pub fn title(&self) -> String {
        match self.room() {
            Some(room) => {
                let people = room.people.present();
                let unread = room.log.unread();
                let noun = if people == 1 { "person" } else { "people" };
                if unread == 0 {
                    format!("{people} {noun} · Roomkey")
                } else {
                    format!("({unread}) {people} {noun} · Roomkey")
                }
            }
            None => "Roomkey".to_owned(),
        }
    }
}

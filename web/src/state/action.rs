//! Everything that can happen to the state.

use std::time::Duration;

use text::Filters;

use super::files::FileAction;
use super::leaping::LeapAction;
use super::log::{EntryId, EntryKind};
use super::notice::Notice;
use super::people::{Person, PersonId};
use super::room::{Face, RoomCard, Rules, Status};
use super::said::{Change, Delivery, Said};
use super::settings::{Notify, Settings, Theme};
use super::talk::{About, Whom};
use super::wire::WireRecord;
use super::{
    Blocked, Copied, Door, EndReason, Invited, LinkTrouble, Making, Progress, RelayFacts, Step,
};

/// One thing that happened. Time comes with it: the reducer reads no clock.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// These, one after the other.
    Several(Vec<Action>),

    // ----- from components -----
    /// Light, dark or the system's choice.
    SetTheme(Theme),
    /// All choices at once.
    SetSettings(Settings),
    /// Speak to this person alone, or to everybody.
    SpeakTo(Option<PersonId>),
    /// Answer a line, change one, or neither.
    TurnTo(About),
    /// The text field is to take the focus.
    FocusComposer,
    /// Bring a line into view.
    GoTo(EntryId),
    /// Fold somebody's lines away, or show them again.
    Mute { id: PersonId, muted: bool },
    /// What to be notified of in this room; `None`: of the same as everywhere.
    NotifyHere(Option<Notify>),
    /// Take all lines off this screen.
    ClearLog,
    /// A message with a timer was read.
    TimerStarted { line: EntryId, at: Duration },
    /// Time has passed: messages whose timer has run out go.
    TimersPassed(Duration),
    /// The two filters. What was revealed one by one is filtered again.
    SetFilters(Filters),
    /// Show or hide who comes and goes.
    ShowComings(bool),
    /// Show nothing while another tab is in front, or do.
    VeilsHidden(bool),
    /// Show this one message without filters.
    Reveal(EntryId),
    /// Filter it again.
    HideAgain(EntryId),
    /// The person read to the end: take the "new messages" line away.
    ReadToEnd,

    // ----- from the shell -----
    /// The browser says that there is a network, or none.
    Online(bool),
    /// The tab is in front, or not.
    Visible(bool),
    /// The window is the one that is being used, or not.
    Focused(bool),
    /// The browser lets this page notify, does not, or has not been asked.
    MayNotify(Option<bool>),
    /// The cleaning module has arrived.
    CleanerReady,
    /// The relay answered.
    RelayKnown(RelayFacts),
    /// The link in the address bar stays, or goes.
    KeepsAddress(bool),
    /// Something was copied; `None` when the little "Copied" should go.
    Copied(Option<Copied>),

    /// Show the first screen.
    ShowDoor(Door),
    /// Show the link recipient's screen.
    ShowInvited(Invited),
    /// Show how the key is being made.
    ShowMaking(Making),
    /// Show what is wrong with the link.
    ShowLinkTrouble(LinkTrouble),
    /// Stop here.
    Block(Blocked),
    /// The key is this far, on whatever screen waits for it.
    KeyProgress(Progress),
    /// The key is ready.
    KeyReady(Face),
    /// The next step on the way into the room.
    Step(Step),
    /// In. `earlier` holds the lines of this tab before a reload.
    Entered {
        card: Box<RoomCard>,
        earlier: Vec<(Duration, EntryKind)>,
        at: Duration,
    },
    /// Over.
    End {
        why: EndReason,
        at: Duration,
        can_rejoin: bool,
    },
    /// The room's name was forgotten.
    Forgotten,

    /// The connection.
    Status(Status),
    /// The room closes then, or when it is empty.
    ClosesAt(Option<Duration>),
    /// What holds in the room, and who says so.
    Rules(Rules),
    /// Something about moving to a fresh room.
    Leap(LeapAction),
    /// Closing the room was asked for and happens then, or was undone.
    Purging(Option<Duration>),
    /// A message, from somebody else or from here.
    Said { said: Box<Said>, at: Duration },
    /// A message that came late: it belongs right before the one of this identity.
    CameLate {
        said: Box<Said>,
        before: String,
        at: Duration,
    },
    /// Something about a file.
    File(FileAction),
    /// Somebody said something about an earlier message. `partner`: between two people alone.
    Changed {
        about: String,
        from: PersonId,
        partner: Option<PersonId>,
        change: Change,
    },
    /// Somebody said what the room is about.
    Topic {
        text: String,
        by: String,
        at: Duration,
    },
    /// Somebody is typing, or has stopped.
    Typing {
        id: PersonId,
        is_typing: bool,
        to_me: bool,
    },
    /// Somebody has read up to this message.
    SeenBy { id: PersonId, up_to: String },
    /// What this tab knew of the conversation before it was reloaded.
    TalkKept {
        scope: Option<Whom>,
        muted: Vec<PersonId>,
        topic: Option<String>,
        notify: Option<Notify>,
    },
    /// The relay took an own message; `id` is its identity from now on, so that a replay of it is
    /// recognised.
    Relayed { local: u32, id: String },
    /// How far an own message got.
    Delivery { local: u32, delivery: Delivery },
    /// Take an own message off the log that never went out.
    Discarded(u32),
    /// Somebody is here. `silently`: no line, because they were here before this person.
    PersonCame {
        person: Person,
        at: Duration,
        silently: bool,
    },
    /// Somebody took another name.
    PersonChanged { person: Person, at: Duration },
    /// A seat lost its connection, or has it back.
    PersonAway { id: PersonId, away: bool },
    /// Somebody left.
    PersonLeft { id: PersonId, at: Duration },
    /// Something happened that deserves a line.
    Notice { notice: Notice, at: Duration },
    /// A record on the socket.
    Wire(WireRecord),
}

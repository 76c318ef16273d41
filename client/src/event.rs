//! What a session tells its shell: everything a screen or a terminal needs, and no secret.

mod end;
mod late;

use std::time::Duration;

use crypto::identity::Tag;
use crypto::tunnel::Fingerprint;
use crypto::wire::{
    CloseCode, Epoch, Generation, JoinOutcome, LocalId, Refusal, RoomMode, RoomState, SenderId,
    Seq, TimeLeft,
};

use crate::body::Body;
use crate::governance::{By, Ordered};
use crate::leap::{InvitationId, Invited};
use crate::transfer::{FileNews, FileRef};
pub use end::End;
pub use late::{Late, Since};

/// One thing that happened. Events come in the order in which a person should learn of them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Where the session stands changed.
    Status(Status),
    /// The relay said how the room looks from outside. The session now waits for
    /// [`Session::enter`](crate::Session::enter) unless the configuration enters by itself.
    Door {
        /// Whether the room exists and would let one more member in.
        state: RoomState,
        /// How many seats are taken.
        members: u32,
        /// Whether past messages can be read by newcomers. Meaningless while the room is empty.
        mode: RoomMode,
        /// How many past messages the relay keeps for newcomers.
        history: u16,
        /// How long the room has left.
        time_left: TimeLeft,
    },
    /// The seat is taken: the session is a member. Comes again after every reconnection.
    Entered {
        /// Opened a new room, entered an existing one, or came back to the same seat.
        outcome: JoinOutcome,
        /// Whether past messages can be read by newcomers.
        mode: RoomMode,
        /// How many past messages the relay keeps for newcomers.
        history: u16,
        /// How long the room has left.
        time_left: TimeLeft,
        /// Who we are to the others.
        me: SenderId,
        /// The relay's key, as this connection saw it.
        fingerprint: Fingerprint,
    },
    /// Everything that happened before we came (or came back) has been handed over. Arrivals before the first
    /// of these are people who were already there: no arrival line for them.
    CaughtUp,

    /// Somebody is in the room who was not. Also said of people who come back after their [`Event::PersonLeft`].
    PersonArrived(Person),
    /// Somebody changed their name or what they declare about themselves. Also said of ourselves.
    PersonChanged {
        /// The person as they are now.
        person: Person,
        /// The name they had, if it is the name that changed.
        previous_name: Option<String>,
    },
    /// Somebody's connection is gone; they may be back in seconds. Worth a faded entry, not a line.
    PersonAway(SenderId),
    /// Somebody who was away is back before anybody was told that they left.
    PersonReturned(SenderId),
    /// Somebody left, or has been away for [`AWAY_MEANS_LEFT`](crate::AWAY_MEANS_LEFT).
    PersonLeft(SenderId),

    /// An own message was taken over and will be sent as soon as possible.
    Composed(Message),
    /// The relay has an own message and gave it its place.
    Sent {
        /// The message, as named by [`Event::Composed`].
        local: LocalId,
        /// Its place in the room's order.
        seq: Seq,
        /// The name that every member knows it by.
        id: MessageId,
    },
    /// An own message was not sent and will not be unless [`Session::retry`](crate::Session::retry) is called.
    NotSent {
        /// The message, as named by [`Event::Composed`].
        local: LocalId,
        /// The cause.
        why: NotSent,
    },
    /// A message from somebody else, or one of our own that the relay had kept and we no longer had.
    Said(Message),

    /// Somebody asks us, and perhaps others, to move to another room with them. It is for a person to decide.
    Invited(Invited),
    /// An invitation does not count any more: whoever sent it was removed, has sent another one, or too many came.
    InvitationGone(InvitationId),

    /// Somebody who shows it, to us who show it too, is typing, or has stopped.
    Typing {
        /// Who.
        sid: SenderId,
        /// Typing now.
        is_typing: bool,
        /// For us alone.
        to_me: bool,
    },
    /// Somebody who shows it, to us who show it too, has read this message and what came before it.
    Seen {
        /// Who.
        sid: SenderId,
        /// The last message they have read.
        up_to: MessageId,
    },
    /// Something about a file that was offered.
    File {
        /// Which one.
        file: FileRef,
        /// What.
        news: FileNews,
    },
    /// Messages of one sender were never delivered or can no longer be read.
    Missing {
        /// Their author.
        from: SenderId,
        /// How many more.
        count: u32,
    },
    /// Something arrived that no member sealed or signed as it claims; it was dropped.
    Unverifiable {
        /// How many more.
        count: u32,
    },
    /// Somebody uses a part of the protocol that this version does not know.
    Unsupported,
    /// Messages came whose keys never did. Whose name they bear is not proven, so nobody is named.
    Unopened {
        /// How many more.
        count: u32,
    },
    /// We were away for longer than the relay keeps things: messages were said that we shall not see.
    GapInHistory {
        /// How many at least, where the relay can tell.
        count: Option<u32>,
    },
    /// The relay shows members different conversations.
    Diverged {
        /// The member whose view differs from ours.
        with: SenderId,
    },
    /// Somebody's clock differs from ours by more than two minutes. Said once per person.
    ClockSkew {
        /// Whose clock.
        sid: SenderId,
        /// Theirs is ahead of ours; otherwise behind.
        ahead: bool,
        /// By how much.
        by: Duration,
    },
    /// The room's remaining lifetime was changed or repeated.
    TimeLeft(TimeLeft),
    /// How the relay keeps the room now; also said after every [`Event::Entered`].
    RoomChanged {
        /// Nobody new is let in.
        locked: bool,
        /// Some secret purges it.
        purgeable: bool,
        /// How long it still lives.
        time_left: TimeLeft,
    },
    /// Somebody who governs has laid something down, and signed it.
    Ordered {
        /// Who.
        by: By,
        /// When by their clock, since the Unix epoch.
        at: Duration,
        /// What.
        order: Ordered,
        /// It was so before we came, or while we were away.
        replayed: bool,
    },
    /// The relay did not do what we ordered.
    OrderRefused {
        /// The order; `None` for a purge.
        order: Option<Ordered>,
        /// The cause.
        refusal: Refusal,
    },
    /// A member takes somebody else for the room's opener than we do. Either it or those whom we heard first were lied
    /// to, or one of them lies. What it passes on does not count. Said once per person.
    ControlDisputed {
        /// That member.
        by: By,
    },
    /// Somebody was compared with and found to be who they should be, or that was taken back.
    Verified {
        /// Who.
        sid: SenderId,
        /// They were.
        verified: bool,
    },
    /// The relay shows another key than the one we know. The session has stopped; only
    /// [`Session::trust_new_key`](crate::Session::trust_new_key) makes it go on.
    RelayKeyChanged {
        /// The key we know.
        expected: Fingerprint,
        /// The key it shows.
        found: Fingerprint,
    },
    /// A member was told another kind of room than we were. They get no keys from us and we show nothing of theirs.
    RoomModeDisputed {
        /// That member. They may never have been on the list.
        with: SenderId,
        /// Their tag.
        tag: Tag,
        /// What they were told.
        theirs: RoomMode,
    },
    /// The relay asked us to slow down; what is queued goes out afterwards, in order.
    TooFast {
        /// How long we wait.
        retry_after: Duration,
    },
    /// Bytes that crossed the socket, for the view that shows what the relay sees.
    Wire(WireRecord),
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// A socket is being opened and the tunnel agreed on.
    Connecting {
        /// 1 for the first try since the last success.
        attempt: u32,
    },
    /// Asking the relay how the room looks from outside.
    Looking,
    /// The relay has answered; waiting for [`Session::enter`](crate::Session::enter).
    AtDoor,
    /// Taking the seat and catching up.
    Entering,
    /// In the room; what is said goes out at once.
    Online,
    /// Cut off; trying again at `until` or on [`Session::wake`](crate::Session::wake).
    Waiting {
        /// On the caller's monotonic clock.
        until: Duration,
        /// How many own messages wait to be sent.
        queued: usize,
    },
    /// Over. Nothing but [`Session::trust_new_key`](crate::Session::trust_new_key) after a changed key revives it.
    Ended(End),
}

/// Why an own message was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotSent {
    /// The relay would not take it.
    Refused(Refusal),
    /// The relay took it, repeatedly, without ever saying so. It may have been delivered; a retry cannot double it.
    Unanswered,
    /// The session ended before it could be sent.
    Ended,
    /// The one it is for is not in the room.
    Absent,
    /// A newer one says the same thing anew, as a later topic does.
    Replaced,
}

/// A member of the room as the others see them. All texts are as the member wrote them: hostile until shown
/// through the crate `text`.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Their identity: a digest of their signing key.
    pub sid: SenderId,
    /// The name they chose.
    pub name: String,
    /// The short form of their identity, shown beside the name.
    pub tag: Tag,
    /// Where a bot declares to send what it reads; `None` for people.
    pub bot: Option<String>,
    /// It is us.
    pub me: bool,
    /// When we first saw them, since the Unix epoch, by our clock.
    pub joined_at: Duration,
    /// Their connection is gone for the moment.
    pub away: bool,
}

/// What makes a message the one it is, for ever: two messages with the same id are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId {
    /// Its author.
    pub sid: SenderId,
    /// The author's epoch.
    pub epoch: Epoch,
    /// Its step in that epoch.
    pub generation: Generation,
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its identity; `None` while an own message still waits for its turn to be sealed.
    pub id: Option<MessageId>,
    /// The handle of an own message of this session.
    pub local: Option<LocalId>,
    /// Its author.
    pub from: SenderId,
    /// The author's name when it was received.
    pub name: String,
    /// The author's tag.
    pub tag: Tag,
    /// We wrote it.
    pub mine: bool,
    /// Whom alone it is for; `None` for everybody. Of what others say, only what is for everybody or for us gets here.
    pub to: Option<SenderId>,
    /// Its place in the room's order; `None` until the relay has given it one. Lines are shown in this order.
    pub seq: Option<Seq>,
    /// When it was written by the author's clock, since the Unix epoch. Information only, never an order.
    pub sent_at: Duration,
    /// When we got it (or wrote it), since the Unix epoch, by our clock.
    pub received_at: Duration,
    /// What was said.
    pub body: Body,
    /// It was said before we came, or while we were away.
    pub replayed: bool,
    /// It came after newer words of its author.
    pub late: Option<Late>,
}

/// What the shell does for the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transmit {
    /// Open a new socket to the relay with the subprotocol [`crypto::wire::SUBPROTOCOL`], dropping any other one;
    /// then call `opened`, or `closed` if it cannot be opened.
    Connect,
    /// Send one binary message.
    Message(Vec<u8>),
    /// Close the socket with this code and forget it: the session has moved on, and nothing more is to be
    /// reported about that socket.
    Close(CloseCode),
}

/// Which way bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From us to the relay.
    ToRelay,
    /// From the relay to us.
    FromRelay,
}

/// One socket message and what the relay makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRecord {
    /// Which way it went.
    pub direction: Direction,
    /// The frames inside, as the relay sees them once its tunnel is opened. Empty for the handshake.
    pub frames: Vec<FrameSummary>,
    /// How many bytes went over the socket.
    pub length: usize,
    /// Exactly the bytes on the socket: what everybody between us and the relay sees. Of a record with pieces of files
    /// only the beginning.
    pub record: Vec<u8>,
}

/// One frame as the relay sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameSummary {
    /// The kind of frame by its name in the protocol: "Join", "Publish", "Delivered" …
    pub label: &'static str,
    /// Its length.
    pub bytes: usize,
    /// The frame itself; of a piece of a file only the beginning. Of an envelope inside, the relay can tell the size and nothing else.
    pub frame: Vec<u8>,
}

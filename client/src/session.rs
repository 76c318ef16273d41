//! One member's part in one room, over as many connections as it takes.
//!
//! ```text
//!   Waiting ──▶ Dialling ──▶ Greeting ──▶ Proving ──▶ Up: Looking ▶ AtDoor ▶ Joining ▶ CatchingUp ▶ Online
//!      ▲          socket      ServerHello   Finished   │
//!      └───────────────────────────────────────────────┘  the connection is lost; the seat, the keys and the outbox stay
//! ```
//!
//! The submodules each hold one stage: `connecting` (socket and tunnel), `entering` (door and seat), `receiving`
//! (envelopes in), `sending` (envelopes out, and whose keys they need), `handing` (keys of letters that outlived a seat),
//! `holding` (what came before its key), `placing` (words that come late), `heartbeat` (everything that time alone does),
//! `speaking` (what a person says), `leaping`, `files`, `signals` (who is typing, who has read what) and `freezing` (a reload of the tab).

mod clocks;
mod connecting;
mod entering;
mod files;
mod freezing;
mod governing;
mod handing;
mod heartbeat;
mod holding;
mod leaping;
mod placing;
mod receiving;
mod sending;
mod signals;
mod speaking;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::time::Duration;

use crypto::control::ControlKey;
use crypto::identity::{Identity, Safety};
use crypto::kdf::Salt;
use crypto::room::RoomKeys;
use crypto::seen::Seen;
use crypto::sender::SenderKey;
use crypto::tunnel::{AwaitFinished, Fingerprint, Pin, Ticket, Tunnel};
use crypto::wire::{
    CloseCode, Epoch, Generation, Life, LocalId, MemberId, Opening, ResumeToken, RoomId, RoomMode,
    SenderId, Seq, TimeLeft,
};
use rand_core::CryptoRng;

use crate::backoff::Backoff;
use crate::config::{BotDisclosure, Config, Now};
use crate::event::{End, Event, NotSent, Person, Status, Transmit};
use crate::held::Held;
use crate::name::DisplayName;
use crate::outbox::Outbox;
use crate::roster::Roster;
use crate::transfer::Transfers;
use governing::Rule;

use self::leaping::Leaps;
use self::signals::Signals;
use sorted::Set;

pub use freezing::ThawError;

/// Whoever is away for this long is said to have left. What is said to the room goes on being for them for as long as
/// the relay holds their seat.
pub const AWAY_MEANS_LEFT: Duration = Duration::from_secs(45);

/// A member's part in a room. Dropping it wipes its keys.
pub struct Session {
    keys: RoomKeys,
    opening: Opening,
    salt: Salt,
    pin: Pin,
    ticket: Option<Ticket>,
    bot: Option<BotDisclosure>,

    identity: Identity,
    name: DisplayName,
    joined_at: Duration,
    /// The last hello's revision.
    revision: u32,
    /// A hello must go out before anything else.
    hello_due: bool,
    /// The letter whose key the last hello carried.
    announced_adrift: Option<LocalId>,
    /// When the last hello went out because others' keys were missing.
    asked_for_keys: Option<Duration>,

    link: Link,
    status: Status,
    backoff: Backoff,
    /// The monotonic time of the last call, for calls that bring no clock.
    clock: Duration,
    /// Enter without being asked again.
    wants_in: bool,
    accepts_any_mode: bool,
    /// The kind of room that was seen at the door, entered, and is not to change.
    kind: Option<RoomMode>,
    history: u16,
    time_left: TimeLeft,
    seat: Option<Seat>,
    /// The room's life that it is in.
    life: Option<Life>,
    /// When the present seat was taken.
    entered_at: Duration,
    /// When we were last told that we may have missed something.
    told_of_gap_at: Option<Duration>,
    /// While catching up, somebody's hello spoke of another kind of room.
    disputed: bool,
    /// How many other seats the relay counted when we took ours.
    others: usize,

    sender: Option<SenderKey>,
    /// Who has the present epoch's chain, by which of their hellos they were known when they got it, and when that was.
    told: HashMap<SenderId, (u32, Duration)>,
    spoke_at: Option<Duration>,
    /// The time in our newest letter.
    sealed_at: Duration,
    /// The time in the newest word on what the room is about.
    topic_at: Duration,
    roster: Roster,
    held: Held,
    outbox: Outbox,
    seen: Seen,
    /// The number of the last message that was taken into `seen`.
    placed: Seq,
    /// Own messages that the shell knows to be sent; the newest few thousand.
    own: Set<(Epoch, Generation)>,
    /// Opens our own messages when the relay's history brings back some that this session no longer has.
    mirror: Option<crypto::peer::PeerKey>,
    signals: Signals,
    transfers: Transfers,
    leaps: Leaps,
    rule: Rule,
    /// Who was compared with.
    verified: Set<SenderId>,
    second_secret: bool,

    frames: Vec<Vec<u8>>,
    transmits: VecDeque<Transmit>,
    events: VecDeque<Event>,
    watched: bool,
}

/// Where the connection stands.
enum Link {
    /// None; the next try is at `until`.
    Waiting { until: Duration },
    /// The shell is opening a socket.
    Dialling { since: Duration },
    /// A socket; the relay has the first word.
    Greeting { since: Duration },
    /// Our hello is out; nothing else may follow before the relay has proven itself.
    Proving {
        since: Duration,
        half: Box<AwaitFinished>,
        resumed: bool,
    },
    /// A tunnel.
    Up(Box<Up>),
    /// Nothing more will happen.
    Ended,
}

struct Up {
    tunnel: Tunnel,
    phase: Phase,
    /// When the relay was last heard.
    heard: Duration,
    /// When we asked it for a sign of life and have heard nothing since.
    pinged: Option<Duration>,
    /// It must be heard by then.
    must_hear_by: Option<Duration>,
    /// The relay asked us to wait with looking or joining.
    ask_again_at: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Looking,
    AtDoor,
    Joining,
    CatchingUp,
    Online,
}

/// Our seat at the relay.
struct Seat {
    member: MemberId,
    token: ResumeToken,
    /// The highest number seen.
    last: Seq,
}

impl Session {
    /// A new member with fresh keys. Starts to connect at once.
    pub fn new(config: Config, now: Now, rng: &mut impl CryptoRng) -> Self {
        let mut session = Self::build(config, Identity::generate(rng), now);
        session.dial(now.mono);
        session
    }

    fn build(config: Config, identity: Identity, now: Now) -> Self {
        let control = ControlKey::of(&identity, &config.keys.room_id());
        let rule = Rule::new(control, config.rules);
        Self {
            keys: config.keys,
            opening: config.opening,
            salt: config.salt,
            pin: config.pin,
            ticket: None,
            bot: config.bot,
            identity,
            name: config.name,
            joined_at: now.wall,
            revision: 0,
            hello_due: false,
            announced_adrift: None,
            asked_for_keys: None,
            link: Link::Waiting { until: now.mono },
            status: Status::Connecting { attempt: 1 },
            backoff: Backoff::default(),
            clock: now.mono,
            wants_in: config.auto_enter,
            accepts_any_mode: config.accepts_any_mode,
            kind: None,
            history: 0,
            time_left: TimeLeft::UntilEmpty,
            seat: None,
            life: None,
            entered_at: now.mono,
            told_of_gap_at: None,
            disputed: false,
            others: 0,
            sender: None,
            told: HashMap::new(),
            spoke_at: None,
            sealed_at: Duration::ZERO,
            topic_at: Duration::ZERO,
            roster: Roster::default(),
            held: Held::default(),
            outbox: Outbox::default(),
            seen: Seen::new(),
            placed: Seq(0),
            own: Set::new(),
            mirror: None,
            signals: Signals::default(),
            transfers: Transfers::default(),
            leaps: Leaps::default(),
            rule,
            verified: Set::new(),
            second_secret: config.second_secret,
            frames: Vec::new(),
            transmits: VecDeque::new(),
            events: VecDeque::new(),
            watched: true,
        }
    }

    /// What to do next with the socket.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Takes another name, and tells the others.
    pub fn rename(&mut self, name: DisplayName, now: Now, rng: &mut impl CryptoRng) {
        if name == self.name {
            return;
        }
        let previous = std::mem::replace(&mut self.name, name);
        let previous_name = Some(previous.as_str().to_owned());
        self.events.push_back(Event::PersonChanged {
            person: self.me(),
            previous_name,
        });
        if self.seat.is_some() {
            self.hello_due = true;
            self.pump(now, rng);
        }
    }

    /// Whether [`Event::Wire`] is wanted. It is at first.
    pub fn watch_wire(&mut self, wanted: bool) {
        self.watched = wanted;
    }

    /// Where the session stands.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The room's address.
    pub fn room(&self) -> RoomId {
        self.keys.room_id()
    }

    /// Ourselves, as others see us.
    pub fn me(&self) -> Person {
        Person {
            sid: self.identity.sender_id(),
            name: self.name.as_str().to_owned(),
            tag: self.identity.tag(),
            bot: self.bot.as_ref().map(|bot| bot.destination.clone()),
            me: true,
            joined_at: self.joined_at,
            away: false,
        }
    }

    /// Everybody in the room but ourselves, those who are away for a moment included, in the order of acquaintance.
    pub fn people(&self) -> Vec<Person> {
        self.roster.people()
    }

    /// What we and this member compare over another channel, to be sure that nobody stands in between.
    pub fn safety(&self, sid: &SenderId) -> Safety {
        Safety::between(&self.keys.room_id(), &self.identity.sender_id(), sid)
    }

    /// Somebody was compared with and is who they should be, or not after all. Remembered for this session. It is the
    /// key that was compared: whoever comes with another one is somebody else.
    pub fn set_verified(&mut self, sid: SenderId, verified: bool) {
        let changed = if verified {
            self.verified.insert(sid)
        } else {
            self.verified.remove(&sid)
        };
        if changed {
            self.events.push_back(Event::Verified { sid, verified });
        }
    }

    /// Whether somebody was compared with.
    pub fn is_verified(&self, sid: &SenderId) -> bool {
        self.verified.contains(sid)
    }

    /// The relay's key, once it is known.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        match &self.pin {
            Pin::Known(fingerprint) => Some(*fingerprint),
            Pin::FirstUse => None,
        }
    }

    fn turn_to(&mut self, status: Status) {
        if self.status != status {
            self.status = status.clone();
            self.events.push_back(Event::Status(status));
        }
    }

    /// Everything ends here. What waits to be sent is said to be unsent.
    fn end(&mut self, end: End) {
        if matches!(self.link, Link::Ended) {
            return;
        }
        self.hang_up(CloseCode::Normal);
        self.link = Link::Ended;
        // A changed key may still be accepted by hand; everything else is for good.
        if end != End::WrongRelayKey {
            for local in self.outbox.fail_all(NotSent::Ended) {
                self.events.push_back(Event::NotSent {
                    local,
                    why: NotSent::Ended,
                });
            }
            self.transfers = Transfers::default();
            self.sender = None;
            self.mirror = None;
            self.ticket = None;
            self.seat = None;
        }
        self.turn_to(Status::Ended(end));
    }

    /// Closes the socket, if there is one.
    fn hang_up(&mut self, code: CloseCode) {
        self.flush();
        self.frames.clear();
        if !matches!(self.link, Link::Waiting { .. } | Link::Ended) {
            self.transmits.push_back(Transmit::Close(code));
        }
    }
}

impl fmt::Debug for Session {
    /// Nothing that tells which room it is, and no key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("me", &self.identity.sender_id())
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

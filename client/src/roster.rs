//! Who is here. The relay knows seats, members know people: a hello is what ties one to the other.
//!
//! ```text
//!            Arrived + hello              Away              45 s             2 min, or Departed
//!   absent ──────────────────▶ here ────────────▶ away ────────────▶ silent ────────────────────▶ absent
//!                               ▲   Returned       │    (said to      │
//!                               ├──────────────────┘     have left)   │
//!                               └─────────────────────────────────────┘  said to have come back
//! ```
//!
//! What the screen shows and who may read are two things. Whoever is silent is no longer shown, but the relay holds
//! their seat and everything that is said for them: they keep their keys until the seat is given up, so that two
//! minutes in a tunnel cost nobody a word. A relay that never says that it gave the seat up prolongs that by nothing:
//! after as long as a seat lasts, it is over by our own clock. Whoever comes later is given keys anew.

mod peer;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use crypto::identity::Tag;
use crypto::peer::PeerKey;
use crypto::wire::{MemberId, SenderId};

use crate::config::Now;
use crate::event::{Event, Person};
use crate::session::AWAY_MEANS_LEFT;
use crate::told::Told;

/// Different people a session remembers. A room holds far fewer; whoever makes up more is not taken in.
pub(crate) const MOST_PEOPLE: usize = 4_096;
/// People and seats of whom no more than a number is kept. Beyond that, newcomers are not taken in.
const MOST_TRACES: usize = 65_536;

/// How long the relay holds a seat without a connection.
const SEAT_LASTS: Duration = Duration::from_secs(120);
/// How long we wait for people whose seats were lost together with ours: longer than anybody pauses between two tries.
const REGATHERING: Duration = Duration::from_secs(20);

/// A member we have a hello of.
pub(crate) struct Peer {
    pub(crate) person: Person,
    pub(crate) key: PeerKey,
    /// The newest hello's.
    pub(crate) revision: u32,
    /// The seat they hold, if any.
    pub(crate) seat: Option<MemberId>,
    /// When their seat turned out to be lost although nobody had said that they left.
    scattered_at: Option<Duration>,
    /// Where they stand for the person in front of the screen.
    pub(crate) presence: Presence,
    pub(crate) clock: Clock,
    /// What they said.
    pub(crate) told: Told,
    /// What they would govern with.
    pub(crate) control: Option<[u8; 32]>,
}

/// What was last said about somebody's presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Never arrived, or gone.
    Absent,
    /// On the list.
    Here,
    /// On the list, faded, since this monotonic time.
    Away(Duration),
    /// Said to have left, away since this monotonic time; the seat may still be theirs.
    Silent(Duration),
}

/// What we know of somebody's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    /// It was reported.
    pub(crate) told: bool,
    /// The last message seemed to come from the past; one alone may just have been delayed.
    pub(crate) late_once: bool,
}

/// Everybody but ourselves.
#[derive(Default)]
pub(crate) struct Roster {
    /// In the order of first acquaintance.
    order: Vec<SenderId>,
    peers: HashMap<SenderId, Peer>,
    /// Every seat the relay speaks of, and whose it is once a hello has told. `Some(since)`: not connected.
    seats: HashMap<MemberId, Seat>,
    /// While the relay lists who is present: who it has listed.
    listed: Option<HashSet<MemberId>>,
    /// Who first spoke from a seat, given up or not: nobody else ever does.
    claims: HashMap<MemberId, SenderId>,
    /// People who are gone and forgotten to make room, with the revision of their last hello: only a later one brings
    /// them back.
    forgotten: HashMap<SenderId, u32>,
}

#[derive(Clone, Copy, Default)]
struct Seat {
    holder: Option<SenderId>,
    away_since: Option<Duration>,
}

type Events = VecDeque<Event>;

impl Roster {
    pub(crate) fn peer(&self, sid: &SenderId) -> Option<&Peer> {
        self.peers.get(sid)
    }

    pub(crate) fn peer_mut(&mut self, sid: &SenderId) -> Option<&mut Peer> {
        self.peers.get_mut(sid)
    }

    /// Everybody ever met, in the order of acquaintance.
    pub(crate) fn peers(&self) -> impl Iterator<Item = &Peer> {
        self.order.iter().filter_map(|sid| self.peers.get(sid))
    }

    /// Those on the list, in the order of acquaintance.
    pub(crate) fn people(&self) -> Vec<Person> {
        self.peers()
            .filter(|peer| peer.is_shown())
            .map(|peer| peer.person.clone())
            .collect()
    }

    /// Whether a hello of `sid` with this revision may be taken from seat `from`: a seat has one holder for its life.
    pub(crate) fn may_speak(&self, sid: SenderId, revision: u32, from: MemberId) -> bool {
        let is_free = match self.claims.get(&from) {
            Some(holder) => *holder == sid,
            None => self.claims.len() < MOST_TRACES,
        };
        is_free && self.forgotten.get(&sid).is_none_or(|last| revision > *last)
    }

    /// Makes room for a newcomer, by forgetting whoever has been known for longest and is gone. False if there is none.
    pub(crate) fn make_room(&mut self) -> bool {
        if self.peers.len() < MOST_PEOPLE {
            return true;
        }
        let is_gone = |peer: &Peer| peer.seat.is_none() && peer.presence == Presence::Absent;
        let gone = |sid: &SenderId| self.peers.get(sid).is_some_and(is_gone);
        let Some(at) = self.order.iter().position(gone) else {
            return false;
        };
        if self.forgotten.len() >= MOST_TRACES {
            return false;
        }
        let sid = self.order.remove(at);
        if let Some(peer) = self.peers.remove(&sid) {
            self.forgotten.insert(sid, peer.revision);
        }
        true
    }

    /// Adds somebody whose first hello was accepted. They are on the list once [`sit`](Self::sit) finds their seat.
    pub(crate) fn meet(
        &mut self,
        sid: SenderId,
        name: String,
        bot: Option<String>,
        key: PeerKey,
        revision: u32,
        now: Now,
    ) {
        let person = Person {
            sid,
            name,
            tag: Tag::of(&sid),
            bot,
            me: false,
            joined_at: now.wall,
            away: false,
        };
        let peer = Peer {
            person,
            key,
            revision,
            seat: None,
            scattered_at: None,
            presence: Presence::Absent,
            clock: Clock::default(),
            told: Told::default(),
            control: None,
        };
        self.forgotten.remove(&sid);
        if self.peers.insert(sid, peer).is_none() {
            self.order.push(sid);
        }
    }

    /// Puts somebody from a tab's saved state back where they were.
    pub(crate) fn restore(
        &mut self,
        sid: SenderId,
        joined_at: Duration,
        seat: Option<MemberId>,
        scattered_at: Option<Duration>,
        events: &mut Events,
    ) {
        let Some(peer) = self.peers.get_mut(&sid) else {
            return;
        };
        peer.person.joined_at = joined_at;
        peer.seat = seat;
        peer.scattered_at = scattered_at;
        // Nobody waits for them again.
        peer.presence = scattered_at.map_or(Presence::Absent, Presence::Silent);
        if let Some(member) = seat {
            self.claims.insert(member, sid);
            self.seats.insert(
                member,
                Seat {
                    holder: Some(sid),
                    away_since: None,
                },
            );
            peer.presence = Presence::Here;
            events.push_back(Event::PersonArrived(peer.person.clone()));
        }
    }

    /// A hello of `sid` came through seat `from`. Hellos of people who are gone come too, from seats that nobody holds.
    pub(crate) fn sit(&mut self, sid: SenderId, from: MemberId, now: Now, events: &mut Events) {
        self.claims.entry(from).or_insert(sid);
        let Some(seat) = self.seats.get_mut(&from) else {
            return;
        };
        seat.holder = Some(sid);
        let away_since = seat.away_since;
        let Some(peer) = self.peers.get_mut(&sid) else {
            return;
        };
        peer.scattered_at = None;
        let former = peer.seat.replace(from).filter(|former| *former != from);
        if let Some(former) = former.and_then(|former| self.seats.get_mut(&former)) {
            former.holder = None;
        }
        match away_since {
            None => peer.is_here(now, events),
            // Listed by the relay as present but without a connection: shown, faded.
            Some(since) => {
                peer.is_here(now, events);
                peer.is_away(since, events);
            }
        }
    }

    /// The relay speaks of a seat for the first time on this connection.
    pub(crate) fn arrived(&mut self, member: MemberId, now: Now, events: &mut Events) {
        if let Some(listed) = &mut self.listed {
            listed.insert(member);
        }
        let seat = self.seats.entry(member).or_default();
        seat.away_since = None;
        if let Some(peer) = seat.holder.and_then(|sid| self.peers.get_mut(&sid)) {
            peer.seat = Some(member);
            peer.scattered_at = None;
            peer.is_here(now, events);
        }
    }

    /// A seat lost its connection.
    pub(crate) fn away(&mut self, member: MemberId, now: Now, events: &mut Events) {
        let seat = self.seats.entry(member).or_default();
        seat.away_since = Some(now.mono);
        if let Some(listed) = &mut self.listed {
            listed.insert(member);
        }
        if let Some(peer) = seat.holder.and_then(|sid| self.peers.get_mut(&sid)) {
            peer.is_away(now.mono, events);
        }
    }

    /// A seat has a connection again.
    pub(crate) fn returned(&mut self, member: MemberId, now: Now, events: &mut Events) {
        self.arrived(member, now, events);
    }

    /// A seat is given up. Returns whether somebody we know held it: they must not read what comes next.
    pub(crate) fn departed(&mut self, member: MemberId, events: &mut Events) -> bool {
        let holder = self.seats.remove(&member).and_then(|seat| seat.holder);
        let Some(peer) = holder.and_then(|sid| self.peers.get_mut(&sid)) else {
            return false;
        };
        if peer.seat == Some(member) {
            peer.seat = None;
            peer.has_left(events);
        }
        true
    }

    /// Somebody was removed from the room, whatever the relay makes of their seat.
    pub(crate) fn expel(&mut self, sid: SenderId, events: &mut Events) {
        if let Some(peer) = self.peers.get_mut(&sid) {
            if let Some(member) = peer.seat.take() {
                self.seats.remove(&member);
            }
            peer.has_left(events);
        }
    }

    /// The relay is about to list who is present. In another room life (`forget`) or after another seat of ours, all
    /// seats are in doubt until they are listed.
    pub(crate) fn listing_begins(&mut self) {
        self.listed = Some(HashSet::new());
    }

    /// The list is complete. Seats it does not name are gone; their people get a little time to show up in new seats.
    /// A relay that lists nobody although others are there did not list at all.
    pub(crate) fn listing_ends(&mut self, others: usize, now: Now, events: &mut Events) {
        let Some(listed) = self.listed.take() else {
            return;
        };
        if listed.len() < others {
            return;
        }
        self.seats.retain(|member, _| listed.contains(member));
        for peer in self.peers.values_mut() {
            if peer.seat.is_some_and(|seat| !listed.contains(&seat)) {
                peer.seat = None;
                peer.scattered_at = Some(now.mono);
                peer.is_away(now.mono, events);
            }
        }
    }

    /// Says of those who have been away for too long that they left, and takes their keys from those whose seat must be
    /// gone by now.
    pub(crate) fn tick(&mut self, now: Now, events: &mut Events) {
        for sid in &self.order {
            let Some(peer) = self.peers.get_mut(sid) else {
                continue;
            };
            match peer.presence {
                Presence::Away(since) if now.mono >= since + AWAY_MEANS_LEFT => {
                    let scattered_at = peer.scattered_at;
                    peer.has_left(events);
                    peer.presence = Presence::Silent(since);
                    peer.scattered_at = scattered_at;
                }
                Presence::Silent(since) if now.mono >= since + SEAT_LASTS => {
                    peer.presence = Presence::Absent;
                }
                _ => {}
            }
        }
    }

    /// Until when we wait for people who lost their seats together with us, as after a restart of the relay: they are
    /// reconnecting too, and what is said before they are back would never reach them.
    pub(crate) fn regathers_until(&self, now: Duration) -> Option<Duration> {
        let is_awaited = |peer: &&Peer| peer.seat.is_none() && peer.is_shown();
        let scattered = self.peers.values().filter(is_awaited);
        let until = scattered.filter_map(|peer| Some(peer.scattered_at? + REGATHERING));
        until.filter(|until| now < *until).max()
    }

    /// When [`tick`](Self::tick) has something to say.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        let away = self.peers.values().filter_map(|peer| match peer.presence {
            Presence::Away(since) => Some(since + AWAY_MEANS_LEFT),
            Presence::Silent(since) => Some(since + SEAT_LASTS),
            Presence::Absent | Presence::Here => None,
        });
        away.min()
    }
}

//! Governing the room: orders to the relay, statements to the members, and what follows from those of others.
//!
//! ```text
//!   lock() ──▶ order, signed for this tunnel ──▶ relay ──▶ accepted ──▶ statement, signed for this room ──▶ members
//!                                                  └─────▶ room changed ──▶ everybody
//! ```
//! The relay enforces, the statement tells who it was; neither is believed in the other's place. What members have to
//! enforce themselves (no keys for whoever was removed) follows from the statement alone.

mod orders;
mod relay;

use std::collections::VecDeque;

use crypto::control::{Command, ControlKey, Notice, PurgePolicy, Statement};
use crypto::envelope::{Kind, Outer};
use crypto::hello::Hello;
use crypto::identity::Tag;
use crypto::peer::Opened;
use crypto::wire::{Keep, LocalId, MemberId, Order, SenderId, TimeLeft};
use rand_core::CryptoRng;
use sorted::Set;
use zeroize::Zeroizing;

use super::{Now, Phase, Session};
use crate::charter::{Charter, Taken};
use crate::event::{End, Event};
use crate::governance::{By, Governance, OrderError, Ordered, Rules};
use crate::outbox::Publication;

/// Everything about governing that a session remembers.
pub(super) struct Rule {
    pub(super) key: ControlKey,
    pub(super) charter: Charter,
    /// What we lay down if we open the room.
    rules: Rules,
    /// What the relay says.
    pub(super) locked: bool,
    /// Told to the relay and not answered.
    pub(super) pending: VecDeque<Pending>,
    /// Whose word for another opener was reported.
    disputed: Set<SenderId>,
    /// The relay may have forgotten what was ordered.
    pub(super) forgotten: bool,
}

pub(super) struct Pending {
    pub(super) demand: Demand,
    /// What members are told once the relay has accepted it.
    pub(super) command: Option<Command>,
    /// Its number on the present connection.
    pub(super) wire: Option<LocalId>,
}

pub(super) enum Demand {
    Order(Order),
    Purge(Zeroizing<[u8; 32]>),
}

impl Rule {
    pub(super) fn new(key: ControlKey, rules: Rules) -> Self {
        Self {
            key,
            charter: Charter::default(),
            rules,
            locked: false,
            pending: VecDeque::new(),
            disputed: Set::new(),
            forgotten: false,
        }
    }

    fn governs(&self) -> bool {
        self.charter.is_holder(&self.key.public())
    }

    /// The connection is gone; what it was not told is told to the next one.
    pub(super) fn disconnected(&mut self) {
        for pending in &mut self.pending {
            pending.wire = None;
        }
    }
}

impl Session {
    /// How the room is governed.
    pub fn governance(&self) -> Governance {
        let rule = &self.rule;
        let purge = rule.charter.purge_policy();
        Governance {
            mine: rule.governs(),
            holders: rule
                .charter
                .holders()
                .iter()
                .filter_map(|holder| holder.sid)
                .collect(),
            locked: rule.locked,
            purge,
            may_purge: purge == PurgePolicy::Everyone || rule.governs(),
            filters: rule.charter.filters().map(<[u8]>::to_vec),
            removed: rule.charter.removed().collect(),
        }
    }

    /// Lays something down and tells everybody.
    pub(super) fn state(
        &mut self,
        command: Command,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        let number = self.rule.charter.next_number();
        let statement = self
            .rule
            .key
            .state(number, now.wall, command)
            .map_err(|_| OrderError::TooLong)?;
        let sealed = Notice::Statement(statement.clone())
            .seal(&self.keys, &self.identity, rng)
            .map_err(|_| OrderError::TooLong)?;
        let me = self.identity.sender_id();
        if self.learn(statement, false) != Taken::New {
            let is_removed = self.rule.charter.is_removed(&me);
            debug_assert!(!is_removed, "nobody removed governs");
            return Err(OrderError::Nobody);
        }
        self.outbox
            .notify(Publication::new(sealed, Keep::Transient, now.mono));
        // For those who come later.
        self.hello_due = true;
        Ok(())
    }

    /// What a hello says about who governs.
    pub(super) fn hello_governs(&mut self, hello: &Hello) {
        let sid = hello.sender_id();
        let introduction = &hello.introduction;
        if let Some(peer) = self.roster.peer_mut(&sid) {
            peer.control = introduction.own_control;
        }
        if let Some(claimed) = introduction.control_key
            && !self.rule.charter.founded(claimed)
            && self.rule.disputed.insert(sid)
        {
            self.events
                .push_back(Event::ControlDisputed { by: self.by(sid) });
        }
        if let Some(own) = introduction.own_control {
            self.rule.charter.meet(sid, own);
        }
        let replayed = self.phase() != Some(Phase::Online);
        // One that does not count is the business of whoever passes it on.
        let room = self.keys.room_id();
        for statement in self.rule.charter.hear(&introduction.charter, &room) {
            self.follow(statement, replayed);
        }
    }

    /// A control envelope of a member.
    pub(super) fn heard_notice(&mut self, notice: Notice, replayed: bool) {
        match notice {
            Notice::Statement(statement) => {
                if self.learn(statement, replayed) == Taken::Refused {
                    self.events.push_back(Event::Unverifiable { count: 1 });
                }
            }
            // Only the relay's own word that the room is over gives it a meaning.
            Notice::Purged { .. } => self.events.push_back(Event::Unverifiable { count: 1 }),
        }
    }

    /// Takes in a statement, whoever passed it on, and does what follows from it.
    fn learn(&mut self, statement: Statement, replayed: bool) -> Taken {
        let room = self.keys.room_id();
        let taken = self.rule.charter.take(statement.clone(), &room);
        if taken == Taken::New {
            self.follow(statement, replayed);
        }
        taken
    }

    /// Does what follows from a statement that is in force from now on.
    fn follow(&mut self, statement: Statement, replayed: bool) {
        let Statement {
            by, at, command, ..
        } = statement;
        if let Some(order) = self.ordered(&command) {
            self.events.push_back(Event::Ordered {
                by: self.by(by),
                at,
                order,
                replayed,
            });
        }
        if let Command::Remove(sid) = command {
            if sid == self.identity.sender_id() {
                let by = Some(self.by(by));
                self.end(End::Removed { by });
            } else {
                self.expel(sid);
            }
        }
    }

    /// Keeps our keys from somebody, and their words from the screen.
    fn expel(&mut self, sid: SenderId) {
        self.roster.expel(sid, &mut self.events);
        self.held.take(sid);
        self.uninvite(sid);
    }

    pub(super) fn ordered(&self, command: &Command) -> Option<Ordered> {
        Some(match command {
            Command::Lock(true) => Ordered::Lock,
            Command::Lock(false) => Ordered::Unlock,
            Command::Lifetime(lifetime) => Ordered::Lifetime(*lifetime),
            Command::Remove(sid) => Ordered::Remove(self.by(*sid)),
            Command::Share { to, .. } => Ordered::Share(self.by(*to)),
            Command::HandOn { to, .. } => Ordered::HandOn(self.by(*to)),
            Command::PurgePolicy(policy) => Ordered::PurgePolicy(*policy),
            Command::Filters(filters) => Ordered::Filters(filters.clone()),
            Command::Unknown(_) => return None,
        })
    }

    pub(super) fn by(&self, sid: SenderId) -> By {
        let me = sid == self.identity.sender_id();
        let name = if me {
            self.name.as_str()
        } else {
            self.roster
                .peer(&sid)
                .map_or("", |peer| peer.person.name.as_str())
        };
        By {
            sid,
            name: name.to_owned(),
            tag: Tag::of(&sid),
            me,
        }
    }

    pub(super) fn room_changed(&mut self, locked: bool, purgeable: bool, time_left: TimeLeft) {
        self.rule.locked = locked;
        self.time_left = time_left;
        self.events.push_back(Event::RoomChanged {
            locked,
            purgeable,
            time_left,
        });
    }

    /// A seat was given up or ended. Whether by an order, and whose, the statement tells and not the relay.
    pub(super) fn departed(&mut self, member: MemberId) {
        if self.seat.as_ref().is_none_or(|seat| seat.member == member) {
            return;
        }
        self.roster.departed(member, &mut self.events);
        // With the seat goes its hello, and with that perhaps the only copy of the rules that newcomers would have got.
        let me = self.identity.sender_id();
        let is_first = self
            .roster
            .peers()
            .filter(|peer| peer.seat.is_some())
            .all(|peer| me < peer.person.sid);
        if is_first && !self.rule.charter.statements().is_empty() {
            self.hello_due = true;
        }
    }

    /// The relay says that somebody has purged the room.
    pub(super) fn purged(&mut self, notice: &[u8], now: Now) {
        let opened = Outer::open(&self.keys, notice)
            .ok()
            .filter(|outer| outer.header().kind == Kind::Control)
            .and_then(|outer| {
                let sid = outer.header().sid;
                let peer = self.roster.peer_mut(&sid)?;
                match peer.key.open(&outer, now.mono) {
                    Ok(Opened::Control(Notice::Purged { at })) => Some((sid, at)),
                    _ => None,
                }
            });
        // Our own order, whose answer was lost with a connection.
        let is_purge = |pending: &Pending| matches!(pending.demand, Demand::Purge(_));
        let is_ours = opened.is_none() && self.rule.pending.iter().any(is_purge);
        let (by, at) = match opened {
            Some((sid, at)) => (Some(sid), at),
            None if is_ours => (Some(self.identity.sender_id()), now.wall),
            None => (None, now.wall),
        };
        let by = by.map(|sid| self.by(sid));
        self.end(End::Purged { by, at });
    }
}

//! Governing the room: orders to the relay, statements to the members, and what follows from those of others.
//!
//! ```text
//!   lock() ──▶ order, signed for this tunnel ──▶ relay ──▶ accepted ──▶ statement, signed for this room ──▶ members
//!                                                  └─────▶ room changed ──▶ everybody
//! ```
//! The relay enforces, the statement tells who it was; neither is believed in the other's place. What members have to
//! enforce themselves (no keys for whoever was removed) follows from the statement alone.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use crypto::control::{Command, ControlKey, Notice, PurgePolicy, Statement, purge_digest};
use crypto::envelope::{Kind, Outer};
use crypto::hello::Hello;
use crypto::identity::Tag;
use crypto::peer::Opened;
use crypto::wire::{
    ClientToRelay, Keep, Lifetime, LocalId, MemberId, Opening, Order, Refusal, SenderId, TimeLeft,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{Link, Now, Phase, Session};
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
    pending: VecDeque<Pending>,
    /// Whose word for another opener was reported.
    disputed: BTreeSet<SenderId>,
    /// The relay may have forgotten what was ordered.
    pub(super) forgotten: bool,
}

struct Pending {
    demand: Demand,
    /// What members are told once the relay has accepted it.
    command: Option<Command>,
    /// Its number on the present connection.
    wire: Option<LocalId>,
}

enum Demand {
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
            disputed: BTreeSet::new(),
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
    /// Lets nobody new in.
    ///
    /// # Errors
    /// [`OrderError`], as for all orders: of those who do not govern, and without a connection.
    pub fn lock(&mut self, now: Now, rng: &mut impl CryptoRng) -> Result<(), OrderError> {
        self.order(Command::Lock(true), now, rng)
    }

    /// Lets people in again.
    ///
    /// # Errors
    /// As [`Session::lock`].
    pub fn unlock(&mut self, now: Now, rng: &mut impl CryptoRng) -> Result<(), OrderError> {
        self.order(Command::Lock(false), now, rng)
    }

    /// Makes the room live this long from now on, longer or shorter than it would have.
    ///
    /// # Errors
    /// As [`Session::lock`].
    pub fn extend(
        &mut self,
        lifetime: Lifetime,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        self.order(Command::Lifetime(lifetime), now, rng)
    }

    /// Removes a member: the relay ends their seat, everybody's client keeps its keys from them and shows nothing more
    /// of theirs. They still know the room's name.
    ///
    /// # Errors
    /// As [`Session::lock`], and [`OrderError::Nobody`] for ourselves and for people we never met.
    pub fn remove(
        &mut self,
        sid: SenderId,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        self.order(Command::Remove(sid), now, rng)
    }

    /// Lets another member govern, too. They could as well remove us.
    ///
    /// # Errors
    /// As [`Session::lock`], and [`OrderError::Nobody`] where their hello offers no control key.
    pub fn share_control(
        &mut self,
        to: SenderId,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        let key = self.control_key_of(to)?;
        self.order(Command::Share { to, key }, now, rng)
    }

    /// Lets another member govern in our place.
    ///
    /// # Errors
    /// As [`Session::share_control`].
    pub fn hand_on(
        &mut self,
        to: SenderId,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        let key = self.control_key_of(to)?;
        self.order(Command::HandOn { to, key }, now, rng)
    }

    /// Says who may purge.
    ///
    /// # Errors
    /// As [`Session::lock`].
    pub fn set_purge_policy(
        &mut self,
        policy: PurgePolicy,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        self.order(Command::PurgePolicy(policy), now, rng)
    }

    /// Says what everybody's filters start from, in bytes that the shell understands.
    ///
    /// # Errors
    /// As [`Session::lock`], and [`OrderError::TooLong`].
    pub fn set_filter_defaults(
        &mut self,
        filters: Vec<u8>,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        self.order(Command::Filters(filters), now, rng)
    }

    /// Ends the room for everybody and makes the relay erase what it holds. There is no way back: give people time to
    /// think again before calling this.
    ///
    /// # Errors
    /// [`OrderError::NotHolder`] where we may not; [`OrderError::Offline`].
    pub fn purge(&mut self, now: Now, rng: &mut impl CryptoRng) -> Result<(), OrderError> {
        self.must_be_online()?;
        let secret = match self.rule.charter.purge_policy() {
            PurgePolicy::Everyone => self.keys.purge_secret(),
            PurgePolicy::Holder if self.rule.governs() => {
                let secret = self.rule.key.purge_secret();
                // The relay may hold the digest of another holder's, or none since it restarted.
                self.demand(Order::PurgeDigest(Some(purge_digest(&secret))), None);
                secret
            }
            PurgePolicy::Holder => return Err(OrderError::NotHolder),
        };
        self.rule.pending.push_back(Pending {
            demand: Demand::Purge(secret),
            command: None,
            wire: None,
        });
        self.pump(now, rng);
        Ok(())
    }

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

    fn must_be_online(&self) -> Result<(), OrderError> {
        if self.phase() == Some(Phase::Online) {
            Ok(())
        } else {
            Err(OrderError::Offline)
        }
    }

    fn control_key_of(&self, sid: SenderId) -> Result<[u8; 32], OrderError> {
        self.roster
            .peer(&sid)
            .and_then(|peer| peer.control)
            .ok_or(OrderError::Nobody)
    }

    fn order(
        &mut self,
        command: Command,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        self.must_be_online()?;
        if !self.rule.governs() {
            return Err(OrderError::NotHolder);
        }
        let order = match &command {
            Command::Lock(locked) => Order::Lock(*locked),
            Command::Lifetime(lifetime) => Order::Lifetime(*lifetime),
            Command::Share { key, .. } => Order::Share(*key),
            Command::HandOn { key, .. } => Order::HandOn(*key),
            Command::PurgePolicy(policy) => {
                let secret = match policy {
                    PurgePolicy::Everyone => self.keys.purge_secret(),
                    PurgePolicy::Holder => self.rule.key.purge_secret(),
                };
                Order::PurgeDigest(Some(purge_digest(&secret)))
            }
            Command::Remove(sid) => return self.order_removal(*sid, now, rng),
            Command::Filters(_) | Command::Unknown(_) => {
                self.state(command, now, rng)?;
                self.pump(now, rng);
                return Ok(());
            }
        };
        self.demand(order, Some(command));
        self.pump(now, rng);
        Ok(())
    }

    fn order_removal(
        &mut self,
        sid: SenderId,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OrderError> {
        let peer = self.roster.peer(&sid).ok_or(OrderError::Nobody)?;
        let (seat, key) = (peer.seat, peer.control);
        // Told before the relay acts, so that whoever is removed learns from whom.
        self.state(Command::Remove(sid), now, rng)?;
        if let Some(key) = key {
            self.demand(Order::Withdraw(key), None);
        }
        if let Some(member) = seat {
            self.demand(Order::Remove(member), None);
        }
        self.pump(now, rng);
        Ok(())
    }

    fn demand(&mut self, order: Order, command: Option<Command>) {
        self.rule.pending.push_back(Pending {
            demand: Demand::Order(order),
            command,
            wire: None,
        });
    }

    /// Lays something down and tells everybody.
    fn state(
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

    /// Puts what the relay is to do into the next record.
    pub(super) fn send_orders(&mut self, now: Now, rng: &mut impl CryptoRng) {
        if self.outbox.is_paused(now.mono) {
            return;
        }
        let Link::Up(up) = &self.link else { return };
        let exporter = up.tunnel.exporter().clone();
        let mut frames = Vec::new();
        for pending in &mut self.rule.pending {
            if pending.wire.is_some() {
                continue;
            }
            let local = self.outbox.number();
            pending.wire = Some(local);
            frames.push(match &pending.demand {
                Demand::Order(order) => self.rule.key.order(&exporter, local, *order),
                Demand::Purge(secret) => {
                    let notice = Notice::Purged { at: now.wall };
                    let Ok(sealed) = notice.seal(&self.keys, &self.identity, rng) else {
                        continue;
                    };
                    ClientToRelay::Purge {
                        local,
                        secret: **secret,
                        notice: sealed.envelope,
                    }
                }
            });
        }
        for frame in frames {
            self.send(&frame);
        }
    }

    /// The relay has done what it was told. False if it was no order.
    pub(super) fn order_accepted(
        &mut self,
        local: LocalId,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> bool {
        let Some(pending) = self.take_pending(local) else {
            return false;
        };
        if matches!(pending.demand, Demand::Purge(_)) {
            self.end(End::Purged {
                by: Some(self.by(self.identity.sender_id())),
                at: now.wall,
            });
        } else if let Some(command) = pending.command {
            // What the relay has accepted was well-formed, and nobody else's statement can have forbidden it since
            // without the relay's refusing it.
            let _ = self.state(command, now, rng);
        }
        true
    }

    /// The relay will not do what it was told. False if it was no order.
    pub(super) fn order_refused(
        &mut self,
        local: LocalId,
        refusal: Refusal,
        retry_after: Duration,
        now: Now,
    ) -> bool {
        let is_it = |pending: &&mut Pending| pending.wire == Some(local);
        if refusal == Refusal::TooFast {
            let Some(pending) = self.rule.pending.iter_mut().find(is_it) else {
                return false;
            };
            pending.wire = None;
            self.outbox.pause(None, now.mono + retry_after);
            return true;
        }
        let Some(pending) = self.take_pending(local) else {
            return false;
        };
        let is_purge = matches!(pending.demand, Demand::Purge(_));
        if is_purge || pending.command.is_some() {
            self.events.push_back(Event::OrderRefused {
                order: pending
                    .command
                    .as_ref()
                    .and_then(|command| self.ordered(command)),
                refusal,
            });
        }
        true
    }

    fn take_pending(&mut self, local: LocalId) -> Option<Pending> {
        let at = self
            .rule
            .pending
            .iter()
            .position(|pending| pending.wire == Some(local))?;
        self.rule.pending.remove(at)
    }

    /// What the room is to be like in these respects if we are the first in it, or the relay has forgotten it.
    pub(super) fn constitution(&self, opening: Opening) -> Opening {
        let charter = &self.rule.charter;
        let policy = match charter.root() {
            None => self.rule.rules.purge,
            Some(_) => charter.purge_policy(),
        };
        let key = match charter.root() {
            None => Some(self.rule.key.public()),
            Some(_) => charter.holders().first().map(|holder| holder.key),
        };
        let purge_digest = match policy {
            PurgePolicy::Everyone => Some(purge_digest(&self.keys.purge_secret())),
            PurgePolicy::Holder if self.rule.governs() || charter.root().is_none() => {
                Some(purge_digest(&self.rule.key.purge_secret()))
            }
            PurgePolicy::Holder => None,
        };
        Opening {
            control_key: key,
            purge_digest,
            ..opening
        }
    }

    /// The room is ours: nobody was in it.
    pub(super) fn founded(&mut self, now: Now) {
        let own = self.rule.key.public();
        if self.rule.charter.root().is_some() {
            return;
        }
        self.rule.charter.founded(own);
        self.rule.charter.meet(self.identity.sender_id(), own);
        let rules = std::mem::take(&mut self.rule.rules);
        let policy = Some(rules.purge)
            .filter(|policy| *policy != PurgePolicy::default())
            .map(Command::PurgePolicy);
        for command in policy
            .into_iter()
            .chain(rules.filters.map(Command::Filters))
        {
            let number = self.rule.charter.next_number();
            if let Ok(statement) = self.rule.key.state(number, now.wall, command) {
                self.rule.charter.take(statement, &self.keys.room_id());
            }
        }
    }

    /// The first of those who govern tells a relay that has forgotten it what was ordered.
    pub(super) fn reassert(&mut self) {
        let own = self.rule.key.public();
        let charter = &self.rule.charter;
        let is_first = charter
            .holders()
            .first()
            .is_some_and(|holder| holder.key == own);
        if !std::mem::take(&mut self.rule.forgotten) || !is_first {
            return;
        }
        let others: Vec<_> = charter.holders().iter().skip(1).map(|it| it.key).collect();
        let locked = charter.is_locked();
        for key in others {
            self.demand(Order::Share(key), None);
        }
        if locked != self.rule.locked {
            self.demand(Order::Lock(locked), None);
        }
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
        for statement in &introduction.charter {
            // One that does not count is the business of whoever passes it on.
            self.learn(statement.clone(), replayed);
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
        let (by, at, command) = (statement.by, statement.at, statement.command.clone());
        let taken = self.rule.charter.take(statement, &self.keys.room_id());
        if taken != Taken::New {
            return taken;
        }
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
        taken
    }

    /// Keeps our keys from somebody, and their words from the screen.
    fn expel(&mut self, sid: SenderId) {
        self.roster.expel(sid, &mut self.events);
        self.held.take(sid);
    }

    fn ordered(&self, command: &Command) -> Option<Ordered> {
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

    fn by(&self, sid: SenderId) -> By {
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
        self.end(match opened {
            Some((sid, at)) => End::Purged {
                by: Some(self.by(sid)),
                at,
            },
            None => End::Purged {
                by: None,
                at: now.wall,
            },
        });
    }
}

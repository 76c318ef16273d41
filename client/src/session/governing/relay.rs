//! What the relay is told to do, and what it makes of that.

use std::time::Duration;

use crypto::control::{Command, Notice, PurgePolicy, purge_digest};
use crypto::wire::{ClientToRelay, LocalId, Opening, Order, Refusal};
use rand_core::CryptoRng;

use super::super::{Link, Now, Session};
use super::{Demand, Pending};
use crate::event::{End, Event};

impl Session {
    pub(super) fn demand(&mut self, order: Order, command: Option<Command>) {
        self.rule.pending.push_back(Pending {
            demand: Demand::Order(order),
            command,
            wire: None,
        });
    }

    /// Puts what the relay is to do into the next record.
    pub(in super::super) fn send_orders(&mut self, now: Now, rng: &mut impl CryptoRng) {
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
    pub(in super::super) fn order_accepted(
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
    pub(in super::super) fn order_refused(
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
    pub(in super::super) fn constitution(&self, opening: Opening) -> Opening {
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
    pub(in super::super) fn founded(&mut self, now: Now) {
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
    pub(in super::super) fn reassert(&mut self) {
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
}

//! Orders, as the person gives them.

use crypto::control::{Command, PurgePolicy, purge_digest};
use crypto::wire::{Lifetime, Order, SenderId};
use rand_core::CryptoRng;

use super::super::{Now, Phase, Session};
use super::{Demand, Pending};
use crate::governance::OrderError;

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

    /// Lets another member govern, too. They cannot remove us; what they have granted falls if we remove them.
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
            Command::HandOn { key, .. } => {
                let own = self.rule.key.public();
                self.withdraw_felled(&command, &own, now);
                Order::HandOn(*key)
            }
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
        let before: Vec<_> = self.rule.charter.holders().to_vec();
        // Told before the relay acts, so that whoever is removed learns from whom.
        self.state(Command::Remove(sid), now, rng)?;
        let charter = &self.rule.charter;
        let felled = before.iter().map(|holder| holder.key);
        let felled = felled.filter(|it| !charter.is_holder(it) && Some(*it) != key);
        for key in felled.chain(key).collect::<Vec<_>>() {
            self.demand(Order::Withdraw(key), None);
        }
        if let Some(member) = seat {
            self.demand(Order::Remove(member), None);
        }
        self.pump(now, rng);
        Ok(())
    }

    /// Whoever governs no more once this is stated, apart from the one whom the order itself is about, is withdrawn at
    /// the relay, too.
    fn withdraw_felled(&mut self, command: &Command, apart_from: &[u8; 32], now: Now) {
        let rule = &self.rule;
        let number = rule.charter.next_number();
        let Ok(statement) = rule.key.state(number, now.wall, command.clone()) else {
            return;
        };
        for key in rule.charter.felled_by(statement, &self.keys.room_id()) {
            if key != *apart_from {
                self.demand(Order::Withdraw(key), None);
            }
        }
    }
}

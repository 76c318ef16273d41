//! What the model relay knows of who governs a room.

use std::time::Duration;

use crypto::wire::{
    Lifetime, LocalId, Opening, Order, RelayToClient, RoomId, TimeLeft, control_message,
};

/// An order as it came.
pub struct Signed {
    pub local: LocalId,
    pub signer: [u8; 32],
    pub order: Order,
    pub signature: [u8; 64],
}

impl Signed {
    pub fn holds(&self, exporter: &[u8; 32], room: &RoomId) -> bool {
        let message = control_message(exporter, room, self.local, &self.order);
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature);
        ed25519_dalek::VerifyingKey::from_bytes(&self.signer)
            .is_ok_and(|key| key.verify_strict(&message, &signature).is_ok())
    }
}

pub struct Govern {
    pub keys: Vec<[u8; 32]>,
    pub purge: Option<[u8; 32]>,
    pub locked: bool,
    expires: Option<Duration>,
}

impl Govern {
    pub fn of(opening: &Opening, now: Duration) -> Self {
        Self {
            keys: opening.control_key.into_iter().collect(),
            purge: opening.purge_digest,
            locked: false,
            expires: expiry(opening.lifetime, now),
        }
    }

    pub fn obey(&mut self, signed: &Signed, now: Duration) {
        match signed.order {
            Order::Lock(locked) => self.locked = locked,
            Order::Lifetime(lifetime) => self.expires = expiry(lifetime, now),
            Order::Share(key) => self.keys.push(key),
            Order::HandOn(key) => {
                self.keys.retain(|old| *old != signed.signer);
                self.keys.push(key);
            }
            Order::Withdraw(key) => self.keys.retain(|old| *old != key),
            Order::PurgeDigest(digest) => self.purge = digest,
            // A seat is the room's business.
            Order::Remove(_) => {}
        }
    }

    pub fn time_left(&self, now: Duration) -> TimeLeft {
        self.expires.map_or(TimeLeft::UntilEmpty, |expires| {
            TimeLeft::For(expires.saturating_sub(now))
        })
    }

    pub fn changed(&self, now: Duration) -> RelayToClient {
        RelayToClient::RoomChanged {
            locked: self.locked,
            purgeable: self.purge.is_some(),
            time_left: self.time_left(now),
        }
    }
}

fn expiry(lifetime: Lifetime, now: Duration) -> Option<Duration> {
    match lifetime {
        Lifetime::UntilEmpty => None,
        Lifetime::For(lifetime) => Some(now + lifetime),
    }
}

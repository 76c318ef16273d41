//! Who may order what in a room, and what orders do. The relay holds public keys and digests for this, never a secret.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use crypto::wire::{CloseCode, LocalId, MemberId, Order, Refusal, RelayToClient, Seq};
use subtle::ConstantTimeEq as _;

use super::{Departure, Room};
use crate::limit::Limits;
use crate::proof::is_sound_key;
use crate::terms::expiry;
use crate::wipe::{share, wipe};

/// How many people may hold control of a room.
const MAX_KEYS: usize = 16;

/// How the room is governed.
#[derive(Debug)]
pub(super) struct Control {
    keys: Vec<[u8; 32]>,
    purge_digest: Option<[u8; 32]>,
    pub(super) locked: bool,
}

impl Control {
    pub(super) fn new(key: Option<[u8; 32]>, purge_digest: Option<[u8; 32]>) -> Self {
        Self {
            keys: key.into_iter().collect(),
            purge_digest,
            locked: false,
        }
    }

    fn add(&mut self, key: [u8; 32]) -> Result<(), Refusal> {
        if !is_sound_key(&key) || self.keys.len() >= MAX_KEYS {
            return Err(Refusal::NotAllowed);
        }
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
        Ok(())
    }

    /// Whether this is the secret that purges the room.
    fn is_purged_by(&self, secret: &[u8; 32]) -> bool {
        self.purge_digest.is_some_and(|expected| {
            let offered = digest(&SHA256, secret);
            bool::from(offered.as_ref().ct_eq(&expected))
        })
    }
}

/// The frame that tells of a purge. Wipes `notice`.
pub(crate) fn last_word(by: MemberId, notice: &mut [u8]) -> Bytes {
    let mut frame = RelayToClient::Purged {
        from: by,
        notice: Vec::new(),
    }
    .encode();
    // At its full length at once, so that growing leaves no copy behind.
    let mut whole = Vec::with_capacity(frame.len() + notice.len());
    whole.append(&mut frame);
    whole.extend_from_slice(notice);
    wipe(notice);
    share(whole)
}

impl Room {
    pub(crate) fn is_locked(&self) -> bool {
        self.control.locked
    }

    /// What everybody may know about how the room is governed.
    pub(super) fn changed(&self, now: Duration) -> RelayToClient {
        RelayToClient::RoomChanged {
            locked: self.control.locked,
            purgeable: self.control.purge_digest.is_some(),
            time_left: self.time_left(now),
        }
    }

    /// Does what `signer` orders through the seat `by`. The caller has checked the signature.
    pub(crate) fn obey(
        &mut self,
        by: MemberId,
        local: LocalId,
        signer: &[u8; 32],
        order: &Order,
        limits: &Limits,
        now: Duration,
    ) -> Result<(), Refusal> {
        if self.position(by).is_none() {
            return Err(Refusal::NotJoined);
        }
        if !self.control.keys.contains(signer) {
            return Err(Refusal::NotAllowed);
        }
        let before = self.changed(now);
        match order {
            Order::Lock(locked) => self.control.locked = *locked,
            Order::Lifetime(lifetime) => self.terms.expires = expiry(*lifetime, limits, now),
            Order::Share(key) => self.control.add(*key)?,
            Order::HandOn(key) => {
                let keys = std::mem::take(&mut self.control.keys);
                let (kept, own) = keys.into_iter().partition(|held| held != signer);
                self.control.keys = kept;
                if let Err(refusal) = self.control.add(*key) {
                    // The key that could not be taken leaves everything as it was.
                    let own: Vec<[u8; 32]> = own;
                    self.control.keys.extend(own);
                    return Err(refusal);
                }
            }
            Order::Withdraw(key) => self.control.keys.retain(|held| held != key),
            Order::PurgeDigest(digest) => self.control.purge_digest = *digest,
            Order::Remove(_) => {}
        }
        self.accept(by, local);
        if let Order::Remove(member) = order {
            self.remove(*member, now);
        }
        let after = self.changed(now);
        if after != before {
            self.tell_everybody(&after);
        }
        Ok(())
    }

    fn accept(&self, by: MemberId, local: LocalId) {
        let mailbox = self
            .position(by)
            .and_then(|at| self.members.get(at)?.mailbox());
        if let Some(mailbox) = mailbox {
            mailbox.tell(&RelayToClient::Accepted { local, seq: Seq(0) });
        }
    }

    /// Ends a seat for good: its holder is sent away and cannot take it back.
    fn remove(&mut self, member: MemberId, now: Duration) {
        self.lapsed.retain(|(lapsed, _)| *lapsed != member);
        let Some(at) = self.position(member) else {
            return;
        };
        if let Some(mailbox) = self.members.get(at).and_then(|member| member.mailbox()) {
            mailbox.end(CloseCode::Removed);
        }
        self.depart(at, Departure::Removed, now);
    }

    /// Whether `secret` is the one that purges this room.
    pub(crate) fn is_purged_by(&self, secret: &[u8; 32]) -> bool {
        self.control.is_purged_by(secret)
    }

    /// Ends the room for everybody who is there; what still waits for them is forgotten. The caller drops the room.
    pub(crate) fn purge(&self, by: MemberId, local: LocalId, last_word: &Bytes) {
        let accepted = RelayToClient::Accepted { local, seq: Seq(0) };
        for member in &self.members {
            let Some(mailbox) = member.mailbox() else {
                continue;
            };
            let last = if member.id == by {
                accepted.encode().into()
            } else {
                last_word.clone()
            };
            mailbox.conclude(last, CloseCode::Purged);
        }
    }
}

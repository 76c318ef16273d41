//! A member's place in a room, and the only way out of it.

use std::time::Duration;

use crypto::wire::{Keep, LocalId, MemberId, Order, Refusal, RoomId, TimeLeft};

use super::{AFTERLIFE, LONGEST_TOMBSTONE, Relay};
use crate::room::last_word;

/// A member's place in a room, held by its connection. Dropping it tells the others that the member is away, or gone
/// after [`Seat::leave`], and starts the clocks of seat and room.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(super) relay: Relay,
    pub(super) room: RoomId,
    pub(super) member: MemberId,
    pub(super) attachment: u64,
    pub(super) leaving: bool,
}

impl Seat {
    /// Gives an envelope its place and hands it to the others. The author is told through its own mailbox. An error says
    /// when the room can take more.
    pub(crate) fn publish(
        &self,
        local: LocalId,
        keep: Keep,
        envelope: &[u8],
    ) -> Result<(), Duration> {
        let shared = &self.relay.0;
        let mut shard = self.relay.shard(&self.room);
        let Some(slot) = shard.rooms.get_mut(&self.room) else {
            return Ok(());
        };
        let now = shared.clock.now();
        let published = slot.room.publish(self.member, local, keep, envelope, now)?;
        shard.schedule(self.room, &shared.limits);
        drop(shard);
        if let Some(published) = published {
            shared.metrics.published.one();
            shared.metrics.deliveries.add(published.deliveries);
            shared.metrics.slow.add(published.cut_off);
        }
        if shared.histories.is_tight() {
            self.relay.relieve();
        }
        Ok(())
    }

    /// The room that the seat is in.
    pub(crate) fn room(&self) -> &RoomId {
        &self.room
    }

    /// Has the room do what `signer` orders. The caller has checked the signature. The seat's holder is told through its
    /// own mailbox.
    pub(crate) fn order(
        &self,
        local: LocalId,
        signer: &[u8; 32],
        order: &Order,
    ) -> Result<(), Refusal> {
        let shared = &self.relay.0;
        let mut shard = self.relay.shard(&self.room);
        let slot = shard.rooms.get_mut(&self.room);
        let slot = slot.ok_or(Refusal::RoomClosed)?;
        let now = shared.clock.now();
        slot.room
            .obey(self.member, local, signer, order, &shared.limits, now)?;
        shard.schedule(self.room, &shared.limits);
        shared.metrics.orders.one();
        Ok(())
    }

    /// Ends the room if the secret is right, and leaves a tombstone.
    pub(crate) fn purge(
        &self,
        local: LocalId,
        secret: &[u8; 32],
        notice: &mut [u8],
    ) -> Result<(), Refusal> {
        let shared = &self.relay.0;
        let mut shard = self.relay.shard(&self.room);
        let slot = shard.rooms.get(&self.room);
        let slot = slot.ok_or(Refusal::RoomClosed)?;
        if !slot.room.has(self.member) {
            return Err(Refusal::NotJoined);
        }
        if !slot.room.is_purged_by(secret) {
            return Err(Refusal::NotAllowed);
        }
        let now = shared.clock.now();
        let left = match slot.room.time_left(now) {
            TimeLeft::UntilEmpty => LONGEST_TOMBSTONE,
            TimeLeft::For(left) => left.clamp(AFTERLIFE, LONGEST_TOMBSTONE),
        };
        let last_word = last_word(self.member, notice);
        slot.room.purge(self.member, local, &last_word);
        shard.tombstones.raise(self.room, now + left);
        shard.tombstones.engrave(self.room, last_word, now);
        shard.remove(&self.room);
        shared.metrics.purges.one();
        Ok(())
    }

    /// Gives the seat up for good.
    pub(crate) fn leave(mut self) {
        self.leaving = true;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let shared = &self.relay.0;
        let mut shard = self.relay.shard(&self.room);
        if let Some(slot) = shard.rooms.get_mut(&self.room) {
            let now = shared.clock.now();
            slot.room
                .detach(self.member, self.attachment, self.leaving, now);
            if slot.room.mailbox(self.member).is_none() {
                slot.files.stop_waiting(self.member);
            }
            shard.schedule(self.room, &shared.limits);
        }
    }
}

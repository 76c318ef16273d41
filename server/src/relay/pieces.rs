//! What a seat does with files.

use std::time::Duration;

use bytes::Bytes;
use crypto::wire::{FileAnswer, FileId, MemberId, PieceId, PutView, Refusal, RelayToClient};

use super::Seat;
use crate::files::{self, PIECE_FRAME};
use crate::limit::Denied;
use crate::mailbox::Mailbox;

/// When somebody who does not read what they asked for may ask again.
const READ_FIRST: Duration = Duration::from_millis(250);
/// When a relay that has no room for a piece may be asked again.
const WHEN_FULL: Duration = Duration::from_secs(2);

/// Hands a piece over, unless so much waits for this member that words would stand behind pieces.
fn hand(mailbox: &Mailbox, id: PieceId, frame: Bytes) -> bool {
    if mailbox.has_room_for_piece(PIECE_FRAME) {
        return mailbox.send(frame);
    }
    mailbox.tell(&RelayToClient::File(FileAnswer::Refused {
        id,
        refusal: Refusal::TooFast,
        retry_after: READ_FIRST,
    }));
    false
}

impl Seat {
    pub(crate) fn member(&self) -> MemberId {
        self.member
    }

    /// Leaves a piece of an own file for whoever fetches it. The seat's holder is told through its own mailbox.
    pub(crate) fn put_piece(&self, put: &PutView<'_>) -> Result<(), Denied> {
        let shared = &self.relay.0;
        let id = PieceId {
            owner: self.member,
            file: put.file,
            index: put.index,
        };
        // Copied before the lock is taken.
        let frame = files::frame(self.member, put);
        let mut shard = self.relay.shard(&self.room);
        let slot = shard.rooms.get_mut(&self.room);
        let slot = slot.ok_or(Refusal::NotJoined)?;
        let mailbox = slot.room.mailbox(self.member).ok_or(Refusal::NotJoined)?;
        let now = shared.clock.now();
        let takers = slot.files.put(id, frame.clone(), &shared.limits, now);
        let takers = takers.map_err(|refusal| Denied {
            refusal,
            wait: match refusal {
                Refusal::RelayFull => WHEN_FULL,
                _ => Duration::ZERO,
            },
        })?;
        mailbox.tell(&RelayToClient::File(FileAnswer::Taken {
            file: put.file,
            index: put.index,
        }));
        for taker in takers {
            if let Some(mailbox) = slot.room.mailbox(taker)
                && hand(mailbox, id, frame.clone())
            {
                shared.metrics.pieces_out.one();
            }
        }
        shared.metrics.pieces_in.one();
        shard.schedule(self.room, &shared.limits);
        Ok(())
    }

    /// Asks for a piece of somebody's file in the same room.
    pub(crate) fn get_piece(&self, id: PieceId) -> Result<(), Denied> {
        let shared = &self.relay.0;
        let mut shard = self.relay.shard(&self.room);
        let slot = shard.rooms.get_mut(&self.room);
        let slot = slot.ok_or(Refusal::NotJoined)?;
        let mailbox = slot.room.mailbox(self.member).ok_or(Refusal::NotJoined)?;
        let piece = slot.files.get(self.member, id, shared.clock.now());
        if let Some(frame) = piece
            && hand(mailbox, id, frame)
        {
            shared.metrics.pieces_out.one();
        }
        Ok(())
    }

    /// Has the relay forget an own file.
    pub(crate) fn drop_file(&self, file: FileId) {
        let mut shard = self.relay.shard(&self.room);
        if let Some(slot) = shard.rooms.get_mut(&self.room) {
            slot.files.drop_file(self.member, file);
        }
    }
}

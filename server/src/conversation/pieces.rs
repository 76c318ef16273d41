//! Pieces of files: what they cost, and what is said where they cannot be had. They are counted apart from everything
//! else, so that a file costs its sender no words.

use std::time::Duration;

use crypto::wire::{
    ClientToRelay, CloseCode, FileAnswer, FileId, FileRequest, MemberId, PieceId, PutView, Refusal,
    RelayToClient, put_view,
};

use super::Conversation;
use crate::files::PIECE_FRAME;
use crate::limit::Denied;
use crate::relay::Seat;

impl Conversation {
    /// Puts, gets and drops. `None` for any other frame.
    pub(super) fn hear_of_files(&mut self, frame: &[u8]) -> Option<Result<(), CloseCode>> {
        // Decoding copies, and only its owner may copy what else there is.
        if !matches!(frame.first(), Some(0x09..=0x0B)) {
            return None;
        }
        if let Some(put) = put_view(frame) {
            return Some(self.put_piece(&put));
        }
        match ClientToRelay::decode(frame) {
            Ok(ClientToRelay::File(FileRequest::Get(id))) => Some(self.get_piece(id)),
            Ok(ClientToRelay::File(FileRequest::Drop { file })) => Some(self.drop_file(file)),
            _ => None,
        }
    }

    fn put_piece(&mut self, put: &PutView<'_>) -> Result<(), CloseCode> {
        let owner = self.seat.as_ref().map_or(MemberId([0; 16]), Seat::member);
        let id = PieceId {
            owner,
            file: put.file,
            index: put.index,
        };
        let done = self.count_piece().and_then(|()| match &self.seat {
            Some(seat) => seat.put_piece(put),
            None => Err(Refusal::NotJoined.into()),
        });
        self.answer_piece(id, done)
    }

    fn get_piece(&mut self, id: PieceId) -> Result<(), CloseCode> {
        let done = self.count_piece().and_then(|()| match &self.seat {
            Some(seat) => seat.get_piece(id),
            None => Err(Refusal::NotJoined.into()),
        });
        self.answer_piece(id, done)
    }

    fn drop_file(&mut self, file: FileId) -> Result<(), CloseCode> {
        if let Err(wait) = self.count(1.0, PIECE_FRAME) {
            return self.refuse(Refusal::TooFast, None, wait, 1.0);
        }
        match &self.seat {
            Some(seat) => {
                seat.drop_file(file);
                Ok(())
            }
            None => self.refuse(Refusal::NotJoined, None, Duration::ZERO, 1.0),
        }
    }

    fn count_piece(&mut self) -> Result<(), Denied> {
        let now = self.site.clock.now();
        self.pieces
            .take_bytes(PIECE_FRAME, now)
            .map_err(Denied::too_fast)
    }

    fn answer_piece(&mut self, id: PieceId, done: Result<(), Denied>) -> Result<(), CloseCode> {
        let Err(Denied { refusal, wait }) = done else {
            return Ok(());
        };
        self.site.metrics.refusals.one();
        self.mailbox.tell(&RelayToClient::File(FileAnswer::Refused {
            id,
            refusal,
            retry_after: wait,
        }));
        // That the relay is full is nobody's fault, and who waits as told may try again and again.
        let strain = match refusal {
            Refusal::RelayFull => 0.0,
            _ => 1.0,
        };
        self.strain(strain)
    }
}

//! Files, as far as the session has to do with them: offers and answers as envelopes, pieces as frames. What is under
//! way, and how far, is kept in [`crate::transfer`].

mod pieces;

use crypto::envelope::Letter;
use crypto::file::FileKey;
use crypto::seen::SeenDigest;
use crypto::wire::{ClientToRelay, FileId, FileRequest, Keep, SenderId};
use rand_core::CryptoRng;

use super::{Now, Phase, Session};
use crate::body::{Body, FileOffer, FileSignal, SayError};
use crate::event::Event;
use crate::outbox::Publication;
use crate::transfer::{FileNews, FileRef, FileTrouble, Incoming, NewFile, Outgoing};

impl Session {
    /// Offers a file to everybody, or to one person alone. It is read and sent only once somebody accepts.
    ///
    /// # Errors
    /// [`SayError`] where the file has no bytes or no name, too much of either, or there is no session any more.
    pub fn offer_file(
        &mut self,
        to: Option<SenderId>,
        file: NewFile,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<FileRef, SayError> {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        let offer = FileOffer {
            file: FileId(id),
            key: FileKey::random(rng),
            sha256: file.sha256,
            size: file.size,
            media_type: file.media_type,
            name: file.name,
        };
        let body = Body::Offer(Box::new(offer.clone()));
        match to {
            None => self.post(body, now, rng)?,
            Some(sid) => self.say_to(sid, body, now, rng)?,
        };
        let outgoing = Outgoing::new(offer, to);
        self.transfers.outgoing.insert(FileId(id), outgoing);
        Ok(FileRef {
            from: self.identity.sender_id(),
            file: FileId(id),
        })
    }

    /// Fetches a file that somebody offers. Its bytes come as [`FileNews::Bytes`]. False where it is not offered any more.
    pub fn accept_file(&mut self, file: FileRef, now: Now, rng: &mut impl CryptoRng) -> bool {
        let Some(incoming) = self.transfers.incoming.get_mut(&file) else {
            return false;
        };
        incoming.accept(now.mono);
        self.pump(now, rng);
        true
    }

    /// Lets the sender know that the file is not wanted.
    pub fn deny_file(&mut self, file: FileRef, now: Now, rng: &mut impl CryptoRng) {
        if let Some(incoming) = self.transfers.incoming.get_mut(&file)
            && !incoming.is_under_way()
        {
            self.answer(file, FileSignal::Deny(file.file), now, rng);
            self.pump(now, rng);
        }
    }

    /// Takes an own offer back, or stops fetching somebody else's file.
    pub fn stop_file(&mut self, file: FileRef, now: Now, rng: &mut impl CryptoRng) {
        if file.from == self.identity.sender_id() {
            self.withdraw(file.file, now);
        } else if let Some(incoming) = self.transfers.incoming.get_mut(&file)
            && incoming.give_up()
        {
            self.transfers.farewells.push(file);
        }
        self.pump(now, rng);
    }

    /// The bytes that [`FileNews::Wanted`] asked for. Fewer than asked for mean that the file has changed.
    pub fn file_slice(
        &mut self,
        file: FileRef,
        index: u32,
        bytes: &[u8],
        now: Now,
        rng: &mut impl CryptoRng,
    ) {
        let Some(outgoing) = self.transfers.outgoing.get_mut(&file.file) else {
            return;
        };
        if outgoing.is_wanted(index, bytes.len()) {
            let (room, offer) = (self.keys.room_id(), &outgoing.offer);
            let piece = offer.key.seal(&room, &offer.file, index, bytes, rng);
            outgoing.sealed(index, piece);
        } else if bytes.len() != outgoing.offer.range(index).1 {
            return self.file_vanished(file, now, rng);
        }
        self.pump(now, rng);
    }

    /// An own file cannot be read any more, or is not the one that was offered.
    pub fn file_vanished(&mut self, file: FileRef, now: Now, rng: &mut impl CryptoRng) {
        self.cannot_send(file.file, FileTrouble::Vanished, now);
        self.pump(now, rng);
    }

    /// Whether anything is on its way, so that leaving the page would end it.
    pub fn is_moving_files(&self) -> bool {
        self.transfers.putting() + self.transfers.getting() > 0
    }

    fn tell_of(&mut self, file: FileRef, news: FileNews) {
        self.events.push_back(Event::File { file, news });
    }

    fn my(&self, file: FileId) -> FileRef {
        FileRef {
            from: self.identity.sender_id(),
            file,
        }
    }

    fn cannot_send(&mut self, file: FileId, why: FileTrouble, now: Now) {
        if self.withdraw(file, now) {
            self.tell_of(self.my(file), FileNews::Failed(why));
        }
    }

    /// Forgets an own offer, here, at the relay and with everybody who has it.
    fn withdraw(&mut self, file: FileId, now: Now) -> bool {
        let Some(mut outgoing) = self.transfers.outgoing.remove(&file) else {
            return false;
        };
        if outgoing.reset() {
            self.drop_at_relay(file);
        }
        self.write_withdrawal(file, outgoing.to, now);
        true
    }

    pub(super) fn write_withdrawal(&mut self, file: FileId, to: Option<SenderId>, now: Now) {
        let body = Body::Withdraw { file };
        self.outbox.write(to, body.encode(), now.wall);
    }

    fn drop_at_relay(&mut self, file: FileId) {
        if self.phase() == Some(Phase::Online) {
            self.send(&ClientToRelay::File(FileRequest::Drop { file }));
        }
    }

    /// Somebody offers a file. Ours come back from the relay's history too, and those are over.
    pub(super) fn was_offered(&mut self, from: SenderId, offer: &FileOffer) {
        let file = FileRef {
            from,
            file: offer.file,
        };
        self.transfers.offered(file, Incoming::new(offer.clone()));
    }

    /// Somebody takes an offer back.
    pub(super) fn was_withdrawn(&mut self, from: SenderId, file: FileId) {
        let file = FileRef { from, file };
        if self.transfers.incoming.remove(&file).is_some() {
            self.tell_of(file, FileNews::Failed(FileTrouble::Withdrawn));
        }
    }

    /// Somebody answers an offer of ours.
    pub(super) fn was_answered(&mut self, by: SenderId, signal: FileSignal, now: Now) {
        let file = match signal {
            FileSignal::Accept { file, .. } | FileSignal::Done { file, .. } => file,
            FileSignal::Deny(file) | FileSignal::Stop(file) => file,
        };
        let outgoing = self.transfers.outgoing.get_mut(&file);
        if let Some(news) = outgoing.and_then(|file| file.answered(by, signal, now.mono)) {
            self.tell_of(self.my(file), news);
        }
    }

    /// An answer to whoever offers a file, in a box.
    fn answer(&mut self, file: FileRef, signal: FileSignal, now: Now, rng: &mut impl CryptoRng) {
        let peer = self
            .roster
            .peer(&file.from)
            .filter(|peer| peer.is_present());
        let (Some(sender), Some(peer)) = (&mut self.sender, peer) else {
            return;
        };
        let letter = Letter {
            sent_at: now.wall,
            seen: SeenDigest::default(),
            content: signal.encode(),
        };
        let sealed = sender.seal_private(&self.keys, &self.identity, &peer.key, &letter, rng);
        if let Ok(sealed) = sealed {
            self.outbox
                .notify(Publication::new(sealed, Keep::Transient, now.mono));
        }
    }
}

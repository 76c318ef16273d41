//! What a client says inside its tunnel, and what the relay does about it.

mod pieces;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crypto::wire::envelope::is_plausible;
use crypto::wire::{
    ClientToRelay, CloseCode, DecodeError, Keep, LocalId, Order, PublishView, Refusal,
    RelayToClient, RoomId, publish_view,
};

use crate::history::MAX_ANCHOR;
use crate::limit::TokenBucket;
use crate::mailbox::{Mailbox, Parcel};
use crate::proof::{verify_join, verify_order};
use crate::relay::Seat;
use crate::site::Site;

/// Tokens for a frame that makes the relay verify a signature.
const SIGNATURE: f64 = 5.0;
/// How much patience a wrong proof costs: nobody who has the name sends one.
const WRONG_PROOF: f64 = 20.0;
/// When somebody who has not read the last replay may enter again.
const REPLAY_PAUSE: Duration = Duration::from_secs(1);

/// One connection's dealings with the relay.
pub(crate) struct Conversation {
    site: Arc<Site>,
    mailbox: Arc<Mailbox>,
    exporter: [u8; 32],
    seat: Option<Seat>,
    frames: TokenBucket,
    bytes: TokenBucket,
    /// Bytes of files, in both directions.
    pieces: TokenBucket,
    patience: TokenBucket,
}

impl Conversation {
    pub(crate) fn new(site: Arc<Site>, mailbox: Arc<Mailbox>, exporter: [u8; 32]) -> Self {
        let (limits, now) = (&site.limits, site.clock.now());
        Self {
            frames: TokenBucket::new(limits.frame_burst, limits.frames_per_second, now),
            bytes: TokenBucket::new(limits.byte_burst, limits.bytes_per_second, now),
            pieces: TokenBucket::new(limits.file_byte_burst, limits.file_bytes_per_second, now),
            patience: TokenBucket::new(limits.patience, 1.0, now),
            site,
            mailbox,
            exporter,
            seat: None,
        }
    }

    /// Does what a frame asks for. An error ends the connection.
    pub(crate) fn hear(&mut self, frame: &[u8]) -> Result<(), CloseCode> {
        let view = publish_view(frame);
        if view.is_none()
            && let Some(done) = self.hear_of_files(frame)
        {
            return done;
        }
        let cost = match frame.first() {
            // A look, a join, an order.
            Some(1 | 2 | 6) => SIGNATURE,
            _ => 1.0,
        };
        let local = view.as_ref().map(|view| view.local);
        if let Err(wait) = self.count(cost, frame.len()) {
            return self.refuse(Refusal::TooFast, local, wait, 1.0);
        }
        if let Some(view) = view {
            return self.publish(&view);
        }
        match ClientToRelay::decode(frame) {
            Ok(ClientToRelay::Look { room, proof }) => {
                if !self.proves(&room, &proof) {
                    return self.refuse(Refusal::BadProof, None, Duration::ZERO, WRONG_PROOF);
                }
                let looked = self.site.relay.look(&room);
                self.mailbox.tell(&looked);
            }
            Ok(ClientToRelay::Join {
                room,
                proof,
                opening,
                resume,
            }) => {
                if self.seat.is_some() {
                    return self.refuse(Refusal::AlreadyJoined, None, Duration::ZERO, 1.0);
                }
                if self.mailbox.is_replaying() {
                    return self.refuse(Refusal::TooFast, None, REPLAY_PAUSE, 1.0);
                }
                if !self.proves(&room, &proof) {
                    return self.refuse(Refusal::BadProof, None, Duration::ZERO, WRONG_PROOF);
                }
                match self.site.relay.join(room, &opening, resume, &self.mailbox) {
                    Ok(seat) => self.seat = Some(seat),
                    Err(denied) => {
                        // Whoever had a seat may know who ended the room. To others it was never open.
                        if denied.refusal == Refusal::RoomClosed
                            && resume.is_some()
                            && let Some(last_word) = self.site.relay.last_word(&room)
                        {
                            self.mailbox.send(last_word);
                        }
                        return self.refuse(denied.refusal, None, denied.wait, 1.0);
                    }
                }
            }
            Ok(ClientToRelay::Leave) => match self.seat.take() {
                Some(seat) => seat.leave(),
                None => return self.refuse(Refusal::NotJoined, None, Duration::ZERO, 1.0),
            },
            Ok(ClientToRelay::Ping { echo }) => {
                self.mailbox.tell(&RelayToClient::Pong { echo });
            }
            Ok(ClientToRelay::Control {
                local,
                signer,
                order,
                signature,
            }) => return self.order(local, (&signer, &signature), &order),
            Ok(ClientToRelay::Purge {
                local,
                secret,
                notice,
            }) => return self.purge(local, &secret, notice),
            // A newer client asks for something that this relay does not know yet.
            Err(DecodeError::UnknownKind(_)) => {
                return self.refuse(Refusal::Unsupported, None, Duration::ZERO, 1.0);
            }
            // Publishing and files were dealt with above, so one that gets here did not decode.
            Ok(_) | Err(_) => return Err(CloseCode::Frame),
        }
        Ok(())
    }

    fn publish(&mut self, view: &PublishView<'_>) -> Result<(), CloseCode> {
        let too_long = view.keep == Keep::Anchor && view.envelope.len() > MAX_ANCHOR;
        if too_long || !is_plausible(view.envelope) {
            return self.refuse(Refusal::TooLarge, Some(view.local), Duration::ZERO, 1.0);
        }
        let local = Some(view.local);
        match &self.seat {
            Some(seat) => match seat.publish(view.local, view.keep, view.envelope) {
                Ok(()) => Ok(()),
                // The room as a whole is too fast, which need not be this member's fault.
                Err(wait) => self.refuse(Refusal::TooFast, local, wait, 0.0),
            },
            None => self.refuse(Refusal::NotJoined, local, Duration::ZERO, 1.0),
        }
    }

    fn order(
        &mut self,
        local: LocalId,
        signed: (&[u8; 32], &[u8; 64]),
        order: &Order,
    ) -> Result<(), CloseCode> {
        let done = match &self.seat {
            None => Err(Refusal::NotJoined),
            Some(seat) if verify_order(signed, &self.exporter, seat.room(), local, order) => {
                seat.order(local, signed.0, order)
            }
            Some(_) => Err(Refusal::NotAllowed),
        };
        self.answer_order(local, done)
    }

    fn purge(
        &mut self,
        local: LocalId,
        secret: &[u8; 32],
        mut notice: Vec<u8>,
    ) -> Result<(), CloseCode> {
        let done = match &self.seat {
            None => Err(Refusal::NotJoined),
            Some(_) if notice.len() > MAX_ANCHOR || !is_plausible(&notice) => {
                Err(Refusal::TooLarge)
            }
            Some(seat) => seat.purge(local, secret, &mut notice),
        };
        self.answer_order(local, done)
    }

    /// Who orders what it may not has something else in mind than a slip.
    fn answer_order(&mut self, local: LocalId, done: Result<(), Refusal>) -> Result<(), CloseCode> {
        match done {
            Ok(()) => Ok(()),
            Err(refusal) => {
                let strain = match refusal {
                    Refusal::NotAllowed => WRONG_PROOF,
                    _ => 1.0,
                };
                self.refuse(refusal, Some(local), Duration::ZERO, strain)
            }
        }
    }

    /// Counts a tunnel record.
    pub(crate) fn count_record(&self) {
        self.site.metrics.records_in.one();
    }

    /// Answers a WebSocket ping.
    pub(crate) fn answer_ping(&mut self, content: &[u8]) -> Result<(), CloseCode> {
        self.count_control()?;
        self.mailbox
            .put(Parcel::Pong(Bytes::copy_from_slice(content)));
        Ok(())
    }

    /// Counts a WebSocket control frame, which has no answer to be refused with.
    pub(crate) fn count_control(&mut self) -> Result<(), CloseCode> {
        match self.count(1.0, 1) {
            Ok(()) => Ok(()),
            Err(_) => self.strain(1.0),
        }
    }

    fn count(&mut self, frames: f64, bytes: usize) -> Result<(), Duration> {
        let now = self.site.clock.now();
        self.frames.take(frames, now)?;
        self.bytes.take_bytes(bytes, now)
    }

    fn refuse(
        &mut self,
        refusal: Refusal,
        local: Option<LocalId>,
        retry_after: Duration,
        strain: f64,
    ) -> Result<(), CloseCode> {
        self.site.metrics.refusals.one();
        self.mailbox.tell(&RelayToClient::Refused {
            refusal,
            local,
            retry_after,
        });
        self.strain(strain)
    }

    /// Whoever goes on regardless of refusals is shown the door.
    fn strain(&mut self, cost: f64) -> Result<(), CloseCode> {
        let now = self.site.clock.now();
        self.patience
            .take(cost, now)
            .map_err(|_| CloseCode::TooFast)
    }

    fn proves(&self, room: &RoomId, proof: &[u8; 64]) -> bool {
        verify_join(room, &self.exporter, proof)
    }
}

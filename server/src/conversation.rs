//! What a client says inside its tunnel, and what the relay does about it.

use std::sync::Arc;
use std::time::Duration;

use crypto::wire::envelope::is_plausible;
use crypto::wire::{
    ClientToRelay, CloseCode, DecodeError, Keep, LocalId, PublishView, Refusal, RelayToClient,
    RoomId, publish_view,
};

use crate::history::MAX_ANCHOR;
use crate::limit::TokenBucket;
use crate::mailbox::Mailbox;
use crate::relay::Seat;
use crate::site::Site;
use crate::tunnel::verify_join;

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
    patience: TokenBucket,
}

impl Conversation {
    pub(crate) fn new(site: Arc<Site>, mailbox: Arc<Mailbox>, exporter: [u8; 32]) -> Self {
        let (limits, now) = (&site.limits, site.clock.now());
        Self {
            frames: TokenBucket::new(limits.frame_burst, limits.frames_per_second, now),
            bytes: TokenBucket::new(limits.byte_burst, limits.bytes_per_second, now),
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
        let cost = match frame.first() {
            // A look or a join.
            Some(1 | 2) => SIGNATURE,
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
                    Err(refusal) => return self.refuse(refusal, None, Duration::ZERO, 1.0),
                }
            }
            Ok(ClientToRelay::Leave) => match self.seat.take() {
                Some(seat) => seat.leave(),
                None => return self.refuse(Refusal::NotJoined, None, Duration::ZERO, 1.0),
            },
            Ok(ClientToRelay::Ping { echo }) => {
                self.mailbox.tell(&RelayToClient::Pong { echo });
            }
            Ok(ClientToRelay::Control { local, .. } | ClientToRelay::Purge { local, .. }) => {
                return self.refuse(Refusal::Unsupported, Some(local), Duration::ZERO, 1.0);
            }
            // A newer client asks for something that this relay does not know yet.
            Ok(ClientToRelay::File(_)) | Err(DecodeError::UnknownKind(_)) => {
                return self.refuse(Refusal::Unsupported, None, Duration::ZERO, 1.0);
            }
            // Publishing was dealt with above, so one that gets here did not decode.
            Ok(_) | Err(_) => return Err(CloseCode::Frame),
        }
        Ok(())
    }

    fn publish(&mut self, view: &PublishView<'_>) -> Result<(), CloseCode> {
        let too_long = view.keep == Keep::Anchor && view.envelope.len() > MAX_ANCHOR;
        if too_long || !is_plausible(view.envelope) {
            return self.refuse(Refusal::TooLarge, Some(view.local), Duration::ZERO, 1.0);
        }
        match &self.seat {
            Some(seat) => {
                seat.publish(view.local, view.keep, view.envelope);
                Ok(())
            }
            None => self.refuse(Refusal::NotJoined, Some(view.local), Duration::ZERO, 1.0),
        }
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
        // Frames are far below 2^52 bytes, so nothing is lost.
        #[expect(
            clippy::cast_precision_loss,
            reason = "frames are far below 2^52 bytes"
        )]
        self.bytes.take(bytes as f64, now)
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

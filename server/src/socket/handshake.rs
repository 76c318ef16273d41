//! The first half second of a connection: from the relay's hello to a tunnel.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use crypto::wire::{CloseCode, MAX_RECORD};

use super::{ARRIVALS, Connection, closing};
use crate::conversation::Conversation;
use crate::intake::Incoming;
use crate::mailbox::Parcel;
use crate::outlet::State;
use crate::tunnel::{Offer, Opener, TAG};

impl Connection {
    /// Sets the tunnel up. Until it stands, nothing larger than a hello is read.
    pub(super) async fn handshake(&mut self) -> Result<(Opener, Conversation), CloseCode> {
        let site = Arc::clone(&self.site);
        if let Some(code) = self.mailbox.ended() {
            return Err(code);
        }
        let Some(place) = site.gate.handshake() else {
            site.metrics.busy.one();
            return Err(CloseCode::Busy);
        };
        let offer = Offer::new(&site.identity);
        self.mailbox
            .put(Parcel::Clear(Bytes::copy_from_slice(offer.hello())));
        let deadline = site.clock.now() + site.limits.handshake_time;
        let mailbox = Arc::clone(&self.mailbox);
        let established = async {
            let hello = self.client_hello().await?;
            let now = site.clock.now();
            let admit = || site.gate.admits_key_operation(now);
            offer
                .accept(&hello, &site.identity, &site.tickets, now, admit)
                .await
                .map_err(|error| error.close_code())
        };
        let established = tokio::select! {
            biased;
            code = mailbox.ending() => Err(code),
            () = closing(site.closing()) => Err(CloseCode::GoingAway),
            () = site.clock.sleep_until(deadline) => Err(CloseCode::Handshake),
            established = established => established,
        };
        drop(place);
        let established = established.inspect_err(|_| site.metrics.handshakes_failed.one())?;

        if established.resumed {
            site.metrics.tunnels_resumed.one();
        } else {
            site.metrics.tunnels_full.one();
        }
        self.heard = site.clock.now();
        self.mailbox.install(established.sealer);
        self.mailbox
            .put(Parcel::Record(established.finished.into()));
        self.intake.widen(MAX_RECORD + TAG);
        let mailbox = Arc::clone(&self.mailbox);
        let conversation = Conversation::new(site, mailbox, established.exporter);
        Ok((established.opener, conversation))
    }

    async fn client_hello(&mut self) -> Result<Vec<u8>, CloseCode> {
        let mut bytes = std::mem::take(&mut self.early);
        loop {
            let mut rest = bytes.as_mut_slice();
            while !rest.is_empty() {
                let mut hello = None;
                let used = self.intake.next(rest, |incoming| match incoming {
                    Incoming::Binary(message) => {
                        hello = Some(message.to_vec());
                        Ok(())
                    }
                    // Answered by nobody yet: a ping before the handshake has no purpose.
                    Incoming::Ping(_) | Incoming::Pong => Ok(()),
                    Incoming::Close => Err(CloseCode::Normal),
                    Incoming::Text => Err(CloseCode::Handshake),
                })?;
                rest = rest.split_at_mut(used).1;
                if let Some(hello) = hello {
                    self.early = rest.to_vec();
                    return Ok(hello);
                }
                if used == 0 {
                    break;
                }
            }
            self.readable().await?;
            bytes = ARRIVALS.with_borrow_mut(|desk| {
                let read = self.arrive(desk)?;
                Ok(desk.get(..read).unwrap_or_default().to_vec())
            })?;
        }
    }

    /// Waits for input while what was said so far is being written.
    async fn readable(&self) -> Result<(), CloseCode> {
        poll_fn(|context| {
            self.mailbox.register(context.waker());
            while self.mailbox.outlet_state() == State::Blocked
                && let Poll::Ready(Ok(())) = self.socket.poll_write_ready(context)
            {
                self.mailbox.flush();
            }
            self.socket
                .poll_read_ready(context)
                .map_err(|_| CloseCode::Normal)
        })
        .await
    }
}

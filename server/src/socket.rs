//! One connection: upgrade, handshake, heartbeat, and a loop that ends with a close code. Frames are answered in
//! `conversation`, writing happens in `writer`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, Message, MessageStream, ProtocolError};
use bytes::{Bytes, BytesMut};
use crypto::wire::handshake::MAX_CLIENT_HELLO;
use crypto::wire::record::split;
use crypto::wire::{CloseCode, MAX_RECORD, SUBPROTOCOL};
use futures_util::StreamExt as _;

use crate::conversation::Conversation;
use crate::intake::{Intake, Measure};
use crate::limit::Place;
use crate::line::LineControl;
use crate::mailbox::{Mailbox, Parcel};
use crate::origin;
use crate::site::Site;
use crate::tunnel::{Offer, Opener, TAG};
use crate::wipe::wipe;
use crate::writer::Writer;

/// How long a peer may take to read its close frame and hang up.
const FAREWELL: Duration = Duration::from_secs(5);
/// RFC 6455 §7.4.1: a frame that breaks the protocol, for example one that claims to be compressed.
const PROTOCOL_ERROR: CloseCode = CloseCode::Other(1002);
/// RFC 6455 §7.4.1: text, where only binary has a meaning.
const UNSUPPORTED_DATA: CloseCode = CloseCode::Other(1003);

/// Answers a request for `/ws`.
pub(crate) async fn upgrade(
    request: HttpRequest,
    payload: web::Payload,
    site: web::Data<Site>,
) -> HttpResponse {
    if let Some(refused) = site.misdirected(request.headers()) {
        return refused;
    }
    let text = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let has_origin = request.headers().contains_key(header::ORIGIN);
    let origin = text(header::ORIGIN);
    let readable = origin.is_some() == has_origin;
    if !readable || !origin::is_allowed(origin, text(header::HOST), site.public_origin()) {
        return site.plain(
            StatusCode::FORBIDDEN,
            "This page does not belong to this relay.\n",
        );
    }
    if !offers_subprotocol(&request) {
        let mut response = site.plain(
            StatusCode::UPGRADE_REQUIRED,
            "This relay speaks WebSocket with the subprotocol roomkey.1.\n",
        );
        let headers = response.headers_mut();
        headers.insert(
            header::UPGRADE,
            header::HeaderValue::from_static("websocket"),
        );
        return response;
    }
    let measure = Measure::new(MAX_CLIENT_HELLO);
    let mut measured = Intake::measured(payload.into_inner(), Arc::clone(&measure));
    let payload = web::Payload::from_request(&request, &mut measured).await;
    let upgraded = payload
        .and_then(|payload| actix_ws::handle_with_protocols(&request, payload, &[SUBPROTOCOL]));
    let Ok((response, _session, stream)) = upgraded else {
        return site.plain(
            StatusCode::BAD_REQUEST,
            "This is not a WebSocket request.\n",
        );
    };

    let site = site.into_inner();
    let mailbox = site.relay.mailbox();
    let writer = {
        let (mailbox, metrics) = (Arc::clone(&mailbox), Arc::clone(&site.metrics));
        move |tie: BoxBody| Writer::new(mailbox, metrics, tie)
    };
    let line = request.conn_data::<LineControl>().cloned();
    match (site.gate.connection(), line) {
        (Some(place), Some(line)) => {
            site.metrics.connections.one();
            let socket = Socket::new(site, mailbox, line, measure, place);
            actix_web::rt::spawn(socket.run(stream));
        }
        _ => {
            site.metrics.busy.one();
            mailbox.end(CloseCode::Busy);
        }
    }
    response
        .map_body(|_, tie| writer(tie))
        .map_into_boxed_body()
}

fn offers_subprotocol(request: &HttpRequest) -> bool {
    let offers = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    offers
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| offer.trim() == SUBPROTOCOL)
}

struct Socket {
    site: Arc<Site>,
    mailbox: Arc<Mailbox>,
    line: LineControl,
    measure: Arc<Measure>,
    shutdown: tokio::sync::watch::Receiver<bool>,
    /// When the peer last sent anything.
    heard: Duration,
    pinged: bool,
    _place: Place,
}

impl Socket {
    fn new(
        site: Arc<Site>,
        mailbox: Arc<Mailbox>,
        line: LineControl,
        measure: Arc<Measure>,
        place: Place,
    ) -> Self {
        Self {
            shutdown: site.closing(),
            heard: site.clock.now(),
            pinged: false,
            site,
            mailbox,
            line,
            measure,
            _place: place,
        }
    }

    async fn run(mut self, stream: MessageStream) {
        let code = match self.serve(stream).await {
            Ok(never) => match never {},
            Err(code) => code,
        };
        tracing::debug!(code = code.as_u16(), "connection ended");
        self.mailbox.end(code);
        // The peer gets a moment to read the reason, unless it has stopped reading already.
        if self.stalled() {
            self.line.cut();
            return;
        }
        let clock = &self.site.clock;
        tokio::select! {
            () = self.line.gone() => {}
            () = clock.sleep_until(clock.now() + FAREWELL) => self.line.cut(),
        }
    }

    async fn serve(
        &mut self,
        stream: MessageStream,
    ) -> Result<std::convert::Infallible, CloseCode> {
        let (mut stream, mut opener, mut conversation) = self.handshake(stream).await?;
        loop {
            match self.next(&mut stream).await? {
                AggregatedMessage::Binary(record) => {
                    self.site.metrics.records_in.one();
                    self.record(record, &mut opener, &mut conversation)?;
                }
                AggregatedMessage::Ping(bytes) => {
                    conversation.count_control()?;
                    self.mailbox.put(Parcel::Pong(bytes));
                }
                AggregatedMessage::Pong(_) => conversation.count_control()?,
                AggregatedMessage::Text(_) => return Err(UNSUPPORTED_DATA),
                AggregatedMessage::Close(_) => return Err(CloseCode::Normal),
            }
        }
    }

    fn record(
        &self,
        record: Bytes,
        opener: &mut Opener,
        conversation: &mut Conversation,
    ) -> Result<(), CloseCode> {
        // Normally the only handle on these bytes, so nothing is copied.
        let mut record = record
            .try_into_mut()
            .unwrap_or_else(|shared| BytesMut::from(&shared[..]));
        let plaintext = opener.open(&mut record).ok_or(CloseCode::Record)?;
        let heard = split(plaintext)
            .try_for_each(|frame| conversation.hear(frame.map_err(|_| CloseCode::Frame)?));
        wipe(&mut record);
        heard
    }

    /// Sets the tunnel up. Until it stands, nothing larger than a hello is read.
    async fn handshake(
        &mut self,
        stream: MessageStream,
    ) -> Result<(AggregatedMessageStream, Opener, Conversation), CloseCode> {
        let site = Arc::clone(&self.site);
        let Some(place) = site.gate.handshake() else {
            site.metrics.busy.one();
            return Err(CloseCode::Busy);
        };
        let mut stream = stream.max_frame_size(MAX_CLIENT_HELLO);
        let offer = Offer::new(&site.identity);
        self.mailbox
            .put(Parcel::Clear(Bytes::copy_from_slice(offer.hello())));

        let deadline = site.clock.now() + site.limits.handshake_time;
        let established = async {
            let hello = self.client_hello(&mut stream).await?;
            let now = site.clock.now();
            let admit = || site.gate.admits_key_operation(now);
            offer
                .accept(&hello, &site.identity, &site.tickets, now, admit)
                .await
                .map_err(|error| error.close_code())
        };
        let established = tokio::select! {
            biased;
            code = self.mailbox.ending() => Err(code),
            () = closing(self.shutdown.clone()) => Err(CloseCode::GoingAway),
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
        self.measure.widen(MAX_RECORD + TAG);
        let stream = stream
            .max_frame_size(MAX_RECORD + TAG)
            .aggregate_continuations()
            .max_continuation_size(MAX_RECORD + TAG);
        let mailbox = Arc::clone(&self.mailbox);
        let conversation = Conversation::new(site, mailbox, established.exporter);
        Ok((stream, established.opener, conversation))
    }

    async fn client_hello(&self, stream: &mut MessageStream) -> Result<Bytes, CloseCode> {
        loop {
            match stream.next().await {
                Some(Ok(Message::Binary(hello))) => return Ok(hello),
                // Answered by nobody yet: a ping before the handshake has no purpose.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_))) | None => return Err(CloseCode::Normal),
                Some(Ok(_)) => return Err(CloseCode::Handshake),
                Some(Err(error)) => return Err(self.close_code(&error)),
            }
        }
    }

    /// The next message, or the reason why there is none. Whatever else ends the connection comes before the stream, so
    /// that a flood of input postpones nothing.
    async fn next(
        &mut self,
        stream: &mut AggregatedMessageStream,
    ) -> Result<AggregatedMessage, CloseCode> {
        let clock = self.site.clock.clone();
        loop {
            self.beat(clock.now())?;
            let message = tokio::select! {
                biased;
                code = self.mailbox.ending() => return Err(code),
                () = closing(self.shutdown.clone()) => return Err(CloseCode::GoingAway),
                () = clock.sleep_until(self.next_beat()) => continue,
                message = stream.next() => message,
            };
            self.heard = clock.now();
            self.pinged = false;
            return match message {
                Some(Ok(message)) => Ok(message),
                Some(Err(error)) => Err(self.close_code(&error)),
                None => Err(CloseCode::Normal),
            };
        }
    }

    /// Pings a silent peer, gives a dead one up, and one that does not read.
    fn beat(&mut self, now: Duration) -> Result<(), CloseCode> {
        let silence = now.saturating_sub(self.heard);
        if silence >= self.site.limits.dead_after {
            return Err(CloseCode::Idle);
        }
        if self.stalled() {
            self.site.metrics.slow.one();
            return Err(CloseCode::Slow);
        }
        if silence >= self.site.limits.ping_after && !self.pinged {
            self.pinged = true;
            self.mailbox.put(Parcel::Ping);
        }
        Ok(())
    }

    fn next_beat(&self) -> Duration {
        let limits = &self.site.limits;
        let silence = if self.pinged {
            limits.dead_after
        } else {
            limits.ping_after
        };
        let heartbeat = self.heard + silence;
        match self.line.stalled_since() {
            Some(since) => heartbeat.min(since + limits.write_time),
            None => heartbeat,
        }
    }

    fn close_code(&self, error: &ProtocolError) -> CloseCode {
        match error {
            _ if self.measure.is_exceeded() => CloseCode::TooLarge,
            ProtocolError::Overflow => CloseCode::TooLarge,
            _ => PROTOCOL_ERROR,
        }
    }

    fn stalled(&self) -> bool {
        let now = self.site.clock.now();
        self.line
            .stalled_since()
            .is_some_and(|since| now >= since + self.site.limits.write_time)
    }
}

/// Waits until the relay shuts down.
async fn closing(mut shutdown: tokio::sync::watch::Receiver<bool>) {
    if shutdown.wait_for(|closing| *closing).await.is_err() {
        // The site outlives its sockets, so its sender is never gone first.
        std::future::pending::<()>().await;
    }
}

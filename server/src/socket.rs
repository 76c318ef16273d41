//! One connection: handshake, heartbeat, and a loop that ends with a close code. Frames are answered in `conversation`;
//! what is to be written goes through the mailbox.

mod handshake;

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crypto::wire::CloseCode;
use crypto::wire::handshake::MAX_CLIENT_HELLO;
use crypto::wire::record::split;

use crate::conversation::Conversation;
use crate::flusher;
use crate::intake::{Incoming, Intake};
use crate::limit::Place;
use crate::listen::Stream;
use crate::mailbox::{Mailbox, Parcel};
use crate::outlet::{Outlet, State};
use crate::site::Site;
use crate::tunnel::Opener;
use crate::wipe::wipe;

/// How long a peer may take to read its close frame and hang up.
const FAREWELL: Duration = Duration::from_secs(5);
/// RFC 6455 §7.4.1: text, where only binary has a meaning.
const UNSUPPORTED_DATA: CloseCode = CloseCode::Other(1003);
/// What is read at once.
const DESK: usize = 64 * 1024;

thread_local! {
    /// Where bytes arrive; shared by all connections of an event loop, and wiped where something readable stood.
    static ARRIVALS: RefCell<Vec<u8>> = RefCell::new(vec![0; DESK]);
}

/// Serves a connection until its end. `head` answers the request that it came from, `early` is what the client sent with
/// it.
pub(crate) async fn run(site: Arc<Site>, socket: Stream, head: Vec<u8>, early: Vec<u8>) {
    flusher::install();
    let socket = Arc::new(socket);
    let mailbox = site.relay.mailbox();
    let (clock, metrics) = (site.clock.clone(), Arc::clone(&site.metrics));
    mailbox.attach(Outlet::new(Arc::clone(&socket), clock, metrics, head));
    let place = site.gate.connection();
    if place.is_some() {
        site.metrics.connections.one();
    } else {
        site.metrics.busy.one();
        mailbox.end(CloseCode::Busy);
    }
    let connection = Connection {
        heard: site.clock.now(),
        pinged: false,
        site,
        mailbox,
        socket,
        intake: Intake::new(MAX_CLIENT_HELLO),
        early,
        _place: place,
    };
    connection.run().await;
}

struct Connection {
    site: Arc<Site>,
    mailbox: Arc<Mailbox>,
    socket: Arc<Stream>,
    intake: Intake,
    /// Bytes that arrived before their turn.
    early: Vec<u8>,
    /// When the peer last sent anything.
    heard: Duration,
    pinged: bool,
    _place: Option<Place>,
}

/// Why a connection's task woke up.
enum Woken {
    /// There may be something to read.
    Readable,
    /// A time has come, or another time counts now.
    Beat,
}

impl Connection {
    async fn run(mut self) {
        let code = match self.serve().await {
            Ok(never) => match never {},
            Err(code) => code,
        };
        tracing::debug!(code = code.as_u16(), "connection ended");
        self.mailbox.end(code);
        // The peer gets a moment to read the reason, unless it has stopped reading already or has hung up itself.
        if !self.stalled() {
            let clock = self.site.clock.clone();
            tokio::select! {
                () = self.farewell(code == CloseCode::Normal) => {}
                () = clock.sleep_until(clock.now() + FAREWELL) => {}
            }
        }
        self.mailbox.detach();
    }

    /// Writes what is left. Then the other side has the word, unless it has said goodbye first: a connection that is
    /// closed over unread bytes would take the close frame with it.
    async fn farewell(&self, is_answer: bool) {
        poll_fn(|context| {
            self.mailbox.register(context.waker());
            self.mailbox.flush();
            loop {
                match self.mailbox.outlet_state() {
                    State::Finished => return Poll::Ready(()),
                    State::Idle => return Poll::Pending,
                    State::Blocked => {}
                }
                match self.socket.poll_write_ready(context) {
                    Poll::Ready(Ok(())) => self.mailbox.flush(),
                    Poll::Ready(Err(_)) => return Poll::Ready(()),
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await;
        while !is_answer
            && poll_fn(|context| self.socket.poll_read_ready(context))
                .await
                .is_ok()
        {
            let read = ARRIVALS.with_borrow_mut(|desk| self.socket.try_read(desk));
            match read {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }

    async fn serve(&mut self) -> Result<Infallible, CloseCode> {
        // Boxed: what a handshake needs is not held for the days that follow.
        let (mut opener, mut conversation) = Box::pin(self.handshake()).await?;
        let early = std::mem::take(&mut self.early);
        self.take_in(early, &mut opener, &mut conversation)?;
        let clock = self.site.clock.clone();
        let shutdown = closing(self.site.closing());
        let alarm = clock.sleep_until(self.next_beat());
        tokio::pin!(shutdown, alarm);
        loop {
            match self.wait(shutdown.as_mut(), alarm.as_mut()).await? {
                Woken::Readable => {
                    let was_pinged = self.pinged;
                    self.read(&mut opener, &mut conversation)?;
                    if was_pinged {
                        // The alarm was set for the end of its patience.
                        alarm.set(clock.sleep_until(self.next_beat()));
                    }
                }
                Woken::Beat => {
                    self.beat(clock.now())?;
                    alarm.set(clock.sleep_until(self.next_beat()));
                }
            }
        }
    }

    /// Waits for whatever comes first. Whatever ends the connection comes before its input, so that a flood of input
    /// postpones nothing. The alarm may be early: input only moves the time that counts.
    async fn wait(
        &self,
        mut shutdown: Pin<&mut impl Future<Output = ()>>,
        mut alarm: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<Woken, CloseCode> {
        poll_fn(|context| {
            // Before looking, so that nothing that happens meanwhile goes unnoticed.
            self.mailbox.register(context.waker());
            if let Some(code) = self.mailbox.ended() {
                return Poll::Ready(Err(code));
            }
            if shutdown.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(CloseCode::GoingAway));
            }
            if alarm.as_mut().poll(context).is_ready() {
                return Poll::Ready(Ok(Woken::Beat));
            }
            if self.mailbox.has_called() {
                self.mailbox.flush();
                // A write that waits has a time of its own.
                return Poll::Ready(Ok(Woken::Beat));
            }
            while self.mailbox.outlet_state() == State::Blocked
                && let Poll::Ready(ready) = self.socket.poll_write_ready(context)
            {
                if ready.is_err() {
                    return Poll::Ready(Err(CloseCode::Normal));
                }
                self.mailbox.flush();
            }
            match self.socket.poll_read_ready(context) {
                Poll::Ready(Ok(())) => Poll::Ready(Ok(Woken::Readable)),
                Poll::Ready(Err(_)) => Poll::Ready(Err(CloseCode::Normal)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    /// Reads once, and deals with everything in it.
    fn read(
        &mut self,
        opener: &mut Opener,
        conversation: &mut Conversation,
    ) -> Result<(), CloseCode> {
        ARRIVALS.with_borrow_mut(|desk| {
            let read = self.arrive(desk)?;
            self.hear_all(desk.get_mut(..read).unwrap_or_default(), |_, incoming| {
                Self::hear(incoming, opener, conversation)
            })
        })
    }

    /// Like [`read`](Self::read), for what was read earlier.
    fn take_in(
        &mut self,
        mut bytes: Vec<u8>,
        opener: &mut Opener,
        conversation: &mut Conversation,
    ) -> Result<(), CloseCode> {
        self.hear_all(&mut bytes, |_, incoming| {
            Self::hear(incoming, opener, conversation)
        })
    }

    /// Bytes that have arrived at the front of `desk`.
    fn arrive(&mut self, desk: &mut [u8]) -> Result<usize, CloseCode> {
        match self.socket.try_read(desk) {
            Ok(0) => Err(CloseCode::Normal),
            Ok(read) => {
                self.heard = self.site.clock.now();
                self.pinged = false;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            Err(_) => Err(CloseCode::Normal),
        }
    }

    fn hear_all(
        &mut self,
        mut bytes: &mut [u8],
        mut hear: impl FnMut(&Mailbox, Incoming<'_>) -> Result<(), CloseCode>,
    ) -> Result<(), CloseCode> {
        while !bytes.is_empty() {
            // A frame of this very input may have been the end.
            if let Some(code) = self.mailbox.ended() {
                return Err(code);
            }
            let used = self
                .intake
                .next(bytes, |incoming| hear(&self.mailbox, incoming))?;
            if used == 0 {
                break;
            }
            bytes = bytes.split_at_mut(used).1;
        }
        Ok(())
    }

    fn hear(
        incoming: Incoming<'_>,
        opener: &mut Opener,
        conversation: &mut Conversation,
    ) -> Result<(), CloseCode> {
        match incoming {
            Incoming::Binary(record) => {
                conversation.count_record();
                let plaintext = opener.open(record).ok_or(CloseCode::Record)?;
                let heard = split(plaintext)
                    .try_for_each(|frame| conversation.hear(frame.map_err(|_| CloseCode::Frame)?));
                wipe(record);
                heard
            }
            Incoming::Ping(bytes) => conversation.answer_ping(bytes),
            Incoming::Pong => conversation.count_control(),
            Incoming::Text => Err(UNSUPPORTED_DATA),
            Incoming::Close => Err(CloseCode::Normal),
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
        match self.mailbox.stalled_since() {
            Some(since) => heartbeat.min(since + limits.write_time),
            None => heartbeat,
        }
    }

    fn stalled(&self) -> bool {
        let now = self.site.clock.now();
        self.mailbox
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

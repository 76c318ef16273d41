//! A running session: one task that owns the session and its socket.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::Pin as StdPin;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use client::{Config, Event, Now, Passport, Session, ThawError, Transmit};
use crypto::wire::CloseCode;
use futures_util::{SinkExt as _, StreamExt as _};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::socket::Socket;
use crate::{Error, Relay};

/// The system's generator, in the form that a session takes. It ends the program where the system has none.
pub type Rng = UnwrapErr<SysRng>;

/// The system's generator.
pub fn rng() -> Rng {
    UnwrapErr(SysRng)
}

/// A write that takes longer has no reader any more.
const WRITE_PATIENCE: Duration = Duration::from_secs(20);
/// Events that nobody fetched. Beyond this the socket is not read, and the relay ends a connection that falls behind.
const EVENTS: usize = 1024;
const ORDERS: usize = 64;
/// Sessions of this process that have not said goodbye yet.
static RUNNING: LazyLock<watch::Sender<usize>> = LazyLock::new(|| watch::Sender::new(0));
/// How long the other side has for its half of a goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

type Act = Box<dyn FnOnce(&mut Session, Now) + Send>;
type Connecting = StdPin<Box<dyn Future<Output = Result<Socket, Error>> + Send>>;

/// What a member's task is told.
enum Order {
    Act(Act),
    Freeze(oneshot::Sender<Vec<u8>>),
}

/// A member of a room. Dropping it leaves the room.
pub struct Member {
    orders: mpsc::Sender<Order>,
    events: mpsc::Receiver<Event>,
    unread: VecDeque<Event>,
}

impl Member {
    /// Starts a session; must be called on a tokio runtime.
    pub fn start(relay: Relay, config: Config) -> Self {
        let clock = Clock(Instant::now());
        let session = Session::new(config, clock.now(), &mut rng());
        Self::run(relay, session, clock)
    }

    /// Starts a session of somebody who comes from another room and is to be known again by those who come too; must be
    /// called on a tokio runtime. See [`Session::arrive`].
    pub fn arrive(relay: Relay, config: Config, passport: &Passport) -> Self {
        let clock = Clock(Instant::now());
        let session = Session::arrive(config, passport, clock.now(), &mut rng());
        Self::run(relay, session, clock)
    }

    /// Goes on where [`freeze`](Self::freeze) stopped, in the same seat, if the relay still keeps it; must be called on
    /// a tokio runtime. Of `config` only keys, salt, opening and bot count.
    ///
    /// # Errors
    /// [`ThawError`]; then start a new session.
    pub fn thaw(relay: Relay, config: Config, frozen: &[u8]) -> Result<Self, ThawError> {
        let clock = Clock(Instant::now());
        let session = Session::thaw(config, frozen, clock.now(), &mut rng())?;
        Ok(Self::run(relay, session, clock))
    }

    fn run(relay: Relay, mut session: Session, clock: Clock) -> Self {
        let (orders, inbox) = mpsc::channel(ORDERS);
        let (out, events) = mpsc::channel(EVENTS);
        // A copy of every record is for a screen that shows them; whoever wants it can ask for it.
        session.watch_wire(false);
        let task = Task {
            relay,
            session,
            clock,
            socket: None,
            connecting: None,
            told: VecDeque::new(),
            out,
            closing: None,
        };
        RUNNING.send_modify(|running| *running += 1);
        tokio::spawn(async {
            task.run(inbox).await;
            RUNNING.send_modify(|running| *running -= 1);
        });
        Self {
            orders,
            events,
            unread: VecDeque::new(),
        }
    }

    /// The next thing that happened. `None` only after [`Member::leave`] or [`Member::freeze`]. A session that ended says so with
    /// [`Status::Ended`](client::Status::Ended) and is silent from then on.
    pub async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.unread.pop_front() {
            return Some(event);
        }
        self.events.recv().await
    }

    /// Gives these events back: [`Member::next`] gives them again, before any other. For a program that looks whether it
    /// got in before it shows the room.
    pub fn unread(&mut self, events: impl IntoIterator<Item = Event>) {
        self.unread.extend(events);
    }

    /// Does something with the session and returns what that gave; sending follows by itself.
    /// `None` where the task is gone, which only a shutdown of the runtime brings about.
    pub async fn drive<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Session, Now, &mut Rng) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, result) = oneshot::channel();
        let act: Act = Box::new(move |session, now| {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(act(session, now, &mut rng()));
        });
        self.orders.send(Order::Act(act)).await.ok()?;
        result.await.ok()
    }

    /// Stops without leaving, for a program that starts again: the relay keeps the seat for two minutes, and the state
    /// returned here, sealed under the room's keys, is all that it takes to go on. Thaw it once.
    /// [`Member::next`] gives what had happened until then, and then `None`.
    ///
    /// `None` where the task is gone.
    pub async fn freeze(&mut self) -> Option<Vec<u8>> {
        let (answer, result) = oneshot::channel();
        self.orders.send(Order::Freeze(answer)).await.ok()?;
        result.await.ok()
    }

    /// Leaves the room and waits until the relay has been told, or cannot be.
    pub async fn leave(mut self) {
        let _ = self.drive(|session, now, _| session.leave(now)).await;
        drop(self.orders);
        while self.events.recv().await.is_some() {}
    }
}

/// Waits until every member of this process that was left or dropped has told its relay so. Before a program ends.
pub async fn goodbyes() {
    // The sender lives as long as the process.
    let _ = RUNNING.subscribe().wait_for(|running| *running == 0).await;
}

#[derive(Clone, Copy)]
struct Clock(Instant);

impl Clock {
    fn now(self) -> Now {
        Now {
            // A clock before 1970 is told to the person by other members' notes on skew.
            wall: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
            mono: self.0.elapsed(),
        }
    }
}

struct Task {
    relay: Relay,
    session: Session,
    clock: Clock,
    socket: Option<Socket>,
    connecting: Option<Connecting>,
    /// Events for which there is no room yet. While there are any, nothing more is heard; but what the member is asked to
    /// do is done, or whoever asks before fetching the next event would wait for ever.
    told: VecDeque<Event>,
    out: mpsc::Sender<Event>,
    /// A socket that is being closed.
    closing: Option<JoinHandle<()>>,
}

enum Happened {
    Told,
    Order(Option<Order>),
    Connected(Box<Result<Socket, Error>>),
    Heard(Option<Result<Message, tokio_tungstenite::tungstenite::Error>>),
    Due,
}

impl Task {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            self.transmit().await;
            while let Some(event) = self.session.poll_event() {
                self.told.push_back(event);
            }
            let heard_out = self.told.is_empty();
            let happened = tokio::select! {
                biased;
                order = orders.recv() => Happened::Order(order),
                () = tell(&self.out, &mut self.told), if !heard_out => Happened::Told,
                result = connected(&mut self.connecting) => Happened::Connected(Box::new(result)),
                message = heard(&mut self.socket), if heard_out => Happened::Heard(message),
                () = due(self.session.deadline(), self.clock), if heard_out => Happened::Due,
            };
            let now = self.clock.now();
            match happened {
                Happened::Told => {}
                Happened::Order(Some(Order::Act(act))) => act(&mut self.session, now),
                Happened::Order(Some(Order::Freeze(answer))) => {
                    // Whoever asked may have stopped waiting.
                    let _ = answer.send(self.session.freeze(now, &mut rng()));
                    while !self.told.is_empty() {
                        tell(&self.out, &mut self.told).await;
                    }
                    return;
                }
                Happened::Order(None) => break,
                Happened::Connected(result) => self.connected(*result, now),
                Happened::Heard(message) => self.heard(message, now),
                Happened::Due => self.session.tick(now, &mut rng()),
            }
        }
        self.session.leave(self.clock.now());
        self.transmit().await;
        if let Some(closing) = self.closing.take() {
            // It cannot panic, and it ends by itself.
            let _ = closing.await;
        }
    }

    fn connected(&mut self, result: Result<Socket, Error>, now: Now) {
        self.connecting = None;
        match result {
            Ok(socket) => {
                self.socket = Some(socket);
                self.session.opened(now);
            }
            Err(_) => self.session.closed(None, now, &mut rng()),
        }
    }

    fn heard(
        &mut self,
        message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>,
        now: Now,
    ) {
        match message {
            Some(Ok(Message::Binary(bytes))) => self.session.receive(&bytes, now, &mut rng()),
            // Text is not part of the protocol; the empty message is refused like any broken one.
            Some(Ok(Message::Text(_))) => self.session.receive(&[], now, &mut rng()),
            Some(Ok(Message::Close(frame))) => {
                self.socket = None;
                self.session
                    .closed(frame.map(|frame| frame.code.into()), now, &mut rng());
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => {
                self.socket = None;
                self.session.closed(None, now, &mut rng());
            }
        }
    }

    async fn transmit(&mut self) {
        while let Some(next) = self.session.poll_transmit() {
            match next {
                Transmit::Connect => {
                    self.socket = None;
                    let relay = self.relay.clone();
                    self.connecting = Some(Box::pin(async move { relay.socket().await }));
                }
                Transmit::Message(bytes) => {
                    let Some(socket) = &mut self.socket else {
                        continue;
                    };
                    let sent =
                        timeout(WRITE_PATIENCE, socket.send(Message::Binary(bytes.into()))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        self.socket = None;
                        self.session.closed(None, self.clock.now(), &mut rng());
                    }
                }
                Transmit::Close(code) => {
                    self.connecting = None;
                    if let Some(socket) = self.socket.take() {
                        self.closing = Some(tokio::spawn(say_goodbye(socket, code)));
                    }
                }
            }
        }
    }
}

/// Closes with a handshake (RFC 6455 §7.1.1). A socket that is dropped with bytes of the other side still unread is reset by the
/// system, and what we sent last, such as the word that we leave, is lost with it.
async fn say_goodbye(mut socket: Socket, code: CloseCode) {
    let frame = CloseFrame {
        code: code.as_u16().into(),
        reason: "".into(),
    };
    let goodbye = async {
        socket.close(Some(frame)).await.ok()?;
        while socket.next().await?.is_ok() {}
        Some(())
    };
    // The session has moved on; whether the other side answers changes nothing.
    let _ = timeout(GOODBYE, goodbye).await;
}

/// Hands on what there is room for.
async fn tell(out: &mpsc::Sender<Event>, told: &mut VecDeque<Event>) {
    match out.reserve().await {
        Ok(slot) => {
            if let Some(event) = told.pop_front() {
                slot.send(event);
            }
        }
        // Nobody listens any more; the member is about to leave.
        Err(_) => told.clear(),
    }
}

async fn connected(connecting: &mut Option<Connecting>) -> Result<Socket, Error> {
    match connecting {
        Some(connecting) => connecting.await,
        None => pending().await,
    }
}

async fn heard(
    socket: &mut Option<Socket>,
) -> Option<Result<Message, tokio_tungstenite::tungstenite::Error>> {
    match socket {
        Some(socket) => socket.next().await,
        None => pending().await,
    }
}

async fn due(deadline: Option<Duration>, clock: Clock) {
    match deadline {
        Some(deadline) => sleep(deadline.saturating_sub(clock.now().mono)).await,
        None => pending().await,
    }
}

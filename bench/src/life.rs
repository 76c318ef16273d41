//! Two whole members: from the text that one says to the event that the other gets, with every signature, chain and
//! tunnel between them.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use client::{Body, Config, DisplayName, Event, Now, Session, Status, Transmit};
use crypto::kdf::Salt;
use crypto::room::RoomKeys;
use crypto::tunnel::Pin;
use crypto::wire::handshake::ServerHello;
use crypto::wire::{Lifetime, Opening, RoomMode, SUBPROTOCOL};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::letter::{rng, room_keys};
use crate::stats::Latency;
use crate::ws::{self, Parser};

/// The room of the two, which no crowd uses.
const ROOM: usize = usize::MAX;
const PATIENCE: Duration = Duration::from_secs(20);
/// How much may be on its way before whoever says a lot waits for the relay.
const MOST_UNSENT: usize = 64;

/// A member without a screen.
pub struct Person {
    session: Session,
    stream: Option<TcpStream>,
    parser: Parser,
    heard: VecDeque<String>,
    /// Said and not confirmed by the relay yet.
    unsent: usize,
    address: SocketAddr,
    start: Instant,
    /// The time of day at the start.
    wall: Duration,
}

/// Says `count` things in each direction, one after the other, and measures each from saying to hearing.
///
/// # Errors
/// Where something said is not heard word by word.
pub async fn converse(address: SocketAddr, salt: [u8; 16], count: usize) -> Result<Latency> {
    let mut anna = Person::enter(address, salt, room_keys(ROOM), 0, "Anna").await?;
    let mut bert = Person::enter(address, salt, room_keys(ROOM), 0, "Bert").await?;
    // What is said before one knows of the other is not for the other.
    anna.until(|person| !person.session.people().is_empty())
        .await?;
    let mut times = Vec::new();
    for number in 0..count {
        let text = format!("What is said the {number}th time is what is heard.");
        for turn in 0..2 {
            let (speaker, listener) = match turn {
                0 => (&mut anna, &mut bert),
                _ => (&mut bert, &mut anna),
            };
            let said = Instant::now();
            speaker.say(text.clone()).await?;
            let deadline = Instant::now() + PATIENCE;
            while listener.heard.is_empty() {
                // The speaker as well: it may have to hand out keys before anybody can read what it said.
                tokio::select! {
                    turn = listener.turn() => turn?,
                    turn = speaker.turn() => turn?,
                }
                if Instant::now() > deadline {
                    bail!("{text:?} was not heard");
                }
            }
            times.push(said.elapsed());
            match listener.heard.pop_front() {
                Some(heard) if heard == text => {}
                other => bail!("{text:?} was heard as {other:?}"),
            }
        }
    }
    Latency::of(times).context("nothing was said")
}

/// The salt of the relay at `address`, from its first message.
///
/// # Errors
/// Where there is no relay.
pub async fn salt(address: SocketAddr) -> Result<[u8; 16]> {
    let stream = ws::connect(address, "/ws", Some(SUBPROTOCOL)).await?;
    let mut parser = Parser::default();
    let mut salt = None;
    let mut scratch = [0; 4096];
    while salt.is_none() {
        stream.readable().await?;
        match stream.try_read(&mut scratch) {
            Ok(0) => bail!("the relay hung up"),
            Ok(read) => parser.feed(scratch.get(..read).unwrap_or_default(), |_, hello| {
                salt = Some(ServerHello::decode(hello)?.salt);
                Ok(())
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
    salt.context("the relay said nothing")
}

impl Person {
    /// Enters a room, which keeps `history` messages for newcomers if this opens it, and is forward secret with none.
    ///
    /// # Errors
    /// Where that does not work.
    pub async fn enter(
        address: SocketAddr,
        salt: [u8; 16],
        keys: RoomKeys,
        history: u16,
        name: &str,
    ) -> Result<Self> {
        let mut person = Self::new(address, salt, keys, history, name)?;
        person
            .until(|person| *person.session.status() == Status::Online)
            .await?;
        Ok(person)
    }

    /// Says all of this, as fast as the relay takes it, and waits until it has taken the last of it.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub async fn say_all(&mut self, texts: impl IntoIterator<Item = String>) -> Result<()> {
        for text in texts {
            self.say(text).await?;
            while self.unsent >= MOST_UNSENT {
                self.turn().await?;
            }
        }
        while self.unsent > 0 {
            self.turn().await?;
        }
        Ok(())
    }

    async fn say(&mut self, text: String) -> Result<()> {
        let now = self.now();
        self.session
            .say(text, now, &mut rng())
            .map_err(|error| anyhow::anyhow!("{error}"))?;
        self.unsent += 1;
        self.serve().await
    }

    fn new(
        address: SocketAddr,
        salt: [u8; 16],
        keys: RoomKeys,
        history: u16,
        name: &str,
    ) -> Result<Self> {
        let start = Instant::now();
        let wall = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let config = Config {
            keys,
            name: DisplayName::parse(name).map_err(|error| anyhow::anyhow!("{error:?}"))?,
            opening: Opening {
                mode: if history == 0 {
                    RoomMode::ForwardSecret
                } else {
                    RoomMode::OpenHistory
                },
                history,
                lifetime: Lifetime::UntilEmpty,
                max_members: 0,
                control_key: None,
                purge_digest: None,
            },
            pin: Pin::FirstUse,
            salt: Salt(salt),
            bot: None,
            auto_enter: true,
            accepts_any_mode: true,
            rules: client::Rules::default(),
            second_secret: false,
        };
        let now = Now {
            wall,
            mono: Duration::from_secs(1),
        };
        let mut session = Session::new(config, now, &mut rng());
        session.watch_wire(false);
        Ok(Self {
            session,
            stream: None,
            parser: Parser::default(),
            heard: VecDeque::new(),
            unsent: 0,
            address,
            start,
            wall,
        })
    }

    fn now(&self) -> Now {
        let passed = self.start.elapsed();
        Now {
            wall: self.wall + passed,
            mono: Duration::from_secs(1) + passed,
        }
    }

    /// Does what the session asks for.
    async fn serve(&mut self) -> Result<()> {
        while let Some(event) = self.session.poll_event() {
            match event {
                Event::Said(message) => {
                    if let Body::Text(text) = message.body {
                        self.heard.push_back(text.text);
                    }
                }
                Event::Sent { .. } => self.unsent = self.unsent.saturating_sub(1),
                Event::Status(Status::Ended(end)) => bail!("a session ended: {end:?}"),
                _ => {}
            }
        }
        while let Some(transmit) = self.session.poll_transmit() {
            match transmit {
                Transmit::Connect => {
                    self.stream = Some(ws::connect(self.address, "/ws", Some(SUBPROTOCOL)).await?);
                    let now = self.now();
                    self.session.opened(now);
                }
                Transmit::Message(content) => self.send(ws::BINARY, &content).await?,
                Transmit::Close(code) => bail!("a session hung up with {}", code.as_u16()),
            }
        }
        Ok(())
    }

    async fn send(&mut self, opcode: u8, content: &[u8]) -> Result<()> {
        let mut bytes = Vec::new();
        ws::write(&mut bytes, opcode, content);
        let stream = self.stream.as_mut().context("no socket")?;
        tokio::io::AsyncWriteExt::write_all(stream, &bytes).await?;
        Ok(())
    }

    async fn until(&mut self, done: impl Fn(&Self) -> bool) -> Result<()> {
        self.serve().await?;
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            self.turn().await?;
            if Instant::now() > deadline {
                bail!("a session got no further than {:?}", self.session.status());
            }
        }
        Ok(())
    }

    /// Waits for the socket or the clock, and does what follows.
    async fn turn(&mut self) -> Result<()> {
        let now = self.now();
        let wait = self.session.deadline().unwrap_or(now.mono + PATIENCE);
        let wait = wait.saturating_sub(now.mono).max(Duration::from_millis(1));
        let stream = self.stream.as_ref().context("no socket")?;
        match timeout(wait, stream.readable()).await {
            Ok(ready) => {
                ready?;
                self.read_what_is_there().await?;
            }
            Err(_) => {
                let now = self.now();
                self.session.tick(now, &mut rng());
            }
        }
        self.serve().await
    }

    async fn read_what_is_there(&mut self) -> Result<()> {
        let mut scratch = [0; 16 * 1024];
        let stream = self.stream.as_ref().context("no socket")?;
        let Ok(read) = stream.try_read(&mut scratch) else {
            return Ok(());
        };
        let mut messages = Vec::new();
        let bytes = scratch.get(..read).unwrap_or_default();
        self.parser.feed(bytes, |opcode, content| {
            messages.push((opcode, content.to_vec()));
            Ok(())
        })?;
        for (opcode, content) in messages {
            match opcode {
                ws::BINARY => {
                    let now = self.now();
                    self.session.receive(&content, now, &mut rng());
                    self.serve().await?;
                }
                ws::PING => self.send(ws::PONG, &content).await?,
                ws::CLOSE => bail!("the relay hung up"),
                _ => {}
            }
        }
        Ok(())
    }
}
